"""Service paths, and walks along them in the customer's shoes: stage, minute, feeling, note."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, Timestamp, UtcDateTime, now


class ServicePath(SQLModel, table=True):
    """The stages a customer goes through, and the ways there are to go through them."""

    __tablename__ = "service_path"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=40, unique=True)
    name: LocalText = Field(sa_type=sa.JSON)
    stages: list[LocalText] = Field(sa_type=sa.JSON)
    alternatives: list[LocalText] = Field(default_factory=list, sa_type=sa.JSON)
    is_demo: bool = False


class Walk(SQLModel, table=True):
    """One walk along a path, by somebody who looked at it as a customer does."""

    __tablename__ = "walk"

    id: int | None = Field(default=None, primary_key=True)
    path_id: int = Field(foreign_key="service_path.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    pilot_id: int | None = Field(default=None, foreign_key="pilot.id", index=True)
    alternative: int | None = Field(default=None, ge=0, description="Which of the path's alternatives was taken.")
    walked_on: dt.date
    as_whom: str = Field(default="", max_length=200, description="Whose shoes; redacted before it was stored.")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    taken_back_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_demo: bool = False


class WalkStep(SQLModel, table=True):
    """How one stage of a walk felt: 1 very bad, 5 very good, minutes since the first stage began."""

    __tablename__ = "walk_step"
    __table_args__ = (
        sa.CheckConstraint("feeling BETWEEN 1 AND 5", name="feeling_1_to_5"),
        sa.CheckConstraint("minute >= 0", name="minute_not_negative"),
        sa.CheckConstraint("stage >= 0", name="stage_not_negative"),
    )

    walk_id: int = Field(foreign_key="walk.id", primary_key=True, ondelete="CASCADE")
    stage: int = Field(primary_key=True, description="Place in the path's stages, from 0.")
    minute: float
    feeling: int
    note: str = Field(default="", max_length=500, description="Redacted before it was stored.")

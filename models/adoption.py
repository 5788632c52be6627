"""How units take a scaled-up change into use."""

import enum

from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class AdoptionState(enum.StrEnum):
    """Where a unit stands with a change that was scaled up."""

    NOT_STARTED = "not_started"
    IN_USE = "in_use"
    ADAPTED = "adapted"
    DROPPED = "dropped"


class Adoption(SQLModel, table=True):
    """Appended, never changed: a unit's newest row for a decision is where it stands."""

    __tablename__ = "adoption"

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    state: AdoptionState = Field(sa_type=choice(AdoptionState))
    note: str = Field(default="", max_length=1000)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)

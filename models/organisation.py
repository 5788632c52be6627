"""The organisation: a tree of any depth, and what units came from when they merged or split."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, choice


class CustomerType(enum.StrEnum):
    """Who the service is for: people outside the organisation, or colleagues."""

    EXTERNAL = "external"
    INTERNAL = "internal"


class LineageKind(enum.StrEnum):
    """How a unit became another."""

    MERGED = "merged"
    SPLIT = "split"
    RENAMED = "renamed"


class Unit(SQLModel, table=True):
    """One node of the organisation tree: county, area, service area or unit; the depth is the county's own."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint("length(code) > 0", name="code_not_empty"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=40, unique=True)
    oid: str | None = Field(default=None, max_length=80, unique=True, regex=r"^\d+(\.\d+)+$")
    level: str = Field(max_length=40, description="The level's name in this county: county, area, service, unit...")
    name: LocalText = Field(sa_type=sa.JSON)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    customer_type: CustomerType = Field(default=CustomerType.EXTERNAL, sa_type=choice(CustomerType))
    staff: int | None = Field(default=None, ge=0)
    takes_pilots: bool = Field(default=True, description="False for the branches that only group units.")
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None


class UnitLineage(SQLModel, table=True):
    """A unit continues as another from a day on, so that its series do not break."""

    __tablename__ = "unit_lineage"
    __table_args__ = (
        sa.UniqueConstraint("predecessor_id", "successor_id"),
        sa.CheckConstraint("predecessor_id <> successor_id", name="two_units"),
    )

    id: int | None = Field(default=None, primary_key=True)
    predecessor_id: int = Field(foreign_key="unit.id", index=True)
    successor_id: int = Field(foreign_key="unit.id", index=True)
    kind: LineageKind = Field(sa_type=choice(LineageKind))
    on_date: dt.date


class Event(SQLModel, table=True):
    """Something that happened to the county or some units and may show in every series."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    on_date: dt.date = Field(index=True)
    name: LocalText = Field(sa_type=sa.JSON)


class EventUnit(SQLModel, table=True):
    """A unit an event concerned; an event without rows here concerned the whole county."""

    __tablename__ = "event_unit"

    event_id: int = Field(foreign_key="event.id", primary_key=True, ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)

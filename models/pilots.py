"""Pilots: the eight questions of the registration, the themes they answer, their history of statuses, weekly logs."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, Timestamp, UtcDateTime, choice, now
from models.organisation import CustomerType


class PilotKind(enum.StrEnum):
    """What sort of change is tried."""

    WAY_OF_WORKING = "way_of_working"
    COMMUNICATION = "communication"
    BOOKING = "booking"
    REMOTE_VISIT = "remote_visit"
    SPACE = "space"
    OTHER = "other"


class RiskClass(enum.StrEnum):
    """How much can go wrong; a mandate covers low risk only."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Status(enum.StrEnum):
    """Where a pilot stands; each change is a new row."""

    IDEA = "idea"
    PLANNED = "planned"
    RUNNING = "running"
    AWAITING_DECISION = "awaiting_decision"
    SCALING = "scaling"
    ESTABLISHED = "established"
    ADAPTING = "adapting"
    STOPPED = "stopped"


class Happened(enum.StrEnum):
    """Whether the change was carried out in a week."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Pilot(SQLModel, table=True):
    """A small improvement experiment of one unit.

    The lead theme is required by the database, so no pilot exists without the feedback it answers; further themes are
    rows of PilotTheme.
    """

    __tablename__ = "pilot"
    __table_args__ = (sa.CheckConstraint("setup_hours >= 0 AND setup_eur >= 0", name="costs_not_negative"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=40, unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    lead_theme_id: int = Field(foreign_key="theme.id", index=True)
    title: LocalText = Field(sa_type=sa.JSON)
    customers_say: LocalText = Field(sa_type=sa.JSON, description="1 What do customers say?")
    change: LocalText = Field(sa_type=sa.JSON, description="2 What will you change?")
    prediction: LocalText = Field(sa_type=sa.JSON, description="3 What do you expect, and why?")
    noticing: LocalText = Field(
        default_factory=dict, sa_type=sa.JSON, description="4 How will you notice? In words; the metric is in the plan."
    )
    must_not_worsen: LocalText = Field(
        default_factory=dict, sa_type=sa.JSON, description="5 In words; the guardrails are in the plan."
    )
    resources: LocalText = Field(
        default_factory=dict, sa_type=sa.JSON, description="6 Who does it, and what does it take?"
    )
    taken_part: LocalText = Field(default_factory=dict, sa_type=sa.JSON, description="7 Who has taken part?")
    setup_hours: float = Field(default=0, ge=0)
    setup_eur: float = Field(default=0, ge=0)
    staff_hours_per_week: float = Field(default=0, description="Negative when the change saves time.")
    kind: PilotKind = Field(default=PilotKind.WAY_OF_WORKING, sa_type=choice(PilotKind))
    risk: RiskClass = Field(default=RiskClass.LOW, sa_type=choice(RiskClass))
    customer_type: CustomerType = Field(default=CustomerType.EXTERNAL, sa_type=choice(CustomerType))
    lesson: LocalText = Field(default_factory=dict, sa_type=sa.JSON)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    log_token: str = Field(max_length=40, unique=True, description="The address that the pilot's QR code opens.")
    is_demo: bool = False
    created_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class PilotTheme(SQLModel, table=True):
    """A further theme a pilot answers, beside its lead theme."""

    __tablename__ = "pilot_theme"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", primary_key=True)


class PilotStatus(SQLModel, table=True):
    """Appended, never changed: the newest row is where the pilot stands."""

    __tablename__ = "pilot_status"

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True)
    status: Status = Field(sa_type=choice(Status))
    note: str = Field(default="", max_length=2000)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class LogEntry(SQLModel, table=True):
    """What a member of staff saw in a week. Undone entries stay, marked."""

    __tablename__ = "log_entry"
    __table_args__ = (
        sa.CheckConstraint("work_went IS NULL OR work_went BETWEEN 1 AND 5", name="work_went_1_to_5"),
        sa.Index("ix_log_entry_pilot_id_week", "pilot_id", "week"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id")
    week: int
    happened: Happened = Field(sa_type=choice(Happened))
    work_went: int | None = Field(default=None, ge=1, le=5)
    note: str = Field(default="", max_length=2000, description="Redacted before it was stored.")
    measurement_id: int | None = Field(default=None, foreign_key="measurement.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    undone_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

"""The fixed plan of a pilot. Versions are appended; from the start on each new one is an amendment with a reason."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now
from models.metrics import Direction


class PlanUnitRole(enum.StrEnum):
    """A unit tries the change, or is compared with."""

    PILOT = "pilot"
    COMPARISON = "comparison"


class PilotPlan(SQLModel, table=True):
    """One version of what will be measured, when, against what; its SHA-256 covers units and guardrails too."""

    __tablename__ = "pilot_plan"
    __table_args__ = (
        sa.UniqueConstraint("pilot_id", "version"),
        sa.CheckConstraint("version >= 1", name="version_from_1"),
        sa.CheckConstraint("smallest_change > 0", name="smallest_change_positive"),
        sa.CheckConstraint("end_on > start_on", name="ends_after_start"),
        sa.CheckConstraint("decide_on >= end_on", name="decides_after_end"),
        sa.CheckConstraint("(trigger_from IS NULL) = (trigger_to IS NULL)", name="trigger_has_both_ends"),
        sa.CheckConstraint(
            "trigger_from IS NULL OR (trigger_from <= trigger_to AND trigger_to < start_on)",
            name="trigger_before_start",
        ),
        sa.CheckConstraint("NOT amendment OR (version > 1 AND length(trim(reason)) > 0)", name="an_amendment_says_why"),
        sa.CheckConstraint("length(plan_hash) = 64", name="hash_is_sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True)
    version: int = Field(ge=1)
    metric_id: int = Field(foreign_key="metric.id")
    direction: Direction = Field(sa_type=choice(Direction))
    smallest_change: float = Field(gt=0, description="Size of the smallest change that matters, in the metric's unit.")
    population: str = Field(default="", max_length=60, description="'' for everyone, else the group the pilot is for.")
    start_on: dt.date
    end_on: dt.date
    decide_on: dt.date
    reviews: list[str] = Field(
        default_factory=list, sa_type=sa.JSON, description="ISO dates; empty: every Sunday from week 3."
    )
    trigger_from: dt.date | None = None
    trigger_to: dt.date | None = None
    randomised: bool = False
    subgroups: list[str] = Field(
        default_factory=list, sa_type=sa.JSON, description="Groups looked at separately: age:75+, language:sv..."
    )
    plan_hash: str = Field(min_length=64, max_length=64)
    amendment: bool = False
    reason: str = Field(default="", max_length=2000)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class PlanUnit(SQLModel, table=True):
    """A unit of a plan; the key keeps a unit from being pilot and comparison at once."""

    __tablename__ = "plan_unit"

    plan_id: int = Field(foreign_key="pilot_plan.id", primary_key=True, ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    role: PlanUnitRole = Field(sa_type=choice(PlanUnitRole))


class PlanGuardrail(SQLModel, table=True):
    """A metric that must not worsen by more than a margin."""

    __tablename__ = "plan_guardrail"
    __table_args__ = (sa.CheckConstraint("margin > 0", name="margin_positive"),)

    plan_id: int = Field(foreign_key="pilot_plan.id", primary_key=True, ondelete="CASCADE")
    metric_id: int = Field(foreign_key="metric.id", primary_key=True)
    margin: float = Field(gt=0, description="Worsening that would be too much, as a size in the metric's unit.")

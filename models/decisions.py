"""Evaluations (what the rules recommend), decisions (what a person decided), stories (what customers read)."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, Timestamp, UtcDateTime, choice, now


class Verdict(enum.StrEnum):
    """What the rules recommend."""

    SCALE = "scale"
    EXTEND = "extend"
    ADAPT = "adapt"
    STOP = "stop"
    NOT_ENOUGH_DATA = "not_enough_data"


class Choice(enum.StrEnum):
    """What a person decided."""

    SCALE = "scale"
    EXTEND = "extend"
    ADAPT = "adapt"
    STOP = "stop"


class StoryStatus(enum.StrEnum):
    """Only approved stories are public."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Evaluation(SQLModel, table=True):
    """A snapshot: what the rules said on a day, of which inputs, by which version of the code."""

    __tablename__ = "evaluation"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "as_of", "inputs_hash", "code_version"),
        sa.CheckConstraint("length(inputs_hash) = 64", name="hash_is_sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True)
    plan_id: int = Field(foreign_key="pilot_plan.id")
    as_of: dt.date
    inputs_hash: str = Field(min_length=64, max_length=64)
    code_version: str = Field(max_length=40)
    verdict: Verdict = Field(sa_type=choice(Verdict))
    rule: str = Field(max_length=80)
    effect: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    result: dict[str, Any] = Field(sa_type=sa.JSON)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class Decision(SQLModel, table=True):
    """A person's decision on a pilot. Against the recommendation it needs a reason, and a second person's approval."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("length(trim(reason)) > 0 OR NOT overrides", name="an_override_says_why"),
        sa.CheckConstraint("overrides OR choice = recommended", name="a_difference_is_an_override"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True)
    evaluation_id: int = Field(foreign_key="evaluation.id")
    recommended: Verdict = Field(sa_type=choice(Verdict))
    choice: Choice = Field(sa_type=choice(Choice))
    overrides: bool
    reason: str = Field(default="", max_length=4000)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    review_on: dt.date | None = None
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class DecisionUnit(SQLModel, table=True):
    """A unit a scale-up reaches."""

    __tablename__ = "decision_unit"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)


class DecisionApproval(SQLModel, table=True):
    """The second person behind an override; until then the decision is not in force."""

    __tablename__ = "decision_approval"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    by_id: int = Field(foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class Story(SQLModel, table=True):
    """You said, we tried, what happened, what next: the public words of one pilot."""

    __tablename__ = "story"
    __table_args__ = (
        sa.CheckConstraint(
            "status <> 'approved' OR (approved_by_id IS NOT NULL AND approved_at IS NOT NULL)",
            name="approved_by_someone",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", unique=True)
    you_said: LocalText = Field(sa_type=sa.JSON)
    we_tried: LocalText = Field(sa_type=sa.JSON)
    what_happened: LocalText = Field(sa_type=sa.JSON)
    what_next: LocalText = Field(default_factory=dict, sa_type=sa.JSON)
    next_on: dt.date | None = None
    status: StoryStatus = Field(default=StoryStatus.DRAFT, sa_type=choice(StoryStatus))
    written_by_id: int | None = Field(default=None, foreign_key="person.id")
    written_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

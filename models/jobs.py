"""Scheduled jobs: each run with its outcome, and which reminders have gone out. Technical rows: they can be swept."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class JobOutcome(enum.StrEnum):
    """How a run of a job ended."""

    RUNNING = "running"
    DONE = "done"
    NOT_SET_UP = "not_set_up"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class JobRun(SQLModel, table=True):
    """One run of a job, from its start to its outcome; one that is killed is marked by the run after it."""

    __tablename__ = "job_run"
    __table_args__ = (
        sa.Index("ix_job_run_job_id", "job", "id"),
        sa.CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended_unless_running"),
    )

    id: int | None = Field(default=None, primary_key=True)
    job: str = Field(min_length=1, max_length=40)
    outcome: JobOutcome = Field(default=JobOutcome.RUNNING, sa_type=choice(JobOutcome))
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON, description="What was done, in numbers.")
    said: str = Field(default="", max_length=1000, description="Why it failed, or what is not set up.")
    started_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReminderState(enum.StrEnum):
    """How far a reminder is. One that is claimed and no more was being sent when its process died."""

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Reminder(SQLModel, table=True):
    """A person was reminded of a matter on a day through a channel. The key keeps it from being sent twice."""

    __tablename__ = "reminder"

    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    matter: str = Field(primary_key=True, max_length=80, description="log:P01:2961, decide:P02, follow_up:P03...")
    channel: str = Field(primary_key=True, max_length=20)
    on_date: dt.date = Field(primary_key=True)
    state: ReminderState = Field(default=ReminderState.CLAIMED, sa_type=choice(ReminderState))
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)

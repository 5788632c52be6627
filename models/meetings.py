"""Meetings in which leadership decides on pilots: when, who was there, what was left for the next one."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, now


class Meeting(SQLModel, table=True):
    """One meeting. Decisions made in it name it; its minutes are written from them when it ends."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= opened_at", name="ends_after_it_opens"),
        sa.CheckConstraint("minutes_planned BETWEEN 5 AND 480", name="a_sensible_length"),
    )

    id: int | None = Field(default=None, primary_key=True)
    led_by_id: int = Field(foreign_key="person.id")
    minutes_planned: int = Field(default=30)
    present: str = Field(default="", max_length=1000)
    note: str = Field(default="", max_length=4000)
    opened_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class MeetingItem(SQLModel, table=True):
    """A pilot that the meeting took up; left for the next one when it did not decide."""

    __tablename__ = "meeting_item"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True, ondelete="CASCADE")
    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True)
    postponed: bool = False
    note: str = Field(default="", max_length=1000)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)

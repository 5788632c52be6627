"""Which weeks of a pilot can still be logged, and when what was logged is read."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.people import Person
from models.pilots import LogEntry
from models.plans import PilotPlan
from services.errors import BadInput
from stats.plan import default_reviews


def open_weeks(plan: PilotPlan, today: dt.date) -> tuple[int, ...]:
    """Weeks that can be logged: this one, and the one before it when the pilot ran then."""
    this = week_of(today)
    return (this, this - 1) if week_of(plan.start_on) <= this - 1 else (this,)


def week_to_log(plan: PilotPlan, today: dt.date, week: int | None) -> int:
    """The week asked for, this one when none is.

    Raises:
        BadInput: It is neither this week nor the one before it, or lies before the pilot's start.
    """
    if week is not None and week not in open_weeks(plan, today):
        raise BadInput("Only this week and the one before it can be logged.", field="week")
    return week_of(today) if week is None else week


def last_week_is_empty(session: Session, plan: PilotPlan, today: dt.date) -> bool:
    """Whether last week was one of the plan's weeks and nobody has logged it."""
    last = week_of(today) - 1
    if not week_of(plan.start_on) <= last <= week_of(plan.end_on):
        return False
    logged = select(LogEntry.id).where(
        LogEntry.pilot_id == plan.pilot_id, LogEntry.week == last, col(LogEntry.undone_at).is_(None)
    )
    return session.exec(logged).first() is None


def times_logged(session: Session, pilot_id: int, by: Person) -> int:
    """How often the person has logged the pilot, undone entries too: it grows with every save and never shrinks."""
    count = select(sa.func.count(col(LogEntry.id))).where(LogEntry.pilot_id == pilot_id, LogEntry.by_id == by.id)
    return session.exec(count).one()


def read_next(plan: PilotPlan, today: dt.date) -> dt.date | None:
    """The day on which the log is read next: a planned review, else the decision; None when both are past."""
    planned = [dt.date.fromisoformat(day) for day in plan.reviews] or default_reviews(plan.start_on, plan.end_on)
    days = sorted({*planned, plan.end_on, plan.decide_on})
    return next((day for day in days if day >= today), None)

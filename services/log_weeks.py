"""Which weeks of a pilot can still be logged, and when what was logged is read."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.people import Person
from models.pilots import LogEntry, Status
from models.plans import PilotPlan
from services.errors import BadInput, Conflict
from stats.plan import default_reviews

LOGGABLE = (Status.RUNNING, Status.AWAITING_DECISION, Status.SCALING)


def within(plan: PilotPlan, week: int) -> bool:
    """Whether a week is one of the plan's own: only those tell how faithfully it was carried out."""
    return week_of(plan.start_on) <= week <= week_of(plan.end_on)


def open_weeks(plan: PilotPlan, today: dt.date, *, status: Status = Status.RUNNING) -> tuple[int, ...]:
    """Weeks that can be logged, the newest first: this one and the one before it, while the pilot runs or is scaled.

    The plan's last week can be logged a week longer. None when the pilot has ended or is not under way.
    """
    if status not in LOGGABLE:
        return ()
    this, first, last = week_of(today), week_of(plan.start_on), week_of(plan.end_on)
    return tuple(week for week in (this, this - 1) if first <= week and (week <= last or status is Status.SCALING))


def week_to_log(plan: PilotPlan, today: dt.date, week: int | None, *, status: Status = Status.RUNNING) -> int:
    """The week asked for, the newest open one when none is.

    Raises:
        BadInput: It is neither this week nor the one before it, or lies before the pilot's start.
        Conflict: The pilot has ended, or is not under way.
    """
    if status not in LOGGABLE:
        raise Conflict("This pilot is not running, so there is nothing to log.")
    weeks = open_weeks(plan, today, status=status)
    ended = status is not Status.SCALING and week_of(plan.end_on) < (week_of(today) if week is None else week)
    if not weeks or (ended and week is not None):
        raise Conflict("This pilot ended on {date}. Weeks after that are not logged.", date=plan.end_on)
    if week is not None and week not in weeks:
        raise BadInput("Only this week and the one before it can be logged.", field="week")
    return weeks[0] if week is None else week


def last_week_is_empty(session: Session, plan: PilotPlan, today: dt.date) -> bool:
    """Whether last week was one of the plan's weeks and nobody has logged it."""
    last = week_of(today) - 1
    if not within(plan, last):
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

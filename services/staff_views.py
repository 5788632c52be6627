"""How staff see a pilot, from their weekly logs: was the change carried out, and how did their work go."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import week_of
from models.pilots import Happened, LogEntry
from models.plans import PilotPlan
from services import log_weeks
from services.small_numbers import LEAST_STAFF as LEAST_STAFF
from services.small_numbers import told_together

OPEN_WEEKS = 2
"""This week and the one before it can still be logged, so that what they say together is not told yet."""

WORTH = {Happened.YES: 1.0, Happened.PARTLY: 0.5, Happened.NO: 0.0}


@dataclass(frozen=True, kw_only=True)
class StaffView:
    """What the logs of one pilot say together.

    Attributes:
        entries: Logs of the plan's weeks, undone ones left out.
        carried_out: Share of logs in which the change happened, partly counting half.
        work_went: How the work went, as `mood` tells it; None from fewer than five people.
    """

    entries: int
    carried_out: float
    work_went: float | None


def mood(entries: Iterable[LogEntry], *, today: dt.date) -> float | None:
    """Mean of how the work went, 1 to 5; None from fewer than five people.

    It holds closed weeks only, and those of fewer than five people only five people at a time: two means told one after
    the other never differ by the answers of one to four people.

    Args:
        entries: Log entries of the plan's weeks, undone ones left out.
        today: The day it is.
    """
    weeks: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        if entry.work_went is not None and closed(entry.week, today):
            weeks[entry.week].append(entry)
    told = set(told_together(((week, people(weeks[week])) for week in sorted(weeks)), least=LEAST_STAFF))
    values = [entry.work_went or 0 for week, logged in weeks.items() if week in told for entry in logged]
    return sum(values) / len(values) if values else None


def closed(week: int, today: dt.date) -> bool:
    """Whether nobody can log a week any more."""
    return week <= week_of(today) - OPEN_WEEKS


def people(entries: Iterable[LogEntry]) -> Sequence[int]:
    """Who logged, each once; entries whose writer is not known any more stand for nobody."""
    return sorted({entry.by_id for entry in entries if entry.by_id is not None})


def of_all(session: Session, pilot_ids: Iterable[int] | None = None, *, today: dt.date) -> dict[int, StaffView]:
    """The staff's view of every pilot that has been logged, by pilot id, in one query.

    Args:
        session: Reads the record.
        pilot_ids: Only these pilots; None for all.
        today: The day it is.
    """
    newest = {plan.pilot_id: plan for plan in session.exec(select(PilotPlan).order_by(col(PilotPlan.version))).all()}
    query = select(LogEntry).where(col(LogEntry.undone_at).is_(None))
    if pilot_ids is not None:
        query = query.where(col(LogEntry.pilot_id).in_(list(pilot_ids)))
    logged: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in session.exec(query).all():
        if log_weeks.within(newest[entry.pilot_id], entry.week):
            logged[entry.pilot_id].append(entry)
    return {
        pilot_id: StaffView(
            entries=len(entries),
            carried_out=sum(WORTH[Happened(entry.happened)] for entry in entries) / len(entries),
            work_went=mood(entries, today=today),
        )
        for pilot_id, entries in logged.items()
    }

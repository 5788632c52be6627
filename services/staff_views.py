"""How staff see a pilot, from their weekly logs: was the change carried out, and how did their work go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.pilots import Happened, LogEntry
from models.plans import PilotPlan
from services import log_weeks
from services.small_numbers import LEAST_STAFF as LEAST_STAFF

WORTH = {Happened.YES: 1.0, Happened.PARTLY: 0.5, Happened.NO: 0.0}


@dataclass(frozen=True, kw_only=True)
class StaffView:
    """What the logs of one pilot say together.

    Attributes:
        entries: Logs of the plan's weeks, undone ones left out.
        carried_out: Share of logs in which the change happened, partly counting half.
        work_went: Mean of how the work went, 1 to 5; None from fewer than five people.
    """

    entries: int
    carried_out: float
    work_went: float | None


def of_all(session: Session, pilot_ids: Iterable[int] | None = None) -> dict[int, StaffView]:
    """The staff's view of every pilot that has been logged, by pilot id, in one query.

    Args:
        session: Reads the record.
        pilot_ids: Only these pilots; None for all.
    """
    newest = {plan.pilot_id: plan for plan in session.exec(select(PilotPlan).order_by(col(PilotPlan.version))).all()}
    query = select(LogEntry).where(col(LogEntry.undone_at).is_(None))
    if pilot_ids is not None:
        query = query.where(col(LogEntry.pilot_id).in_(list(pilot_ids)))
    happened: dict[int, list[float]] = defaultdict(list)
    went: dict[int, list[int]] = defaultdict(list)
    people: dict[int, set[int]] = defaultdict(set)
    for entry in session.exec(query).all():
        pilot_id = entry.pilot_id
        if not log_weeks.within(newest[pilot_id], entry.week):
            continue
        happened[pilot_id].append(WORTH[Happened(entry.happened)])
        if entry.work_went is not None:
            went[pilot_id].append(entry.work_went)
            people[pilot_id].update(() if entry.by_id is None else (entry.by_id,))
    return {
        pilot_id: StaffView(
            entries=len(values),
            carried_out=sum(values) / len(values),
            work_went=sum(went[pilot_id]) / len(went[pilot_id]) if len(people[pilot_id]) >= LEAST_STAFF else None,
        )
        for pilot_id, values in happened.items()
    }

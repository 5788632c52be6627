"""What became practice and what taught something, told alike; and how the county's culture of trying is doing."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from models.decisions import Story, StoryStatus
from models.pilots import Status
from services.organisation import pilot_units
from services.portfolio import PortfolioRow
from services.rows import key
from services.taken_up import decisions_in_force, on_day

IN_USE = (Status.SCALING, Status.ESTABLISHED)
LEARNED = (Status.ADAPTING, Status.STOPPED)
LIVE = (Status.RUNNING, Status.AWAITING_DECISION)


@dataclass(frozen=True, kw_only=True)
class Culture:
    """How trying things is doing, without a word on persons.

    Attributes:
        units: Units that can try something.
        live_units: Those with a pilot that runs or waits for its decision.
        stopped: Pilots that were ended.
        told: Those of them whose story customers can read.
        days_to_learning: Median days from a pilot's start to its first decision; None without any.
        decided: How many pilots the median is of.
    """

    units: int
    live_units: int
    stopped: int
    told: int
    days_to_learning: float | None
    decided: int


def established(rows: Iterable[PortfolioRow]) -> list[PortfolioRow]:
    """Pilots whose change is in use, by code."""
    return sorted((row for row in rows if row.row.status in IN_USE), key=lambda row: row.row.pilot.code)


def learned(rows: Iterable[PortfolioRow]) -> list[PortfolioRow]:
    """Pilots that ended or are being changed, by code."""
    return sorted((row for row in rows if row.row.status in LEARNED), key=lambda row: row.row.pilot.code)


def culture(session: Session, rows: Collection[PortfolioRow], *, unit_ids: Collection[int] | None = None) -> Culture:
    """Count it.

    Args:
        session: Reads only.
        rows: The portfolio.
        unit_ids: Units that count; None for all.
    """
    mine = [row for row in rows if unit_ids is None or row.row.pilot.unit_id in unit_ids]
    able = {key(unit.id) for unit in pilot_units(session) if unit_ids is None or unit.id in unit_ids}
    stopped = {key(row.row.pilot.id) for row in mine if row.row.status is Status.STOPPED}
    public = set(session.exec(select(Story.pilot_id).where(Story.status == StoryStatus.APPROVED)).all())
    first: dict[int, dt.date] = {}
    for decision in decisions_in_force(session):
        first.setdefault(decision.pilot_id, on_day(decision.at))
    days = [
        (first[pilot_id] - row.row.plan.start_on).days for row in mine if (pilot_id := key(row.row.pilot.id)) in first
    ]
    return Culture(
        units=len(able),
        live_units=len({row.row.pilot.unit_id for row in mine if row.row.status in LIVE} & able),
        stopped=len(stopped),
        told=len(stopped & public),
        days_to_learning=statistics.median(days) if days else None,
        decided=len(days),
    )

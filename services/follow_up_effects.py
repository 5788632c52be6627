"""The effect of a scaled pilot months after the decision, by the method and baseline of its own plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session

from models.base import monday_of, week_of
from models.organisation import Unit
from services import evaluation, series, theme_outcome
from services.plans import WholePlan
from services.rows import key
from services.scaling import MARKS
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.messages import Message
from stats.misread import corrected
from stats.panel import Panel
from stats.pilot_data import LEAST_WEEKS, emptied, prepare

WINDOW_WEEKS = 12
"""How many weeks before its day a follow-up looks at. Windows never overlap."""
WEEKS_A_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True, kw_only=True)
class Later:
    """The effect in some weeks after the decision.

    Attributes:
        weeks_after: Weeks from the decision to the end of the window.
        first: Monday of the first week looked at.
        last: Sunday of the last one.
        estimate: The effect in these weeks; None when it cannot be told.
        why_not: Why there is none.
        comparisons: Units it was compared with.
    """

    weeks_after: int
    first: dt.date
    last: dt.date
    estimate: Estimate | None
    why_not: Message | None
    comparisons: tuple[Unit, ...]

    @property
    def months(self) -> float:
        """Months from the decision to the end of the window."""
        return self.weeks_after / WEEKS_A_MONTH


def windows(decided_on: dt.date, today: dt.date) -> list[tuple[int, int]]:
    """Weeks from the decision, and the number of the last whole week, of every follow-up there can be by today.

    About 3, 6 and 12 months after the decision, and the newest weeks when enough have passed since the last of these.

    >>> [(weeks, str(monday_of(last))) for weeks, last in windows(dt.date(2026, 4, 14), dt.date(2026, 11, 23))]
    [(13, '2026-07-06'), (26, '2026-10-05')]
    """
    found = [
        (weeks, _last_week(decided_on + dt.timedelta(weeks=weeks)))
        for weeks in MARKS
        if decided_on + dt.timedelta(weeks=weeks) <= today
    ]
    newest = _last_week(today)
    if found and newest - found[-1][1] >= WINDOW_WEEKS:
        found.append(((today - decided_on).days // 7, newest))
    return found


def _last_week(day: dt.date) -> int:
    return week_of(day + dt.timedelta(days=1)) - 1


def later_effects(
    session: Session,
    whole: WholePlan,
    *,
    decided_on: dt.date,
    adopted: Mapping[int, dt.date | None],
    today: dt.date,
) -> list[Later]:
    """Estimate the effect in windows of weeks after the decision, against the weeks before the start.

    The weeks between the start and a window are left out of the pilot units' series, so that each window stands for
    itself. Units that took the change into use are no comparison from then on; without two others the estimate rests on
    the pilot unit's own weeks (and one comparison unit, if there is one).

    Args:
        session: Any session.
        whole: The plan.
        decided_on: The day of the decision.
        adopted: From when a unit is no comparison any more, by unit id; None for one that still is.
        today: Data after this day are not used.
    """
    found = windows(decided_on, today)
    if not found:
        return []
    plan, metric = whole.plan, whole.metric
    units = (*whole.pilot_units, *whole.comparison_units)
    loaded = series.load(
        session,
        metric=metric,
        unit_ids=[key(unit.id) for unit in units],
        population=plan.population,
        first=theme_outcome.first_day(plan.start_on)
        if metric.theme_id is not None
        else plan.start_on - dt.timedelta(weeks=evaluation.HISTORY_WEEKS),
        last=today,
    )
    panel = loaded.padded([unit.code for unit in units], plan.start_on)
    misread = theme_outcome.misclassification(session, whole, as_of=plan.end_on)
    stated = evaluation.as_stats_plan(whole)
    if misread is not None:
        try:
            panel = corrected(panel, stated, misread)
        except CannotEstimateError as error:
            return [_nothing(weeks, last, error.message) for weeks, last in found]
    return [_later(panel, whole, weeks, last, adopted) for weeks, last in found]


def _later(panel: Panel, whole: WholePlan, weeks: int, last: int, adopted: Mapping[int, dt.date | None]) -> Later:
    first = last - WINDOW_WEEKS + 1
    compared = tuple(_comparisons(panel, whole, first, last, adopted))
    until = monday_of(last) + dt.timedelta(days=6)
    plan = replace(
        evaluation.as_stats_plan(whole),
        comparison_units=tuple(unit.code for unit in compared),
        end=until,
        reviews=(until,),
    )
    pilots = np.isin(np.array(panel.units), plan.pilot_units)
    between = panel.weeks < np.datetime64(monday_of(first), "D")
    between &= panel.weeks >= np.datetime64(monday_of(week_of(plan.start)), "D")
    cells = pilots[:, None] & between[None, :]
    for unit in compared:
        day = adopted.get(key(unit.id))
        if day is not None:
            cells[panel.units.index(unit.code)] |= panel.weeks > np.datetime64(day - dt.timedelta(days=7), "D")
    try:
        found = estimate(prepare(emptied(panel, cells), plan, until))
    except CannotEstimateError as error:
        return _nothing(weeks, last, error.message)
    return Later(
        weeks_after=weeks, first=monday_of(first), last=until, estimate=found, why_not=None, comparisons=compared
    )


def _comparisons(
    panel: Panel, whole: WholePlan, first: int, last: int, adopted: Mapping[int, dt.date | None]
) -> Iterator[Unit]:
    """Comparison units that still were without the change for at least two weeks of the window, with values."""
    monday = np.array([week_of(week) for week in panel.weeks.astype(object)])
    for unit in whole.comparison_units:
        day = adopted.get(key(unit.id))
        end = last if day is None else min(last, _last_week(day - dt.timedelta(days=1)))
        seen = panel.observed[panel.units.index(unit.code)] & (monday >= first) & (monday <= end)
        if seen.sum() >= LEAST_WEEKS:
            yield unit


def _nothing(weeks: int, last: int, why: Message) -> Later:
    return Later(
        weeks_after=weeks,
        first=monday_of(last - WINDOW_WEEKS + 1),
        last=monday_of(last) + dt.timedelta(days=6),
        estimate=None,
        why_not=why,
        comparisons=(),
    )

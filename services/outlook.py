"""What a plan being written would show, worked out from the units' own past before anything has started."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session

from models.metrics import Metric
from services import plans, unit_panel
from services.unit_panel import UnitPanel
from stats.errors import CannotEstimateError
from stats.history import History, history_of
from stats.messages import Message
from stats.metric import Direction, Kind
from stats.panel import ONE_WEEK
from stats.planning import minimum_detectable_effect, weeks_needed

LEAST_BEFORE = 2


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What the design would show with data as they have come lately.

    Attributes:
        per_week: Answers or cases in a week that has any; events for a count.
        weeks: Weeks of the trial.
        finds: The smallest true change found four times out of five, in the metric's unit; None when none would be.
        weeks_needed: Weeks for the smallest change that matters; None when the longest trial would not do.
        note: What is uncertain about it.
    """

    per_week: float
    weeks: int
    finds: float | None
    weeks_needed: int | None
    note: Message | None

    @property
    def enough(self) -> bool:
        """Whether the planned weeks show the smallest change that matters."""
        return self.weeks_needed is not None and self.weeks_needed <= self.weeks


def outlook(
    session: Session,
    *,
    metric: Metric,
    unit_id: int,
    comparison_unit_ids: Sequence[int],
    smallest_change: float,
    start_on: dt.date,
    weeks: int,
    trigger_weeks: int = 0,
    today: dt.date,
) -> Outlook | None:
    """Work out the smallest change that the plan finds four times out of five, and the weeks it needs.

    Args:
        session: Reads the record.
        metric: The primary metric.
        unit_id: The pilot unit.
        comparison_unit_ids: The comparison units; those without values do not count.
        smallest_change: The smallest change that matters, a positive size.
        start_on: The first day of the trial.
        weeks: How many weeks it lasts.
        trigger_weeks: Weeks before the start that set the pilot off.
        today: The day; only whole weeks before it are used.

    Returns:
        None when the unit has too few values to tell.
    """
    if not smallest_change > 0:
        return None
    loaded = unit_panel.load(
        session, metric=metric, unit_id=unit_id, comparison_unit_ids=comparison_unit_ids, today=today
    )
    if loaded is None:
        return None
    weeks_before = _weeks_before(loaded, start_on)
    if weeks_before < LEAST_BEFORE:
        return None
    try:
        history = history_of(loaded.panel, loaded.unit, loaded.others, before=loaded.before)
    except CannotEstimateError:
        return None
    compared = history.comparisons or 0
    trigger = min(trigger_weeks, weeks_before - LEAST_BEFORE)
    direction = Direction(metric.direction.value)
    try:
        finds = minimum_detectable_effect(
            history,
            weeks_before=weeks_before,
            weeks_after=weeks,
            comparison_units=compared,
            direction=direction,
            trigger_weeks=trigger,
        )
    except CannotEstimateError:
        finds = None
    needed = weeks_needed(
        history,
        smallest_change,
        weeks_before=weeks_before,
        comparison_units=compared,
        direction=direction,
        trigger_weeks=trigger,
        most_weeks=plans.LONGEST_WEEKS,
    )
    return Outlook(per_week=_per_week(history), weeks=weeks, finds=finds, weeks_needed=needed, note=history.note)


def _weeks_before(loaded: UnitPanel, start_on: dt.date) -> int:
    """Weeks from the unit's first value to the start; those still to come are expected to bring values too."""
    seen = loaded.panel.observed[loaded.panel.units.index(loaded.unit)]
    first = loaded.panel.weeks[np.flatnonzero(seen)[0]]
    return int((np.datetime64(start_on, "D") - first) // ONE_WEEK)


def _per_week(history: History) -> float:
    return history.answers_a_week * (history.level if history.kind is Kind.COUNT else 1.0)

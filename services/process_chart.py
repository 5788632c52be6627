"""The control chart of a pilot's own weeks: what `stats.spc` makes of the series an evaluation has kept."""

from __future__ import annotations

import numpy as np

from models.metrics import Metric
from services.weekly_told import hidden
from stats.curves import WeeklySeries
from stats.metric import Direction, Kind
from stats.spc.pilot import SinceStart, signal_since_start

FEWEST_BEFORE = 6
"""Weeks with answers before the start: from fewer nobody sees what is usual."""


def own_weeks(series: WeeklySeries, metric: Metric) -> SinceStart | None:
    """The weeks after the start by the weeks before it; those that led to the pilot, and those of too few people to be
    shown, are left out.

    Args:
        series: The weeks of the pilot's units together, as its evaluation saw them.
        metric: What they measure.

    Returns:
        The chart and what it shows; None with fewer than 6 weeks before the start, or none after it.
    """
    kind = Kind(metric.kind.value)
    usual = np.isfinite(series.pilot) & (series.n > 0) & ~series.trigger & ~hidden(metric, series.n)
    if (usual & ~series.after).sum() < FEWEST_BEFORE or not (usual & series.after).any():
        return None
    values = np.rint(series.pilot * series.n) if kind.counted else series.pilot
    return signal_since_start(
        np.where(usual, values, np.nan),
        series.n,
        kind=kind,
        direction=Direction(metric.direction.value),
        start=int(np.argmax(series.after)),
    )

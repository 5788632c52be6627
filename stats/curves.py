"""The weekly series behind a picture: the pilot, the comparison, and what was to be expected without the change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.estimate import Estimate
from stats.panel import Floats, Weeks
from stats.pilot_data import PilotData


@dataclass(frozen=True, eq=False, kw_only=True)
class WeeklySeries:
    """T weeks, in the metric's unit; NaN where there is nothing to show.

    Attributes:
        weeks: (T,) Mondays.
        pilot: (T,) mean of the pilot units.
        n: (T,) their answers or exposure.
        comparison: (T,) plain mean of the comparison units.
        expected: (T,) what the pilot units would have had without the change.
        expected_low, expected_high: (T,) its band: uncertainty of the level, not the scatter of weeks.
        after: (T,) True from the start on.
        trigger: (T,) True in the trigger window.
    """

    weeks: Weeks
    pilot: Floats
    n: Floats
    comparison: Floats
    expected: Floats
    expected_low: Floats
    expected_high: Floats
    after: np.ndarray[tuple[int], np.dtype[np.bool_]]
    trigger: np.ndarray[tuple[int], np.dtype[np.bool_]]


def weekly_series(data: PilotData, found: Estimate | None, *, confidence_level: float = 0.95) -> WeeklySeries:
    """Return the series of the data, with the expected path of the estimate when there is one."""
    panel, pilots = data.panel, slice(0, data.pilots)
    n = np.where(panel.observed[pilots], np.nan_to_num(panel.n[pilots]), 0.0)
    total = n.sum(axis=0)
    nothing = np.full(len(panel.weeks), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        pilot = (n * np.nan_to_num(panel.mean[pilots])).sum(axis=0) / total
        seen = panel.observed[data.pilots :]
        comparison = np.where(seen, np.nan_to_num(panel.mean[data.pilots :]), 0.0).sum(axis=0) / seen.sum(axis=0)
    if panel.shared is not None:  # a corrected week may fall outside what a share can be; the picture stays inside
        pilot, comparison = np.clip(pilot, 0.0, 1.0), np.clip(comparison, 0.0, 1.0)
    expected, reach = nothing, nothing
    if found is not None:
        expected = found.level
        reach = float(scipy.stats.norm.isf((1.0 - confidence_level) / 2.0)) * found.level_sd
    return WeeklySeries(
        weeks=panel.weeks,
        pilot=np.where(total > 0, pilot, np.nan),
        n=total,
        comparison=comparison if data.comparisons else nothing,
        expected=expected,
        expected_low=expected - reach,
        expected_high=expected + reach,
        after=data.after,
        trigger=data.trigger,
    )

"""Each kind of metric as weekly values with known sampling precision, and the way back to the metric's unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.metric import Kind
from stats.panel import Floats, Panel

SMOOTHING = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class WorkingData:
    """A panel on its working scale.

    The scale is linear in a unit's weekly value, value = level_j + (observed - centre_j) / slope_j, so that an effect
    on it is exactly slope_j times smaller than the unit's own change, and differences come back without bias:

    - score, nps, duration, cost: level = centre / s, slope = s, the pooled within-week SD of single answers;
    - proportion: the log-odds linearised at the unit's share p: level = logit p, slope = p (1 - p);
    - count: the log rate linearised at the unit's rate m: level = log m, slope = m.

    Attributes:
        values: (J, T) working values; NaN where missing.
        precision: (J, T) 1 / sampling variance of the working value; 0 where missing.
        centre: (J,) the value at which the scale is linearised, in the metric's unit.
        level: (J,) the working value there.
        slope: (J,) metric units per working unit.
        scale_known: False when no within-week SD is known, so that precision is relative.
    """

    values: Floats
    precision: Floats
    centre: Floats
    level: Floats
    slope: Floats
    scale_known: bool

    def back(self, unit: int, working: Floats) -> Floats:
        """Return a unit's working values in the metric's unit."""
        return np.asarray(self.centre[unit] + (np.asarray(working) - self.level[unit]) * self.slope[unit])


def to_working(panel: Panel) -> WorkingData:
    """Return the panel on its working scale.

    Raises:
        CannotEstimateError: Every value is the same, or a unit has no data at all.
    """
    seen = panel.observed
    if not seen.any(axis=1).all():
        unit = panel.units[int(np.argmin(seen.any(axis=1)))]
        raise CannotEstimateError(N_("The unit {unit} has no data in these weeks."), unit=unit)
    if np.ptp(panel.mean[seen]) == 0 and not np.any(np.nan_to_num(panel.sd)[seen] > 0):
        raise CannotEstimateError(N_("Every value is the same; nothing can be estimated from them."))
    n = np.where(seen, panel.n, 0.0)
    if panel.kind is Kind.PROPORTION:
        return _proportion(panel, n)
    if panel.kind is Kind.COUNT:
        return _count(panel, n)
    return _mean(panel, n)


def pooled_sd(panel: Panel) -> float:
    """Return the pooled within-week SD of single answers, NaN when no week knows its SD."""
    known = panel.observed & np.isfinite(panel.sd) & (np.nan_to_num(panel.n) > 1)
    if not known.any():
        return float("nan")
    df = panel.n[known] - 1.0
    return float(np.sqrt((df * panel.sd[known] ** 2).sum() / df.sum()))


def _mean(panel: Panel, n: Floats) -> WorkingData:
    spread = pooled_sd(panel)
    known = bool(np.isfinite(spread) and spread > 0)
    total = n.sum()
    grand = float(np.where(n > 0, n * np.nan_to_num(panel.mean), 0.0).sum() / total)
    if not known:
        seen = n > 0
        spread = float(np.sqrt((n[seen] * (panel.mean[seen] - grand) ** 2).mean()))
    units = len(panel.units)
    return WorkingData(
        values=(panel.mean - grand) / spread,
        precision=n,
        centre=np.full(units, grand),
        level=np.zeros(units),
        slope=np.full(units, spread),
        scale_known=known,
    )


def _proportion(panel: Panel, n: Floats) -> WorkingData:
    successes = np.where(n > 0, np.nan_to_num(panel.count), 0.0)
    share = (successes.sum(axis=1) + SMOOTHING) / (n.sum(axis=1) + 2 * SMOOTHING)
    slope = share * (1.0 - share)
    level = np.log(share / (1.0 - share))
    return _linearised(panel, n * slope[:, None], share, level, slope)


def _count(panel: Panel, n: Floats) -> WorkingData:
    events = np.where(n > 0, np.nan_to_num(panel.count), 0.0)
    if events.sum() == 0:
        raise CannotEstimateError(N_("No events were counted at all; nothing can be estimated from them."))
    overall = events.sum() / n.sum()
    rate = (events.sum(axis=1) + SMOOTHING) / (n.sum(axis=1) + SMOOTHING / overall)
    return _linearised(panel, n * rate[:, None], rate, np.log(rate), rate)


def _linearised(panel: Panel, precision: Floats, centre: Floats, level: Floats, slope: Floats) -> WorkingData:
    values = level[:, None] + (panel.mean - centre[:, None]) / slope[:, None]
    return WorkingData(values=values, precision=precision, centre=centre, level=level, slope=slope, scale_known=True)

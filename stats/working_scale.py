"""Each kind of metric as weekly values with known sampling precision, and the way back to the metric's unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.metric import Kind
from stats.panel import Floats, Panel

SMOOTHING = 0.5
LARGEST_CHANGE = 8.0
NEWTON_STEPS = 25


@dataclass(frozen=True, eq=False, kw_only=True)
class WorkingData:
    """A panel on its working scale.

    - score, nps, duration, cost: (mean - centre) / spread, the spread being the pooled within-week SD of one answer;
    - proportion: log-odds, count: log rate, each linearised at what the unit is expected to have (its own level, moved
      by the effect found so far where it is treated): working = link(m) + (observed - m) * link'(m). This is the
      working response of penalised quasi-likelihood; a week without any success or event needs no special care.

    Attributes:
        kind: The metric's kind.
        values: (J, T) working values; NaN where missing.
        precision: (J, T) 1 / sampling variance of the working value; 0 where missing.
        slope: (J,) metric units per working unit: the chord from the unit's level to its level moved by the effect.
        base: (J,) the unit's level without the change, working scale; 0 where the scale is linear.
        scale_known: False when no within-week SD is known, so that precision is relative.
        centre, spread: Of the identity scale; 0 and 1 for counted kinds.
    """

    kind: Kind
    values: Floats
    precision: Floats
    slope: Floats
    base: Floats
    scale_known: bool
    centre: float = 0.0
    spread: float = 1.0

    def back(self, working: Floats) -> Floats:
        """Return working values in the metric's unit."""
        if self.kind.counted:
            return _inverse_link(self.kind, np.asarray(working))
        return np.asarray(self.centre + np.asarray(working) * self.spread)

    def moved(self, unit: int, change: float) -> float:
        """Return by how much a change on the working scale moves a unit from its level, in the metric's unit.

        A share stays between 0 and 1 and a rate above 0, however large the change.
        """
        ends = self.back(self.base[unit] + np.array([change, 0.0]))
        return float(ends[0] - ends[1])

    def derivative(self, working: Floats) -> Floats:
        """Return metric units per working unit at working values."""
        if self.kind.counted:
            return _derivative(self.kind, self.back(working))
        return np.full(np.shape(working), self.spread)


def to_working(panel: Panel, change: Floats | None = None) -> WorkingData:
    """Return the panel on its working scale.

    Args:
        panel: J units by T weeks.
        change: (J, T) effect found so far, on the working scale, where a unit is treated; counted kinds are linearised
            around it. Left out: none.

    Raises:
        CannotEstimateError: Every value is the same, or a unit has no data at all.

    References:
        Breslow & Clayton (1993), JASA 88:9, for penalised quasi-likelihood.
    """
    seen = panel.observed
    if not seen.any(axis=1).all():
        unit = panel.units[int(np.argmin(seen.any(axis=1)))]
        raise CannotEstimateError(N_("The unit {unit} has no data in these weeks."), unit=unit)
    if np.ptp(panel.mean[seen]) == 0 and not np.any(np.nan_to_num(panel.sd)[seen] > 0):
        raise CannotEstimateError(N_("Every value is the same; nothing can be estimated from them."))
    n = np.where(seen, panel.n, 0.0)
    if panel.kind.counted:
        moved = np.zeros_like(n) if change is None else np.clip(change, -LARGEST_CHANGE, LARGEST_CHANGE)
        return _counted(panel, n, moved)
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
    return WorkingData(
        kind=panel.kind,
        values=(panel.mean - grand) / spread,
        precision=n,
        slope=np.full(len(panel.units), spread),
        base=np.zeros(len(panel.units)),
        scale_known=known,
        centre=grand,
        spread=spread,
    )


def _counted(panel: Panel, n: Floats, change: Floats) -> WorkingData:
    kind = panel.kind
    total = np.where(n > 0, np.nan_to_num(panel.count), 0.0).sum(axis=1) + SMOOTHING
    if kind is Kind.COUNT and total.sum() == SMOOTHING * len(total):
        raise CannotEstimateError(N_("No events were counted at all; nothing can be estimated from them."))
    size = n.sum(axis=1)
    extra = 2 * SMOOTHING if kind is Kind.PROPORTION else SMOOTHING * size.sum() / total.sum()
    weight = n * ((size + extra) / size)[:, None]
    base = _link(kind, total / (size + extra))
    for _ in range(NEWTON_STEPS):  # the unit's level at which the expected total is the (smoothed) observed one
        expected = _inverse_link(kind, base[:, None] + change)
        base = base + (total - (weight * expected).sum(axis=1)) / (weight * _derivative(kind, expected)).sum(axis=1)
    line = base[:, None] + change
    expected = _inverse_link(kind, line)
    derivative = _derivative(kind, expected)
    effect = np.array([row[np.argmax(np.abs(row))] for row in change])
    small = np.abs(effect) < 1e-6
    chord = _inverse_link(kind, base + effect) - _inverse_link(kind, base)
    slope = np.where(small, _derivative(kind, _inverse_link(kind, base)), chord / np.where(small, 1.0, effect))
    return WorkingData(
        kind=kind, values=line + (panel.mean - expected) / derivative, precision=n * derivative, slope=slope,
        base=base, scale_known=True,
    )  # fmt: skip


def _link(kind: Kind, value: Floats) -> Floats:
    return np.asarray(np.log(value) if kind is Kind.COUNT else scipy.special.logit(value))


def _inverse_link(kind: Kind, working: Floats) -> Floats:
    return np.asarray(np.exp(working) if kind is Kind.COUNT else scipy.special.expit(working))


def _derivative(kind: Kind, value: Floats) -> Floats:
    """Metric units per working unit, which is also the variance of a single unit of n."""
    return np.asarray(value if kind is Kind.COUNT else value * (1.0 - value))

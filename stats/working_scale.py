"""Each kind of metric as weekly values with known sampling precision, and the way back to the metric's unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.metric import Kind
from stats.panel import Floats, Panel

SMOOTHING = 0.5
LARGEST_CHANGE = 8.0
NEWTON_STEPS = 25


class Curve(Enum):
    """How the linear scale of the model is bent into the metric's unit."""

    NONE = "identity"
    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True, eq=False, kw_only=True)
class WorkingData:
    """A panel on its working scale.

    - score, nps, cost: (mean - centre) / spread, the spread being the pooled within-week SD of one answer;
    - duration: (log(mean) + b - centre) / spread, the spread being the pooled coefficient of variation of one answer
      and b = spread^2 / 2n, by which the logarithm of a mean of n falls short; where a week's mean is 0, as a score;
    - proportion: log-odds, count: log rate, each linearised at what the unit is expected to have (its own level, moved
      by the effect found so far where it is treated): working = link(m) + (observed - m) * link'(m). This is the
      working response of penalised quasi-likelihood; a week without any success or event needs no special care.

    Attributes:
        curve: How working values relate to the metric's unit.
        values: (J, T) working values; NaN where missing.
        precision: (J, T) 1 / sampling variance of the working value; 0 where missing.
        slope: (J,) metric units per working unit: the chord from the unit's level to its level moved by the effect.
        base: (J,) the unit's level without the change, working scale; 0 where the scale is linear.
        scale_known: False when no within-week SD is known, so that precision is relative.
        centre, spread: Metric = curve(centre + spread * working); 0 and 1 for counted kinds.
    """

    curve: Curve
    values: Floats
    precision: Floats
    slope: Floats
    base: Floats
    scale_known: bool
    centre: float = 0.0
    spread: float = 1.0

    def back(self, working: Floats) -> Floats:
        """Return working values in the metric's unit."""
        return _inverse_link(self.curve, self.centre + np.asarray(working) * self.spread)

    @property
    def linear(self) -> bool:
        """True when a working unit is the same amount everywhere."""
        return self.curve is Curve.NONE

    def forward(self, level: Floats) -> Floats:
        """Return levels in the metric's unit as working values; they must be inside the curve's range."""
        if self.linear:
            return (np.asarray(level) - self.centre) / self.spread
        return (_link(self.curve, np.asarray(level)) - self.centre) / self.spread

    def derivative(self, working: Floats) -> Floats:
        """Return metric units per working unit at working values."""
        return _derivative(self.curve, self.back(working)) * self.spread


def to_working(panel: Panel, change: Floats | None = None) -> WorkingData:
    """Return the panel on its working scale.

    Args:
        panel: J units by T weeks.
        change: (J, T) effect found so far, on the working scale, where a unit is treated; counted kinds are linearised
            around it, and a unit's level is what it is without it. Left out: none.

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
    moved = np.zeros_like(n) if change is None else change
    if panel.kind.counted:
        return _counted(panel, n, np.clip(moved, -LARGEST_CHANGE, LARGEST_CHANGE))
    if panel.kind is Kind.DURATION and (panel.mean[seen] > 0).all():
        return _logged(panel, n, moved)
    return _mean(panel, n)


def pooled_sd(panel: Panel) -> float:
    """Return the pooled within-week SD of single answers, NaN when no week knows its SD."""
    return _pooled(panel, panel.sd)


def _pooled(panel: Panel, sd: Floats) -> float:
    known = panel.observed & np.isfinite(sd) & (np.nan_to_num(panel.n) > 1)
    if not known.any():
        return float("nan")
    df = panel.n[known] - 1.0
    return float(np.sqrt((df * sd[known] ** 2).sum() / df.sum()))


def _logged(panel: Panel, n: Floats, change: Floats) -> WorkingData:
    seen = n > 0
    with np.errstate(invalid="ignore"):
        logs, relative = np.log(panel.mean), panel.sd / panel.mean
    spread = _pooled(panel, relative)
    known = bool(np.isfinite(spread) and spread > 0)
    if known:
        logs = logs + np.where(seen, spread**2 / (2.0 * np.where(seen, n, 1.0)), 0.0)
    clean = np.where(seen, logs, 0.0)
    grand = float((n * clean).sum() / n.sum())
    if not known:
        spread = float(np.sqrt((n * (clean - grand) ** 2).sum() / seen.sum()))
    values = (logs - grand) / spread
    base = (n * np.where(seen, values - change, 0.0)).sum(axis=1) / n.sum(axis=1)
    level = np.exp(grand + base * spread)
    effect, small = _largest(change)
    chord = level * np.expm1(effect * spread)
    return WorkingData(
        curve=Curve.LOG, values=values, precision=n,
        slope=np.where(small, level * spread, chord / np.where(small, 1.0, effect)), base=base, scale_known=known,
        centre=grand, spread=spread,
    )  # fmt: skip


def _largest(change: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """(J,) each unit's change where it is treated, and whether it is next to nothing."""
    effect = np.array([row[np.argmax(np.abs(row))] for row in change])
    return effect, np.abs(effect) < 1e-6


def _mean(panel: Panel, n: Floats) -> WorkingData:
    spread = pooled_sd(panel)
    known = bool(np.isfinite(spread) and spread > 0)
    total = n.sum()
    grand = float(np.where(n > 0, n * np.nan_to_num(panel.mean), 0.0).sum() / total)
    if not known:
        seen = n > 0
        spread = float(np.sqrt((n[seen] * (panel.mean[seen] - grand) ** 2).mean()))
    return WorkingData(
        curve=Curve.NONE,
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
    curve = Curve.LOG if kind is Kind.COUNT else Curve.LOGIT
    total = np.where(n > 0, np.nan_to_num(panel.count), 0.0).sum(axis=1) + SMOOTHING
    if kind is Kind.COUNT and total.sum() == SMOOTHING * len(total):
        raise CannotEstimateError(N_("No events were counted at all; nothing can be estimated from them."))
    size = n.sum(axis=1)
    if panel.shared is not None:  # a corrected count may fall outside 0..n by chance
        total = np.clip(total, SMOOTHING, size + SMOOTHING)
    extra = 2 * SMOOTHING if kind is Kind.PROPORTION else SMOOTHING * size.sum() / total.sum()
    weight = n * ((size + extra) / size)[:, None]
    base = _link(curve, total / (size + extra))
    for _ in range(NEWTON_STEPS):  # the unit's level at which the expected total is the (smoothed) observed one
        expected = _inverse_link(curve, base[:, None] + change)
        step = (total - (weight * expected).sum(axis=1)) / (weight * _derivative(curve, expected)).sum(axis=1)
        base = base + np.clip(step, -1.0, 1.0)
    line = base[:, None] + change
    expected = _inverse_link(curve, line)
    derivative = _derivative(curve, expected)
    effect, small = _largest(change)
    chord = _inverse_link(curve, base + effect) - _inverse_link(curve, base)
    slope = np.where(small, _derivative(curve, _inverse_link(curve, base)), chord / np.where(small, 1.0, effect))
    precision = n * derivative
    if panel.shared is not None:
        precision = precision * panel.shared.weight
    return WorkingData(
        curve=curve, values=line + (panel.mean - expected) / derivative, precision=precision, slope=slope,
        base=base, scale_known=True,
    )  # fmt: skip


def shared_pulls(panel: Panel, working: WorkingData) -> Floats:
    """(K, J, T) what one SD of each error that weeks share does to the working values; K = 0 where there is none.

    Args:
        panel: A panel of shares.
        working: The same on its working scale.
    """
    if panel.shared is None:
        return np.empty((0, *working.values.shape))
    seen = working.precision > 0
    per_unit = panel.n * panel.shared.weight / np.where(seen, working.precision, 1.0)
    return np.where(seen, panel.shared.directions * np.where(seen, per_unit, 0.0), np.nan)


def _link(curve: Curve, value: Floats) -> Floats:
    return np.asarray(np.log(value) if curve is Curve.LOG else scipy.special.logit(value))


def _inverse_link(curve: Curve, working: Floats) -> Floats:
    if curve is Curve.NONE:
        return np.asarray(working)
    return np.asarray(np.exp(np.minimum(working, 700.0)) if curve is Curve.LOG else scipy.special.expit(working))


def _derivative(curve: Curve, value: Floats) -> Floats:
    """Metric units per unit of the curve; for a share or a rate also the variance of a single unit of n."""
    if curve is Curve.NONE:
        return np.ones_like(value)
    return np.asarray(value if curve is Curve.LOG else value * (1.0 - value))

"""Did past decisions hold up? What was expected of scaled pilots against what was measured afterwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats.arguments import numbers, probability
from stats.effect import Interval
from stats.messages import N_, Message
from stats.open_estimate import OpenEstimate
from stats.panel import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """How what was expected compares with what came.

    Attributes:
        ratio: Measured over expected effects, all decisions together; 1 when expectations were right on average.
        overstatement: By what share the expectations overstated what came: 1 / ratio - 1.
        raw_overstatement: The same of the estimates before shrinking (the winner's curse); None when none were given.
        z: (J,) each decision's measured less expected effect, in standard errors of that difference.
        disagreement: P-value of expectations that were right to within their standard errors; a small one says that the
            expectations' intervals were too narrow.
        held: (J,) whether each follow-up's interval is not wholly below the smallest change that matters.
        share_held: Share of decisions that held.
        share_interval: Its exact (Clopper-Pearson) interval.
        confidence_level: Of every interval here.
    """

    ratio: OpenEstimate
    overstatement: OpenEstimate
    raw_overstatement: OpenEstimate | None
    z: Floats
    disagreement: float
    held: npt.NDArray[np.bool_]
    share_held: float
    share_interval: Interval
    confidence_level: float


def calibration(
    expected: Sequence[float] | Floats,
    expected_errors: Sequence[float] | Floats,
    measured: Sequence[float] | Floats,
    measured_errors: Sequence[float] | Floats,
    *,
    smallest_change: float | Sequence[float] | Floats,
    raw: Sequence[float] | Floats | None = None,
    confidence_level: float = 0.95,
) -> Calibration:
    """Compare the effects expected when pilots were scaled with those measured afterwards.

    The ratio is that of the sums. Its interval is the wider of two: the one the standard errors give, and the t
    interval of the scatter between decisions, so that it is honest with few decisions and with decisions that turned
    out differently. What the expectations have in common (the portfolio's mean) is left out of it.

    Args:
        expected: (J,) effects expected at the decision, positive for better, in one unit: the shrunken ones.
        expected_errors: (J,) their standard errors, above 0.
        measured: (J,) effects measured after scaling, by data that the decision had not seen.
        measured_errors: (J,) their standard errors, above 0.
        smallest_change: The smallest change that matters: one for all, or (J,).
        raw: (J,) the decisions' estimates before shrinking.
        confidence_level: Of every interval.

    Raises:
        ValueError: Arrays of different lengths, or a number that is not finite or outside its bounds.

    References:
        Zoellner, S. and Pritchard, J. K. (2007). Overcoming the winner's curse. American Journal of Human Genetics
        80(4), 605-615.
        Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of
        the binomial. Biometrika 26(4), 404-413.

    Example:
        >>> found = calibration([0.4, 0.5, 0.35], [0.1, 0.1, 0.1], [0.42, 0.38, 0.3], [0.1, 0.1, 0.1],
        ...                     smallest_change=0.3, raw=[0.55, 0.7, 0.4])
        >>> round(found.ratio.value, 2), round(found.raw_overstatement.value, 2), found.share_held
        (0.88, 0.5, 1.0)
    """
    hoped = numbers("expected", expected)
    hoped_errors = _alike("expected_errors", expected_errors, hoped, positive=True)
    came = _alike("measured", measured, hoped)
    came_errors = _alike("measured_errors", measured_errors, hoped, positive=True)
    bars = smallest_change if np.ndim(smallest_change) else np.full(len(hoped), smallest_change, dtype=np.float64)
    changes = _alike("smallest_change", bars, hoped, positive=True)  # type: ignore[arg-type]
    level = probability("confidence_level", confidence_level)
    tail = (1.0 - level) / 2.0
    spread = np.hypot(hoped_errors, came_errors)
    z = (came - hoped) / spread
    held = came + float(scipy.stats.norm.isf(tail)) * came_errors >= changes
    share = scipy.stats.binomtest(int(held.sum()), len(held)).proportion_ci(confidence_level=level, method="exact")
    ratio = _ratio(came, hoped, spread, tail)
    before = None
    if raw is not None:
        before = _overstated(_ratio(came, _alike("raw", raw, hoped), spread, tail))
    return Calibration(
        ratio=ratio,
        overstatement=_overstated(ratio),
        raw_overstatement=before,
        z=z,
        disagreement=float(scipy.stats.chi2.sf((z**2).sum(), len(z))),
        held=held,
        share_held=float(held.mean()),
        share_interval=Interval(low=float(share.low), high=float(share.high)),
        confidence_level=level,
    )


def _ratio(came: Floats, hoped: Floats, spread: Floats, tail: float) -> OpenEstimate:
    """Sum of what came over sum of what was expected; the expectations are known numbers, what comes of them varies."""
    total = float(hoped.sum())
    if total <= 0:
        reason = Message(N_("No gain was expected of these decisions together, so there is nothing to compare with."))
        return OpenEstimate(value=math.nan, interval=None, reason=reason)
    ratio = float(came.sum()) / total
    if len(came) == 1:
        reason = Message(N_("One decision does not show how much decisions differ."))
        return OpenEstimate(value=ratio, interval=None, reason=reason)
    known = float(scipy.stats.norm.isf(tail)) * math.sqrt(float((spread**2).sum()))
    scatter = len(came) / (len(came) - 1) * float(((came - ratio * hoped) ** 2).sum())
    seen = float(scipy.stats.t.isf(tail, len(came) - 1)) * math.sqrt(scatter)
    reach = max(known, seen) / total
    return OpenEstimate(value=ratio, interval=Interval(low=ratio - reach, high=ratio + reach), reason=None)


def _overstated(ratio: OpenEstimate) -> OpenEstimate:
    value = 1.0 / ratio.value - 1.0 if ratio.value > 0 else math.nan
    if ratio.interval is None:
        return OpenEstimate(value=value, interval=None, reason=ratio.reason)
    low, high = ratio.interval.low, ratio.interval.high
    if low > 0:
        return OpenEstimate(value=value, interval=Interval(low=1.0 / high - 1.0, high=1.0 / low - 1.0), reason=None)
    reason = Message(N_("What came may be no gain at all, so there is no bound on how much was overstated."))
    interval = Interval(low=1.0 / high - 1.0, high=math.inf) if high > 0 else None
    return OpenEstimate(value=value, interval=interval, reason=reason)


def _alike(name: str, values: Sequence[float] | Floats, pattern: Floats, *, positive: bool = False) -> Floats:
    """Numbers, one for each decision."""
    found = numbers(name, values)
    if len(found) != len(pattern):
        raise ValueError(f"{name} has {len(found)} values, must have one for each of {len(pattern)} decisions.")
    if positive and not (found > 0).all():
        place = int(np.argmin(found > 0))
        raise ValueError(f"{name}[{place}] == {found[place]}, must be > 0.")
    return found

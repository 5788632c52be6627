"""Waiting times: how many times as long, how much the median moved, and how many were served in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.arguments import above, numbers, probability
from stats.effect import EffectEstimate, Interval, TestedEffect
from stats.errors import CannotEstimateError
from stats.means import difference_in_means
from stats.messages import N_
from stats.panel import Floats
from stats.proportions import difference_in_proportions

Values = Sequence[float] | npt.NDArray[np.generic]


@dataclass(frozen=True, kw_only=True)
class DurationComparison:
    """Two sets of waiting times, seen three ways.

    Attributes:
        ratio: Ratio of geometric means, pilot / baseline; 1 means no change.
        medians: Difference of medians, in the unit of the values.
        within_target: Difference of the shares served within the target; None without a target.
    """

    ratio: TestedEffect
    medians: EffectEstimate
    within_target: EffectEstimate | None


def compare_durations(
    baseline: Values, pilot: Values, *, target: float | None = None, confidence_level: float = 0.95
) -> DurationComparison:
    """Compare waiting times by the ratio of geometric means, the difference of medians and the share within a target.

    Args:
        baseline: (n,) waiting times before, at least 2, each above 0. Waits that still go on are no values yet:
            leaving them out makes a side look faster than it is.
        pilot: (m,) waiting times in the pilot, in the same unit.
        target: The longest wait that counts as in time, in the same unit.
        confidence_level: Of every interval.

    Raises:
        ValueError: Fewer than 2 values on a side, a value that is not above 0, a target that is not above 0, or a
            confidence level outside (0, 1).
        CannotEstimateError: A side varies too little for one of the comparisons.

    Example:
        >>> before = [30, 12, 45, 21, 28, 60, 18, 33]
        >>> after = [14, 20, 9, 25, 17, 38, 11, 16]
        >>> result = compare_durations(before, after, target=21)
        >>> round(result.ratio.effect, 3), result.medians.effect, result.within_target.effect
        (0.617, -12.5, 0.375)
    """
    return DurationComparison(
        ratio=ratio_of_geometric_means(baseline, pilot, confidence_level=confidence_level),
        medians=difference_in_medians(baseline, pilot, confidence_level=confidence_level),
        within_target=None
        if target is None
        else difference_within_target(baseline, pilot, target=target, confidence_level=confidence_level),
    )


def ratio_of_geometric_means(baseline: Values, pilot: Values, *, confidence_level: float = 0.95) -> TestedEffect:
    """Ratio of geometric means, pilot / baseline: Welch's method on logarithms.

    Args:
        baseline: (n,) values before, at least 2, each above 0.
        pilot: (m,) values in the pilot, at least 2, each above 0.
        confidence_level: Of the interval.

    Returns:
        `effect` is the ratio and `standard_error` its own (ratio times the standard error of the logarithm);
        `statistic`, `df` and `p_value` are those of the logarithms.

    Raises:
        ValueError: Fewer than 2 values on a side, a value that is not above 0, or a confidence level outside (0, 1).
        CannotEstimateError: Neither side varies at all.

    Notes:
        Coverage of 95 % intervals of lognormal waits (`python -m benchmarks coverage`): 94 to 96 % from 5 waits a side
        on. A ratio of geometric means is one of medians only where the logarithms are symmetric.

    Example:
        >>> result = ratio_of_geometric_means([10.0, 20.0, 40.0], [5.0, 10.0, 20.0])
        >>> round(result.effect, 6), round(result.interval.low, 3), round(result.interval.high, 3)
        (0.5, 0.104, 2.407)
    """
    before, after = (
        _positive(name, numbers(name, values, least=2)) for name, values in (("baseline", baseline), ("pilot", pilot))
    )
    logs = difference_in_means(np.log(before), np.log(after), confidence_level=confidence_level)
    ratio = math.exp(logs.effect)
    return TestedEffect(
        effect=ratio,
        standard_error=ratio * logs.standard_error,
        interval=Interval(low=_exp(logs.interval.low), high=_exp(logs.interval.high)),
        method="ratio_of_geometric_means",
        statistic=logs.statistic,
        df=logs.df,
        p_value=logs.p_value,
    )


def difference_in_medians(baseline: Values, pilot: Values, *, confidence_level: float = 0.95) -> EffectEstimate:
    """Difference of medians, pilot minus baseline, its standard error read off two order statistics of each side.

    Args:
        baseline: (n,) values before, at least 5.
        pilot: (m,) values in the pilot, at least 5.
        confidence_level: Of the interval, which is normal.

    Raises:
        ValueError: Fewer than 5 values on a side, something that is no finite number, or a confidence level outside
            (0, 1).
        CannotEstimateError: So many values are the same that the order statistics of a side coincide.

    Notes:
        Waits in whole days that share a few values make the interval too short. Coverage of 95 % intervals of
        lognormal waits (`python -m benchmarks coverage`): 97 to 97.5 % with 5 to 12 waits a side, 95 to 96.5 % from 20.

    Example:
        >>> result = difference_in_medians([30, 12, 45, 21, 28, 60, 18, 33], [14, 20, 9, 25, 17, 38, 11, 16])
        >>> result.effect, round(result.interval.low, 2), round(result.interval.high, 2)
        (-12.5, -28.97, 3.97)

    References:
        Price & Bonett (2002), Distribution-free confidence intervals for difference and ratio of medians, Journal of
        Statistical Computation and Simulation 72:119.
    """
    before, after = numbers("baseline", baseline, least=5), numbers("pilot", pilot, least=5)
    level = probability("confidence_level", confidence_level)
    errors = _median_error(before), _median_error(after)
    if min(errors) == 0.0:
        raise CannotEstimateError(N_("So many values are the same that no error of the median can be told."))
    effect = float(np.median(after) - np.median(before))
    standard_error = math.hypot(*errors)
    reach = standard_error * float(scipy.special.ndtri((1.0 + level) / 2.0))
    return EffectEstimate(
        effect=effect,
        standard_error=standard_error,
        interval=Interval(low=effect - reach, high=effect + reach),
        method="difference_in_medians",
    )


def difference_within_target(
    baseline: Values, pilot: Values, *, target: float, confidence_level: float = 0.95
) -> EffectEstimate:
    """Difference of the shares of values that are at most the target, pilot minus baseline, with Newcombe's interval.

    Args:
        baseline: (n,) values before, at least 1.
        pilot: (m,) values in the pilot, at least 1.
        target: The longest wait that counts as in time.
        confidence_level: Of the interval.

    Raises:
        ValueError: No values on a side, something that is no finite number, a target that is not above 0, or a
            confidence level outside (0, 1).

    Example:
        >>> result = difference_within_target([30, 12, 45, 21], [14, 20, 9, 25], target=21)
        >>> result.effect, round(result.interval.low, 3), round(result.interval.high, 3)
        (0.25, -0.32, 0.655)
    """
    before, after = numbers("baseline", baseline), numbers("pilot", pilot)
    longest = above("target", target, 0)
    return difference_in_proportions(
        int((before <= longest).sum()),
        len(before),
        int((after <= longest).sum()),
        len(after),
        confidence_level=confidence_level,
    )


def _positive(name: str, values: Floats) -> Floats:
    if (values <= 0).any():
        place = int(np.argmax(values <= 0))
        raise ValueError(f"{name}[{place}] == {values[place]:g}, must be > 0 for a ratio of geometric means.")
    return values


def _exp(value: float) -> float:
    return math.exp(value) if value < 709.0 else math.inf


def _median_error(values: Floats) -> float:
    """Standard error of a median: the distance of two order statistics over the normal deviate of their interval."""
    n = len(values)
    place = max(round((n + 1) / 2 - math.sqrt(n)), 1)
    # Chance that fewer than `place` of n values are below the true median.
    outside = float(scipy.special.bdtr(place - 1, n, 0.5))
    ordered = np.sort(values)
    return float(ordered[n - place] - ordered[place - 1]) / (-2.0 * float(scipy.special.ndtri(outside)))

"""What pilots are worth: benefit over pilots, per euro and hour, and net of its cost, each with its uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.arguments import above, number, numbers, probability
from stats.effect import EffectEstimate, Interval
from stats.fieller import Shape, fieller
from stats.messages import N_, Message
from stats.open_estimate import OpenEstimate
from stats.panel import Floats
from stats.portfolio import ShrunkenEffects


@dataclass(frozen=True, kw_only=True, eq=False)
class CumulativeBenefit:
    """Benefit added up over pilots, in the order they were given.

    Attributes:
        benefits: (J,) expected benefit of the first 1, 2, ..., J pilots together.
        standard_errors: (J,) their standard errors.
        intervals: J intervals.
        total: Of all pilots.
    """

    benefits: Floats
    standard_errors: Floats
    intervals: tuple[Interval, ...]
    total: EffectEstimate


@dataclass(frozen=True, kw_only=True)
class NetBenefit:
    """Benefit less cost.

    Attributes:
        expected: The expected net benefit.
        standard_error: Of it.
        interval: Of it.
        chance_of_gain: Probability that the net benefit is above 0.
    """

    expected: float
    standard_error: float
    interval: Interval
    chance_of_gain: float


def cumulative_benefit(portfolio: ShrunkenEffects, reach: Sequence[float] | Floats) -> CumulativeBenefit:
    """Add up the shrunken effects times their reach, pilot by pilot.

    The pilots share an estimated mean, so their errors do not cancel as those of unrelated pilots would; the intervals
    count that.

    Args:
        portfolio: Pilots estimated together.
        reach: (J,) how many times each effect occurs, for example customers a year, from 0 up.

    Raises:
        ValueError: Another number of reaches than pilots, or one that is negative or not finite.

    Example:
        >>> from stats.portfolio import shrink
        >>> found = cumulative_benefit(shrink([0.6, 0.1, 0.3, -0.1], [0.15, 0.15, 0.1, 0.2]), [100, 400, 0, 50])
        >>> found.benefits.round(), round(found.total.interval.low), round(found.total.interval.high)
        (array([ 52., 106., 106., 107.]), -13, 221)
    """
    times = numbers("reach", reach)
    if (times < 0).any():
        place = int(np.argmax(times < 0))
        raise ValueError(f"reach[{place}] == {times[place]}, must be >= 0.")
    if len(times) != len(portfolio.effects):
        raise ValueError(f"reach has {len(times)} values, must have one for each of {len(portfolio.effects)} pilots.")
    steps = [portfolio.combined(np.where(np.arange(len(times)) <= k, times, 0.0)) for k in range(len(times))]
    return CumulativeBenefit(
        benefits=np.array([step.effect for step in steps]),
        standard_errors=np.array([step.standard_error for step in steps]),
        intervals=tuple(step.interval for step in steps),
        total=steps[-1],
    )


def value_per_cost(
    benefit: float,
    standard_error: float,
    cost: float,
    *,
    cost_standard_error: float = 0.0,
    covariance: float = 0.0,
    confidence_level: float = 0.95,
) -> OpenEstimate:
    """Benefit for each euro or staff hour.

    Args:
        benefit: The benefit; may be negative.
        standard_error: Of it, from 0 up.
        cost: Euros or hours, above 0. A change that saves them has no such value; see `expected_net_benefit`.
        cost_standard_error: Of the cost; left out, the cost is taken as known.
        covariance: Of benefit and cost.
        confidence_level: Of the interval.

    Raises:
        ValueError: A number is not finite or outside its bounds.

    References:
        Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16(2),
        175-185.

    Example:
        >>> found = value_per_cost(1200.0, 400.0, 3000.0)
        >>> found.value, found.interval and [round(found.interval.low, 3), round(found.interval.high, 3)]
        (0.4, [0.139, 0.661])
    """
    gained, spent = number("benefit", benefit), above("cost", cost, 0.0)
    found = fieller(
        gained,
        spent,
        numerator_variance=number("standard_error", standard_error, least=0.0) ** 2,
        denominator_variance=number("cost_standard_error", cost_standard_error, least=0.0) ** 2,
        covariance=covariance,
        deviate=_deviate(confidence_level),
    )
    if found.shape is Shape.BETWEEN:
        return OpenEstimate(value=gained / spent, interval=Interval(low=found.low, high=found.high), reason=None)
    return OpenEstimate(
        value=gained / spent,
        interval=None,
        reason=Message(N_("The cost is too uncertain: it may be close to nothing, so the value for it has no bounds.")),
    )


def cost_per_unit(
    effect: float,
    standard_error: float,
    cost: float,
    *,
    cost_standard_error: float = 0.0,
    confidence_level: float = 0.95,
) -> OpenEstimate:
    """What a unit of effect costs.

    When the effect's interval reaches down to no gain, a unit may cost any amount: the interval then starts at the
    lowest compatible cost and has no upper end. When it holds no gain at all, there is neither value nor interval.

    Args:
        effect: The effect, positive for better.
        standard_error: Of it, from 0 up.
        cost: Above 0.
        cost_standard_error: Of the cost; left out, the cost is taken as known.
        confidence_level: Of the interval.

    Raises:
        ValueError: A number is not finite or outside its bounds.

    References:
        Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16(2),
        175-185.

    Example:
        >>> found = cost_per_unit(0.4, 0.3, 3000.0)
        >>> round(found.value), found.interval and [round(found.interval.low), found.interval.high]
        (7500, [3036, inf])
    """
    gain, spent = number("effect", effect), above("cost", cost, 0.0)
    error = number("standard_error", standard_error, least=0.0)
    deviate = _deviate(confidence_level)
    if gain + deviate * error <= 0:
        return OpenEstimate(
            value=math.nan,
            interval=None,
            reason=Message(N_("The effect's interval holds no gain, so there is no cost of a gain.")),
        )
    cost_variance = number("cost_standard_error", cost_standard_error, least=0.0) ** 2
    found = fieller(spent, gain, numerator_variance=cost_variance, denominator_variance=error**2, deviate=deviate)
    low, high = 0.0, math.inf
    if found.shape is Shape.BETWEEN:
        low, high = max(found.low, 0.0), found.high
    elif found.shape is Shape.OUTSIDE:
        low = max(found.high, 0.0)
    reason = None
    if math.isinf(high):
        reason = Message(N_("The effect's interval reaches down to no gain, so what a gain costs has no upper bound."))
    return OpenEstimate(
        value=spent / gain if gain > 0 else math.nan,
        interval=Interval(low=low, high=high),
        reason=reason,
    )


def expected_net_benefit(
    effect: float,
    standard_error: float,
    *,
    value_per_unit: float,
    cost: float,
    cost_standard_error: float = 0.0,
    confidence_level: float = 0.95,
) -> NetBenefit:
    """The expected worth of scaling: the effect times what a unit of it is worth, less the cost.

    Args:
        effect: The shrunken effect, positive for better.
        standard_error: Of it, from 0 up.
        value_per_unit: What a unit of effect is worth over all it reaches, above 0.
        cost: Negative when the change saves money.
        cost_standard_error: Of the cost; left out, the cost is taken as known.
        confidence_level: Of the interval.

    Raises:
        ValueError: A number is not finite or outside its bounds, or effect and cost are both without uncertainty.

    Example:
        >>> found = expected_net_benefit(0.4, 0.15, value_per_unit=20_000, cost=5000)
        >>> round(found.expected), round(found.chance_of_gain, 3)
        (3000, 0.841)
    """
    worth = above("value_per_unit", value_per_unit, 0.0)
    spread = math.hypot(
        worth * number("standard_error", standard_error, least=0.0),
        number("cost_standard_error", cost_standard_error, least=0.0),
    )
    if spread == 0:
        raise ValueError("standard_error == 0 and cost_standard_error == 0, at least one must be > 0.")
    expected = worth * number("effect", effect) - number("cost", cost)
    reach = _deviate(confidence_level) * spread
    return NetBenefit(
        expected=expected,
        standard_error=spread,
        interval=Interval(low=expected - reach, high=expected + reach),
        chance_of_gain=float(scipy.stats.norm.cdf(expected / spread)),
    )


def _deviate(confidence_level: float) -> float:
    return float(scipy.stats.norm.isf((1.0 - probability("confidence_level", confidence_level)) / 2.0))

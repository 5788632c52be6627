"""Has the effect of a scaled pilot held? Follow-ups months later against the effect at the decision."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy.optimize
import scipy.stats

from stats.arguments import above, number, numbers, probability
from stats.effect import EffectEstimate, Interval
from stats.messages import N_, Message
from stats.open_estimate import OpenEstimate
from stats.panel import Floats

LEAST_FOLLOW_UPS = 3
GRID = 801
METHOD = "follow_up_less_decision"


class Held(StrEnum):
    """Whether an effect has held."""

    HELD = "held"
    FADED = "faded"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class Sustainment:
    """What has become of an effect.

    Attributes:
        status: `held` when the newest follow-up's interval lies at or above the smallest change that matters, `faded`
            when it lies wholly below it, or when the estimate is below it and the loss since the decision is beyond
            chance; else `unclear`.
        newest: Interval of the newest follow-up.
        change: The newest follow-up less the effect at the decision; negative for a loss.
        half_life: Months in which the effect halves, when there are 3 follow-ups or more and it falls off steadily;
            infinite when it does not fall off. None with fewer.
    """

    status: Held
    newest: Interval
    change: EffectEstimate
    half_life: OpenEstimate | None


def sustainment(
    effect: float,
    standard_error: float,
    *,
    months: Sequence[float] | Floats,
    follow_ups: Sequence[float] | Floats,
    follow_up_errors: Sequence[float] | Floats,
    smallest_change: float,
    confidence_level: float = 0.95,
) -> Sustainment:
    """Say whether the effect of a scaled pilot has held.

    Follow-ups and decision count as independent: their estimates should come from different weeks. Shared weeks before
    the start make the change's interval wider than it need be.

    Args:
        effect: The effect at the decision, positive for better: the shrunken one.
        standard_error: Of it, above 0.
        months: (K,) months from the decision, ascending, above 0: usually 3, 6 and 12.
        follow_ups: (K,) the effects measured then.
        follow_up_errors: (K,) their standard errors, above 0.
        smallest_change: The smallest change that matters, above 0.
        confidence_level: Of every interval.

    Raises:
        ValueError: Arrays of different lengths, or a number that is not finite or outside its bounds.

    References:
        Venzon, D. J. and Moolgavkar, S. H. (1988). A method for computing profile-likelihood-based confidence
        intervals. Applied Statistics 37(1), 87-94.

    Example:
        >>> found = sustainment(0.6, 0.1, months=[3, 6, 12], follow_ups=[0.5, 0.35, 0.1],
        ...                     follow_up_errors=[0.08, 0.08, 0.08], smallest_change=0.3)
        >>> found.status.value, found.half_life and round(found.half_life.value, 1)
        ('faded', 5.9)
    """
    start, error = number("effect", effect), above("standard_error", standard_error, 0.0)
    times = numbers("months", months)
    later = numbers("follow_ups", follow_ups)
    errors = numbers("follow_up_errors", follow_up_errors)
    if not len(times) == len(later) == len(errors):
        raise ValueError(
            f"months has {len(times)} values, follow_ups {len(later)} and follow_up_errors {len(errors)}, "
            "must be equally many."
        )
    if not (np.diff(times, prepend=0.0) > 0).all():
        raise ValueError(f"months == {times.tolist()}, must be ascending and above 0.")
    if not (errors > 0).all():
        raise ValueError(f"follow_up_errors == {errors.tolist()}, must all be > 0.")
    bar = above("smallest_change", smallest_change, 0.0)
    deviate = float(scipy.stats.norm.isf((1.0 - probability("confidence_level", confidence_level)) / 2.0))
    last, last_error = float(later[-1]), float(errors[-1])
    newest = Interval(low=last - deviate * last_error, high=last + deviate * last_error)
    change, spread = last - start, math.hypot(error, last_error)
    lost = Interval(low=change - deviate * spread, high=change + deviate * spread)
    status = Held.UNCLEAR
    if newest.low >= bar:
        status = Held.HELD
    elif newest.high < bar or (last < bar and lost.high < 0):
        status = Held.FADED
    half_life = None
    if len(times) >= LEAST_FOLLOW_UPS:
        half_life = _half_life(np.r_[0.0, times], np.r_[start, later], np.r_[error, errors], deviate)
    return Sustainment(
        status=status,
        newest=newest,
        change=EffectEstimate(effect=change, standard_error=spread, interval=lost, method=METHOD),
        half_life=half_life,
    )


def _half_life(times: Floats, effects: Floats, errors: Floats, deviate: float) -> OpenEstimate:
    """Half-life of an exponential decay by profile likelihood: the level is free at each rate."""

    def misfits(rates: Floats) -> Floats:
        curves = np.exp(-rates[:, None] * times) / errors
        levels = np.maximum(curves @ (effects / errors) / (curves**2).sum(axis=1), 0.0)
        return np.asarray(((effects / errors - levels[:, None] * curves) ** 2).sum(axis=1))

    def misfit(rate: float) -> float:
        return float(misfits(np.array([rate]))[0])

    # From losing all before the first follow-up to doubling between the closest two.
    fastest, slowest = 40.0 / times[1], -math.log(2.0) / float(np.diff(times).min())
    grid = np.linspace(slowest, fastest, GRID)
    best = int(np.argmin(misfits(grid)))
    found = scipy.optimize.minimize_scalar(
        misfit, bounds=(grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]), method="bounded"
    )
    bar = float(found.fun) + deviate**2
    if misfit(fastest) <= bar and misfit(slowest) <= bar:
        unsaid = Message(N_("The follow-ups are too uncertain to say how fast the effect falls off."))
        return OpenEstimate(value=math.nan, interval=None, reason=unsaid)
    ends = [_end(misfit, bar, float(found.x), farthest) for farthest in (slowest, fastest)]
    interval = Interval(low=_halving(ends[1]), high=_halving(ends[0]))
    reason = None
    if math.isinf(interval.high):
        reason = Message(N_("The follow-ups are compatible with an effect that does not fall off at all."))
    return OpenEstimate(value=_halving(float(found.x)), interval=interval, reason=reason)


def _end(misfit: Callable[[float], float], bar: float, best: float, farthest: float) -> float:
    """Where the misfit passes the bar between the best rate and the farthest; infinite when it does not."""
    if misfit(farthest) <= bar:
        return math.copysign(math.inf, farthest)
    return float(scipy.optimize.brentq(lambda rate: misfit(rate) - bar, best, farthest))


def _halving(rate: float) -> float:
    return math.log(2.0) / rate if rate > 0 else math.inf

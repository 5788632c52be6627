"""What more weeks of a pilot would be worth: the expected value of deciding with more information."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.special

from stats.arguments import above, number, numbers
from stats.panel import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class ExtensionValue:
    """What going on for some weeks would be worth, compared with deciding now.

    Attributes:
        weeks: (K,) the numbers of weeks considered.
        information_values: (K,) expected gain from deciding with what those weeks teach, their cost left out.
        net_values: (K,) the same less the weeks' cost and the benefit that waiting forgoes.
        best_weeks: The number of weeks of highest net value; 0 when deciding now is best.
        best_value: Its net value; 0 when deciding now is best.
        perfect_information: The expected gain if the true effect were told at once and for nothing: no extension is
            worth more.
    """

    weeks: Floats
    information_values: Floats
    net_values: Floats
    best_weeks: int
    best_value: float
    perfect_information: float

    @property
    def worth_it(self) -> bool:
        """Whether some extension is worth more than it costs."""
        return self.best_weeks > 0


def expected_value_of_perfect_information(
    effect: float, standard_error: float, *, break_even: float, value_per_unit: float = 1.0
) -> float:
    """The expected gain of knowing the true effect before deciding whether to scale.

    Scaling pays `value_per_unit * (true effect - break_even)`, not scaling pays nothing, and the better of the two by
    expectation is chosen.

    Args:
        effect: What the effect is believed to be, positive for better: the shrunken estimate.
        standard_error: Of that belief, above 0.
        break_even: The effect at which scaling just pays: the smallest change that matters, or what scaling costs
            divided by what a unit of effect is worth.
        value_per_unit: What a unit of effect is worth once scaled, above 0, in any currency.

    Raises:
        ValueError: A number is not finite or outside its bounds.

    References:
        Raiffa, H. and Schlaifer, R. (1961). Applied Statistical Decision Theory. Harvard University.

    Example:
        >>> round(expected_value_of_perfect_information(0.3, 0.1, break_even=0.3), 5)
        0.03989
    """
    belief, error, bar, value = _checked(effect, standard_error, break_even, value_per_unit)
    return value * error * float(unit_normal_loss(np.array([abs(belief - bar) / error]))[0])


def expected_value_of_sample_information(
    effect: float,
    standard_error: float,
    *,
    standard_errors_after: Sequence[float] | Floats,
    break_even: float,
    value_per_unit: float = 1.0,
) -> Floats:
    """The expected gain of deciding after more data rather than now, the data's cost left out.

    Args:
        effect: What the effect is believed to be now, positive for better: the shrunken estimate.
        standard_error: Of that belief, above 0.
        standard_errors_after: (K,) what that standard error will be after the further data, from 0 to the present one.
            `belief_after` makes them from an estimate's own standard errors.
        break_even: The effect at which scaling just pays.
        value_per_unit: What a unit of effect is worth once scaled, above 0.

    Returns:
        (K,) expected gains, never negative.

    Raises:
        ValueError: A number is not finite or outside its bounds.

    References:
        Raiffa, H. and Schlaifer, R. (1961). Applied Statistical Decision Theory. Harvard University.

    Example:
        >>> expected_value_of_sample_information(0.3, 0.1, standard_errors_after=[0.1, 0.06], break_even=0.3).round(5)
        array([0.     , 0.03192])
    """
    belief, error, bar, value = _checked(effect, standard_error, break_even, value_per_unit)
    learnt = _learnt(error, standard_errors_after)
    gains = np.zeros_like(learnt)
    moves = learnt > 0
    gains[moves] = learnt[moves] * unit_normal_loss(abs(belief - bar) / learnt[moves])
    return value * gains


def value_of_extending(
    effect: float,
    standard_error: float,
    *,
    standard_errors_after: Sequence[float] | Floats,
    break_even: float,
    value_per_unit: float = 1.0,
    cost_per_week: float = 0.0,
    weeks: Sequence[float] | Floats | None = None,
    horizon_weeks: float | None = None,
) -> ExtensionValue:
    """Say how many further weeks of a pilot are worth most, if any are worth their cost.

    Args:
        effect: What the effect is believed to be now, positive for better: the shrunken estimate.
        standard_error: Of that belief, above 0.
        standard_errors_after: (K,) what that standard error will be after each number of weeks.
        break_even: The effect at which scaling just pays: the smallest change that matters, or what scaling costs
            divided by what a unit of effect is worth.
        value_per_unit: What a unit of effect is worth once scaled, above 0: over the whole horizon, when one is given.
        cost_per_week: What a further week of the pilot costs, in the same currency, from 0 up.
        weeks: (K,) the numbers of weeks, ascending whole numbers above 0. Left out: 1, 2, ..., K.
        horizon_weeks: How long from now the change would be of use. Waiting uses it up, so that an effect that is all
            but certain should not wait. Left out: waiting forgoes nothing.

    Raises:
        ValueError: A number is not finite or outside its bounds, or weeks and standard errors are not equally many.

    References:
        Raiffa, H. and Schlaifer, R. (1961). Applied Statistical Decision Theory. Harvard University.

    Example:
        >>> found = value_of_extending(0.25, 0.15, standard_errors_after=[0.13, 0.115, 0.105, 0.1], break_even=0.3,
        ...                            value_per_unit=100_000, cost_per_week=300)
        >>> found.best_weeks, round(found.best_value)
        (3, 1331)
    """
    belief, error, bar, value = _checked(effect, standard_error, break_even, value_per_unit)
    information = expected_value_of_sample_information(
        belief, error, standard_errors_after=standard_errors_after, break_even=bar, value_per_unit=value
    )
    ahead = np.arange(1.0, len(information) + 1) if weeks is None else numbers("weeks", weeks)
    if len(ahead) != len(information):
        raise ValueError(
            f"weeks has {len(ahead)} values and standard_errors_after {len(information)}, must be equally many."
        )
    if not (ahead == np.round(ahead)).all() or not (np.diff(ahead, prepend=0.0) > 0).all():
        raise ValueError(f"weeks == {ahead.tolist()}, must be ascending whole numbers above 0.")
    cost = number("cost_per_week", cost_per_week, least=0.0)
    now = value * max(belief - bar, 0.0)
    left = np.ones_like(ahead)
    if horizon_weeks is not None:
        left = np.maximum(1.0 - ahead / above("horizon_weeks", horizon_weeks, 0.0), 0.0)
    net = left * (now + information) - now - cost * ahead
    best = int(np.argmax(net))
    return ExtensionValue(
        weeks=ahead,
        information_values=information,
        net_values=net,
        best_weeks=int(ahead[best]) if net[best] > 0 else 0,
        best_value=max(float(net[best]), 0.0),
        perfect_information=expected_value_of_perfect_information(belief, error, break_even=bar, value_per_unit=value),
    )


def belief_after(standard_error: float, *, estimate_now: float, estimates_after: Sequence[float] | Floats) -> Floats:
    """The standard error of a shrunken effect once its pilot's own estimate has become more exact.

    Args:
        standard_error: Of the shrunken effect now, above 0.
        estimate_now: Standard error of the pilot's own estimate now, above 0.
        estimates_after: (K,) what that is expected to become, from above 0 to the present one.

    Returns:
        (K,) standard errors of the shrunken effect.

    Raises:
        ValueError: A number is not finite or outside its bounds.

    Example:
        >>> belief_after(0.1, estimate_now=0.2, estimates_after=[0.2, 0.1]).round(4)
        array([0.1   , 0.0756])
    """
    error = above("standard_error", standard_error, 0.0)
    now = above("estimate_now", estimate_now, 0.0)
    after = numbers("estimates_after", estimates_after)
    for place, value in enumerate(after):
        if not 0.0 < value <= now:
            raise ValueError(f"estimates_after[{place}] == {value}, must be above 0 and at most {now:g}.")
    # What the further data add to the precision; written so that equal standard errors add exactly nothing.
    gained = (now - after) * (now + after) / (now * after) ** 2
    return np.asarray(error / np.sqrt(1.0 + gained * error**2))


def unit_normal_loss(z: Floats) -> Floats:
    """The expected excess of a standard normal variable over z: density less z times the upper tail.

    Args:
        z: Numbers from 0 up.

    Example:
        >>> unit_normal_loss(np.array([0.0, 1.0])).round(5)
        array([0.39894, 0.08332])
    """
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return np.asarray(density * (1.0 - z * math.sqrt(math.pi / 2.0) * scipy.special.erfcx(z / math.sqrt(2.0))))


def _learnt(error: float, after: Sequence[float] | Floats) -> Floats:
    """(K,) SD of what the belief's mean will have become, as seen from now."""
    later = numbers("standard_errors_after", after)
    for place, value in enumerate(later):
        if not 0.0 <= value <= error:
            raise ValueError(f"standard_errors_after[{place}] == {value}, must be from 0 to {error:g}.")
    return np.sqrt((error - later) * (error + later))


def _checked(effect: float, error: float, break_even: float, value: float) -> tuple[float, float, float, float]:
    return (
        number("effect", effect),
        above("standard_error", error, 0.0),
        number("break_even", break_even),
        above("value_per_unit", value, 0.0),
    )

"""A ratio of two uncertain numbers, with a confidence set that may have no bound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from stats.arguments import above, number
from stats.errors import DataError
from stats.messages import N_


class Shape(StrEnum):
    """What a ratio's confidence set looks like."""

    BETWEEN = "between"
    OUTSIDE = "outside"
    EVERYTHING = "everything"


@dataclass(frozen=True, kw_only=True)
class RatioSet:
    """The ratios that are compatible with a numerator and a denominator.

    Attributes:
        shape: `between` low and high; `outside` (up to low, and from high on) when the denominator may be 0;
            `everything` when numerator and denominator may both be 0.
        low: Lower root; NaN when everything is compatible.
        high: Upper root.
    """

    shape: Shape
    low: float
    high: float

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is in the set.

        Example:
            >>> RatioSet(shape=Shape.OUTSIDE, low=-2.0, high=3.0).holds(-5.0)
            True
        """
        if self.shape is Shape.EVERYTHING:
            return True
        inside = self.low <= ratio <= self.high
        return inside if self.shape is Shape.BETWEEN else ratio <= self.low or ratio >= self.high


def fieller(
    numerator: float,
    denominator: float,
    *,
    numerator_variance: float,
    denominator_variance: float,
    covariance: float = 0.0,
    deviate: float,
) -> RatioSet:
    """Confidence set of a ratio by Fieller's theorem: exact for normal numbers, whatever the denominator.

    Args:
        numerator: The upper number.
        denominator: The lower number.
        numerator_variance: Sampling variance, from 0 up.
        denominator_variance: Sampling variance, from 0 up; 0 for a number that is known.
        covariance: Of the two.
        deviate: The normal or t quantile of the level, above 0, for example 1.96.

    Raises:
        ValueError: A number is not finite or outside its bounds.
        DataError: The denominator is 0 and known to be.

    References:
        Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16(2),
        175-185.

    Example:
        >>> found = fieller(10.0, 5.0, numerator_variance=1.0, denominator_variance=0.25, deviate=1.96)
        >>> found.shape.value, round(found.low, 3), round(found.high, 3)
        ('between', 1.509, 2.651)
    """
    upper, lower = number("numerator", numerator), number("denominator", denominator)
    a_variance = number("numerator_variance", numerator_variance, least=0.0)
    b_variance = number("denominator_variance", denominator_variance, least=0.0)
    most = math.sqrt(a_variance * b_variance)
    together = number("covariance", covariance, least=-most * (1 + 1e-9), most=most * (1 + 1e-9))
    factor = above("deviate", deviate, 0.0) ** 2
    if lower == 0 and b_variance == 0:
        raise DataError(N_("A ratio to 0 has no meaning."))
    # The set is where a r^2 - 2 b r + c <= 0.
    a = lower**2 - factor * b_variance
    b = upper * lower - factor * together
    c = upper**2 - factor * a_variance
    discriminant = b**2 - a * c
    if a > 0:
        half = math.sqrt(max(discriminant, 0.0))
        low, high = (b - half) / a, (b + half) / a
        return RatioSet(shape=Shape.BETWEEN, low=low, high=high)
    if discriminant <= 0 or a == 0:
        return RatioSet(shape=Shape.EVERYTHING, low=math.nan, high=math.nan)
    half = math.sqrt(discriminant)
    low, high = sorted(((b - half) / a, (b + half) / a))
    return RatioSet(shape=Shape.OUTSIDE, low=low, high=high)

"""Digit preference: whole numbers that someone wrote down, rounded to fives and tens more often than chance allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats import arguments
from stats.panel import Floats

Integers = npt.NDArray[np.int64]

LEAST_EXPECTED = 5.0
FARTHEST = 12.0
"""SDs from the mean up to which digits are expected."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DigitTest:
    """Last digits of whole numbers against those of a smooth distribution with the same means and variances.

    Attributes:
        size: How many values there are.
        observed: (10,) values by last digit.
        expected: (10,) the same as a smooth distribution would have them.
        heaping_p_value: One-sided, of at least so many values ending in 0 or 5.
        p_value: Of the chi-square over the last digits, those with an expected number below five taken together; NaN
            when fewer than two digits remain.
    """

    size: int
    observed: Integers
    expected: Floats
    heaping_p_value: float
    p_value: float

    @property
    def rounded(self) -> float:
        """Share of the values that end in 0 or 5."""
        return float(self.observed[[0, 5]].sum()) / self.size

    @property
    def rounded_expected(self) -> float:
        """The share expected without any preference."""
        return float(self.expected[[0, 5]].sum()) / self.size


def last_digits(groups: Sequence[Sequence[float] | Floats]) -> DigitTest:
    """Test whole numbers for a preference of last digits.

    What a smooth distribution would give is worked out within each group (one unit on one side of the start), from a
    negative binomial with the group's mean and variance, or a rounded normal when the variance is below the mean: small
    numbers do not have ten equally likely last digits.

    Args:
        groups: Whole numbers, 0 or more, group by group; groups of fewer than two values are not used.

    Raises:
        ValueError: A value is negative or not whole, or no group has two values.

    References:
        Preece (1981), Distributions of final digits in data, The Statistician 30:31.

    Example:
        >>> test = last_digits([[10, 15, 20, 10, 25, 15, 30, 20, 10, 15, 20, 35]])
        >>> test.rounded, bool(test.heaping_p_value < 1e-6)
        (1.0, True)
    """
    observed, expected = np.zeros(10, dtype=np.int64), np.zeros(10)
    for group in groups:
        values = arguments.numbers("values", group, least=0)
        if (values < 0).any() or (values != np.round(values)).any():
            wrong = values[(values < 0) | (values != np.round(values))][0]
            raise ValueError(f"values holds {wrong}, must be whole numbers >= 0.")
        if len(values) < 2:
            continue
        observed += np.bincount((values % 10).astype(np.int64), minlength=10)
        expected += len(values) * _digit_shares(float(values.mean()), float(values.var(ddof=1)))
    size = int(observed.sum())
    if size == 0:
        raise ValueError("groups holds no group of two values or more.")
    rounded = int(observed[[0, 5]].sum())
    share = min(float(expected[[0, 5]].sum()) / size, 1.0)
    return DigitTest(
        size=size, observed=observed, expected=expected,
        heaping_p_value=float(scipy.stats.binom.sf(rounded - 1, size, share)), p_value=_chi_square(observed, expected),
    )  # fmt: skip


def _digit_shares(mean: float, variance: float) -> Floats:
    """(10,) chance of each last digit."""
    sd = np.sqrt(max(variance, 1e-9))
    values = np.arange(max(int(mean - FARTHEST * sd) - 1, 0), int(mean + FARTHEST * sd) + 2)
    if variance > mean > 0:
        chance = scipy.stats.nbinom.pmf(values, mean**2 / (variance - mean), mean / variance)
    else:
        edges = scipy.stats.norm.cdf((np.append(values, values[-1] + 1) - 0.5 - mean) / sd)
        chance = np.diff(edges)
    shares = np.bincount(values % 10, weights=chance, minlength=10)
    return np.asarray(shares / shares.sum())


def _chi_square(observed: Integers, expected: Floats) -> float:
    rare = expected < LEAST_EXPECTED
    seen = np.append(observed[~rare], observed[rare].sum())
    wanted = np.append(expected[~rare], expected[rare].sum())
    seen, wanted = seen[wanted > 0], wanted[wanted > 0]
    if len(wanted) < 2:
        return float("nan")
    statistic = float(((seen - wanted) ** 2 / wanted).sum())
    return float(scipy.stats.chi2.sf(statistic, len(wanted) - 1))

"""Did a weekly amount - answers, exposure, answers a person served - change with the start beyond its usual swings?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.panel import Floats
from stats.pilot_data import Mask, PilotData

LEAST_WEEKS = 2
LEAST_ERROR = 0.05
MOST_CORRELATION = 0.8
FLAG_LEVEL = 0.0025
"""One-sided chance at which a change counts as more than the usual swings; what matters is its size as well."""
PRIOR_CORRELATION, PRIOR_WEEKS = 0.5, 12
"""Volumes of neighbouring weeks are alike; a short series alone shows too little of it."""
LEAST_UNITS = 3


@dataclass(frozen=True, kw_only=True)
class VolumeShift:
    """A change of a weekly amount, pilot units against comparison units where there are any.

    Attributes:
        ratio: After over before, the comparison units' ratio divided out; 1 means no change.
        log_ratio: Its natural logarithm.
        standard_error: Of log_ratio, from the weeks' own swings and their correlation.
        df: Degrees of freedom of that standard error.
    """

    ratio: float
    log_ratio: float
    standard_error: float
    df: float

    def beyond(self, factor: float) -> bool:
        """True when the amount grew or shrank by more than `factor` (> 1), and by more than its usual swings."""
        certain = float(scipy.stats.t.isf(FLAG_LEVEL, self.df))
        return abs(self.log_ratio) > np.log(factor) and abs(self.log_ratio) > certain * self.standard_error


def volume_shift(data: PilotData) -> VolumeShift | None:
    """Compare the answers (or the exposure) a week before and after the start.

    Weeks without data are left out rather than read as weeks without answers: whether weeks are missing is another
    question.

    Args:
        data: The pilot's weeks.

    Returns:
        The shift; None when a pilot unit has no two weeks on each side.
    """
    sides = [_sides(data.panel.n[j], data.panel.observed[j], _after(data, j)) for j in range(len(data.panel.units))]
    pilots = [one for one in sides[: data.pilots] if one is not None]
    others = [one for one in sides[data.pilots :] if one is not None]
    return _against(pilots, others) if len(pilots) == data.pilots else None


def rate_shift(amount: Floats, size: Floats, after: Mask) -> VolumeShift | None:
    """Compare an amount for each unit of size (answers for each person served) before and after the start.

    Args:
        amount: (T,) weekly amounts; NaN where missing.
        size: (T,) what they are divided by, above 0; NaN where missing.
        after: (T,) True after the start.

    Returns:
        The shift; None when fewer than two weeks on a side have both numbers, or a side's amount is 0.

    Raises:
        ValueError: The arrays differ in length, or an amount is negative.

    Example:
        >>> after = np.arange(8) >= 4
        >>> shift = rate_shift(np.array([9.0, 11, 10, 10, 5, 6, 4, 5]), np.full(8, 100.0), after)
        >>> round(shift.ratio, 2)
        0.5
    """
    if not len(amount) == len(size) == len(after):
        raise ValueError(f"amount, size and after have {len(amount)}, {len(size)} and {len(after)} weeks; must agree.")
    known = np.isfinite(amount) & np.isfinite(size) & (np.nan_to_num(size) > 0)
    if (amount[known] < 0).any():
        raise ValueError(f"amount == {amount[known].min()}, must be a number >= 0.")
    found = _sides(amount, known, after, size)
    return None if found is None else _against([found], [])


@dataclass(frozen=True, eq=False)
class _Sides:
    """One unit's change: log ratio, relative residuals of its weeks (NaN where missing), weeks on each side."""

    log_ratio: float
    residuals: Floats
    counts: tuple[int, int]

    @property
    def df(self) -> int:
        return sum(self.counts) - 2

    @property
    def variance(self) -> float:
        """Of the log ratio, were the weeks independent."""
        spread = float(np.nansum(self.residuals**2)) / self.df
        return spread * (1 / self.counts[0] + 1 / self.counts[1])


def _against(pilots: list[_Sides], others: list[_Sides]) -> VolumeShift:
    rho = _correlation([*pilots, *others])
    inflation = (1 + rho) / (1 - rho)
    shift = float(np.mean([one.log_ratio for one in pilots]))
    variance = inflation * sum(one.variance for one in pilots) / len(pilots) ** 2
    df = sum(one.df for one in pilots) / inflation
    if others:
        changes = np.array([one.log_ratio for one in others])
        shift -= float(changes.mean())
        variance += inflation * sum(one.variance for one in others) / len(others) ** 2
        df += sum(one.df for one in others) / inflation
        if len(others) >= LEAST_UNITS:  # units may wander apart by more than their weekly swings say
            spread = float(changes.var(ddof=1)) * (1.0 / len(pilots) + 1.0 / len(others))
            if spread > variance:
                variance, df = spread, len(others) - 1.0
    error = max(float(np.sqrt(variance)), LEAST_ERROR)
    return VolumeShift(ratio=float(np.exp(shift)), log_ratio=shift, standard_error=error, df=df)


def _sides(amount: Floats, known: Mask, after: Mask, size: Floats | None = None) -> _Sides | None:
    """Log ratio of the two sides' totals per size; None with too few weeks or an empty side."""
    sides = [known & (after == side) for side in (False, True)]
    before, later = (int(side.sum()) for side in sides)
    if min(before, later) < LEAST_WEEKS:
        return None
    weight = np.ones(len(amount)) if size is None else size
    rates = [amount[side].sum() / weight[side].sum() for side in sides]
    if min(rates) <= 0:
        return None
    residuals = np.full(len(amount), np.nan)
    for side, rate in zip(sides, rates, strict=True):
        expected = rate * weight[side]
        residuals[side] = (amount[side] - expected) / expected.mean()
    return _Sides(log_ratio=float(np.log(rates[1] / rates[0])), residuals=residuals, counts=(before, later))


def _correlation(units: list[_Sides]) -> float:
    """Lag-1 correlation of neighbouring weeks over all units, pulled towards a prior value.

    Each unit's small-sample bias is given back (Marriott & Pope 1954: about -(1 + 4 rho) / T after fitting means).
    """
    total, weeks = PRIOR_CORRELATION * PRIOR_WEEKS, float(PRIOR_WEEKS)
    for one in units:
        squares = float(np.nansum(one.residuals**2))
        if squares > 0:
            raw = float(np.nansum(one.residuals[1:] * one.residuals[:-1])) / squares
            total += one.df * raw + (1 + 4 * raw)
            weeks += one.df
    return float(np.clip(total / weeks, 0.0, MOST_CORRELATION))


def _after(data: PilotData, unit: int) -> Mask:
    return np.asarray(data.treated[unit] > 0) if unit < data.pilots else data.after

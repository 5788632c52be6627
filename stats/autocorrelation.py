"""Do the weeks of a series hang together once its level is taken out? The Ljung-Box test, gaps allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.arguments import whole
from stats.check import Check
from stats.messages import N_, Message
from stats.panel import Floats

LAGS = 3
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Autocorrelation:
    """The autocorrelation of residuals, and a test that there is none.

    Attributes:
        lag_one: Correlation of a residual with the next one.
        statistic: Ljung and Box's Q.
        df: Lags it looks at; its degrees of freedom.
        p_value: Of no autocorrelation at any of those lags.
    """

    lag_one: float
    statistic: float
    df: int
    p_value: float


def ljung_box(residuals: Floats, *, lags: int = LAGS) -> Autocorrelation:
    """Return the Ljung-Box test of the first few lags.

    A lag is a distance in the calendar: a pair with a missing end counts at no lag, and the lag's variance is that of
    the pairs there are. Without gaps this is R's `Box.test(type = "Ljung-Box")`.

    Args:
        residuals: (T,) in order of time; NaN where missing.
        lags: How many lags; few, since a pilot has few weeks.

    Raises:
        ValueError: Fewer than lags + 2 residuals, or all of them the same.

    References:
        Ljung & Box (1978), Biometrika 65:297.

    Example:
        >>> test = ljung_box(np.array([1.0, 0.8, 0.5, -0.2, -0.6, -0.9, -0.7, 0.1]), lags=1)
        >>> round(test.lag_one, 3), round(test.p_value, 3)
        (0.644, 0.029)
    """
    whole("lags", lags, least=1)
    seen = np.isfinite(residuals)
    count = int(seen.sum())
    if count < lags + 2:
        raise ValueError(f"residuals has {count} values, must have at least {lags + 2} for {lags} lags.")
    if np.ptp(residuals[seen]) == 0.0:
        raise ValueError("residuals are all the same; they have no autocorrelation to be told.")
    clean = np.where(seen, residuals - residuals[seen].mean(), 0.0)
    squares = float(clean @ clean)
    correlations, statistic = np.zeros(lags), 0.0
    for lag in range(1, lags + 1):
        pairs = int((seen[lag:] & seen[:-lag]).sum())
        correlations[lag - 1] = clean[lag:] @ clean[:-lag] / squares
        if pairs:
            statistic += count * (count + 2) * correlations[lag - 1] ** 2 / pairs
    return Autocorrelation(
        lag_one=float(correlations[0]), statistic=float(statistic), df=lags,
        p_value=float(scipy.stats.chi2.sf(statistic, lags)),
    )  # fmt: skip


def autocorrelation_check(found: Autocorrelation) -> Check:
    """Return the test as a check: failed when the residuals hang together beyond chance (5 %)."""
    values = {"correlation": round(found.lag_one, 2), "p_value": found.p_value}
    if found.p_value < ALPHA:
        text = N_(
            "Neighbouring weeks hang together more than the method allows for (correlation {correlation} from one week "
            "to the next, p = {p_value})."
        )
        return Check(name="autocorrelation", passed=False, detail=Message(text, values))
    text = N_(
        "Neighbouring weeks hang together no more than the method allows for "
        "(correlation {correlation}, p = {p_value})."
    )
    return Check(name="autocorrelation", passed=True, detail=Message(text, values))

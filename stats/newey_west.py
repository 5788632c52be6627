"""Covariance of a regression's coefficients when neighbouring weeks hang together, after Newey and West."""

from __future__ import annotations

import numpy as np

from stats.panel import Floats


def default_lags(count: int) -> int:
    """Return the rule of thumb for the number of lags: the whole part of 4 (count / 100)^(2/9).

    References:
        Newey & West (1994), Review of Economic Studies 61:631.

    Example:
        >>> default_lags(24), default_lags(104)
        (2, 4)
    """
    return int(4.0 * (count / 100.0) ** (2.0 / 9.0))


def newey_west_covariance(scores: Floats, bread: Floats, *, lags: int) -> Floats:
    """Return the (C, C) sandwich covariance with Bartlett weights, times n / (n - C).

    A lag is a distance in the calendar: pairs with a missing end add nothing. Without gaps this is R's
    `sandwich::NeweyWest(fit, lag, prewhite = FALSE, adjust = TRUE)`. In short series it is too small.

    Args:
        scores: (T, C) each point's derivative of the log (quasi-)likelihood; NaN where missing.
        bread: (C, C) inverse of the information.
        lags: How many neighbours count; 0 is White's covariance.

    References:
        Newey & West (1987), Econometrica 55:703; Datta & Du (2012), Nonparametric HAC estimation for time series data
        with missing observations, for the gaps.
    """
    seen = np.asarray(np.isfinite(scores).all(axis=1))
    count, terms = int(seen.sum()), scores.shape[1]
    clean = np.where(seen[:, None], scores, 0.0)
    meat = clean.T @ clean
    for lag in range(1, min(lags, len(clean) - 1) + 1):
        cross = clean[lag:].T @ clean[:-lag]
        meat += (1.0 - lag / (lags + 1.0)) * (cross + cross.T)
    return np.asarray(bread @ meat @ bread * (count / (count - terms)))

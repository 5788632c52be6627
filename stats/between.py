"""How much the true effects of a set of studies differ: the between-study SD, its interval and its posterior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.optimize
import scipy.stats

from stats.effect import Interval
from stats.panel import Floats

NODES = 96
COARSE = 200
NEGLIGIBLE = 34.0
"""Log density below the highest at which the posterior is cut: a share of about 1e-15."""
CHUNK = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled:
    """Effects pooled at one or more values of the between-study SD.

    Attributes:
        sds: (G,) the between-study SDs.
        means: (G,) the precision-weighted mean effect at each.
        mean_variances: (G,) its variance there.
        log_likelihoods: (G,) restricted log likelihood (the mean integrated out), up to a constant.
        heterogeneities: (G,) the generalised Q statistic, the weighted sum of squares around the mean.
    """

    sds: Floats
    means: Floats
    mean_variances: Floats
    log_likelihoods: Floats
    heterogeneities: Floats


def pool(effects: Floats, standard_errors: Floats, sds: Floats) -> Pooled:
    """Pool effects at each between-study SD; the effects are best centred near 0.

    Args:
        effects: (J,) estimates.
        standard_errors: (J,) their standard errors, above 0.
        sds: (G,) between-study SDs, from 0 up.

    Example:
        >>> pooled = pool(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.array([0.0, 1.0]))
        >>> pooled.means, pooled.heterogeneities
        (array([2., 2.]), array([2., 1.]))
    """
    total, weighted, squares, logs = np.zeros((4, len(sds)))
    for first in range(0, len(effects), CHUNK):
        part = slice(first, first + CHUNK)
        variance = standard_errors[part, None] ** 2 + sds**2
        logs += np.log(variance).sum(axis=0)
        total += (1.0 / variance).sum(axis=0)
        weighted += (effects[part, None] / variance).sum(axis=0)
    means = weighted / total
    for first in range(0, len(effects), CHUNK):
        part = slice(first, first + CHUNK)
        variance = standard_errors[part, None] ** 2 + sds**2
        squares += ((effects[part, None] - means) ** 2 / variance).sum(axis=0)
    return Pooled(
        sds=sds,
        means=means,
        mean_variances=1.0 / total,
        log_likelihoods=-0.5 * (logs + np.log(total) + squares),
        heterogeneities=squares,
    )


def typical_error(standard_errors: Floats) -> float:
    """The harmonic mean of the sampling variances, as a standard error: the unit of the grids below."""
    return float(1.0 / np.sqrt(np.mean(1.0 / standard_errors**2)))


def restricted_maximum_likelihood(effects: Floats, standard_errors: Floats) -> float:
    """The between-study SD of highest restricted likelihood; 0 when they differ no more than by chance.

    Args:
        effects: (J,) estimates, centred near 0.
        standard_errors: (J,) their standard errors.

    References:
        Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
        Journal of Educational and Behavioral Statistics 30(3), 261-293.

    Example:
        >>> float(round(restricted_maximum_likelihood(np.array([-3.0, 0.0, 3.0]), np.ones(3)), 6))
        2.828427
    """
    unit = typical_error(standard_errors)

    def likelihood(x: Floats) -> Floats:
        return pool(effects, standard_errors, unit * np.sinh(x)).log_likelihoods

    grid = np.linspace(0.0, _farthest(effects, standard_errors, unit), COARSE)
    best = int(np.argmax(likelihood(grid)))
    if best == 0 and _slope_at_zero(effects, standard_errors) <= 0:
        return 0.0
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, COARSE - 1)]
    found = scipy.optimize.minimize_scalar(
        lambda x: -float(likelihood(np.array([x]))[0]), bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    return float(unit * np.sinh(found.x))


def _slope_at_zero(effects: Floats, standard_errors: Floats) -> float:
    """Derivative of the restricted log likelihood by the between-study variance, where that is 0."""
    weights = 1.0 / standard_errors**2
    mean = weights @ effects / weights.sum()
    squares = weights**2 @ (effects - mean) ** 2
    return float(squares - weights.sum() + weights @ weights / weights.sum()) / 2.0


def q_profile_interval(effects: Floats, standard_errors: Floats, *, confidence_level: float) -> Interval | None:
    """Confidence interval of the between-study SD, by inverting the generalised Q statistic.

    Exact for normal estimates with known standard errors, however few.

    Args:
        effects: (J,) estimates, centred near 0.
        standard_errors: (J,) their standard errors.
        confidence_level: Of the interval.

    Returns:
        The interval; None when the estimates agree so closely that no between-study SD, not even 0, is compatible with
        them at this level.

    References:
        Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in
        Medicine 26(1), 37-52.

    Example:
        >>> found = q_profile_interval(np.array([-3.0, 0.0, 3.0]), np.ones(3), confidence_level=0.95)
        >>> found is not None and [round(found.low, 2), round(found.high, 2)]
        [1.2, 18.83]
    """
    tail = (1.0 - confidence_level) / 2.0
    df = len(effects) - 1

    def q(sd: float) -> float:
        return float(pool(effects, standard_errors, np.array([sd])).heterogeneities[0])

    least, most = float(scipy.stats.chi2.ppf(tail, df)), float(scipy.stats.chi2.isf(tail, df))
    if q(0.0) < least:
        return None
    return Interval(low=_falls_to(q, most, effects), high=_falls_to(q, least, effects))


def _falls_to(q: Callable[[float], float], bound: float, effects: Floats) -> float:
    """Where a falling function reaches a bound; 0 when it starts below it."""
    if q(0.0) <= bound:
        return 0.0
    # Q is below the sum of squares over the SD's square, so beyond this SD it is below the bound.
    top = float(np.sqrt(((effects - effects.mean()) ** 2).sum() / bound)) * 1.001
    return float(scipy.optimize.brentq(lambda sd: q(sd) - bound, 0.0, top, xtol=1e-14 * top, rtol=1e-12))


@dataclass(frozen=True, kw_only=True, eq=False)
class SpreadPosterior:
    """What is known of the between-study SD, as weighted points; the mean effect at each.

    Attributes:
        pooled: The effects pooled at each of G between-study SDs.
        weights: (G,) the points' weights; they sum to 1.
    """

    pooled: Pooled
    weights: Floats


def spread_posterior(effects: Floats, standard_errors: Floats) -> SpreadPosterior:
    """The posterior of the between-study SD under a uniform prior on it, proper from 3 studies on.

    Args:
        effects: (J,) estimates, centred near 0; J >= 3.
        standard_errors: (J,) their standard errors.

    References:
        Gelman, A. (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1(3),
        515-534.

    Example:
        >>> found = spread_posterior(np.array([-3.0, 0.0, 3.0]), np.ones(3))
        >>> float(round(found.weights.sum(), 12))
        1.0
    """
    unit = typical_error(standard_errors)

    def density(x: Floats) -> tuple[Pooled, Floats]:
        pooled = pool(effects, standard_errors, unit * np.sinh(x))
        return pooled, pooled.log_likelihoods + np.log(np.cosh(x))

    # With 3 studies the tail falls as exp(-x): so far beyond the estimates' range it is negligible.
    low, high = 0.0, _farthest(effects, standard_errors, unit) + NEGLIGIBLE
    narrowing = True
    while narrowing:
        grid = np.linspace(low, high, COARSE)
        _, log_density = density(grid)
        kept = np.flatnonzero(log_density > log_density.max() - NEGLIGIBLE)
        first, last = grid[max(kept[0] - 1, 0)], grid[min(kept[-1] + 1, COARSE - 1)]
        narrowing = bool(last - first < 0.5 * (high - low))
        low, high = first, last
    nodes, volumes = _quadrature()
    pooled, log_density = density(low + (high - low) * (nodes + 1.0) / 2.0)
    weights = volumes * np.exp(log_density - log_density.max())
    return SpreadPosterior(pooled=pooled, weights=weights / weights.sum())


@cache
def _quadrature() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(NODES)


def _farthest(effects: Floats, standard_errors: Floats, unit: float) -> float:
    """Inverse hyperbolic sine of an SD well above any that the estimates suggest."""
    return float(np.arcsinh(10.0 * (np.ptp(effects) + standard_errors.max()) / unit))

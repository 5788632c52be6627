"""An effect integrated over its nuisance parameters: a mixture of normal (or t) distributions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.special
import scipy.stats

from stats.compiled.mixture import summaries
from stats.panel import Floats

REACH, HALVINGS = 60.0, 80
LEAST_LEFT = 0.05
"""Part of a variance that is left at least when an error in it cancels."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Summary:
    """What is said of the effects; every field has the batch shape of the posterior.

    Attributes:
        effect: The mean over the grid.
        standard_error: Square root of the mean variance plus the variance of the estimates.
        z: Standard normal deviate of the averaged one-sided tail probability; positive when the effect is. Less
            than effect / standard error when the nuisance parameters are uncertain, because the tails are heavier.
        low, high: Equal-tailed interval of the mixture.
    """

    effect: Floats
    standard_error: Floats
    z: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class EffectPosterior:
    """Effects, each given at every point of a grid over the nuisance parameters, and the weight of each point.

    Attributes:
        weights: (..., G) likelihood times volume of each grid point; they sum to 1.
        estimates: (..., G) the effect at each point.
        variances: (..., G) its variance there.
        df: (...) degrees of freedom of the points' t distributions; infinite when the sampling variance is known.
    """

    weights: Floats
    estimates: Floats
    variances: Floats
    df: float | Floats = np.inf

    def widened(self, variance: float) -> EffectPosterior:
        """The same with an independent normal error of the effect added; itself for none.

        Args:
            variance: Of that error, on the scale of the effects; below 0 for one that is in `variances` and cancels.
        """
        if variance == 0:
            return self
        return replace(self, variances=np.maximum(self.variances + variance, LEAST_LEFT * self.variances))

    @property
    def effect(self) -> Floats:
        """(...) The estimate: the mean over the grid."""
        return np.asarray((self.weights * self.estimates).sum(axis=-1))

    @property
    def standard_error(self) -> Floats:
        """(...) Square root of the mean variance plus the variance of the estimates."""
        return self.summary().standard_error

    def z(self) -> Floats:
        """(...) Standard normal deviate of the averaged one-sided tail probability; positive when the effect is."""
        return self.summary().z

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """(...) Equal-tailed interval of the mixture."""
        found = self.summary(level)
        return found.low, found.high

    def summary(self, level: float = 0.95) -> Summary:
        """Return mean, standard error, deviate and equal-tailed interval; NaN where the effect is not identified."""
        tail = (1.0 - level) / 2.0
        shape, size = self.weights.shape[:-1], self.weights.shape[-1]
        weights, estimates, variances = (
            np.ascontiguousarray(np.broadcast_to(part, (*shape, size)).reshape(-1, size), dtype=np.float64)
            for part in (self.weights, self.estimates, self.variances)
        )
        df = np.broadcast_to(self.df, shape).ravel()
        if np.isinf(df).all():
            out = np.empty((len(weights), 5))
            summaries(weights, estimates, variances, tail, out)
            effect, error, log_tail, low, high = out.T
            z = -scipy.special.ndtri_exp(log_tail) * np.where(effect >= 0, 1.0, -1.0)
        else:
            effect, error, z, low, high = _with_t(weights, estimates, np.sqrt(variances), df, tail)
        effect, error, z, low, high = (np.asarray(part).reshape(shape) for part in (effect, error, z, low, high))
        return Summary(effect=effect, standard_error=error, z=z, low=low, high=high)


def _with_t(weights: Floats, estimates: Floats, sd: Floats, df: Floats, tail: float) -> tuple[Floats, ...]:
    """Effect, standard error, z, low and high of (B, G) mixtures of t distributions."""
    effect = (weights * estimates).sum(axis=1)
    spread = (estimates - effect[:, None]) ** 2
    inflation = np.where(df > 2, df / np.maximum(df - 2, 1e-9), 1.0)
    error = np.sqrt((weights * (sd**2 * inflation[:, None] + spread)).sum(axis=1))
    side = np.where(effect >= 0, 1.0, -1.0)
    small = scipy.stats.t.logsf(np.abs(estimates) / sd, df[:, None])
    against = np.where(np.sign(estimates) == side[:, None], small, np.log1p(-np.exp(small)))
    with np.errstate(divide="ignore"):
        averaged = scipy.special.logsumexp(against + np.log(weights), axis=1)
    reach = REACH * sd.max(axis=1) + np.ptp(estimates, axis=1)
    ends = []
    for probability in (tail, 1.0 - tail):
        low, high = effect - reach, effect + reach
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            reached = (weights * scipy.stats.t.cdf((middle[:, None] - estimates) / sd, df[:, None])).sum(axis=1)
            low, high = np.where(reached < probability, middle, low), np.where(reached < probability, high, middle)
        ends.append((low + high) / 2.0)
    return effect, error, -scipy.special.ndtri_exp(averaged) * side, ends[0], ends[1]

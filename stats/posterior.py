"""An effect integrated over its nuisance parameters: a mixture of normal (or t) distributions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special
import scipy.stats

from stats.panel import Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class EffectPosterior:
    """The effect given each point of a grid over the nuisance parameters, and the weight of each point.

    Attributes:
        weights: (..., G) likelihood times volume of each grid point; they sum to 1.
        estimates: (..., G) the effect at each point.
        variances: (..., G) its variance there.
        df: Degrees of freedom of the points' t distributions; infinite when the sampling variance is known.
    """

    weights: Floats
    estimates: Floats
    variances: Floats
    df: float = np.inf

    @property
    def effect(self) -> Floats:
        """(...) The estimate: the mean over the grid."""
        return np.asarray((self.weights * self.estimates).sum(axis=-1))

    @property
    def standard_error(self) -> Floats:
        """(...) Square root of the mean variance plus the variance of the estimates."""
        spread = (self.estimates - self.effect[..., None]) ** 2
        inflation = self.df / (self.df - 2) if np.isfinite(self.df) and self.df > 2 else 1.0
        return np.asarray(np.sqrt((self.weights * (self.variances * inflation + spread)).sum(axis=-1)))

    def tail(self, at: float | Floats = 0.0) -> Floats:
        """(...) Probability that the effect is below `at`: the averaged one-sided tail probability."""
        z = (np.asarray(at)[..., None] - self.estimates) / np.sqrt(self.variances)
        below = scipy.special.ndtr(z) if np.isinf(self.df) else scipy.stats.t.cdf(z, self.df)
        return np.asarray((self.weights * below).sum(axis=-1))

    def z(self) -> Floats:
        """(...) Standard normal deviate of the averaged one-sided tail probability; positive when the effect is.

        Less than effect / standard error when the nuisance parameters are uncertain, because the tails are heavier.
        """
        each = np.abs(self.estimates) / np.sqrt(self.variances)
        tail = scipy.special.log_ndtr(-each) if np.isinf(self.df) else scipy.stats.t.logsf(each, self.df)
        side = np.where(self.effect >= 0, 1.0, -1.0)
        # The small tail is averaged in logs, so that a z of 12 does not drown in rounding.
        against = np.where(np.sign(self.estimates) == side[..., None], tail, np.log1p(-np.exp(tail)))
        with np.errstate(divide="ignore"):
            averaged = scipy.special.logsumexp(against + np.log(self.weights), axis=-1)
        return np.asarray(-scipy.special.ndtri_exp(averaged) * side)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """(...) Equal-tailed interval of the mixture, by bisection."""
        alpha = (1.0 - level) / 2.0
        return self._quantile(alpha), self._quantile(1.0 - alpha)

    def _quantile(self, probability: float) -> Floats:
        reach = 60.0 * np.sqrt(self.variances.max(axis=-1)) + np.ptp(self.estimates, axis=-1)
        low, high = self.effect - reach, self.effect + reach
        for _ in range(80):
            middle = (low + high) / 2.0
            below = self.tail(middle) < probability
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2.0)

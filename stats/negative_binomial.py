"""Groups of counts whose variance is mean + alpha mean^2: their rates, and alpha, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.optimize
import scipy.special

from stats.panel import Floats

LOG_SIZES = (-8.0, 16.0)
STARTS = 49
SETTLED = 1e-12
MOST_STEPS = 100


@dataclass(frozen=True, eq=False, kw_only=True)
class NegativeBinomialFit:
    """The fit.

    Attributes:
        rates: (G,) events per unit of exposure in each group.
        log_variances: (G,) variance of the logarithm of each rate, alpha taken as known (it is orthogonal to them).
        alpha: Extra variance, var = mean + alpha mean^2; 0 when the counts vary no more than chance would make them.
        log_likelihood: At the maximum.
    """

    rates: Floats
    log_variances: Floats
    alpha: float
    log_likelihood: float


def fit_negative_binomial(groups: list[tuple[Floats, Floats]]) -> NegativeBinomialFit:
    """Fit one rate a group and one alpha for all.

    Without more variation than chance the likelihood has its maximum at alpha = 0, which is the Poisson model.

    Args:
        groups: Counts and exposures of each group, (T,) and (T,); every group has events.

    References:
        Lawless (1987), Canadian Journal of Statistics 15:209. As `MASS::glm.nb` in R, whose theta is 1 / alpha.

    Example:
        >>> fit = fit_negative_binomial([(np.array([2.0, 9.0, 4.0, 17.0]), np.ones(4))])
        >>> fit.rates.round(1).tolist(), round(fit.alpha, 2)
        ([8.0], 0.42)
    """

    def loss(log_size: float) -> float:
        return -_log_likelihood(groups, float(np.exp(log_size)))[0]

    ends = np.linspace(*LOG_SIZES, STARTS)
    values = [loss(end) for end in ends]
    best = int(np.argmin(values))
    poisson = -_poisson_log_likelihood(groups)
    if best == len(ends) - 1 or values[best] >= poisson - SETTLED * abs(poisson):
        rates = np.array([counts.sum() / exposure.sum() for counts, exposure in groups])
        return NegativeBinomialFit(
            rates=rates, log_variances=np.array([1.0 / counts.sum() for counts, _ in groups]), alpha=0.0,
            log_likelihood=-poisson,
        )  # fmt: skip
    around = (ends[max(best - 1, 0)], ends[best + 1])
    found = scipy.optimize.minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-10})
    size = float(np.exp(found.x))
    value, rates = _log_likelihood(groups, size)
    informations = [
        float((rate * exposure / (1.0 + rate * exposure / size)).sum())
        for rate, (_, exposure) in zip(rates, groups, strict=True)
    ]
    return NegativeBinomialFit(
        rates=rates, log_variances=1.0 / np.array(informations), alpha=1.0 / size, log_likelihood=value
    )


def _log_likelihood(groups: list[tuple[Floats, Floats]], size: float) -> tuple[float, Floats]:
    """Profile log-likelihood at a size (1 / alpha), and the rates that reach it."""
    total, rates = 0.0, []
    for counts, exposure in groups:
        rate = _rate(counts, exposure, size)
        mean = rate * exposure
        some = np.maximum(counts, 1.0)
        # gammaln(y + s) - gammaln(s) loses its digits for large s; through the beta function it keeps them.
        rising = scipy.special.gammaln(some) - scipy.special.betaln(some, size) - some * np.log(size)
        rising = np.where(counts > 0, rising, 0.0)
        total += float(
            (
                rising - scipy.special.gammaln(counts + 1.0) + scipy.special.xlogy(counts, mean)
                - (counts + size) * np.log1p(mean / size)
            ).sum()
        )  # fmt: skip
        rates.append(rate)
    return total, np.array(rates)


def _rate(counts: Floats, exposure: Floats, size: float) -> float:
    """The rate at which sum((y - m) / (1 + m / size)) is 0, by Newton on its logarithm."""
    log_rate = float(np.log(counts.sum() / exposure.sum()))
    for _ in range(MOST_STEPS):
        mean = np.exp(log_rate) * exposure
        weight = 1.0 + mean / size
        score = float(((counts - mean) / weight).sum())
        information = float((mean / weight).sum())
        step = score / information
        log_rate += float(np.clip(step, -1.0, 1.0))
        if abs(step) < SETTLED:
            break
    return float(np.exp(log_rate))


def _poisson_log_likelihood(groups: list[tuple[Floats, Floats]]) -> float:
    total = 0.0
    for counts, exposure in groups:
        mean = counts.sum() / exposure.sum() * exposure
        total += float((scipy.special.xlogy(counts, mean) - mean - scipy.special.gammaln(counts + 1.0)).sum())
    return total

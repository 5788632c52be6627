"""One series without a comparison (or one difference series): a level change under AR(1), integrated REML."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.ar1 import ar1_plus_noise_inverse
from stats.controlled import EXACT, MAX_RHO, NOISE_REACH
from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.panel import Floats
from stats.posterior import EffectPosterior
from stats.quadrature import nodes_on, support

RHO_NODES, SIGMA_NODES = 14, 16
SPREAD_REACH = 4.0
WEEKS_A_YEAR = 365.25 / 7
MOST_SIGNAL = 1e12  # shock variance over sampling variance; beyond it rounding is all that is left of a week's noise
NOT_IDENTIFIED = N_("The data do not identify the effect.")


@dataclass(frozen=True, eq=False, kw_only=True)
class SingleFit:
    """The integrated fit of one series.

    Attributes:
        posterior: The level change on the working scale.
        rho: Posterior mean of the autocorrelation.
        sigma: Posterior root mean square of the shocks' SD.
        scale: Factor by which the sampling variances are multiplied; 1 when they are known.
        coefficients: (C,) posterior mean of every column of the design, the level change first.
        covariance: (C, C) their covariance, within and between grid points.
    """

    posterior: EffectPosterior
    rho: float
    sigma: float
    scale: float
    coefficients: Floats
    covariance: Floats


def design(weeks: int, treated: Floats, *, harmonics: int = 0, first_week: int = 0) -> Floats:
    """Return the (T, C) design: level change, constant, and sine and cosine pairs of the year."""
    columns = [treated, np.ones(weeks)]
    angle = 2.0 * np.pi * (first_week + np.arange(weeks)) / WEEKS_A_YEAR
    for k in range(1, harmonics + 1):
        columns += [np.sin(k * angle), np.cos(k * angle)]
    return np.column_stack(columns)


def fit_single(values: Floats, precision: Floats, columns: Floats, *, scale_known: bool = True) -> SingleFit:
    """Fit y = columns @ coefficients + AR(1) shock + noise, integrating the restricted likelihood over (rho, sigma).

    Args:
        values: (T,) weekly values on the working scale, of about 1 in size; ignored where precision is 0.
        precision: (T,) 1 / sampling variance; 0 where the week is missing or left out.
        columns: (T, C) the design, the level change first.
        scale_known: False when precision is known only up to a common factor.

    Raises:
        CannotEstimateError: The scale is unknown, and the design explains every value exactly; or the values are so
            far beyond their precision that nothing can be computed from them.

    References:
        Harville (1974); the integration replaces plug-in REML, which is unreliable at 24 points.
    """
    seen = precision > 0
    count, terms = int(seen.sum()), columns.shape[1]
    if not np.isfinite(values[seen]).all():
        raise CannotEstimateError(NOT_IDENTIFIED)
    x = np.where(seen[:, None], columns, 0.0)
    centre = float((values[seen] * precision[seen]).sum() / precision[seen].sum())
    y = np.where(seen, np.where(seen, values, 0.0) - centre, 0.0)
    fitted = x[seen] @ np.linalg.lstsq(x[seen], y[seen], rcond=None)[0]
    spread = float(np.sqrt(((y[seen] - fitted) ** 2).sum() / max(count - terms, 1)))
    if not scale_known and spread**2 <= EXACT:
        raise CannotEstimateError(N_("The weeks vary in nothing but the change itself; no error can be told."))
    noise = float(np.sqrt((1.0 / precision[seen]).mean()))
    top = SPREAD_REACH * max(spread, 0.2 * noise) if scale_known else NOISE_REACH * noise
    if top**2 * precision[seen].max() > MOST_SIGNAL or np.linalg.matrix_rank(x[seen]) < terms:
        raise CannotEstimateError(NOT_IDENTIFIED)
    bounds = (0.0, MAX_RHO, 0.0, top)
    for refined in (False, True):
        rho_nodes, rho_weight = nodes_on(bounds[0], bounds[1], RHO_NODES)
        sigma_nodes, sigma_weight = nodes_on(bounds[2], bounds[3], SIGMA_NODES)
        rho, sigma = np.repeat(rho_nodes, SIGMA_NODES), np.tile(sigma_nodes, RHO_NODES)
        inverse, log_det = ar1_plus_noise_inverse(precision, rho, sigma**2)
        solved = inverse @ np.column_stack([x, y])
        information = x.T @ solved[..., :terms]
        covariance = np.linalg.inv(information)
        score = x.T @ solved[..., terms:]
        estimate = (covariance @ score)[..., 0]
        residual = np.maximum((solved[..., terms] @ y) - (score[..., 0] * estimate).sum(axis=-1), 0.0)
        log_likelihood = -0.5 * (log_det + np.linalg.slogdet(information)[1])
        df, scale = np.inf, np.ones(len(rho))
        if scale_known:
            log_likelihood = log_likelihood - 0.5 * residual
        else:
            df = float(count - terms)
            log_likelihood = log_likelihood - 0.5 * df * np.log(residual)
            scale = residual / df
            covariance = covariance * scale[:, None, None]
        likelihood = np.exp(log_likelihood - log_likelihood.max())
        if not refined:
            table = likelihood.reshape(RHO_NODES, SIGMA_NODES)
            bounds = (*support(table.max(axis=1), rho_nodes, bounds[0], bounds[1]),
                      *support(table.max(axis=0), sigma_nodes, bounds[2], bounds[3]))  # fmt: skip
    weight = likelihood * np.outer(rho_weight, sigma_weight).ravel()
    weight = weight / weight.sum()
    mean = weight @ estimate
    away = estimate - mean
    mean = mean.copy()
    total = np.einsum("g,gij->ij", weight, covariance) + np.einsum("g,gi,gj->ij", weight, away, away)
    mean[1] += centre
    return SingleFit(
        posterior=EffectPosterior(weights=weight, estimates=estimate[:, 0], variances=covariance[:, 0, 0], df=df),
        rho=float(weight @ rho),
        sigma=float(np.sqrt(weight @ (scale * sigma**2))),
        scale=float(weight @ scale),
        coefficients=mean,
        covariance=total,
    )


def solve_fixed(
    values: Floats, precision: Floats, columns: Floats, *, rho: float, sigma: float
) -> tuple[Floats, Floats]:
    """Generalised least squares at fixed components: (C,) coefficients and (C, C) covariance."""
    inverse, _ = ar1_plus_noise_inverse(precision, np.asarray(rho), np.asarray(max(sigma, 1e-8) ** 2))
    y = np.where(precision > 0, values, 0.0)
    covariance: Floats = np.asarray(np.linalg.inv(columns.T @ inverse @ columns), dtype=np.float64)
    return covariance @ columns.T @ inverse @ y, covariance

"""The controlled mixed model: pilot units against comparison units, nuisance parameters integrated out.

On the working scale, where one answer has variance 1 / weight,

    y_jt = unit_j + week_t + effect * treated_jt + shock_jt + noise_jt

with unit_j ~ N(0, tau^2), free week effects, AR(1) shocks (SD sigma, correlation rho) within a unit, and noise of known
variance 1 / precision_jt. Random unit effects shrink a baseline that was chosen because it looked bad: that is the cure
for regression to the mean. All arrays carry a leading axis of B pilots, so that many are evaluated at once; the loops
are compiled (`stats.compiled.fit`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.compiled.fit import EXACT, MAX_RHO, NOISE_REACH, TAU_SCALE, fit_many
from stats.panel import Floats
from stats.posterior import EffectPosterior

Counts = npt.NDArray[np.int64]

__all__ = ["EXACT", "MAX_RHO", "NOISE_REACH", "TAU_SCALE", "ControlledFit", "fit_controlled"]

COARSE, FINE = (3, 6, 4), (4, 8, 10)
"""Nodes over rho, sigma and tau: first widely, then where the likelihood is."""
RHO_POWERS, SIGMA_DECLINE, SIGMA_SCALE = (1.0, 2.0), 3.0, 0.25
"""The priors: r (1 - r)^2 of r = rho / MAX_RHO, and sigma / (1 + (sigma / SIGMA_SCALE)^2 / 4)^3.

Weekly shocks of a service are of the order of 0.1 to 0.4 of the spread between single answers; a prior that vanishes at
0 keeps the likelihood from settling on "no shocks at all", which is where false alarms come from.
"""
RATE_SIGMA_SCALE = 0.15
"""The same for log rates: few events a week hardly tell how large the shocks are, so the prior says more."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ControlledFit:
    """The integrated fit of B pilots.

    Attributes:
        posterior: The effect on the working scale, batch shape (B,).
        rho: (B,) posterior mean of the week-to-week correlation of the shocks.
        sigma: (B,) posterior root mean square of the shocks' SD, working scale.
        tau: (B,) posterior median of the SD between units, working scale.
        scale: (B,) factor by which the sampling variances are multiplied; 1 when they are known.
        log_evidence: (B,) log of the integrated restricted likelihood, up to a constant of the data.
    """

    posterior: EffectPosterior
    rho: Floats
    sigma: Floats
    tau: Floats
    scale: Floats
    log_evidence: Floats


def gauss_legendre(count: int) -> Floats:
    """(2, count) nodes and weights on [0, 1].

    Example:
        >>> nodes, weights = gauss_legendre(2)
        >>> round(float(weights @ nodes**3), 12)
        0.25
    """
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return np.stack([(nodes + 1.0) / 2.0, weights / 2.0])


_RULES = tuple(gauss_legendre(count) for count in COARSE + FINE)


def fit_controlled(
    values: Floats,
    precision: Floats,
    treated: Floats,
    *,
    scale_known: bool = True,
    sigma_scale: float = SIGMA_SCALE,
    units: Counts | None = None,
    weeks: Counts | None = None,
) -> ControlledFit:
    """Fit the controlled mixed model by integrating its restricted likelihood.

    Args:
        values: (B, J, T) weekly values on the working scale; ignored where precision is 0.
        precision: (B, J, T) 1 / sampling variance; 0 where the week is missing.
        treated: (B, J, T) 1 where the unit carries out the change, else 0 (fractions are allowed).
        scale_known: False when precision is known only up to a common factor, which is then estimated.
        sigma_scale: Where the prior of sigma begins to decline, in SDs of a single answer.
        units: (B,) rows that a pilot uses, at least 2; all when left out.
        weeks: (B,) columns that a pilot uses; all when left out.

    Returns:
        The fit; the effect is pilot minus counterfactual on the working scale, NaN where nothing identifies it.

    Raises:
        ValueError: The arrays' shapes differ, or there is one unit only.

    References:
        Harville (1974) for the restricted likelihood; Gelman (2006) for the half-Cauchy prior of tau; Chung et al.
        (2013), Psychometrika 78:685, for priors of a standard deviation that vanish at 0.
    """
    p = np.ascontiguousarray(precision, dtype=np.float64)
    y = np.ascontiguousarray(np.where(p > 0, values, 0.0), dtype=np.float64)
    x = np.ascontiguousarray(treated, dtype=np.float64)
    if not p.ndim == 3 or not y.shape == p.shape == x.shape:
        raise ValueError(f"values {y.shape}, precision {p.shape} and treated {x.shape} must be alike and have 3 axes.")
    batch, most_units, most_weeks = p.shape
    units = np.full(batch, most_units) if units is None else np.asarray(units, dtype=np.int64)
    weeks = np.full(batch, most_weeks) if weeks is None else np.asarray(weeks, dtype=np.int64)
    if batch and units.min() < 2:
        raise ValueError(f"units == {units.min()}, must be >= 2: nothing to compare with.")
    size = int(np.prod(FINE))
    weights, estimates, variances = (np.empty((batch, size)) for _ in range(3))
    found = np.empty((batch, 6))
    priors = np.array([*RHO_POWERS, SIGMA_DECLINE, sigma_scale])
    fit_many(y, p, x, units, weeks, scale_known, _RULES, priors, found, weights, estimates, variances)
    df = np.full(batch, np.inf) if scale_known else found[:, 5]
    posterior = EffectPosterior(weights=weights, estimates=estimates, variances=variances, df=df)
    rho, sigma, tau, scale, log_evidence = found[:, :5].T
    return ControlledFit(posterior=posterior, rho=rho, sigma=sigma, tau=tau, scale=scale, log_evidence=log_evidence)

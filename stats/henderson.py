"""The mixed-model equations at fixed variance components: several columns at once, predictions and projections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.ar1 import ar1_plus_noise_inverse
from stats.panel import Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution:
    """Week effects, coefficients and unit effects with their joint covariance, in this order.

    Attributes:
        weeks: (T,) week effects; NaN for weeks without data.
        coefficients: (C,) one for each column.
        units: (J,) predicted unit effects.
        covariance: (T + C + J, T + C + J) of all of them.
    """

    weeks: Floats
    coefficients: Floats
    units: Floats
    covariance: Floats

    @property
    def coefficient_covariance(self) -> Floats:
        """(C, C) covariance of the coefficients."""
        t, c = len(self.weeks), len(self.coefficients)
        return self.covariance[t : t + c, t : t + c]

    def untreated(self, unit: int) -> tuple[Floats, Floats]:
        """(T,) week effect plus unit effect - what the unit would have had on average - and its SD."""
        t, c = len(self.weeks), len(self.coefficients)
        k = t + c + unit
        variance = np.diagonal(self.covariance)[:t] + self.covariance[k, k] + 2.0 * self.covariance[:t, k]
        return self.weeks + self.units[unit], np.sqrt(variance)


def solve(values: Floats, precision: Floats, columns: Floats, *, rho: float, sigma: float, tau: float) -> Solution:
    """Solve Henderson's equations with free week effects and random units.

    Args:
        values: (J, T) on the working scale; ignored where precision is 0.
        precision: (J, T), 0 where missing.
        columns: (C, J, T) the treated matrix and anything beside it.
        rho: Correlation of the shocks.
        sigma: SD of the shocks.
        tau: SD of the unit effects, above 0.

    References:
        Henderson (1975), Biometrics 31:423.
    """
    units, weeks = precision.shape
    terms = len(columns)
    y = np.where(precision > 0, values, 0.0)
    x = np.where(precision > 0, columns, 0.0)
    inverse, _ = ar1_plus_noise_inverse(precision, np.asarray(rho), np.asarray(max(sigma, 1e-8) ** 2))
    solved_x = np.einsum("jts,cjs->cjt", inverse, x)
    solved_y = np.einsum("jts,js->jt", inverse, y)
    level = inverse.sum(axis=-1)
    size = weeks + terms + units
    matrix, right = np.zeros((size, size)), np.zeros(size)
    w, c, u = slice(0, weeks), slice(weeks, weeks + terms), slice(weeks + terms, size)
    matrix[w, w] = inverse.sum(axis=0)
    matrix[w, c] = solved_x.sum(axis=1).T
    matrix[w, u] = level.T
    matrix[c, c] = np.einsum("cjt,djt->cd", solved_x, x)
    matrix[c, u] = solved_x.sum(axis=2)
    matrix[u, u] = np.diag(level.sum(axis=1) + 1.0 / max(tau, 1e-6) ** 2)
    matrix[c, w], matrix[u, w], matrix[u, c] = matrix[w, c].T, matrix[w, u].T, matrix[c, u].T
    right[w], right[c], right[u] = solved_y.sum(axis=0), np.einsum("cjt,jt->c", solved_x, y), solved_y.sum(axis=1)
    empty = np.flatnonzero(~(precision > 0).any(axis=0))
    matrix[empty, empty] = 1.0
    covariance = np.linalg.inv(matrix)
    answer = covariance @ right
    effects = answer[w].copy()
    effects[empty] = np.nan
    return Solution(weeks=effects, coefficients=answer[c], units=answer[u], covariance=covariance)

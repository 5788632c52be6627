"""The covariance of a unit's weekly means: AR(1) shocks plus independent sampling noise."""

from __future__ import annotations

import numpy as np

from stats.panel import Floats


def ar1_plus_noise_inverse(precision: Floats, rho: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Invert R = variance * AR(1)(rho) + diag(1 / precision) on the weeks that have data.

    A week with precision 0 is missing: its rows and columns of the result are zero. Uses
    R^-1 = P - P (P + Q / variance)^-1 P with the tridiagonal AR(1) precision Q, inverted by the backward recursion of
    Takahashi et al. (1973), so the cost is O(T^2) a matrix.

    Args:
        precision: (..., T) n / within-week variance; 0 where missing. Broadcast against rho and variance.
        rho: (...) autocorrelation of the shocks, in (-1, 1).
        variance: (...) variance of the shocks, above 0.

    Returns:
        (..., T, T) the inverse, and (...) log det of R over the weeks with data.

    Example:
        >>> inverse, _ = ar1_plus_noise_inverse(np.array([1.0, 2.0]), np.array(0.5), np.array(1.0))
        >>> np.allclose(inverse, np.linalg.inv([[2.0, 0.5], [0.5, 1.5]]))
        True

    References:
        Takahashi, Fagan & Chin (1973); Rue & Held (2005), Gaussian Markov Random Fields, 2.4.
    """
    length = precision.shape[-1]
    rho, variance = np.broadcast_arrays(rho, variance)
    batch = np.broadcast_shapes(precision.shape[:-1], rho.shape)
    p = np.broadcast_to(precision, (*batch, length))
    scale = 1.0 / (variance * (1.0 - rho**2)) if length > 1 else 1.0 / variance
    inner = scale * (1.0 + rho**2) if length > 1 else scale
    diagonal = p + np.broadcast_to(inner, batch)[..., None]
    if length > 1:
        ends = np.broadcast_to(scale, batch)
        diagonal = diagonal.copy()
        diagonal[..., 0] = p[..., 0] + ends
        diagonal[..., -1] = p[..., -1] + ends
    off = np.broadcast_to(-scale * rho, batch)
    # L D L' of the tridiagonal matrix, then its inverse from the last column to the first.
    pivots = np.empty((*batch, length))
    lower = np.zeros((*batch, length))
    pivots[..., 0] = diagonal[..., 0]
    for t in range(1, length):
        lower[..., t - 1] = off / pivots[..., t - 1]
        pivots[..., t] = diagonal[..., t] - lower[..., t - 1] * off
    inverse = np.zeros((*batch, length, length))
    inverse[..., -1, -1] = 1.0 / pivots[..., -1]
    for t in range(length - 2, -1, -1):
        step = lower[..., t, None]
        row = -step * inverse[..., t + 1, t + 1 :]
        inverse[..., t, t + 1 :] = row
        inverse[..., t + 1 :, t] = row
        inverse[..., t, t] = 1.0 / pivots[..., t] + lower[..., t] ** 2 * inverse[..., t + 1, t + 1]
    inverse *= -p[..., :, None] * p[..., None, :]
    weeks = np.arange(length)
    inverse[..., weeks, weeks] += p
    with np.errstate(divide="ignore"):
        noise = np.where(p > 0, -np.log(np.where(p > 0, p, 1.0)), 0.0).sum(axis=-1)
    shocks = length * np.log(variance) + (length - 1) * np.log1p(-(rho**2))
    return inverse, np.log(pivots).sum(axis=-1) + noise + shocks

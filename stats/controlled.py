"""The controlled mixed model: pilot units against comparison units, nuisance parameters integrated out.

On the working scale, where one answer has variance 1 / weight,

    y_jt = unit_j + week_t + effect * treated_jt + shock_jt + noise_jt

with unit_j ~ N(0, tau^2), free week effects, AR(1) shocks (SD sigma, correlation rho) within a unit, and noise of known
variance 1 / precision_jt. Random unit effects shrink a baseline that was chosen because it looked bad: that is the cure
for regression to the mean. All arrays carry a leading axis of B pilots, so that many are evaluated at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.ar1 import ar1_plus_noise_inverse
from stats.panel import Floats
from stats.posterior import EffectPosterior

MAX_RHO = 0.97
RHO_NODES, SIGMA_NODES, TAU_NODES = 7, 10, 14
NEGLIGIBLE = 1e-4
EXACT = 1e-12
TAU_SCALE = 0.5
TAU_REACH = 0.97
SPREAD_REACH, NOISE_REACH = 2.5, 5.0


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


@dataclass(frozen=True, eq=False)
class _Profile:
    """Restricted log-likelihood, estimate and variance on the grid: (B, G, K) each."""

    log_likelihood: Floats
    estimate: Floats
    variance: Floats
    scale: Floats


def fit_controlled(values: Floats, precision: Floats, treated: Floats, *, scale_known: bool = True) -> ControlledFit:
    """Fit the controlled mixed model by integrating its restricted likelihood.

    Args:
        values: (B, J, T) weekly values on the working scale; ignored where precision is 0.
        precision: (B, J, T) 1 / sampling variance; 0 where the week is missing.
        treated: (B, J, T) 1 where the unit carries out the change, else 0 (fractions are allowed).
        scale_known: False when precision is known only up to a common factor, which is then estimated.

    Returns:
        The fit; the effect is pilot minus counterfactual on the working scale, NaN where nothing identifies it.

    References:
        Harville (1974) for the restricted likelihood; Gelman (2006) for the half-Cauchy prior of tau.
    """
    p = np.asarray(precision, dtype=np.float64)
    y = np.where(p > 0, values, 0.0)
    y = np.where(p > 0, y - ((y * p).sum(axis=(1, 2)) / p.sum(axis=(1, 2)))[:, None, None], 0.0)
    x = np.where(p > 0, treated, 0.0)
    sigma_top, tau_scale = _scales(y, p, scale_known=scale_known)
    u, u_weight = _nodes(0.0, TAU_REACH, TAU_NODES)
    angle = u * np.pi / 2
    tau = tau_scale[:, None] * np.tan(angle)  # uniform angle = half-Cauchy(tau_scale)
    tau_weight = np.broadcast_to(u_weight, tau.shape)
    zero = np.zeros(len(y))
    box = (zero, zero + MAX_RHO, zero, sigma_top)
    for refined in (False, True):
        rho, sigma, area, rho_nodes, sigma_nodes = _grid(box)
        profile = _profile(y, p, x, rho, sigma, tau, scale_known=scale_known)
        with np.errstate(divide="ignore"):
            log_weight = profile.log_likelihood + np.log(area)[..., None] + np.log(tau_weight)[:, None, :]
        top = log_weight.max(axis=(1, 2), keepdims=True)
        weight = np.exp(log_weight - top)
        if not refined:
            density = np.exp(profile.log_likelihood - profile.log_likelihood.max(axis=(1, 2), keepdims=True))
            mass = (density * tau_weight[:, None, :]).sum(axis=2).reshape(len(y), RHO_NODES, SIGMA_NODES)
            box = (*_support(mass.max(axis=2), rho_nodes, box[0], box[1]),
                   *_support(mass.max(axis=1), sigma_nodes, box[2], box[3]))  # fmt: skip
    total = weight.sum(axis=(1, 2), keepdims=True)
    share = weight / total
    flat = (len(y), -1)
    df = np.inf if scale_known else float(_df(p).min())
    posterior = EffectPosterior(
        weights=share.reshape(flat), estimates=profile.estimate.reshape(flat), variances=profile.variance.reshape(flat),
        df=df,
    )  # fmt: skip
    pair = share.sum(axis=2)
    scale = (share * profile.scale).sum(axis=(1, 2))
    return ControlledFit(
        posterior=posterior,
        rho=(pair * rho).sum(axis=1),
        sigma=np.sqrt(scale * (pair * sigma**2).sum(axis=1)),
        tau=np.sqrt(scale) * _weighted_median(tau, share.sum(axis=1)),
        scale=scale,
        log_evidence=(np.log(total) + top)[:, 0, 0],
    )


def _scales(y: Floats, p: Floats, *, scale_known: bool) -> tuple[Floats, Floats]:
    """Return (B,) an upper end for sigma and (B,) the scale of tau's prior.

    With a known scale one answer has SD 1 and TAU_SCALE is in that unit; otherwise both are relative to the noise.
    """
    seen = (p > 0).astype(np.float64)
    per_unit = np.maximum(seen.sum(axis=2), 1.0)
    unit_mean = (y * seen).sum(axis=2) / per_unit
    rest = (y - unit_mean[:, :, None]) * seen
    rest -= (rest.sum(axis=1) / np.maximum(seen.sum(axis=1), 1.0))[:, None, :] * seen
    spread = np.sqrt((rest**2).sum(axis=(1, 2)) / np.maximum(seen.sum(axis=(1, 2)), 1.0))
    noise = np.sqrt((seen / np.where(p > 0, p, 1.0)).sum(axis=(1, 2)) / seen.sum(axis=(1, 2)))
    if scale_known:
        return SPREAD_REACH * np.maximum(spread, 0.2 * noise), np.full(len(y), TAU_SCALE)
    between = unit_mean.std(axis=1)
    return NOISE_REACH * noise, noise * np.maximum(between / np.maximum(spread, 1e-12), 0.2)


def _nodes(low: float, high: float, count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [low, high]."""
    x, w = np.polynomial.legendre.leggauss(count)
    return low + (x + 1.0) / 2.0 * (high - low), w / 2.0 * (high - low)


def _grid(box: tuple[Floats, Floats, Floats, Floats]) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return rho and sigma (B, G), the cell areas (B, G), and the nodes of each axis (B, .)."""
    r, r_weight = _nodes(0.0, 1.0, RHO_NODES)
    s, s_weight = _nodes(0.0, 1.0, SIGMA_NODES)
    rho_nodes = box[0][:, None] + r * (box[1] - box[0])[:, None]
    sigma_nodes = box[2][:, None] + s * (box[3] - box[2])[:, None]
    rho = np.repeat(rho_nodes, SIGMA_NODES, axis=1)
    sigma = np.tile(sigma_nodes, (1, RHO_NODES))
    width = ((box[1] - box[0]) * (box[3] - box[2]))[:, None]
    return rho, sigma, width * np.outer(r_weight, s_weight).ravel(), rho_nodes, sigma_nodes


def _support(marginal: Floats, nodes: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the range of nodes that carry likelihood, one node wider on each side."""
    keep = marginal > NEGLIGIBLE * marginal.max(axis=1, keepdims=True)
    first = keep.argmax(axis=1)
    last = keep.shape[1] - 1 - keep[:, ::-1].argmax(axis=1)
    padded = np.concatenate([low[:, None], nodes, high[:, None]], axis=1)
    rows = np.arange(len(nodes))
    return padded[rows, first], padded[rows, last + 2]


def _profile(
    y: Floats, p: Floats, x: Floats, rho: Floats, sigma: Floats, tau: Floats, *, scale_known: bool
) -> _Profile:
    """Restricted log-likelihood, estimate and variance for every (rho, sigma) of (B, G) and tau of (B, K)."""
    batch, units, weeks = y.shape
    grid = rho.shape[1]
    sum_inverse = np.zeros((batch, grid, weeks, weeks))
    level = np.empty((batch, grid, weeks, units))  # R_j^-1 1
    q, d, e = (np.empty((batch, grid, units)) for _ in range(3))  # 1'R^-1 1, 1'R^-1 x, 1'R^-1 y
    b, v = np.zeros((batch, grid, weeks)), np.zeros((batch, grid, weeks))  # sum of R^-1 x, of R^-1 y
    c, f, g, log_det = (np.zeros((batch, grid)) for _ in range(4))
    for j in range(units):
        inverse, one_log_det = ar1_plus_noise_inverse(p[:, None, j], rho, sigma**2)
        sum_inverse += inverse
        level[..., j] = inverse.sum(axis=-1)
        solved_x = np.einsum("bgts,bs->bgt", inverse, x[:, j])
        solved_y = np.einsum("bgts,bs->bgt", inverse, y[:, j])
        q[..., j] = level[..., j].sum(axis=-1)
        d[..., j], e[..., j] = solved_x.sum(axis=-1), solved_y.sum(axis=-1)
        b += solved_x
        v += solved_y
        c += np.einsum("bgt,bt->bg", solved_x, x[:, j])
        f += np.einsum("bgt,bt->bg", solved_x, y[:, j])
        g += np.einsum("bgt,bt->bg", solved_y, y[:, j])
        log_det += one_log_det
    empty = np.asarray(~(p > 0).any(axis=1))
    diagonal = np.arange(weeks)
    sum_inverse[..., diagonal, diagonal] += empty[:, None, :]
    log_a = 2.0 * np.log(np.diagonal(np.linalg.cholesky(sum_inverse), axis1=-2, axis2=-1)).sum(axis=-1)
    solved = np.linalg.inv(sum_inverse) @ np.concatenate([level, b[..., None], v[..., None]], axis=-1)
    solved_level, solved_b, solved_v = solved[..., :units], solved[..., units], solved[..., units + 1]
    m = np.swapaxes(level, -1, -2) @ solved_level
    level_b = np.einsum("bgtj,bgt->bgj", level, solved_b)
    level_v = np.einsum("bgtj,bgt->bgj", level, solved_v)
    bb, bv, vv = ((one * two).sum(axis=-1) for one, two in ((b, solved_b), (b, solved_v), (v, solved_v)))
    # The rank-one part of each unit, for every tau: axes (B, G, K, J).
    t2 = (tau**2)[:, None, :, None]
    shrink = 1.0 + t2 * q[:, :, None, :]
    k = t2 / shrink
    root = np.sqrt(k)
    inner = np.eye(units) - root[..., :, None] * m[:, :, None] * root[..., None, :]
    log_inner = 2.0 * np.log(np.diagonal(np.linalg.cholesky(inner), axis1=-2, axis2=-1)).sum(axis=-1)
    # H' A0^-1 u for u = b - H k d and u = v - H k e.
    kd, ke = k * d[:, :, None, :], k * e[:, :, None, :]
    m_kd = np.einsum("bgij,bgkj->bgki", m, kd)
    m_ke = np.einsum("bgij,bgkj->bgki", m, ke)
    hb, hv = level_b[:, :, None, :] - m_kd, level_v[:, :, None, :] - m_ke
    right = np.stack([root * hb, root * hv], axis=-1)
    left = np.swapaxes(np.linalg.inv(inner) @ right, -1, -2)
    extra = left @ right
    base_bb = bb[:, :, None] - 2.0 * (kd * level_b[:, :, None, :]).sum(axis=-1) + (kd * m_kd).sum(axis=-1)
    base_vv = vv[:, :, None] - 2.0 * (ke * level_v[:, :, None, :]).sum(axis=-1) + (ke * m_ke).sum(axis=-1)
    base_bv = (
        bv[:, :, None]
        - (kd * level_v[:, :, None, :]).sum(axis=-1)
        - (ke * level_b[:, :, None, :]).sum(axis=-1)
        + (kd * m_ke).sum(axis=-1)
    )
    information = c[:, :, None] - (kd * d[:, :, None, :]).sum(axis=-1) - base_bb - extra[..., 0, 0]
    score = f[:, :, None] - (kd * e[:, :, None, :]).sum(axis=-1) - base_bv - extra[..., 0, 1]
    square = g[:, :, None] - (ke * e[:, :, None, :]).sum(axis=-1) - base_vv - extra[..., 1, 1]
    information = np.where(information > 0, information, np.nan)
    estimate = score / information
    residual = np.maximum(square - score * estimate, 0.0)
    log_dets = log_det[:, :, None] + np.log(shrink).sum(axis=-1) + log_a[:, :, None] + log_inner + np.log(information)
    if scale_known:
        return _Profile(-0.5 * (log_dets + residual), estimate, 1.0 / information, np.ones_like(estimate))
    df = _df(p)[:, None, None]
    total = (p * y**2).sum(axis=(1, 2))[:, None, None]
    residual = np.where(residual > EXACT * total, residual, np.nan)  # nothing left over: no scale to estimate
    scale = residual / df
    return _Profile(-0.5 * (log_dets + df * np.log(residual)), estimate, scale / information, scale)


def _df(p: Floats) -> Floats:
    """(B,) weekly values less the week effects and the effect."""
    seen = p > 0
    return np.asarray(seen.sum(axis=(1, 2)) - seen.any(axis=1).sum(axis=1) - 1.0)


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    """Median over the last axis of values that ascend."""
    reached = np.cumsum(weights, axis=-1) >= 0.5 * weights.sum(axis=-1, keepdims=True)
    return np.take_along_axis(values, reached.argmax(axis=-1)[..., None], axis=-1)[..., 0]

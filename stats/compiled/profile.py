"""The restricted likelihood of the controlled mixed model at many grid points at once."""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled
from stats.compiled.covariance import shock_terms, unit_terms
from stats.compiled.linear import factor, forward, tridiagonal

IDENTIFIED = 1e-11  # of the treated weeks' information; what week and unit effects leave below it is rounding


@compiled
def profile(y, p, x, units, weeks, rho, sigma, tau, scale_known, df, work, out):  # type: ignore[no-untyped-def]
    """Restricted log-likelihood, estimate and variance at L points (rho, sigma) for every tau.

    Args:
        y, p, x: (J, T) values, precision (0 where missing), treated.
        units, weeks: How many rows and columns of them to use.
        rho, sigma: (L,) the points.
        tau: (K,) SD between units, above 0.
        scale_known: False when the residual sum of squares estimates a common factor of the variances.
        df: Weekly values less week effects and effect.
        work: Arrays made by `workspace`.
        out: (4, L, K) log-likelihood, estimate, variance and scale.
    """
    low, run, solved, total, right, between, pair, side, scratch, sums, shock, lane, whole, local = work
    lanes = len(rho)
    for s in range(weeks):
        for t in range(s + 1):
            for k in range(lanes):
                total[s, t, k] = 0.0
    b, v = units, units + 1
    for t in range(weeks):
        for k in range(lanes):
            right[b, t, k] = 0.0
            right[v, t, k] = 0.0
    # sums: 0 x'R^-1x, 1 x'R^-1y, 2 y'R^-1y, 3 log determinants.
    shock_terms(rho, sigma, weeks, shock)
    for k in range(lanes):
        sums[0, k] = sums[1, k] = sums[2, k] = 0.0
        sums[3, k] = units * shock[3, k]
    for j in range(units):
        treats = False
        noise = 0.0
        for t in range(weeks):
            treats = treats or x[j, t] != 0.0
            if p[j, t] > 0.0:
                noise -= math.log(p[j, t])
        unit_terms(p[j], y[j], x[j], treats, shock, weeks, low, run, sums[3], solved, total, lane)
        for k in range(lanes):
            sums[3, k] += noise
            pair[0, j, k] = 0.0
            pair[1, j, k] = 0.0
            between[j, j, k] = 0.0
        for t in range(weeks):
            xt, yt = x[j, t], y[j, t]
            for k in range(lanes):
                right[j, t, k] = solved[0, t, k]
            for k in range(lanes):
                right[v, t, k] += solved[2, t, k]
            for k in range(lanes):
                sums[2, k] += yt * solved[2, t, k]
            for k in range(lanes):
                between[j, j, k] += solved[0, t, k]
            for k in range(lanes):
                pair[1, j, k] += solved[2, t, k]
            if treats:
                for k in range(lanes):
                    right[b, t, k] += solved[1, t, k]
                for k in range(lanes):
                    pair[0, j, k] += solved[1, t, k]
                if xt != 0.0:
                    for k in range(lanes):
                        sums[0, k] += xt * solved[1, t, k]
                    for k in range(lanes):
                        sums[1, k] += xt * solved[2, t, k]
    for t in range(weeks):
        seen = False
        for j in range(units):
            seen = seen or p[j, t] > 0.0
        if not seen:
            for k in range(lanes):
                total[t, t, k] += 1.0
    for k in range(lanes):
        whole[k] = sums[0, k]
    # Week effects out: every quadratic form loses its projection on them.
    factor(total, weeks, sums[3], lane)
    forward(total, right, weeks, units + 2)
    for t in range(weeks):
        for i in range(units):
            for k in range(lanes):
                pair[0, i, k] -= right[i, t, k] * right[b, t, k]
            for k in range(lanes):
                pair[1, i, k] -= right[i, t, k] * right[v, t, k]
        for k in range(lanes):
            sums[0, k] -= right[b, t, k] * right[b, t, k]
        for k in range(lanes):
            sums[1, k] -= right[b, t, k] * right[v, t, k]
        for k in range(lanes):
            sums[2, k] -= right[v, t, k] * right[v, t, k]
    for i in range(units):
        for j in range(i + 1):
            if j < i:
                for k in range(lanes):
                    between[i, j, k] = 0.0
            for t in range(weeks):
                for k in range(lanes):
                    between[i, j, k] -= right[i, t, k] * right[j, t, k]
    # Unit effects of SD tau: (between + I / tau^2) is inverted for every tau from its tridiagonal form.
    tridiagonal(between, pair, units, side, scratch, local)
    pivot, d, e, dets, information, score, square, ratio = (
        local[0], local[1], local[2], local[3], local[4], local[5], local[6], local[7],
    )  # fmt: skip
    for h in range(len(tau)):
        floor = 1.0 / (tau[h] * tau[h])
        for k in range(lanes):
            pivot[k] = between[0, 0, k] + floor
            d[k] = pair[0, 0, k]
            e[k] = pair[1, 0, k]
            information[k] = sums[0, k]
            score[k] = sums[1, k]
            square[k] = sums[2, k]
            dets[k] = 1.0
        for i in range(units):
            for k in range(lanes):
                ratio[k] = 1.0 / pivot[k]
                dets[k] *= pivot[k] / floor
            for k in range(lanes):
                information[k] -= d[k] * d[k] * ratio[k]
                score[k] -= d[k] * e[k] * ratio[k]
                square[k] -= e[k] * e[k] * ratio[k]
            if i < units - 1:
                for k in range(lanes):
                    ratio[k] *= side[i, k]
                for k in range(lanes):
                    pivot[k] = between[i + 1, i + 1, k] + floor - ratio[k] * side[i, k]
                for k in range(lanes):
                    d[k] = pair[0, i + 1, k] - ratio[k] * d[k]
                    e[k] = pair[1, i + 1, k] - ratio[k] * e[k]
        for k in range(lanes):
            if not information[k] > IDENTIFIED * whole[k]:
                out[0, k, h] = -np.inf
                out[1, k, h] = np.nan
                out[2, k, h] = np.nan
                out[3, k, h] = 1.0
                continue
            found = score[k] / information[k]
            residual = max(square[k] - score[k] * found, 0.0)
            log_dets = sums[3, k] + math.log(dets[k] * information[k])
            out[1, k, h] = found
            if scale_known:
                out[0, k, h] = -0.5 * (log_dets + residual)
                out[2, k, h] = 1.0 / information[k]
                out[3, k, h] = 1.0
            else:
                out[0, k, h] = -0.5 * (log_dets + df * math.log(residual)) if residual > 0.0 else np.nan
                out[2, k, h] = residual / df / information[k]
                out[3, k, h] = residual / df


@compiled
def workspace(units, weeks, lanes):  # type: ignore[no-untyped-def]
    """Arrays that `profile` works in, for pilots of at most that many units and weeks, and so many grid points."""
    return (
        np.zeros((weeks, lanes)),
        np.zeros((weeks, lanes)),
        np.zeros((3, weeks, lanes)),
        np.zeros((weeks, weeks, lanes)),
        np.zeros((units + 2, weeks, lanes)),
        np.zeros((units, units, lanes)),
        np.zeros((2, units, lanes)),
        np.zeros((units, lanes)),
        np.zeros((units, lanes)),
        np.zeros((4, lanes)),
        np.zeros((4, lanes)),
        np.zeros(lanes),
        np.zeros(lanes),
        np.zeros((8, lanes)),
    )

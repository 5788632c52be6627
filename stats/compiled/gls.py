"""Many pilots' questions at fixed variance components: an extra column beside the effect, and weeks yet to come."""

from __future__ import annotations

import numpy as np

from stats.compiled import compiled
from stats.compiled.profile import profile, workspace

LEAST_SIGMA, LEAST_TAU = 1e-8, 1e-6


@compiled
def contrasts(y, p, treated, extra, units, weeks, parts, out):  # type: ignore[no-untyped-def]
    """Add one column to each of B fitted pilots.

    Args:
        y, p, treated, extra: (B, J, T) values and both columns (0 where p is 0), precision.
        units, weeks: (B,) rows and columns used.
        parts: (B, 4) rho, sigma, tau and scale.
        out: (B, 3) coefficient of the extra column, of the treated column beside it, and the extra one's z.
    """
    work = workspace(y.shape[1], y.shape[2], 1)
    for i in range(len(y)):
        scaled = p[i] / parts[i, 3]
        j, t = units[i], weeks[i]
        one = _information(y[i], scaled, extra[i], j, t, parts[i], work)
        two = _information(y[i], scaled, treated[i], j, t, parts[i], work)
        cross = _information(extra[i], scaled, treated[i], j, t, parts[i], work)[1]
        determinant = one[0] * two[0] - cross * cross
        if not determinant > 1e-12 * one[0] * two[0]:
            out[i, 0] = out[i, 1] = out[i, 2] = np.nan
            continue
        out[i, 0] = (two[0] * one[1] - cross * two[1]) / determinant
        out[i, 1] = (one[0] * two[1] - cross * one[1]) / determinant
        out[i, 2] = out[i, 0] / np.sqrt(two[0] / determinant)


@compiled
def _information(y, p, x, units, weeks, parts, work):  # type: ignore[no-untyped-def]
    """x'V^-1x and x'V^-1y with week effects taken out, V with the given components."""
    rho, sigma, tau = np.empty(1), np.empty(1), np.empty(1)
    rho[0], sigma[0], tau[0] = parts[0], max(parts[1], LEAST_SIGMA), max(parts[2], LEAST_TAU)
    grid = np.empty((4, 1, 1))
    profile(y, p, x, units, weeks, rho, sigma, tau, True, 1.0, work, grid)
    information = 1.0 / grid[2, 0, 0]
    return information, information * grid[1, 0, 0]


@compiled
def projected_variances(p, treated, units, weeks, further, recent, parts, out):  # type: ignore[no-untyped-def]
    """Variance of each pilot's effect after `further` more weeks like its last `recent` ones.

    Args:
        p, treated: (B, J, T) precision and treated.
        units, weeks, further: (B,) rows and columns used, and weeks to add.
        recent: How many of the last weeks a coming week is like, on average.
        parts: (B, 4) rho, sigma, tau and scale.
        out: (B,) the variances.
    """
    most = 0
    for i in range(len(p)):
        most = max(most, weeks[i] + further[i])
    work = workspace(p.shape[1], most, 1)
    long_p = np.zeros((p.shape[1], most))
    long_x = np.zeros((p.shape[1], most))
    zero = np.zeros((p.shape[1], most))
    for i in range(len(p)):
        now, end = weeks[i], weeks[i] + further[i]
        for j in range(units[i]):
            coming = 0.0
            first = max(now - recent, 0)
            for t in range(now):
                long_p[j, t] = p[i, j, t] / parts[i, 3]
                long_x[j, t] = treated[i, j, t]
                if t >= first:
                    coming += p[i, j, t]
            coming /= now - first
            for t in range(now, end):
                long_p[j, t] = coming / parts[i, 3]
                long_x[j, t] = treated[i, j, now - 1]
            for t in range(end):
                if long_p[j, t] == 0.0:
                    long_x[j, t] = 0.0
        out[i] = 1.0 / _information(zero, long_p, long_x, units[i], end, parts[i], work)[0]

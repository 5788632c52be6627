"""Many pilots' questions at fixed variance components: an extra column beside the effect, and weeks yet to come."""

from __future__ import annotations

import numpy as np

from stats.compiled import compiled
from stats.compiled.profile import IDENTIFIED

LEAST_SIGMA, LEAST_TAU = 1e-8, 1e-6


@compiled
def contrasts(y, p, treated, extra, units, weeks, parts, out):  # type: ignore[no-untyped-def]
    """Add one column to each of B fitted pilots.

    Args:
        y, p, treated, extra: (B, J, T) values and both columns (0 where p is 0), precision.
        units, weeks: (B,) rows and columns used.
        parts: (B, 4) rho, sigma, tau and scale.
        out: (B, 3) coefficient of the extra column, of the treated column beside it, and the extra one's z; NaN where
            the data cannot tell one column from the other, or from the week and unit effects.
    """
    work = _workspace(y.shape[1], y.shape[2])
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
    """x'V^-1x and x'V^-1y with week effects taken out, V with the given components: `profile` at one point.

    Unit effects come in through their own rows: (between + I / tau^2) is factored where `profile` makes it tridiagonal.
    """
    low, run, solved, total, right, between, pair = work
    rho, variance = parts[0], max(parts[1], LEAST_SIGMA) ** 2
    end = 1.0 / (variance * (1.0 - rho * rho)) if weeks > 1 else 1.0 / variance
    inner = end * (1.0 + rho * rho) if weeks > 1 else end
    off = -end * rho
    floor = 1.0 / max(parts[2], LEAST_TAU) ** 2
    b, v = units, units + 1
    for s in range(weeks):
        right[b, s] = 0.0
        right[v, s] = 0.0
        for t in range(s, weeks):
            total[s, t] = 0.0
    information = 0.0
    score = 0.0
    for j in range(units):
        q = p[j]
        for t in range(weeks):
            before = 0.0 if t == 0 else off / run[t - 1]
            low[t] = before
            run[t] = q[t] + (end if t == 0 or t == weeks - 1 else inner) - before * off
            for c in range(3):
                value = q[t] * (1.0 if c == 0 else x[j, t] if c == 1 else y[j, t])
                solved[c, t] = value - (before * solved[c, t - 1] if t > 0 else 0.0)
        for t in range(weeks - 1, -1, -1):
            run[t] = 1.0 / run[t]
            for c in range(3):
                solved[c, t] *= run[t]
                if t < weeks - 1:
                    solved[c, t] -= low[t + 1] * solved[c, t + 1]
            if t < weeks - 1:
                run[t] += low[t + 1] * low[t + 1] * run[t + 1]
        between[j, j] = floor
        pair[0, j] = 0.0
        pair[1, j] = 0.0
        for t in range(weeks):
            one = q[t] * (1.0 - solved[0, t])
            ex = q[t] * (x[j, t] - solved[1, t])
            wy = q[t] * (y[j, t] - solved[2, t])
            right[j, t] = one
            right[b, t] += ex
            right[v, t] += wy
            between[j, j] += one
            pair[0, j] += ex
            pair[1, j] += wy
            information += x[j, t] * ex
            score += x[j, t] * wy
        for s in range(weeks):
            total[s, s] += q[s] - q[s] * q[s] * run[s]
        for t in range(weeks):  # the upper triangle: entry (t, s) is (-low[t + 1]) ... (-low[s]) run[s]
            share = q[t]
            for s in range(t + 1, weeks):
                share *= -low[s]
                total[t, s] -= share * q[s] * run[s]
    for t in range(weeks):
        empty = True
        for j in range(units):
            empty = empty and p[j, t] == 0.0
        if empty:
            total[t, t] += 1.0
    # Upper factor of the week equations, row by row; the right-hand sides are swept along.
    for t in range(weeks):
        root = 1.0 / np.sqrt(total[t, t])
        for s in range(t, weeks):
            total[t, s] *= root
        for c in range(units + 2):
            right[c, t] *= root
            step = right[c, t]
            for s in range(t + 1, weeks):
                right[c, s] -= step * total[t, s]
        for m in range(t + 1, weeks):
            step = total[t, m]
            for s in range(m, weeks):
                total[m, s] -= step * total[t, s]
    whole = information
    for t in range(weeks):
        information -= right[b, t] * right[b, t]
        score -= right[b, t] * right[v, t]
    for i in range(units):
        for t in range(weeks):
            pair[0, i] -= right[i, t] * right[b, t]
            pair[1, i] -= right[i, t] * right[v, t]
        for j in range(i + 1):
            if j < i:
                between[i, j] = 0.0
            for t in range(weeks):
                between[i, j] -= right[i, t] * right[j, t]
    for i in range(units):
        for j in range(i):
            for m in range(j):
                between[i, j] -= between[i, m] * between[j, m]
            between[i, j] /= between[j, j]
            between[i, i] -= between[i, j] * between[i, j]
            pair[0, i] -= between[i, j] * pair[0, j]
            pair[1, i] -= between[i, j] * pair[1, j]
        between[i, i] = np.sqrt(between[i, i])
        pair[0, i] /= between[i, i]
        pair[1, i] /= between[i, i]
        information -= pair[0, i] * pair[0, i]
        score -= pair[0, i] * pair[1, i]
    return (information if information > IDENTIFIED * whole else 0.0), score


@compiled
def _workspace(units, weeks):  # type: ignore[no-untyped-def]
    return (
        np.zeros(weeks),
        np.zeros(weeks),
        np.zeros((3, weeks)),
        np.zeros((weeks, weeks)),
        np.zeros((units + 2, weeks)),
        np.zeros((units, units)),
        np.zeros((2, units)),
    )


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
    work = _workspace(p.shape[1], most)
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

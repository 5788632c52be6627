"""One unit's covariance - AR(1) shocks plus sampling noise - inverted at many grid points at once."""

from __future__ import annotations

import math

from stats.compiled import compiled

PIVOTS = 16  # multiplied before a logarithm is taken, so that no product overflows


@compiled
def shock_terms(rho, sigma, weeks, shock):  # type: ignore[no-untyped-def]
    """Fill `shock` (4, L): end and inner diagonal and off-diagonal of the AR(1) precision Q, and log det Q^-1."""
    lanes = len(rho)
    for k in range(lanes):
        variance = sigma[k] * sigma[k]
        one = 1.0 - rho[k] * rho[k] if weeks > 1 else 1.0
        shock[0, k] = 1.0 / (variance * one)
        shock[1, k] = shock[0, k] * (1.0 + rho[k] * rho[k]) if weeks > 1 else shock[0, k]
        shock[2, k] = -shock[0, k] * rho[k]
        shock[3, k] = weeks * math.log(variance) + (weeks - 1) * math.log(one)


@compiled
def unit_terms(p, y, x, treats, shock, weeks, low, run, log_det, solved, total, product):  # type: ignore[no-untyped-def]
    """Add one unit's R^-1 to `total` (T, T, L), and return in `solved` (3, T, L) its R^-1 1, R^-1 x and R^-1 y.

    R = sigma^2 AR(1)(rho) + diag(1 / p) on the weeks with data, R^-1 = P - P (P + Q)^-1 P with the tridiagonal AR(1)
    precision Q; the entries of (P + Q)^-1 follow from its LDL' factors (Takahashi et al. 1973). log det (P + Q) is
    added to `log_det` (L,).
    """
    lanes = len(product)
    # Forward: pivots, and L^-1 of the right-hand sides P 1, P x, P y.
    for k in range(lanes):
        product[k] = 1.0
    for t in range(weeks):
        row = 0 if t == 0 or t == weeks - 1 else 1
        pt, px, py = p[t], p[t] * x[t], p[t] * y[t]
        if t == 0:
            for k in range(lanes):
                run[0, k] = pt + shock[0, k]
                solved[0, 0, k] = pt
                solved[1, 0, k] = px
                solved[2, 0, k] = py
        else:
            for k in range(lanes):
                low[t, k] = shock[2, k] / run[t - 1, k]
            for k in range(lanes):
                run[t, k] = pt + shock[row, k] - low[t, k] * shock[2, k]
            for k in range(lanes):
                solved[0, t, k] = pt - low[t, k] * solved[0, t - 1, k]
            for k in range(lanes):
                solved[2, t, k] = py - low[t, k] * solved[2, t - 1, k]
            if treats:
                for k in range(lanes):
                    solved[1, t, k] = px - low[t, k] * solved[1, t - 1, k]
        for k in range(lanes):
            product[k] *= run[t, k]
        if t % PIVOTS == PIVOTS - 1 or t == weeks - 1:
            for k in range(lanes):
                log_det[k] += math.log(product[k])
                product[k] = 1.0
    # Backward: the solutions of (P + Q) z = P v, and the diagonal of (P + Q)^-1.
    for k in range(lanes):
        run[weeks - 1, k] = 1.0 / run[weeks - 1, k]
        solved[0, weeks - 1, k] *= run[weeks - 1, k]
        solved[1, weeks - 1, k] *= run[weeks - 1, k]
        solved[2, weeks - 1, k] *= run[weeks - 1, k]
    for t in range(weeks - 2, -1, -1):
        for k in range(lanes):
            run[t, k] = 1.0 / run[t, k]
        for k in range(lanes):
            solved[0, t, k] = solved[0, t, k] * run[t, k] - low[t + 1, k] * solved[0, t + 1, k]
        for k in range(lanes):
            solved[2, t, k] = solved[2, t, k] * run[t, k] - low[t + 1, k] * solved[2, t + 1, k]
        if treats:
            for k in range(lanes):
                solved[1, t, k] = solved[1, t, k] * run[t, k] - low[t + 1, k] * solved[1, t + 1, k]
        for k in range(lanes):
            run[t, k] += low[t + 1, k] * low[t + 1, k] * run[t + 1, k]
    for t in range(weeks):
        pt, xt, yt = p[t], x[t], y[t]
        for k in range(lanes):
            solved[0, t, k] = pt * (1.0 - solved[0, t, k])
        for k in range(lanes):
            solved[2, t, k] = pt * (yt - solved[2, t, k])
        if treats:
            for k in range(lanes):
                solved[1, t, k] = pt * (xt - solved[1, t, k])
    # The lower triangle of P - P (P + Q)^-1 P, row by row from the diagonal to the left.
    for s in range(weeks):
        ps = p[s]
        if ps == 0.0:
            continue
        for k in range(lanes):
            product[k] = ps * run[s, k]
        for k in range(lanes):
            total[s, s, k] += ps - ps * product[k]
        for back in range(s):
            t = s - 1 - back
            pt = p[t]
            for k in range(lanes):
                product[k] *= -low[t + 1, k]
            for k in range(lanes):
                total[s, t, k] -= pt * product[k]

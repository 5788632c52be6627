"""The controlled mixed model of many pilots: from weekly values to the points of the grid, with their weights."""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled
from stats.compiled.profile import profile, workspace
from stats.compiled.weighing import narrow, weigh

MAX_RHO = 0.97
TAU_SCALE = 0.5
TAU_REACH = 0.97
SPREAD_REACH, NOISE_REACH = 2.5, 5.0
EXACT = 1e-12
TYPICAL_NOISE = 0.25
TAIL_DF = 4.0


@compiled
def fit_many(y, p, x, units, weeks, scale_known, rules, priors, out, weight, estimate, variance):  # type: ignore[no-untyped-def]
    """Fit B pilots one after another.

    Args:
        y, p, x: (B, J, T) values (any number where p is 0), precision, treated.
        units, weeks: (B,) how many rows and columns a pilot uses.
        scale_known: Whether precision is known, or only up to a common factor.
        rules: Gauss-Legendre rules on [0, 1], (2, .) each: coarse rho, sigma, tau; fine rho, sigma, tau.
        priors: (4,) powers of r and 1 - r with r = rho / MAX_RHO, power and scale of sigma's decline.
        out: (B, 6) rho, sigma, tau, scale, log evidence, degrees of freedom.
        weight, estimate, variance: (B, G) filled for the fine grid.
    """
    coarse_r, coarse_s, coarse_t, fine_r, fine_s, fine_t = rules
    most_units, most_weeks = y.shape[1], y.shape[2]
    coarse = workspace(most_units, most_weeks, coarse_r.shape[1] * coarse_s.shape[1])
    fine = workspace(most_units, most_weeks, fine_r.shape[1] * fine_s.shape[1])
    values = np.empty((most_units, most_weeks))
    treated = np.empty((most_units, most_weeks))
    box = np.empty(4)
    for i in range(len(y)):
        j, t = units[i], weeks[i]
        df = _prepared(y[i], p[i], x[i], j, t, values, treated)
        top, tau_scale, unit = _scales(values, p[i], j, t, scale_known)
        sigma_scale = priors[3] * unit
        box[0], box[1], box[2], box[3] = 0.0, MAX_RHO, 0.0, top
        total = _square(values, p[i], j, t)
        grid, taus = _on_grid(
            values, p[i], treated, j, t, box, coarse_r, coarse_s, coarse_t, tau_scale, scale_known, df, total, priors,
            sigma_scale, coarse,
        )  # fmt: skip
        narrow(grid, coarse_r, coarse_s, coarse_t, box)
        grid, taus = _on_grid(
            values,
            p[i],
            treated,
            j,
            t,
            box,
            fine_r,
            fine_s,
            fine_t,
            tau_scale,
            scale_known,
            df,
            total,
            priors,
            sigma_scale,
            fine,
        )
        weigh(grid, taus, box, fine_r, fine_s, fine_t, weight[i], estimate[i], variance[i], out[i])
        out[i, 5] = df


@compiled
def _prepared(y, p, x, units, weeks, values, treated):  # type: ignore[no-untyped-def]
    """Centre the values, clear what is missing; returns weekly values less week effects and effect."""
    total = 0.0
    mean = 0.0
    for j in range(units):
        for t in range(weeks):
            if p[j, t] > 0.0:
                total += p[j, t]
                mean += p[j, t] * (y[j, t] - mean) / total
    seen = 0
    used = 0
    for t in range(weeks):
        any_unit = False
        for j in range(units):
            if p[j, t] > 0.0:
                seen += 1
                any_unit = True
                values[j, t] = y[j, t] - mean
                treated[j, t] = x[j, t]
            else:
                values[j, t] = 0.0
                treated[j, t] = 0.0
        used += any_unit
    return seen - used - 1.0


@compiled
def _square(values, p, units, weeks):  # type: ignore[no-untyped-def]
    total = 0.0
    for j in range(units):
        for t in range(weeks):
            total += p[j, t] * values[j, t] ** 2
    return total


@compiled
def _scales(values, p, units, weeks, scale_known):  # type: ignore[no-untyped-def]
    """Return an upper end for sigma, the scale of tau's prior and the unit of sigma's.

    With a known scale one answer has SD 1, and the priors are in that unit; otherwise they are relative to the noise,
    the unit being TYPICAL_NOISE of it (a week of 16 answers).
    """
    means = np.zeros(units)
    counts = np.zeros(units)
    noise = 0.0
    seen = 0
    for j in range(units):
        for t in range(weeks):
            if p[j, t] > 0.0:
                counts[j] += 1.0
                means[j] += values[j, t]
                noise += 1.0 / p[j, t]
                seen += 1
        means[j] /= max(counts[j], 1.0)
    square = 0.0
    for t in range(weeks):
        week = 0.0
        here = 0
        for j in range(units):
            if p[j, t] > 0.0:
                week += values[j, t] - means[j]
                here += 1
        for j in range(units):
            if p[j, t] > 0.0:
                square += (values[j, t] - means[j] - week / here) ** 2
    spread = math.sqrt(square / seen)
    present = 0
    centre = 0.0
    between = 0.0
    for j in range(units):  # Welford, over the units with data
        if counts[j] > 0.0:
            present += 1
            step = means[j] - centre
            centre += step / present
            between += step * (means[j] - centre)
    between /= present
    noise = math.sqrt(noise / seen)
    if scale_known:
        return SPREAD_REACH * max(spread, 0.2 * noise), TAU_SCALE, 1.0
    return NOISE_REACH * noise, noise * max(math.sqrt(between) / max(spread, 1e-12), 0.2), noise / TYPICAL_NOISE


@compiled
def _on_grid(  # type: ignore[no-untyped-def]
    values, p, treated, units, weeks, box, r, s, u, tau_scale, scale_known, df, total, priors, sigma_scale, work
):
    """Return the (4, G, K) profile on the grid within `box`, with the prior of rho and sigma in, and the taus."""
    lanes = r.shape[1] * s.shape[1]
    rho = np.empty(lanes)
    sigma = np.empty(lanes)
    for a in range(r.shape[1]):
        for b in range(s.shape[1]):
            rho[a * s.shape[1] + b] = box[0] + r[0, a] * (box[1] - box[0])
            sigma[a * s.shape[1] + b] = box[2] + s[0, b] * (box[3] - box[2])
    taus = np.empty(u.shape[1])
    for h in range(u.shape[1]):
        taus[h] = tau_scale * math.tan(TAU_REACH * u[0, h] * math.pi / 2.0)  # uniform angle: half-Cauchy
    grid = np.empty((4, lanes, u.shape[1]))
    profile(values, p, treated, units, weeks, rho, sigma, taus, scale_known, df, work, grid)
    for g in range(lanes):
        share = rho[g] / MAX_RHO
        prior = priors[0] * math.log(share) + priors[1] * math.log(1.0 - share)
        ratio = sigma[g] / sigma_scale
        prior += math.log(sigma[g]) - priors[2] * math.log(1.0 + ratio * ratio / TAIL_DF)
        for h in range(u.shape[1]):
            grid[0, g, h] += prior
            if not scale_known and not grid[3, g, h] * df > EXACT * total:
                grid[0, g, h] = np.nan  # nothing left over: no scale to estimate
    return grid, taus

"""The weight of every grid point, and where on the grid the likelihood is."""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled

NEGLIGIBLE = 3e-3  # of the largest mass; what is cut off moves the estimate by less than 0.05 standard errors


@compiled
def narrow(grid, r, s, u, box):  # type: ignore[no-untyped-def]
    """Shrink `box` to the range of rho and sigma nodes that carry likelihood, one node wider on each side."""
    rows, columns = r.shape[1], s.shape[1]
    top = -np.inf
    for value in grid[0].ravel():
        if value > top:
            top = value
    rho_mass = np.zeros(rows)
    sigma_mass = np.zeros(columns)
    for a in range(rows):
        for b in range(columns):
            mass = 0.0
            for h in range(u.shape[1]):
                value = grid[0, a * columns + b, h]
                if value > -np.inf:
                    mass += u[1, h] * math.exp(value - top)
            rho_mass[a] = max(rho_mass[a], mass)
            sigma_mass[b] = max(sigma_mass[b], mass)
    low, high = _ends(rho_mass, r, box[0], box[1])
    first, last = _ends(sigma_mass, s, box[2], box[3])
    box[0], box[1], box[2], box[3] = low, high, first, last


@compiled
def _ends(mass, rule, low, high):  # type: ignore[no-untyped-def]
    """The ends of the range where `mass` is above NEGLIGIBLE of its largest, log mass being linear between nodes."""
    least = NEGLIGIBLE * mass.max()
    first, last = 0, len(mass) - 1
    while first < last and not mass[first] > least:
        first += 1
    while last > first and not mass[last] > least:
        last -= 1
    begin, end = low, high
    if first > 0:
        begin = low + (high - low) * _crossing(rule[0, first], rule[0, first - 1], mass[first], mass[first - 1], least)
    if last < len(mass) - 1:
        end = low + (high - low) * _crossing(rule[0, last], rule[0, last + 1], mass[last], mass[last + 1], least)
    return begin, end


@compiled
def _crossing(inside, outside, above, below, least):  # type: ignore[no-untyped-def]
    drop = math.log(above) - math.log(max(below, 1e-300))
    return inside + (outside - inside) * (math.log(above) - math.log(least)) / drop


@compiled
def weigh(grid, taus, box, r, s, u, weight, estimate, variance, out):  # type: ignore[no-untyped-def]
    """Turn the profile into weights that sum to 1, and summarise the nuisance parameters."""
    rows, columns, count = r.shape[1], s.shape[1], u.shape[1]
    top = -np.inf
    for value in grid[0].ravel():
        if value > top:
            top = value
    total = 0.0
    for g in range(rows * columns):
        area = r[1, g // columns] * s[1, g % columns] * (box[1] - box[0]) * (box[3] - box[2])
        for h in range(count):
            value = grid[0, g, h]
            here = math.exp(value - top) * area * u[1, h] if value > -np.inf else 0.0
            weight[g * count + h] = here
            estimate[g * count + h] = grid[1, g, h]
            variance[g * count + h] = grid[2, g, h]
            total += here
    rho = 0.0
    square = 0.0
    scale = 0.0
    marginal = np.zeros(count)
    for g in range(rows * columns):
        here = 0.0
        for h in range(count):
            share = weight[g * count + h] / total
            weight[g * count + h] = share
            here += share
            marginal[h] += share
            if share > 0.0:
                scale += share * grid[3, g, h]
            else:  # an impossible point must not turn sums into NaN
                estimate[g * count + h] = 0.0
                variance[g * count + h] = 1.0
        rho += here * (box[0] + r[0, g // columns] * (box[1] - box[0]))
        square += here * (box[2] + s[0, g % columns] * (box[3] - box[2])) ** 2
    reached = 0.0
    median = taus[count - 1]
    for h in range(count):
        reached += marginal[h]
        if reached >= 0.5:
            median = taus[h]
            break
    out[0] = rho
    out[1] = math.sqrt(scale * square)
    out[2] = math.sqrt(scale) * median
    out[3] = scale
    out[4] = math.log(total) + top

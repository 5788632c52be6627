"""Bounds of planned looks by recursive integration, for many pilots."""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled
from stats.compiled.mixture import log_tail

REACH = 6.5
LARGEST_BOUND = 40.0
PANEL_STEPS, LEAST_PANELS, MOST_PANELS = 6.0, 3, 400
TINY = 1e-290


@compiled
def many_bounds(fractions, spent, looks, nodes, weights, out):  # type: ignore[no-untyped-def]
    """One-sided bounds of z of B pilots.

    Args:
        fractions: (B, K) information fractions, ascending.
        spent: (B, K) error spent by each look, ascending.
        looks: (B,) how many looks a pilot has.
        nodes, weights: (N,) a Gauss-Legendre rule on [0, 1].
        out: (B, K) the bounds.
    """
    for i in range(len(fractions)):
        if looks[i] > 0:
            _bounds(fractions[i], spent[i], looks[i], nodes, weights, out[i])


@compiled
def _bounds(t, spent, looks, nodes, weights, out):  # type: ignore[no-untyped-def]
    """The score process z sqrt(t) has independent normal increments; its density below the bounds is carried along."""
    out[0] = _normal_bound(spent[0])
    root = math.sqrt(t[0])
    following = math.sqrt(t[1] - t[0]) if looks > 1 else 1.0
    points, shares = _rule(out[0], root, following, nodes, weights)
    for a in range(len(points)):
        shares[a] *= math.exp(-0.5 * (points[a] / root) ** 2) / (root * math.sqrt(2.0 * math.pi))
    for k in range(1, looks):
        step = math.sqrt(t[k] - t[k - 1])
        root = math.sqrt(t[k])
        out[k] = _crossing(points, shares, step, root, max(spent[k] - spent[k - 1], TINY))
        if k == looks - 1:
            break
        following = math.sqrt(t[k + 1] - t[k])
        fresh, carried = _rule(out[k], root, min(step, following), nodes, weights)
        scale = 1.0 / (step * math.sqrt(2.0 * math.pi))
        for a in range(len(fresh)):
            density = 0.0
            for b in range(len(points)):
                z = (fresh[a] - points[b]) / step
                if z * z < 80.0:
                    density += shares[b] * math.exp(-0.5 * z * z)
            carried[a] *= density * scale
        points, shares = fresh, carried


@compiled
def _rule(bound, root, finest, nodes, weights):  # type: ignore[no-untyped-def]
    """Composite rule on [-REACH, bound] times sqrt(t), fine enough for a step of SD `finest`."""
    low, high = -REACH * root, min(bound, REACH) * root
    panels = int(min(max((high - low) / (PANEL_STEPS * finest), LEAST_PANELS), MOST_PANELS)) + 1
    width = (high - low) / panels
    size = len(nodes)
    points, shares = np.empty(panels * size), np.empty(panels * size)
    for panel in range(panels):
        for a in range(size):
            points[panel * size + a] = low + (panel + nodes[a]) * width
            shares[panel * size + a] = weights[a] * width
    return points, shares


@compiled
def _normal_bound(tail):  # type: ignore[no-untyped-def]
    """The z whose upper normal tail is `tail`, at most LARGEST_BOUND."""
    target = math.log(max(tail, TINY))
    low, high = -1.0, LARGEST_BOUND
    if log_tail(-LARGEST_BOUND) > target:
        return LARGEST_BOUND
    for _ in range(200):
        middle = 0.5 * (low + high)
        value = log_tail(-middle) if middle >= 0.0 else math.log1p(-math.exp(log_tail(middle)))
        if value > target:
            low = middle
        else:
            high = middle
        if high - low < 1e-12:
            break
    return 0.5 * (low + high)


@compiled
def _crossing(points, shares, step, root, target):  # type: ignore[no-untyped-def]
    """The bound of z above which the carried density passes with probability `target`: Newton on its logarithm."""
    low, high = -1.0, LARGEST_BOUND
    at = 2.0
    aim = math.log(target)
    for _ in range(100):
        above = 0.0
        slope = 0.0
        for a in range(len(points)):
            z = (at * root - points[a]) / step
            if z < 38.0:
                above += shares[a] * 0.5 * math.erfc(z / math.sqrt(2.0))
                slope += shares[a] * math.exp(-0.5 * z * z)
        slope *= root / (step * math.sqrt(2.0 * math.pi))
        if not above > TINY:
            high = at
            at = 0.5 * (low + high)
            continue
        miss = math.log(above) - aim
        if miss > 0.0:
            low = at
        else:
            high = at
        following = at + miss * above / slope if slope > 0.0 else 0.5 * (low + high)
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - at) < 1e-11 or high - low < 1e-11:
            return following
        at = following
    return at

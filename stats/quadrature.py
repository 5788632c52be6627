"""Gauss-Legendre nodes on an interval, and the part of a grid that carries likelihood."""

from __future__ import annotations

import numpy as np

from stats.panel import Floats

NEGLIGIBLE = 1e-4


def nodes_on(low: float, high: float, count: int) -> tuple[Floats, Floats]:
    """(count,) nodes and weights of the Gauss-Legendre rule on [low, high].

    Example:
        >>> nodes, weights = nodes_on(0.0, 1.0, 2)
        >>> round(float(weights @ nodes**3), 12)
        0.25
    """
    x, w = np.polynomial.legendre.leggauss(count)
    return low + (x + 1.0) / 2.0 * (high - low), w / 2.0 * (high - low)


def support(marginal: Floats, nodes: Floats, low: float, high: float) -> tuple[float, float]:
    """Ends of the range of nodes with more than NEGLIGIBLE of the largest mass, one node wider on each side."""
    keep = np.flatnonzero(marginal > NEGLIGIBLE * marginal.max())
    padded = np.concatenate([[low], nodes, [high]])
    return float(padded[keep[0]]), float(padded[keep[-1] + 2])

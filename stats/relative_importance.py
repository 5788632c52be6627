"""How much of what is explained each predictor explains: R squared shared out among correlated predictors.

A predictor that comes first in a regression takes what it shares with the others; one that comes last does not. The
measure of Lindeman, Merenda and Gold (LMG) is what a predictor adds to R squared, averaged over all orders: Shapley's
value. It is never negative, and the parts add up to R squared.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from stats.panel import Floats

MOST_PREDICTORS = 20
"""Two to this power subsets are gone through: about a million."""
MOST_AT_ONCE = 12
"""Predictors up to which a whole batch of matrices is decomposed exactly; above, over random orders."""


def lmg(products: Floats) -> Floats:
    """The parts of R squared, exactly, from all subsets of the predictors.

    Args:
        products: (..., P + 1, P + 1) sums of squares and products of the centred predictors and, last, the outcome;
            what is to be adjusted for has been taken out of all of them. Each matrix of full rank.

    Returns:
        (..., P) parts of R squared; their sum is R squared.

    Raises:
        ValueError: No predictor, or more than 20.

    References:
        Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate Analysis, 119.
        Grömping (2006), Relative Importance for Linear Regression in R: The Package relaimpo, J Statistical Software
        17(1).

    Example:
        >>> products = np.array([[10.0, 5.0, 6.0], [5.0, 10.0, 3.0], [6.0, 3.0, 10.0]])
        >>> lmg(products).round(3).tolist()
        [0.315, 0.045]
    """
    scaled, size = _scaled(products)
    explained = subset_r_squared(scaled)
    members = np.zeros(1 << (size - 1), dtype=np.int64)
    for bit in range(size - 1):
        members[1 << bit : 2 << bit] = members[: 1 << bit] + 1
    weights = np.array([1.0 / (size * math.comb(size - 1, count)) for count in range(size)])[members]
    parts = np.empty((*scaled.shape[:-2], size))
    for one in range(size):
        split = explained.reshape(*scaled.shape[:-2], -1, 2, 1 << one)
        added = (split[..., 1, :] - split[..., 0, :]).reshape(*scaled.shape[:-2], -1)
        parts[..., one] = added @ weights
    return parts


def lmg_over_orders(products: Floats, orders: NDArray[np.int64]) -> Floats:
    """The parts of R squared averaged over given orders of the predictors: for many matrices with many predictors.

    Args:
        products: (..., P + 1, P + 1) as for `lmg`.
        orders: (M, P) orders, each a permutation of 0..P-1.

    Returns:
        (..., P) parts of R squared; their sum is R squared whatever the orders.

    References:
        Castro, Gómez & Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers &
        Operations Research 36:1726.

    Example:
        >>> products = np.array([[10.0, 5.0, 6.0], [5.0, 10.0, 3.0], [6.0, 3.0, 10.0]])
        >>> lmg_over_orders(products, np.array([[0, 1], [1, 0]])).round(3).tolist()
        [0.315, 0.045]
    """
    scaled, size = _scaled(products)
    parts = np.zeros((*scaled.shape[:-2], size))
    for order in orders:
        placed = np.append(order, size)
        root = np.linalg.cholesky(scaled[..., placed[:, None], placed])
        parts[..., order] += root[..., -1, :-1] ** 2  # what each adds to the explained sum of squares, in this order
    parts /= len(orders)
    return parts


def balanced_orders(size: int, pairs: int, *, seed: int = 1) -> NDArray[np.int64]:
    """Random orders of predictors, each with its reverse beside it, which halves the noise of an average over them.

    Args:
        size: How many predictors.
        pairs: How many orders are drawn; as many reverses come with them.
        seed: The same seed gives the same orders.

    Returns:
        (2 * pairs, size) orders.

    Example:
        >>> balanced_orders(3, 1).tolist()
        [[0, 1, 2], [2, 1, 0]]
    """
    rng = np.random.default_rng(seed)
    drawn = np.array([rng.permutation(size) for _ in range(pairs)])
    return np.concatenate([drawn, drawn[:, ::-1]])


def subset_r_squared(products: Floats) -> Floats:
    """R squared of every subset of the predictors.

    Predictors are decided on one after the other, in or out, all subsets side by side; a predictor that is in is taken
    out of those that follow (a Schur complement), so that each subset costs only a few operations.

    Args:
        products: (..., P + 1, P + 1) as for `lmg`.

    Returns:
        (..., 2 ** P) R squared; predictor j is in the subsets whose index has bit j.

    Example:
        >>> products = np.array([[10.0, 5.0, 6.0], [5.0, 10.0, 3.0], [6.0, 3.0, 10.0]])
        >>> subset_r_squared(products).round(3).tolist()
        [0.0, 0.36, 0.09, 0.36]
    """
    left = np.asarray(products, dtype=np.float64)[..., None, :, :]
    while left.shape[-1] > 1:
        pivot, row = left[..., :1, :1], left[..., :1, 1:]
        rest = left[..., 1:, 1:]
        left = np.concatenate([rest, rest - np.swapaxes(row, -1, -2) * (row / pivot)], axis=-3)
    whole = left[..., :1, 0, 0]
    found: Floats = 1.0 - left[..., 0, 0] / whole
    return found


def _scaled(products: Floats) -> tuple[Floats, int]:
    """The matrices as correlations, so that large numbers lose no digits; and how many predictors there are."""
    given = np.asarray(products, dtype=np.float64)
    size = given.shape[-1] - 1
    if not 1 <= size <= MOST_PREDICTORS:
        raise ValueError(f"{size} predictors, must be from 1 to {MOST_PREDICTORS}.")
    scale = np.sqrt(np.diagonal(given, axis1=-2, axis2=-1))
    return given / (scale[..., :, None] * scale[..., None, :]), size

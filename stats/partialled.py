"""Taking factors out of columns: what is left when the levels of unit, channel and week have been allowed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stats.panel import Floats

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Partialled:
    """Columns without what a constant and some factors explain of them.

    Attributes:
        columns: (N, C) residuals.
        rank: How many independent terms were taken out, the constant among them.
    """

    columns: Floats
    rank: int


def partialled(columns: Floats, factors: Sequence[Codes]) -> Partialled:
    """Take a constant and the levels of factors out of columns by least squares.

    What is left can be regressed as if the factors were in the regression.

    Args:
        columns: (N, C) numbers.
        factors: Each (N,) codes from 0 on; a code that nobody has does no harm.

    References:
        Frisch & Waugh (1933), Partial Time Regressions as Compared with Individual Trends, Econometrica 1:387;
        Lovell (1963), Seasonal Adjustment of Economic Time Series, J American Statistical Association 58:993.

    Example:
        >>> left = partialled(np.array([[1.0], [3.0], [6.0], [6.0]]), [np.array([0, 0, 1, 1])])
        >>> np.abs(left.columns.ravel()).round(9).tolist(), left.rank
        ([1.0, 1.0, 0.0, 0.0], 2)
    """
    centred = np.asarray(columns, dtype=np.float64)
    centred = centred - centred.mean(axis=0)
    used = [np.unique(codes, return_inverse=True)[1].astype(np.int64) for codes in factors]
    used = [codes for codes in used if codes.size and codes.max() > 0]
    if not used:
        return Partialled(columns=centred, rank=1)
    sizes = [int(codes.max()) + 1 for codes in used]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    products = np.zeros((starts[-1], starts[-1]))
    sums = np.zeros((starts[-1], centred.shape[1]))
    for i, one in enumerate(used):
        here = slice(starts[i], starts[i + 1])
        for j, other in enumerate(used[: i + 1]):
            counts = np.bincount(one * sizes[j] + other, minlength=sizes[i] * sizes[j]).reshape(sizes[i], sizes[j])
            products[here, starts[j] : starts[j + 1]] = counts
            products[starts[j] : starts[j + 1], here] = counts.T
        for column in range(centred.shape[1]):
            sums[here, column] = np.bincount(one, weights=centred[:, column], minlength=sizes[i])
    values, vectors = np.linalg.eigh(products)
    kept = values > values[-1] * 1e-12 * len(values)
    halves = vectors[:, kept] / np.sqrt(values[kept])
    effects = halves @ (halves.T @ sums)
    for i, one in enumerate(used):
        centred = centred - effects[starts[i] : starts[i + 1]][one]
    return Partialled(columns=centred, rank=int(kept.sum()))


def pooled(codes: Codes, *, fewest: int) -> Codes:
    """Codes with rare levels put together as one.

    Example:
        >>> pooled(np.array([4, 4, 4, 7, 9]), fewest=3).tolist()
        [0, 0, 0, 1, 1]
    """
    _, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rare = counts < fewest
    order = np.cumsum(~rare) - 1
    order[rare] = int((~rare).sum())
    found: Codes = order[places].astype(np.int64)
    return found

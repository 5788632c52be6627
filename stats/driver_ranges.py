"""How sure the order of drivers is: resampled people, the importance of each driver in every resample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stats.panel import Floats
from stats.partialled import Codes
from stats.relative_importance import MOST_AT_ONCE, balanced_orders, lmg, lmg_over_orders

MOST_GROUPS = 2000
"""People beyond this are put into so many groups at random, and groups are resampled: the spread stays the same."""
ORDER_PAIRS = 60


@dataclass(frozen=True, eq=False, kw_only=True)
class DriverRanges:
    """What resampling says of each driver.

    Attributes:
        low: (P,) lower end of the range of its part of R squared, moved by the resamples' mean excess, at least 0.
        high: (P,) upper end.
        best: (P,) the better end of the range of its rank, 1 for the most important.
        worst: (P,) the other end.
        first: (P,) share of the resamples in which it comes first; they add up to 1.
    """

    low: Floats
    high: Floats
    best: NDArray[np.int64]
    worst: NDArray[np.int64]
    first: Floats


def driver_ranges(
    columns: Floats, clusters: Codes, importance: Floats, *, resamples: int, level: float, seed: int
) -> DriverRanges:
    """Resample clusters with replacement and work the importance out anew each time.

    A part of R squared is a square, so that it comes out larger in a resample than in the data, by about as much as
    chance adds to it; the range is moved down by that. More than 12 drivers are decomposed over the same 120 random
    orders in every resample, and the difference from the exact value that these orders have in the data is taken off.

    Args:
        columns: (N, P + 1) the predictors and, last, the outcome, adjusted.
        clusters: (N,) whose answer it is, codes from 0 on.
        importance: (P,) the parts of R squared in the data.
        resamples: How many times.
        level: Of the ranges, such as 0.95.
        seed: The same seed gives the same ranges.

    References:
        Davison & Hinkley (1997), Bootstrap Methods and their Application, 3.8 (clusters), 5.2 (bias).
    """
    rng = np.random.default_rng(seed)
    drawn = resampled_products(columns, clusters, resamples=resamples, rng=rng)
    size = columns.shape[1] - 1
    if size <= MOST_AT_ONCE:
        found = np.concatenate([lmg(part) for part in np.array_split(drawn, max(1, resamples // 100))])
    else:
        orders = balanced_orders(size, ORDER_PAIRS, seed=seed)
        missed = importance - lmg_over_orders(columns.T @ columns, orders)
        found = np.maximum(lmg_over_orders(drawn, orders) + missed, 0.0)
    excess = found.mean(axis=0) - importance
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.maximum(np.quantile(found, tails, axis=0) - excess, 0.0)
    ranks = np.argsort(np.argsort(-found, axis=1), axis=1) + 1
    best, worst = np.quantile(ranks, tails, axis=0, method="inverted_cdf").astype(np.int64)
    return DriverRanges(low=low, high=high, best=best, worst=worst, first=(ranks == 1).mean(axis=0))


def resampled_products(columns: Floats, clusters: Codes, *, resamples: int, rng: np.random.Generator) -> Floats:
    """(B, C, C) sums of squares and products of the columns, centred, in each resample of the clusters."""
    with_one = np.column_stack([np.ones(len(columns)), columns])
    groups = int(clusters.max()) + 1
    if groups > MOST_GROUPS:
        clusters = rng.permutation(groups)[clusters] % MOST_GROUPS
        groups = MOST_GROUPS
    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(groups))
    sorted_columns = with_one[order]
    width = with_one.shape[1]
    sums = np.empty((groups, width, width))
    for column in range(width):
        product = sorted_columns * sorted_columns[:, [column]]
        sums[:, column] = np.add.reduceat(product, starts, axis=0)
    weights = rng.multinomial(groups, np.full(groups, 1 / groups), size=resamples).astype(np.float64)
    drawn = (weights @ sums.reshape(groups, -1)).reshape(resamples, width, width)
    means = drawn[:, 0, 1:] / drawn[:, :1, 0]
    centred: Floats = drawn[:, 1:, 1:] - drawn[:, :1, :1] * means[:, :, None] * means[:, None, :]
    return centred

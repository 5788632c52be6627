"""Placements: where the answers of one side stand among those of the other, from counts of each distinct value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.panel import Floats
from stats.permutation import Assignments


@dataclass(frozen=True, kw_only=True)
class Placements:
    """How the pilot's answers stand to the baseline's, for one way or M ways to deal the answers out.

    Attributes:
        effect: (M,) P(pilot > baseline) + P(tie) / 2.
        baseline_variance: (M,) the baseline's part of the effect's variance.
        pilot_variance: (M,) the pilot's part.
    """

    effect: Floats
    baseline_variance: Floats
    pilot_variance: Floats

    def statistics(self) -> Floats:
        """(M,) Brunner and Munzel's statistic, positive when the pilot is higher; infinite when nothing overlaps."""
        variance = self.baseline_variance + self.pilot_variance
        apart = self.effect - 0.5
        overlap = (self.effect > 0.0) & (self.effect < 1.0)
        return np.where(overlap, apart / np.sqrt(np.where(overlap, variance, 1.0)), np.copysign(math.inf, apart))


def placements(baseline_counts: npt.NDArray[np.generic], pilot_counts: npt.NDArray[np.generic]) -> Placements:
    """Placements of counted answers.

    Args:
        baseline_counts: (M, K) answers of each of K distinct values in ascending order; each row sums to n >= 2.
        pilot_counts: (M, K) of the pilot; each row sums to m >= 2.

    Example:
        >>> found = placements(np.array([[3, 2, 1]]), np.array([[1, 1, 4]]))
        >>> round(float(found.effect[0]), 4), round(float(found.statistics()[0]), 4)
        (0.7639, 1.8317)

    References:
        Brunner & Munzel (2000), The nonparametric Behrens-Fisher problem, Biometrical Journal 42:17.
    """
    before, after = baseline_counts.astype(np.float64), pilot_counts.astype(np.float64)
    n, m = float(before[0].sum()), float(after[0].sum())
    # Twice the number of answers below, plus those equal: whole numbers, so that no overlap is a variance of exactly 0.
    under_pilot = 2.0 * np.cumsum(before, axis=1) - before
    over_baseline = 2.0 * m - 2.0 * np.cumsum(after, axis=1) + after
    pairs = (after * under_pilot).sum(axis=1)
    pilot_spread = m * (after * under_pilot**2).sum(axis=1) - pairs**2
    baseline_spread = n * (before * over_baseline**2).sum(axis=1) - pairs**2
    return Placements(
        effect=pairs / (2.0 * n * m),
        baseline_variance=baseline_spread / (4.0 * m * m * n * n * (n - 1.0)),
        pilot_variance=pilot_spread / (4.0 * n * n * m * m * (m - 1.0)),
    )


def dealt_statistics(values: npt.NDArray[np.intp], deals: Assignments) -> Floats:
    """(M,) Brunner and Munzel's statistic of every deal.

    Args:
        values: (N,) index of each answer's value among the K distinct ones, baseline first.
        deals: The ways to deal the N answers out.

    Example:
        >>> from stats.permutation import assignments
        >>> found = dealt_statistics(np.array([0, 1, 1, 2]), assignments(2, 2, resamples=99, seed=1))
        >>> sorted(found.round(3).tolist())
        [-2.121, -2.121, 0.0, 0.0, 2.121, 2.121]
    """
    order = np.argsort(values, kind="stable")
    totals = np.bincount(values)
    starts = np.concatenate([[0], np.cumsum(totals)[:-1]])
    found = []
    for block in deals.blocks():
        pilot = np.add.reduceat(block[:, order], starts, axis=1, dtype=np.int64)
        found.append(placements(totals - pilot, pilot).statistics())
    return np.concatenate(found)

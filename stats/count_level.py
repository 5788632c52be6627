"""The level behind weekly counts, followed week by week for a grid of how fast it drifts and how counts scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from stats.panel import Floats

DISCOUNTS = np.array([0.70, 0.80, 0.88, 0.93, 0.96, 0.98, 0.99, 1.0])
"""How much of what is known of the level a week leaves: 0.9 remembers about ten weeks, 1 all of them."""
DISPERSIONS = np.array([1.0, 1.25, 1.6, 2.0, 2.7, 4.0, 6.0, 10.0, 16.0, 30.0, 60.0])
"""Variance of a count over its mean."""
FIRST_WEEKS = 8
"""Weeks that give the first idea of the level and judge nothing."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Coming:
    """Counts to come: (G, H + 1) means and variances for each grid point; the last column is the total."""

    means: Floats
    variances: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Level:
    """The level after each week, for G grid points.

    Attributes:
        shape: (K, G) shape of the level's gamma distribution after FIRST_WEEKS, one more, ... weeks.
        rate: (K, G) its rate.
        log_likelihood: (K, G) of the weeks after the first ones, each foretold from those before it.
        discount: (G,).
        dispersion: (G,).
    """

    shape: Floats
    rate: Floats
    log_likelihood: Floats
    discount: Floats
    dispersion: Floats

    def place(self, known: int) -> int:
        """The row that stands after `known` weeks."""
        return known - FIRST_WEEKS

    def mean(self, known: int) -> Floats:
        """(G,) mean level after `known` weeks."""
        found: Floats = self.shape[self.place(known)] / self.rate[self.place(known)]
        return found

    def coming(self, known: int, factors: Floats) -> Coming:
        """The counts after `known` weeks; what is not known of the level they have in common.

        Args:
            known: How many weeks are known.
            factors: (H,) of the season, by which the level is multiplied.
        """
        shape, rate = self.shape[self.place(known)], self.rate[self.place(known)]
        steps = np.arange(1, len(factors) + 1)
        means = (shape / rate)[:, None] * factors
        unknown = (shape / rate**2)[:, None] / self.discount[:, None] ** steps
        scatter = self.dispersion[:, None] * means
        later = np.minimum.outer(steps, steps) - 1
        common = (unknown[:, later] * np.multiply.outer(factors, factors)).sum(axis=(1, 2))
        return Coming(
            means=np.column_stack([means, means.sum(axis=1)]),
            variances=np.column_stack([scatter + unknown * factors**2, scatter.sum(axis=1) + common]),
        )


def follow_level(counts: Floats, factors: Floats) -> Level:
    """Follow the level through weekly counts.

    A count with dispersion D tells as much as a Poisson count of one D-th of the exposure.

    Args:
        counts: (T,) counts, T of at least 8.
        factors: (T,) of the season, by which the level is multiplied.

    References:
        Harvey & Fernandes (1989), J Business & Economic Statistics 7:407.

    Example:
        >>> level = follow_level(np.array([4.0] * 20), np.ones(20))
        >>> steady = (level.discount == 1.0) & (level.dispersion == 1.0)
        >>> level.mean(20)[steady].round(2).tolist()
        [4.03]
    """
    discount, dispersion = (grid.ravel() for grid in np.meshgrid(DISCOUNTS, DISPERSIONS, indexing="ij"))
    shape = 0.5 + counts[:FIRST_WEEKS].sum() / dispersion
    rate = factors[:FIRST_WEEKS].sum() / dispersion
    log = np.zeros_like(shape)
    shapes, rates, logs = [shape], [rate], [log]
    for count, factor in zip(counts[FIRST_WEEKS:], factors[FIRST_WEEKS:], strict=True):
        shape, rate = discount * shape, discount * rate
        mean = shape / rate * factor
        excess = (dispersion - 1.0) * mean + shape * (factor / rate) ** 2
        size = mean**2 / excess
        log = log + (
            scipy.special.gammaln(size + count) - scipy.special.gammaln(size) - scipy.special.gammaln(count + 1.0)
            + size * np.log(size / (size + mean)) + count * np.log(mean / (size + mean))
        )  # fmt: skip
        shape, rate = shape + count / dispersion, rate + factor / dispersion
        shapes.append(shape)
        rates.append(rate)
        logs.append(log)
    return Level(
        shape=np.array(shapes), rate=np.array(rates), log_likelihood=np.array(logs),
        discount=discount, dispersion=dispersion,
    )  # fmt: skip

"""Permutation tests: how often would the answers, dealt out anew, differ as much as they do?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stats.panel import Floats

Booleans = npt.NDArray[np.bool_]

CELLS = 4_000_000
"""Answers dealt out at a time: about as many bytes, and eight times as many while they are summed."""
CLOSE = 1e-9
"""Statistics nearer to each other than this, relatively, are the same: rounding depends on the order of a sum."""


@dataclass(frozen=True, kw_only=True)
class Assignments:
    """The ways to deal N answers out to the two sides, all of them or a sample.

    Attributes:
        baseline_n: Answers of the baseline.
        pilot_n: Answers of the pilot.
        count: How many ways there are in `blocks`.
        exact: Whether those are all; the actual one is then among them.
        seed: Of the sample.
    """

    baseline_n: int
    pilot_n: int
    count: int
    exact: bool
    seed: int

    def blocks(self) -> Iterator[Booleans]:
        """Arrays of shape (some, N), True where an answer goes to the pilot; the same in every call."""
        answers = self.baseline_n + self.pilot_n
        if answers * self.count <= CELLS:
            yield _dealt_once(self.baseline_n, self.pilot_n, self.count, self.exact, self.seed)
            return
        yield from _deal(self.baseline_n, self.pilot_n, self.count, self.exact, self.seed)


def assignments(baseline_n: int, pilot_n: int, *, resamples: int, seed: int) -> Assignments:
    """All ways to deal the answers out when there are at most `resamples`, otherwise a sample of `resamples`.

    Example:
        >>> assignments(5, 5, resamples=9_999, seed=1).count
        252
        >>> assignments(9, 9, resamples=9_999, seed=1).exact
        False
    """
    ways = math.comb(baseline_n + pilot_n, pilot_n)
    exact = ways <= resamples
    return Assignments(
        baseline_n=baseline_n, pilot_n=pilot_n, count=ways if exact else resamples, exact=exact, seed=seed
    )


@dataclass(frozen=True, kw_only=True)
class Tails:
    """Where an observed statistic stands among those of the answers dealt out anew.

    Attributes:
        lower: Share of statistics that are at most the observed one, above 0.
        upper: Share that are at least it, above 0.
    """

    lower: float
    upper: float

    @property
    def two_sided(self) -> float:
        """Two-sided p-value: twice the smaller tail, at most 1."""
        return min(1.0, 2.0 * min(self.lower, self.upper))


def tails(observed: float, permuted: Floats, *, exact: bool) -> Tails:
    """Count the statistics on either side of the observed one; those that equal it count on both.

    A sample counts the observed one in, so that no tail is 0.

    Args:
        observed: The statistic of the answers as they are; may be infinite.
        permuted: (M,) statistics of the answers dealt out anew.
        exact: Whether those are all.

    Example:
        >>> tails(2.0, np.array([-1.0, 0.0, 1.0, 2.0]), exact=True).two_sided
        0.5

    References:
        Phipson & Smyth (2010), Permutation p-values should never be zero, Statistical Applications in Genetics and
        Molecular Biology 9:39.
    """
    slack = CLOSE * max(abs(observed), 1e-3) if math.isfinite(observed) else 0.0
    lower, upper = int((permuted <= observed + slack).sum()), int((permuted >= observed - slack).sum())
    counted_in = 0 if exact else 1
    ways = len(permuted) + counted_in
    return Tails(lower=(lower + counted_in) / ways, upper=(upper + counted_in) / ways)


@lru_cache(maxsize=8)
def _dealt_once(baseline_n: int, pilot_n: int, count: int, exact: bool, seed: int) -> Booleans:
    """The deals of a small problem in one array, kept because pilots of one size come one after another."""
    dealt = np.concatenate(list(_deal(baseline_n, pilot_n, count, exact, seed)))
    dealt.flags.writeable = False
    return dealt


def _deal(baseline_n: int, pilot_n: int, count: int, exact: bool, seed: int) -> Iterator[Booleans]:
    answers = baseline_n + pilot_n
    rows = max(CELLS // answers, 1)
    if exact:
        chosen = itertools.combinations(range(answers), pilot_n)
        while block := list(itertools.islice(chosen, rows)):
            dealt = np.zeros((len(block), answers), dtype=np.bool_)
            np.put_along_axis(dealt, np.array(block), True, axis=1)
            yield dealt
        return
    random = np.random.default_rng(seed)
    actual = np.arange(answers) >= baseline_n
    for start in range(0, count, rows):
        yield random.permuted(np.tile(actual, (min(rows, count - start), 1)), axis=1)

"""The studentised permutation test of a difference of means, and the interval of all shifts that it does not refuse."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stats.effect import Interval
from stats.panel import Floats
from stats.permutation import Assignments, Tails, tails

DOUBLINGS, CLOSE_ENOUGH = 14, 1e-6


@dataclass(frozen=True, kw_only=True)
class DealtSums:
    """Sums over the answers dealt to the pilot, from which Welch's t follows for any supposed shift.

    With the supposed shift d taken off the actual pilot's answers, an answer is u - d g, where g is 1 for those. Its
    sums and squares are therefore polynomials in d.

    Attributes:
        n: Answers of the baseline.
        m: Answers of the pilot.
        values: (M,) sums of u, whose overall mean is 0.
        squares: (M,) sums of u squared.
        actual: (M,) how many are actual pilot answers.
        cross: (M,) sums of g u.
        totals: The same four sums over all answers.
    """

    n: int
    m: int
    values: Floats
    squares: Floats
    actual: Floats
    cross: Floats
    totals: Floats

    def statistics(self, shift: float) -> Floats:
        """(M,) Welch's t of every deal; infinite where both sides are then without spread but apart."""
        pilot = self.values - shift * self.actual
        pilot_squares = self.squares - shift * (2.0 * self.cross - shift * self.actual)
        value, square, actual, cross = self.totals
        everything = value - shift * actual
        rest = everything - pilot
        rest_squares = square - shift * (2.0 * cross - shift * actual) - pilot_squares
        n, m = self.n, self.m
        spread = np.maximum(pilot_squares - pilot * pilot / m, 0.0) / (m * (m - 1))
        spread += np.maximum(rest_squares - rest * rest / n, 0.0) / (n * (n - 1))
        distance = pilot / m - rest / n
        with np.errstate(divide="ignore", invalid="ignore"):
            found = distance / np.sqrt(spread)
        # Rounding leaves a spread of some 1e-16 of the squares where there is none.
        rounding = 1e-13 * (float(square) + shift * shift * m) / (n * m)
        flat, apart = spread <= rounding, distance * distance > rounding
        return np.where(flat, np.where(apart, np.copysign(np.inf, distance), 0.0), found)


@dataclass(frozen=True, kw_only=True)
class MeanPermutation:
    """The studentised permutation test of two means.

    Attributes:
        sums: What the deals add up to, with the answers divided by `scale`.
        scale: The unit of `sums`, in the metric's unit.
        effect: Difference of means, divided by `scale`.
        standard_error: Welch's, divided by `scale`; above 0.
        exact: Whether the deals are all there are.
    """

    sums: DealtSums
    scale: float
    effect: float
    standard_error: float
    exact: bool

    def p_value(self, shift: float = 0.0) -> float:
        """Two-sided p-value of a true difference of `shift`, in the metric's unit."""
        return self._tails(shift / self.scale).two_sided

    def interval(self, confidence_level: float) -> Interval:
        """All shifts that are not refused; infinite ends where there are too few answers to refuse any."""
        tail = (1.0 - confidence_level) / 2.0 * (1.0 + 1e-9)  # 1 - 0.8 is a little less than 0.2
        return Interval(low=self.scale * self._edge(-1.0, tail), high=self.scale * self._edge(1.0, tail))

    def _tails(self, shift: float) -> Tails:
        observed = (self.effect - shift) / self.standard_error
        permuted = self.sums.statistics(shift)
        permuted[self.sums.actual == self.sums.m] = observed  # the actual deal, whatever a huge shift did to its digits
        return tails(observed, permuted, exact=self.exact)

    def _edge(self, side: float, tail: float) -> float:
        """Where the tail on one side of the estimate falls to `tail`: doubled until it has, then halved."""

        def refused(errors: float) -> bool:
            """Whether a shift this many standard errors from the estimate is refused."""
            found = self._tails(self.effect + side * errors * self.standard_error)
            return (found.lower if side > 0.0 else found.upper) <= tail

        inside, outside = 0.0, 2.0
        for _ in range(DOUBLINGS):
            if refused(outside):
                break
            inside, outside = outside, 2.0 * outside
        else:
            return side * math.inf
        while outside - inside > CLOSE_ENOUGH * outside:
            middle = (inside + outside) / 2.0
            inside, outside = (inside, middle) if refused(middle) else (middle, outside)
        return self.effect + side * outside * self.standard_error


def mean_permutation(baseline: Floats, pilot: Floats, deals: Assignments) -> MeanPermutation:
    """Prepare the test.

    Args:
        baseline: (n,) values before, n >= 2.
        pilot: (m,) values in the pilot, m >= 2; the two sides do not both lack spread.
        deals: How the n + m values, baseline first, are dealt out.

    Example:
        >>> from stats.permutation import assignments
        >>> before, after = np.array([3.0, 4.0, 4.5, 6.0]), np.array([5.5, 7.0, 7.5, 9.0])
        >>> test = mean_permutation(before, after, assignments(4, 4, resamples=9_999, seed=1))
        >>> round(test.p_value(), 4)
        0.0571

    References:
        Janssen (1997), Studentized permutation tests for non-i.i.d. hypotheses and the generalized Behrens-Fisher
        problem, Statistics & Probability Letters 36:9. Chung & Romano (2013), Exact and asymptotically robust
        permutation tests, Annals of Statistics 41:484.
    """
    n, m = len(baseline), len(pilot)
    joined = np.concatenate([baseline - baseline[0], pilot - baseline[0]])
    joined -= joined.mean()
    scale = float(np.abs(joined).max())
    joined /= scale
    actual = np.arange(n + m) >= n
    columns = np.stack([joined, joined * joined, actual, actual * joined], axis=1)
    sums = np.concatenate([block @ columns for block in deals.blocks()])
    before, after = joined[:n], joined[n:]
    return MeanPermutation(
        sums=DealtSums(
            n=n, m=m, values=sums[:, 0], squares=sums[:, 1], actual=sums[:, 2], cross=sums[:, 3],
            totals=columns.sum(axis=0),
        ),
        scale=scale,
        effect=float(after.mean() - before.mean()),
        standard_error=math.sqrt(before.var(ddof=1) / n + after.var(ddof=1) / m),
        exact=deals.exact,
    )  # fmt: skip

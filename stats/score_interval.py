"""The score test of a difference of two shares, and the interval of all differences that it does not refuse."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stats.effect import Interval

STEPS = 60
HALVINGS = 80


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Two counted shares.

    Attributes:
        baseline_count: Successes before.
        baseline_total: Answers before, at least 1.
        pilot_count: Successes in the pilot.
        pilot_total: Answers in the pilot, at least 1.
    """

    baseline_count: int
    baseline_total: int
    pilot_count: int
    pilot_total: int

    @property
    def difference(self) -> float:
        """Pilot share minus baseline share."""
        return self.pilot_count / self.pilot_total - self.baseline_count / self.baseline_total


def score(shares: Shares, difference: float) -> float:
    """Standardised distance of what was counted from a supposed difference; falls as the difference rises.

    Args:
        shares: What was counted.
        difference: Supposed pilot share minus baseline share, within [-1, 1].

    Returns:
        A standard normal deviate; infinite where the difference is impossible, NaN where nothing can tell them apart.

    Example:
        >>> round(score(Shares(baseline_count=48, baseline_total=80, pilot_count=56, pilot_total=70), 0.0), 4)
        2.6413
    """
    distance = shares.difference - difference
    variance = score_variance(shares, difference)
    if variance > 0.0:
        return distance / math.sqrt(variance)
    return math.copysign(math.inf, distance) if distance != 0.0 else math.nan


def score_variance(shares: Shares, difference: float) -> float:
    """Variance of the difference of shares at the likeliest shares that differ by `difference`, times N / (N - 1).

    Args:
        shares: What was counted.
        difference: Supposed pilot share minus baseline share, within [-1, 1].

    Example:
        >>> equal = Shares(baseline_count=2, baseline_total=5, pilot_count=3, pilot_total=5)
        >>> round(score_variance(equal, 0.0), 6)  # (1/4 / 5 + 1/4 / 5) * 10 / 9
        0.111111

    References:
        Miettinen & Nurminen (1985), Comparative analysis of two rates, Statistics in Medicine 4:213.
    """
    lower, m = shares.baseline_count, shares.baseline_total
    upper, n = shares.pilot_count, shares.pilot_total
    if difference < 0.0:
        lower, m, upper, n = upper, n, lower, m
    gap = abs(difference)
    # The share nearer to its end of [0, 1] is solved for, so that it keeps its digits when it is tiny.
    if 2 * (lower + upper) <= m + n:
        share = _likeliest_lower(lower, m, upper, n, gap)
        room = max(1.0 - gap - share, 0.0)
    else:
        room = _likeliest_lower(n - upper, n, m - lower, m, gap)
        share = max(1.0 - gap - room, 0.0)
    spread = share * (gap + room) / m + (share + gap) * room / n
    return spread * (m + n) / (m + n - 1)


def score_interval(shares: Shares, deviate: float) -> Interval:
    """Every difference whose score is within a normal deviate.

    Found by halving, which needs neither a good start nor a smooth score: shares of 0 and 1 are no special cases.

    Args:
        shares: What was counted.
        deviate: Normal deviate, 1.96 for 95 %.

    Example:
        >>> found = score_interval(Shares(baseline_count=0, baseline_total=20, pilot_count=10, pilot_total=10), 1.96)
        >>> round(found.low, 4), found.high
        (0.7156, 1.0)
    """
    return Interval(low=_edge(shares, -1.0, deviate), high=_edge(shares, 1.0, deviate))


def _likeliest_lower(lower: int, m: int, upper: int, n: int, gap: float) -> float:
    """Maximum-likelihood share behind `lower` of m when the share behind `upper` of n is `gap` >= 0 above it.

    The derivative of the log-likelihood has the sign of a cubic with one root among the possible shares: Newton's
    steps, halving wherever one would leave the bracket.
    """
    total = m + n
    square = (n + 2 * m) * gap - total - (lower + upper)
    linear = (m * gap - total - 2 * lower) * gap + lower + upper
    constant = lower * gap * (1.0 - gap)
    least, most = 0.0, 1.0 - gap
    share = min(max((lower + upper) / total - gap * n / total, least), most)
    for _ in range(STEPS):
        value = ((total * share + square) * share + linear) * share + constant
        if value > 0.0:
            least = share
        elif value < 0.0:
            most = share
        else:
            break
        slope = (3.0 * total * share + 2.0 * square) * share + linear
        following = share - value / slope if slope < 0.0 else -1.0
        if not least < following < most:
            following = (least + most) / 2.0
        if following == share:
            break
        share = following
    return share


def _edge(shares: Shares, outside: float, deviate: float) -> float:
    """Where the score reaches the deviate on the way from the counted difference to -1 or 1."""
    inside = shares.difference
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2.0
        if middle in (inside, outside):
            break
        if abs(score(shares, middle)) > deviate:
            outside = middle
        else:
            inside = middle
    return outside

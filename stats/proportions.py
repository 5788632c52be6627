"""Two shares, before and in the pilot: their difference with an interval, and an exact test."""

from __future__ import annotations

import math
from typing import Literal, overload

import scipy.special
import scipy.stats

from stats.arguments import choice, probability, whole
from stats.effect import EffectEstimate, Interval, TestedEffect
from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.score_interval import Shares, score, score_interval

METHODS = ("newcombe", "miettinen-nurminen")
MOST_TABLES = 250_000
"""Boschloo's test looks through every table with these totals, several times: this many take a second or two."""


@overload
def difference_in_proportions(
    baseline_count: int, baseline_total: int, pilot_count: int, pilot_total: int,
    *, confidence_level: float = 0.95, method: Literal["newcombe"] = "newcombe",
) -> EffectEstimate: ...  # fmt: skip
@overload
def difference_in_proportions(
    baseline_count: int, baseline_total: int, pilot_count: int, pilot_total: int,
    *, confidence_level: float = 0.95, method: Literal["miettinen-nurminen"],
) -> TestedEffect: ...  # fmt: skip
def difference_in_proportions(
    baseline_count: int,
    baseline_total: int,
    pilot_count: int,
    pilot_total: int,
    *,
    confidence_level: float = 0.95,
    method: Literal["newcombe", "miettinen-nurminen"] = "newcombe",
) -> EffectEstimate:
    """Difference of two independent shares, pilot minus baseline, between -1 and 1.

    Args:
        baseline_count: Successes before.
        baseline_total: Answers before.
        pilot_count: Successes in the pilot.
        pilot_total: Answers in the pilot.
        confidence_level: Of the interval.
        method: "newcombe" joins the two Wilson intervals (method 10 of the paper). "miettinen-nurminen" keeps every
            difference that the score test does not refuse, and returns that test too.

    Returns:
        The estimate; for "miettinen-nurminen" a TestedEffect with the score test of no difference (a normal deviate).
        It has no standard error (NaN): the interval is not symmetric. Where every answer, before and in the pilot,
        is the same, the interval is still right, but nothing can be tested: `statistic` and `p_value` are NaN.

    Raises:
        ValueError: A total below 1, a count outside 0 to its total, or a confidence level outside (0, 1).

    Notes:
        Coverage of 95 % intervals (`python -m benchmarks coverage`, sides of the same size): for shares from .1 to .8
        both are within 93 to 97 % from 40 answers a side on, "miettinen-nurminen" from 20. With fewer answers, and
        near 0 and 1, few different samples are possible and both hold more often than they say: 97 to 99.9 % with
        shares of .1, 99 to 100 % with .95 on both sides (up to 40 and 20 answers). The lowest figures are 92.8 %
        ("newcombe", .5 and .5, 8 answers) and 93.6 % ("miettinen-nurminen", the same shares, 12 answers).

    Example:
        >>> result = difference_in_proportions(48, 80, 56, 70)
        >>> round(result.effect, 4), round(result.interval.low, 4), round(result.interval.high, 4)
        (0.2, 0.0524, 0.3339)
        >>> score = difference_in_proportions(48, 80, 56, 70, method="miettinen-nurminen")
        >>> round(score.interval.low, 4), round(score.interval.high, 4), round(score.p_value, 4)
        (0.0528, 0.3382, 0.0083)

    References:
        Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in
        Medicine 17:873. Miettinen & Nurminen (1985), Comparative analysis of two rates, Statistics in Medicine 4:213.
    """
    choice("method", method, METHODS)
    shares = _shares(baseline_count, baseline_total, pilot_count, pilot_total)
    deviate = _deviate(confidence_level)
    if method == "newcombe":
        return EffectEstimate(
            effect=shares.difference,
            standard_error=math.nan,
            interval=_newcombe(shares, deviate),
            method="newcombe",
        )
    statistic = score(shares, 0.0) if 0 < shares.baseline_count + shares.pilot_count < _answers(shares) else math.nan
    return TestedEffect(
        effect=shares.difference,
        standard_error=math.nan,
        interval=score_interval(shares, deviate),
        method="miettinen_nurminen",
        statistic=statistic,
        df=math.inf,
        p_value=2.0 * float(scipy.special.ndtr(-abs(statistic))),
    )


def boschloo_test(
    baseline_count: int,
    baseline_total: int,
    pilot_count: int,
    pilot_total: int,
    *,
    confidence_level: float = 0.95,
) -> TestedEffect:
    """Exact test of equal shares: Fisher's p-value as a statistic, its distribution at the worst common share.

    Never less powerful than Fisher's test, because only the two totals are taken as fixed.

    Args:
        baseline_count: Successes before.
        baseline_total: Answers before.
        pilot_count: Successes in the pilot.
        pilot_total: Answers in the pilot.
        confidence_level: Of the interval.

    Returns:
        The difference of shares, pilot minus baseline, with its Miettinen-Nurminen interval. `statistic` is the
        smaller one-sided Fisher p-value; `p_value` is twice the smaller one-sided Boschloo p-value, at most 1. The
        interval is not the test turned round: near the border of significance the two may disagree.

    Raises:
        ValueError: A total below 1, a count outside 0 to its total, totals beyond 250,000 possible tables, or a
            confidence level outside (0, 1).
        CannotEstimateError: Every answer is the same, so that there is nothing to test.

    Example:
        >>> result = boschloo_test(2, 15, 9, 14)
        >>> round(result.effect, 4), round(result.p_value, 5)
        (0.5095, 0.00573)

    References:
        Boschloo (1970), Raised conditional level of significance for the 2x2-table when testing the equality of two
        probabilities, Statistica Neerlandica 24:1. Fagerland, Lydersen & Laake (2015), Recommended tests and
        confidence intervals for paired and independent binomial proportions, Statistics in Medicine 34:2850.
    """
    shares = _shares(baseline_count, baseline_total, pilot_count, pilot_total)
    deviate = _deviate(confidence_level)
    tables = (shares.baseline_total + 1) * (shares.pilot_total + 1)
    if tables > MOST_TABLES:
        raise ValueError(
            f"baseline_total == {baseline_total} and pilot_total == {pilot_total} make {tables} tables, "
            f"must be at most {MOST_TABLES}; use difference_in_proportions with method='miettinen-nurminen'."
        )
    if not 0 < shares.baseline_count + shares.pilot_count < _answers(shares):
        raise CannotEstimateError(N_("Every value is the same; nothing can be estimated from them."))
    result = scipy.stats.boschloo_exact(
        [
            [shares.pilot_count, shares.baseline_count],
            [shares.pilot_total - shares.pilot_count, shares.baseline_total - shares.baseline_count],
        ]
    )
    return TestedEffect(
        effect=shares.difference,
        standard_error=math.nan,
        interval=score_interval(shares, deviate),
        method="boschloo",
        statistic=float(result.statistic),
        df=math.nan,
        p_value=min(float(result.pvalue), 1.0),
    )


def _shares(baseline_count: int, baseline_total: int, pilot_count: int, pilot_total: int) -> Shares:
    before = whole("baseline_total", baseline_total, least=1)
    after = whole("pilot_total", pilot_total, least=1)
    return Shares(
        baseline_count=whole("baseline_count", baseline_count, most=before),
        baseline_total=before,
        pilot_count=whole("pilot_count", pilot_count, most=after),
        pilot_total=after,
    )


def _answers(shares: Shares) -> int:
    return shares.baseline_total + shares.pilot_total


def _deviate(confidence_level: float) -> float:
    return float(-scipy.special.ndtri((1.0 - probability("confidence_level", confidence_level)) / 2.0))


def _newcombe(shares: Shares, deviate: float) -> Interval:
    before = shares.baseline_count / shares.baseline_total
    after = shares.pilot_count / shares.pilot_total
    lower = wilson_interval(shares.baseline_count, shares.baseline_total, deviate)
    upper = wilson_interval(shares.pilot_count, shares.pilot_total, deviate)
    return Interval(
        low=max(after - before - math.hypot(after - upper.low, lower.high - before), -1.0),
        high=min(after - before + math.hypot(upper.high - after, before - lower.low), 1.0),
    )


def wilson_interval(count: float, total: float, deviate: float) -> Interval:
    """Score interval of one share.

    Args:
        count: Successes.
        total: Answers, above 0.
        deviate: Normal deviate, 1.96 for 95 %.

    Example:
        >>> found = wilson_interval(11, 32, 1.959964)
        >>> round(found.low, 4), round(found.high, 4)
        (0.2041, 0.5169)

    References:
        Wilson (1927), Journal of the American Statistical Association 22:209.
    """
    square = deviate * deviate
    reach = deviate * math.sqrt(square + 4.0 * count * (total - count) / total)
    share = count / total
    low = (2.0 * count + square - reach) / (2.0 * (total + square))
    high = (2.0 * count + square + reach) / (2.0 * (total + square))
    return Interval(low=min(max(low, 0.0), share), high=max(min(high, 1.0), share))

"""Differences of two shares, and Boschloo's test."""

from __future__ import annotations

import math

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.proportions import boschloo_test, difference_in_proportions
from stats.score_interval import Shares, score, score_variance

# Newcombe (1998), table II, examples (a) to (h): methods 10 and 6 (Miettinen-Nurminen), printed there as group 1
# minus group 2; group 2 is the baseline here. Recomputed in R 4.2.2 without closed forms:
#
#   wil  <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int
#   newc <- function(x1, n1, x2, n2) { w1 <- wil(x1, n1); w2 <- wil(x2, n2); p1 <- x1/n1; p2 <- x2/n2
#     p2 - p1 + c(-sqrt((p2-w2[1])^2 + (w1[2]-p1)^2), sqrt((w2[2]-p2)^2 + (p1-w1[1])^2)) }
#   ll <- function(p, d, x1, n1, x2, n2)
#     dbinom(x1, n1, p, log = TRUE) + dbinom(x2, n2, min(max(p + d, 0), 1), log = TRUE)
#   z <- function(d, x1, n1, x2, n2) { lo <- max(0, -d); hi <- min(1, 1 - d); N <- n1 + n2
#     g <- function(p) max(ll(p, d, x1, n1, x2, n2), -1e9)
#     p <- if (hi - lo < 1e-12) lo else optimize(g, c(lo, hi), maximum = TRUE, tol = 1e-13)$maximum
#     for (e in c(lo, hi)) if (g(e) >= g(p)) p <- e
#     q <- p + d; v <- max((p*(1-p)/n1 + q*(1-q)/n2) * N/(N-1), 1e-30); (x2/n2 - x1/n1 - d) / sqrt(v) }
#   and uniroot of z = +-qnorm(.975) on both sides of the difference.
#
#   48 80 56 70 | 0.0524 0.3339 | 0.0528 0.3382
#   3 10 9 10   | 0.1705 0.8090 | 0.1700 0.8406
#   2 7 6 7     | 0.0582 0.8062 | 0.0342 0.8534
#   0 29 5 56   | -0.0381 0.1926 | -0.0326 0.1933
#   0 20 0 10   | -0.1611 0.2775 | -0.1658 0.2844
#   0 10 0 10   | -0.2775 0.2775 | -0.2879 0.2879
#   0 20 10 10  | 0.6791 1.0000 | 0.7156 1.0000
#   0 10 10 10  | 0.6075 1.0000 | 0.6636 1.0000
#   1 1 0 1     | -1.0000 0.1221 | -1.0000 0.5869
PUBLISHED = [
    (48, 80, 56, 70, (0.0524, 0.3339), (0.0528, 0.3382)),
    (3, 10, 9, 10, (0.1705, 0.8090), (0.1700, 0.8406)),
    (2, 7, 6, 7, (0.0582, 0.8062), (0.0342, 0.8534)),
    (0, 29, 5, 56, (-0.0381, 0.1926), (-0.0326, 0.1933)),
    (0, 20, 0, 10, (-0.1611, 0.2775), (-0.1658, 0.2844)),
    (0, 10, 0, 10, (-0.2775, 0.2775), (-0.2879, 0.2879)),
    (0, 20, 10, 10, (0.6791, 1.0), (0.7156, 1.0)),
    (0, 10, 10, 10, (0.6075, 1.0), (0.6636, 1.0)),
    (1, 1, 0, 1, (-1.0, 0.1221), (-1.0, 0.5869)),
]


@pytest.mark.parametrize(("x", "n", "y", "m", "newcombe", "score_limits"), PUBLISHED)
def test_intervals_are_the_published_ones(
    x: int, n: int, y: int, m: int, newcombe: tuple[float, float], score_limits: tuple[float, float]
) -> None:
    first = difference_in_proportions(x, n, y, m)
    second = difference_in_proportions(x, n, y, m, method="miettinen-nurminen")
    assert (first.interval.low, first.interval.high) == pytest.approx(newcombe, abs=5e-5)
    assert (second.interval.low, second.interval.high) == pytest.approx(score_limits, abs=5e-5)
    assert first.effect == second.effect == pytest.approx(y / m - x / n)
    assert math.isnan(first.standard_error)


def test_score_test_of_no_difference() -> None:
    # R, with z from above: z(0, 48, 80, 56, 70); 2 * pnorm(-z(0, 48, 80, 56, 70))
    # [1] 2.6413233 0.0082582879
    result = difference_in_proportions(48, 80, 56, 70, method="miettinen-nurminen")
    assert result.statistic == pytest.approx(2.6413233, abs=1e-6)
    assert result.p_value == pytest.approx(0.0082582879, abs=1e-8)
    assert math.isinf(result.df)


@pytest.mark.parametrize(
    ("x", "n", "y", "m", "p_value"),
    [(2, 15, 9, 14, 0.0057296435), (1, 6, 5, 7, 0.067656743), (0, 8, 3, 9, 0.14899181)],
)
def test_boschloo(x: int, n: int, y: int, m: int, p_value: float) -> None:
    # R, over every table and a fine grid of common shares:
    #   bos <- function(x1, n1, x2, n2) { g <- expand.grid(i = 0:n1, j = 0:n2); out <- c()
    #     for (alt in c("less", "greater")) {
    #       F <- mapply(function(i, j) fisher.test(matrix(c(j, n2-j, i, n1-i), 2), alternative = alt)$p.value, g$i, g$j)
    #       R <- F <= F[g$i == x1 & g$j == x2] * (1 + 1e-9)
    #       P <- function(p) sum((dbinom(g$i, n1, p) * dbinom(g$j, n2, p))[R])
    #       s <- seq(.001, .999, .001); b <- s[which.max(sapply(s, P))]
    #       out <- c(out, optimize(P, c(b - .001, b + .001), maximum = TRUE, tol = 1e-10)$objective) }
    #     min(1, 2 * min(out)) }
    #   bos(2, 15, 9, 14); bos(1, 6, 5, 7); bos(0, 8, 3, 9)
    # [1] 0.0057296435 0.067656743 0.14899181
    result = boschloo_test(x, n, y, m)
    assert result.p_value == pytest.approx(p_value, rel=1e-6)
    assert result.effect == pytest.approx(y / m - x / n)
    assert result.interval == difference_in_proportions(x, n, y, m, method="miettinen-nurminen").interval
    assert result.statistic < scipy.stats.fisher_exact([[x, y], [n - x, m - y]]).pvalue


def test_the_test_does_not_depend_on_which_side_is_which() -> None:
    assert boschloo_test(9, 14, 2, 15).p_value == pytest.approx(boschloo_test(2, 15, 9, 14).p_value)


@st.composite
def shares(draw: st.DrawFn, most: int = 60) -> tuple[int, int, int, int]:
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n)), n, draw(st.integers(0, m)), m


@given(shares(), st.sampled_from(["newcombe", "miettinen-nurminen"]))
@settings(max_examples=80, deadline=None)
def test_an_interval_holds_the_effect_and_turns_with_it(counts: tuple[int, int, int, int], method: str) -> None:
    x, n, y, m = counts
    found = difference_in_proportions(x, n, y, m, method=method)  # type: ignore[call-overload]
    assert -1.0 <= found.interval.low <= found.effect <= found.interval.high <= 1.0
    assert found.interval.low < found.interval.high
    swapped = difference_in_proportions(y, m, x, n, method=method)  # type: ignore[call-overload]
    failures = difference_in_proportions(n - x, n, m - y, m, method=method)  # type: ignore[call-overload]
    for turned in (swapped, failures):
        assert turned.effect == pytest.approx(-found.effect)
        assert turned.interval.low == pytest.approx(-found.interval.high, abs=1e-9)
        assert turned.interval.high == pytest.approx(-found.interval.low, abs=1e-9)


@given(shares(), st.floats(0.5, 0.999))
@settings(max_examples=60, deadline=None)
def test_the_score_interval_is_the_score_test_turned_round(counts: tuple[int, int, int, int], level: float) -> None:
    x, n, y, m = counts
    found = difference_in_proportions(x, n, y, m, confidence_level=level, method="miettinen-nurminen")
    counted = Shares(baseline_count=x, baseline_total=n, pilot_count=y, pilot_total=m)
    deviate = -scipy.stats.norm.ppf((1 - level) / 2)
    for limit, end in ((found.interval.low, -1.0), (found.interval.high, 1.0)):
        if limit != end:
            assert abs(score(counted, limit)) == pytest.approx(deviate, rel=1e-6)
    if not math.isnan(found.p_value):
        assert (found.p_value < 1 - level) == (not found.interval.low <= 0.0 <= found.interval.high)


@given(shares(most=100_000), st.floats(-0.999, 0.999))
@settings(max_examples=100, deadline=None)
def test_the_constrained_shares_are_the_likeliest(counts: tuple[int, int, int, int], difference: float) -> None:
    """The variance agrees with shares found by halving on the slope of the log-likelihood."""
    x, n, y, m = counts
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)

    def rising(p: float) -> bool:
        slope = 0.0
        for count, total, share in ((x, n, p), (y, m, p + difference)):
            slope += count / max(share, 1e-300) - (total - count) / max(1.0 - share, 1e-300)
        return slope > 0.0

    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if rising(middle) else (low, middle)
    q = low + difference
    expected = (low * (1.0 - low) / n + q * (1.0 - q) / m) * (n + m) / (n + m - 1)
    counted = Shares(baseline_count=x, baseline_total=n, pilot_count=y, pilot_total=m)
    assert score_variance(counted, difference) == pytest.approx(expected, rel=1e-6, abs=1e-13)


def test_where_all_answers_are_the_same_there_is_an_interval_and_no_test() -> None:
    for count in (0, 12):
        found = difference_in_proportions(count, 12, count, 12, method="miettinen-nurminen")
        assert found.effect == 0.0
        assert found.interval.low < 0.0 < found.interval.high
        assert math.isnan(found.statistic)
        assert math.isnan(found.p_value)
        with pytest.raises(CannotEstimateError, match="Every value is the same"):
            boschloo_test(count, 12, count, 12)


def test_many_answers_are_no_trouble() -> None:
    """With a million answers a side both intervals are the normal one."""
    n = 1_000_000
    for method in ("newcombe", "miettinen-nurminen"):
        found = difference_in_proportions(300_000, n, 310_000, n, method=method)  # type: ignore[call-overload]
        half = 1.959964 * math.sqrt(0.3 * 0.7 / n + 0.31 * 0.69 / n)
        assert found.interval.high - found.interval.low == pytest.approx(2 * half, rel=1e-4)
    rare = difference_in_proportions(0, 10**7, 0, 10**7, method="miettinen-nurminen")
    # 0 of n against 0 of n: z^2 = d n / (1 - d) * (N - 1) / N, so d = z^2 / (z^2 + n (N - 1) / N).
    assert rare.interval.high == pytest.approx(1.959964**2 / (1.959964**2 + 10**7 - 0.5), rel=1e-6)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((1, 0, 1, 2), "baseline_total == 0, must be a whole number >= 1."),
        ((1, 2, 3, 2), "pilot_count == 3, must be a whole number from 0 to 2."),
        ((-1, 2, 1, 2), "baseline_count == -1, must be a whole number from 0 to 2."),
        ((1.5, 2, 1, 2), "baseline_count == 1.5, must be a whole number from 0 to 2."),
        ((math.nan, 2, 1, 2), "baseline_count == nan, must be a whole number from 0 to 2."),
        ((1, math.inf, 1, 2), "baseline_total == inf, must be a whole number >= 1."),
    ],
)
def test_impossible_counts_are_refused(counts: tuple[int, int, int, int], sentence: str) -> None:
    for function in (difference_in_proportions, boschloo_test):
        with pytest.raises(ValueError, match=r"must be") as refused:
            function(*counts)
        assert str(refused.value) == sentence


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match=r"confidence_level == 1.0, must be between 0 and 1."):
        difference_in_proportions(1, 2, 1, 2, confidence_level=1.0)
    with pytest.raises(ValueError, match=r"method == 'wald', must be one of newcombe, miettinen-nurminen."):
        difference_in_proportions(1, 2, 1, 2, method="wald")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"make 1002001 tables, must be at most 250000"):
        boschloo_test(1, 1000, 2, 1000)

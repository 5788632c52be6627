"""Brunner and Munzel's effect and test."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.ordinal import brunner_munzel

# Pain scores on the third day after surgery, two treatments: Brunner & Munzel (2000), table 1.
PAIN_Y = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
PAIN_N = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]

# R 4.2.2, from ranks as the paper writes it:
#   bm <- function(x, y) { n <- length(x); m <- length(y); r <- rank(c(x, y)); rx <- rank(x); ry <- rank(y)
#     mx <- mean(r[1:n]); my <- mean(r[n + 1:m])
#     vx <- sum((r[1:n] - rx - mx + (n + 1)/2)^2) / (n - 1); vy <- sum((r[n + 1:m] - ry - my + (m + 1)/2)^2) / (m - 1)
#     st <- n * m * (my - mx) / (n + m) / sqrt(n * vx + m * vy)
#     df <- (n * vx + m * vy)^2 / ((n * vx)^2 / (n - 1) + (m * vy)^2 / (m - 1))
#     p <- (my - (m + 1)/2) / n; se <- sqrt(vx / (n * m^2) + vy / (m * n^2)); q <- qt(.975, df)
#     c(st, df, 2 * pt(-abs(st), df), p, se, p + c(-1, 1) * q * se,
#       plogis(qlogis(p) + c(-1, 1) * q * se / (p * (1 - p)))) }
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
REFERENCES = [
    # bm(PAIN_Y, PAIN_N); the paper and lawstat print 3.1375, 17.683, 0.005786, 0.789 and 0.595 to 0.983.
    # [1] 3.137467482 17.68284198 0.005786208666 0.788961039 0.09210009047
    # [6] 0.5952168643 0.9827052137 0.5386865475 0.9228910792
    (PAIN_Y, PAIN_N, (3.137467482, 17.68284198, 0.005786208666), (0.788961039, 0.09210009047),
     (0.5952168643, 0.9827052137), (0.5386865475, 0.9228910792)),
    # bm(sleep$extra[1:10], sleep$extra[11:20])
    # [1] 2.144671737 16.89754689 0.04681595468 0.745 0.1142365966
    # [6] 0.5038704815 0.9861295185 0.4508717562 0.9122474542
    (SLEEP_1, SLEEP_2, (2.144671737, 16.89754689, 0.04681595468), (0.745, 0.1142365966),
     (0.5038704815, 0.9861295185), (0.4508717562, 0.9122474542)),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "test", "effect", "limits", "logit"), REFERENCES)
def test_published_and_computed_cases(
    before: list[float],
    after: list[float],
    test: tuple[float, float, float],
    effect: tuple[float, float],
    limits: tuple[float, float],
    logit: tuple[float, float],
) -> None:
    found = brunner_munzel(before, after)
    assert (found.statistic, found.df, found.p_value) == pytest.approx(test)
    assert (found.effect, found.standard_error) == pytest.approx(effect)
    assert (found.interval.low, found.interval.high) == pytest.approx(limits)
    within = brunner_munzel(before, after, limits="logit").interval
    assert (within.low, within.high) == pytest.approx(logit)


def test_few_answers_are_dealt_out_in_every_way() -> None:
    # R: x <- c(2, 3, 3, 1, 4, 2); y <- c(4, 3, 5, 4, 2, 5, 4); bm(x, y)
    # [1] 2.739552439 10.81351281 0.01951995601 0.8214285714 0.1173288625
    # [6] 0.5626450873 1.080212056 0.4407368888 0.9640940066
    #    v <- c(x, y); s <- combn(13, 7, function(k) bm(v[-k], v[k])[1])
    #    c(length(s), mean(s <= bm(x, y)[1] + 1e-9), mean(s >= bm(x, y)[1] - 1e-9))
    # [1] 1716 0.9895104895 0.03146853147
    before, after = [2, 3, 3, 1, 4, 2], [4, 3, 5, 4, 2, 5, 4]
    found = brunner_munzel(before, after)
    assert found.statistic == pytest.approx(2.739552439)
    assert found.p_value == pytest.approx(2 * 0.03146853147)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.4407368888, 0.9640940066))
    assert found.method == "brunner_munzel_permutation"
    assert math.isnan(found.df)
    plain = brunner_munzel(before, after, limits="t").interval
    assert (plain.low, plain.high) == pytest.approx((0.5626450873, 1.0))  # cut at 1


def test_a_sample_of_permutations_comes_near_to_all() -> None:
    before, after = [2, 3, 3, 1, 4, 2, 2, 3], [4, 3, 5, 4, 2, 5, 4, 3]
    every = brunner_munzel(before, after)
    some = brunner_munzel(before, after, resamples=9_999)
    assert some.p_value != every.p_value
    assert some.p_value == pytest.approx(every.p_value, abs=0.01)
    assert some == brunner_munzel(before, after, resamples=9_999)


answers = st.lists(st.integers(1, 5), min_size=2, max_size=25)


@given(answers, answers)
@settings(max_examples=100, deadline=None)
def test_only_the_order_of_the_answers_counts(before: list[int], after: list[int]) -> None:
    if len({*before, *after}) == 1:
        return
    x, y = np.array(before, dtype=float), np.array(after, dtype=float)
    found = brunner_munzel(x, y, resamples=499)
    pairs = np.sign(y[:, None] - x[None, :])
    assert found.effect == pytest.approx((1 + pairs.mean()) / 2)
    assert 0.0 <= found.interval.low <= found.effect <= found.interval.high <= 1.0
    assert found.interval.low < found.interval.high
    assert 0.0 < found.p_value <= 1.0
    stretched = brunner_munzel(np.exp(x) + 1e8, np.exp(y) + 1e8, resamples=499)
    assert stretched == found or math.isnan(found.df)
    assert (stretched.effect, stretched.statistic, stretched.p_value) == (
        found.effect,
        found.statistic,
        found.p_value,
    )
    turned = brunner_munzel(-x, -y, resamples=499)
    assert turned.effect == pytest.approx(1 - found.effect)
    assert turned.statistic == pytest.approx(-found.statistic)
    assert turned.interval.low == pytest.approx(1 - found.interval.high, abs=1e-12)
    if math.isfinite(found.statistic):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scipy, where one side has no spread
            theirs = scipy.stats.brunnermunzel(y, x)
        assert found.statistic == pytest.approx(-theirs.statistic, rel=1e-9)
        if min(len(x), len(y)) >= 10:
            assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)


@pytest.mark.parametrize("size", [(3, 3), (5, 7), (12, 15)])
def test_sides_that_do_not_overlap(size: tuple[int, int]) -> None:
    """The one most extreme way of all; the interval is what min(n, m) independent pairs allow for."""
    before, after = [1, 2] * size[0], [4, 5, 3] * size[1]
    before, after = before[: size[0]], after[: size[1]]
    found = brunner_munzel(before, after)
    assert (found.effect, found.standard_error, found.statistic) == (1.0, 0.0, math.inf)
    assert found.p_value == pytest.approx(2 / math.comb(sum(size), size[0]))
    pairs = scipy.stats.binomtest(min(size), min(size)).proportion_ci(0.95, method="exact")
    assert (found.interval.low, found.interval.high) == pytest.approx((pairs.low, 1.0))
    assert found.method == "brunner_munzel_without_overlap"
    turned = brunner_munzel(after, before)
    assert (turned.effect, turned.statistic) == (0.0, -math.inf)
    assert turned.interval.high == pytest.approx(1 - found.interval.low)
    assert turned.p_value == found.p_value


def test_all_of_one_answer_against_all_of_another() -> None:
    """Neither side varies, yet they do not overlap: an effect of 1, and a test."""
    found = brunner_munzel([2] * 6, [3] * 6)
    assert (found.effect, found.p_value) == (1.0, pytest.approx(2 / 924))


def test_what_cannot_be_compared() -> None:
    with pytest.raises(CannotEstimateError, match="Every value is the same"):
        brunner_munzel([4, 4, 4], [4, 4])
    with pytest.raises(ValueError, match=r"baseline has 1 values, must have at least 2."):
        brunner_munzel([4], [4, 5])
    with pytest.raises(ValueError, match=r"pilot\[0\] == nan, must be a finite number."):
        brunner_munzel([4, 3], [math.nan, 5])
    with pytest.raises(ValueError, match=r"limits == 'wald', must be one of t, logit."):
        brunner_munzel([4, 3], [4, 5], limits="wald")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"confidence_level == 0, must be between 0 and 1."):
        brunner_munzel([4, 3], [4, 5], confidence_level=0)
    with pytest.raises(ValueError, match=r"resamples == 9, must be a whole number >= 99."):
        brunner_munzel([4, 3], [4, 5], resamples=9)

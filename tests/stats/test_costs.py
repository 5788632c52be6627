"""Differences of average costs: the permutation test and its interval, the bootstrap, the dearest cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.bootstrap import bca_interval
from stats.costs import difference_in_mean_costs
from stats.errors import CannotEstimateError
from stats.mean_permutation import mean_permutation
from stats.permutation import assignments

BEFORE = [120.0, 80.0, 95.0, 400.0, 150.0, 60.0, 210.0, 90.0]
AFTER = [70.0, 110.0, 60.0, 85.0, 190.0, 75.0, 50.0, 100.0]
AIRCONDIT = [3.0, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487]
AIRCONDIT_7 = [3.0, 5, 5, 13, 14, 15, 22, 22, 23, 30, 36, 39, 44, 46, 50, 72, 79, 88, 97, 102, 139, 188, 197, 210]


def test_every_way_to_deal_the_costs_out() -> None:
    # R 4.2.2, all 462 ways:
    #   x <- c(120, 80, 95, 400, 150, 60); y <- c(70, 110, 60, 85, 190)
    #   tt <- function(x, y) (mean(y) - mean(x)) / sqrt(var(x)/length(x) + var(y)/length(y))
    #   pw <- function(d) { z <- y - d; v <- c(x, z); o <- tt(x, z)
    #     s <- combn(11, 5, function(k) tt(v[-k], v[k])); c(mean(s <= o + 1e-9), mean(s >= o - 1e-9)) }
    #   c(mean(y) - mean(x), tt(x, y), pw(0))
    # [1] -47.83333333 -0.8467255641 0.29004329 0.7142857143
    #   and halving for the d where a tail of pw(d) falls to 0.025
    # [1] -176.1550765 60.38410473
    found = difference_in_mean_costs(BEFORE[:6], AFTER[:5])
    assert (found.effect, found.statistic) == pytest.approx((-47.83333333, -0.8467255641))
    assert found.p_value == pytest.approx(2 * 0.29004329)
    assert (found.interval.low, found.interval.high) == pytest.approx((-176.1550765, 60.38410473), abs=1e-3)
    assert math.isnan(found.df)


@pytest.mark.parametrize(
    ("before", "after", "limits", "close"),
    [
        # R, boot 1.3-28:
        #   st <- function(d, i) { e <- d[i, ]; mean(e$v[e$g == 2]) - mean(e$v[e$g == 1]) }
        #   d <- data.frame(v = c(x, y), g = rep(1:2, c(8, 8))); set.seed(20260101)
        #   boot.ci(boot(d, st, R = 99999, strata = d$g), type = "bca")$bca
        #      0.95 672.73 94214.63 -168.125 -0.625
        (BEFORE, AFTER, (-168.125, -0.625), 1.5),
        # x <- aircondit$hours; y <- aircondit7$hours; set.seed(1). With sides of unequal size the acceleration needs
        # influences divided by the size of the side (Davison & Hinkley 1997, section 5.3), which boot.ci is told:
        #   boot.ci(..., L = c(-(x - mean(x)) / 12, (y - mean(y)) / 24))$bca
        #      0.95 569.17 93858.46 -159.40951 12.333333
        (AIRCONDIT, AIRCONDIT_7, (-159.40951, 12.333333), 2.5),
    ],
)
def test_bca_is_that_of_boot(
    before: list[float], after: list[float], limits: tuple[float, float], close: float
) -> None:
    found = bca_interval(np.array(before), np.array(after), resamples=99_999)
    assert (found.low, found.high) == pytest.approx(limits, abs=close)


def test_bca_is_that_of_scipy() -> None:
    theirs = scipy.stats.bootstrap(
        (AIRCONDIT, AIRCONDIT_7), lambda x, y, axis: y.mean(axis) - x.mean(axis),
        n_resamples=20_000, vectorized=True, rng=np.random.default_rng(5), confidence_level=0.9,
    ).confidence_interval  # fmt: skip
    ours = bca_interval(np.array(AIRCONDIT), np.array(AIRCONDIT_7), resamples=20_000, confidence_level=0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=4.0)


def test_a_sample_of_permutations_comes_near_to_all() -> None:
    every = difference_in_mean_costs(BEFORE, AFTER, resamples=12_870)
    some = difference_in_mean_costs(BEFORE, AFTER, resamples=9_999)
    assert some.p_value != every.p_value
    assert some.p_value == pytest.approx(every.p_value, abs=0.015)
    assert some.interval.low == pytest.approx(every.interval.low, abs=8)
    assert some.interval.high == pytest.approx(every.interval.high, abs=8)


def test_the_same_seed_gives_the_same_result() -> None:
    assert difference_in_mean_costs(BEFORE, AFTER, resamples=499) == difference_in_mean_costs(
        BEFORE, AFTER, resamples=499
    )
    other = difference_in_mean_costs(BEFORE, AFTER, resamples=499, seed=2)
    assert other.interval != difference_in_mean_costs(BEFORE, AFTER, resamples=499).interval


def test_the_interval_is_the_test_turned_round() -> None:
    x, y = np.array(AIRCONDIT), np.array(AIRCONDIT_7)
    test = mean_permutation(x, y, assignments(12, 24, resamples=1_999, seed=3))
    for level in (0.8, 0.95, 0.99):
        found = test.interval(level)
        width = found.high - found.low
        assert test.p_value(found.low - 1e-3 * width) <= 1 - level + 1e-9 < test.p_value(found.low + 1e-3 * width)
        assert test.p_value(found.high + 1e-3 * width) <= 1 - level + 1e-9 < test.p_value(found.high - 1e-3 * width)


costs = st.lists(st.integers(0, 3_000).map(float), min_size=4, max_size=9)


@given(costs, costs, st.sampled_from([0.01, 3.0, 1e6]), st.sampled_from([0.0, 500.0, 1e8]))
@settings(max_examples=40, deadline=None)
def test_currency_and_order_do_not_matter(before: list[float], after: list[float], rate: float, fee: float) -> None:
    if max(np.ptp(before), np.ptp(after)) == 0:
        return
    x, y = np.array(before), np.array(after)
    # Every way to deal out up to 8 and 9 values; with a sample, another order is another sample.
    found = difference_in_mean_costs(x, y, resamples=50_000)
    moved = difference_in_mean_costs(rate * np.sort(x) + fee, rate * y[::-1] + fee, resamples=50_000)
    slack = 1e-9 * rate * 3_000 + 1e-14 * fee
    assert moved.effect == pytest.approx(rate * found.effect, abs=10 * slack + 1e-7 * (fee > 1e6))
    assert moved.p_value == pytest.approx(found.p_value, abs=1e-9)
    for ours, theirs in ((moved.interval, found.interval), (moved.bca, found.bca)):
        assert ours.low <= moved.effect <= ours.high
        assert theirs.low <= found.effect <= theirs.high
    assert moved.interval.low == pytest.approx(rate * found.interval.low, rel=1e-3, abs=1e-3 * rate * 3_000)
    turned = difference_in_mean_costs(y, x, resamples=50_000)
    assert turned.effect == pytest.approx(-found.effect)
    assert turned.p_value == pytest.approx(found.p_value, abs=1e-9)


def test_the_dearest_cases_are_told() -> None:
    found = difference_in_mean_costs(BEFORE, AFTER, resamples=99)
    assert found.baseline_leverage.value == 400.0
    assert found.baseline_leverage.share == pytest.approx(400 / sum(BEFORE))
    rest = [value for value in BEFORE if value != 400]
    assert found.baseline_leverage.effect_without == pytest.approx(np.mean(AFTER) - np.mean(rest))
    assert found.pilot_leverage.effect_without == pytest.approx((sum(AFTER) - 190) / 7 - np.mean(BEFORE))
    refunds = difference_in_mean_costs([-20.0, 30.0, 50.0], [0.0, 0.0, 10.0], resamples=99)
    assert math.isnan(refunds.baseline_leverage.share)
    assert refunds.pilot_leverage.share == 1.0


def test_a_handful_of_values_has_no_limits() -> None:
    """Three and three can be dealt out in 20 ways: no tail can be as small as 2.5 %."""
    found = difference_in_mean_costs([1.0, 2.0, 4.0], [10.0, 20.0, 40.0])
    assert found.p_value == pytest.approx(0.1)
    assert (found.interval.low, found.interval.high) == (-math.inf, math.inf)
    four = difference_in_mean_costs([1.0, 2.0, 4.0, 3.0], [10.0, 20.0, 40.0, 30.0])
    assert four.p_value == pytest.approx(2 / 70)
    assert 0.0 < four.interval.low < four.interval.high < math.inf


def test_mostly_free_cases() -> None:
    """Where most cost nothing, many ways to deal them out leave a side without spread; none becomes a NaN."""
    found = difference_in_mean_costs([0.0] * 6 + [50.0], [0.0] * 5 + [90.0, 10.0])
    assert 0.0 < found.p_value <= 1.0
    assert found.interval.low < found.effect < found.interval.high


def test_what_cannot_be_compared() -> None:
    with pytest.raises(CannotEstimateError, match="Neither side varies at all"):
        difference_in_mean_costs([5.0, 5.0], [7.0, 7.0, 7.0])
    with pytest.raises(ValueError, match=r"pilot has 1 values, must have at least 2."):
        difference_in_mean_costs([5.0, 6.0], [7.0])
    with pytest.raises(ValueError, match=r"resamples == 10, must be a whole number >= 99."):
        difference_in_mean_costs([5.0, 6.0], [7.0, 8.0], resamples=10)
    with pytest.raises(ValueError, match=r"baseline\[1\] == inf, must be a finite number."):
        difference_in_mean_costs([5.0, math.inf], [7.0, 8.0])
    with pytest.raises(ValueError, match=r"confidence_level == 95, must be between 0 and 1."):
        difference_in_mean_costs([5.0, 6.0], [7.0, 8.0], confidence_level=95)

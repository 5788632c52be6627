"""Differences of two means by Welch's method."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.means import difference_in_means, difference_in_means_from_moments

# Student's sleep data and the tooth growth data, as R's datasets hold them.
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
VITAMIN = [4.2, 11.5, 7.3, 5.8, 6.4, 10, 11.2, 11.2, 5.2, 7, 16.5, 16.5, 15.2, 17.3, 22.5, 17.3, 13.6, 14.5, 18.8,
           15.5, 23.6, 18.5, 33.9, 25.5, 26.4, 32.5, 26.7, 21.5, 23.3, 29.5]  # fmt: skip
JUICE = [15.2, 21.5, 17.6, 9.7, 14.5, 10, 8.2, 9.4, 16.5, 9.7, 19.7, 23.3, 23.6, 26.4, 20, 25.2, 25.8, 21.2, 14.5,
         27.3, 25.5, 26.4, 22.4, 24.5, 24.8, 30.9, 26.4, 27.3, 29.4, 23]  # fmt: skip


def test_sleep() -> None:
    # R 4.2.2: t <- t.test(extra ~ group, data = sleep); estimate, stderr, conf.int, t, df, p, turned to 2 minus 1
    # [1] 1.58 0.8490910172 -0.2054832307 3.365483231 1.860813467 17.77647352 0.07939414019
    found = difference_in_means(SLEEP_1, SLEEP_2)
    assert (found.effect, found.standard_error) == pytest.approx((1.58, 0.8490910172))
    assert (found.interval.low, found.interval.high) == pytest.approx((-0.2054832307, 3.365483231))
    assert (found.statistic, found.df, found.p_value) == pytest.approx((1.860813467, 17.77647352, 0.07939414019))


@pytest.mark.parametrize("offset", [0.0, 1e8])
def test_tooth_growth_also_far_from_zero(offset: float) -> None:
    # R: v <- subset(ToothGrowth, supp == "VC")$len; j <- subset(ToothGrowth, supp == "OJ")$len; t.test(j, v)
    # stderr 1.931844254, conf.int -0.1710156184 7.571015618, t = 1.915268269, df = 55.30943268, p-value 0.06063450788
    found = difference_in_means(np.array(VITAMIN) + offset, np.array(JUICE) + offset)
    assert found.standard_error == pytest.approx(1.931844254, rel=1e-7)
    assert (found.interval.low, found.interval.high) == pytest.approx((-0.1710156184, 7.571015618), rel=1e-6)
    assert (found.statistic, found.df, found.p_value) == pytest.approx(
        (1.915268269, 55.30943268, 0.06063450788), rel=1e-6
    )


def test_tooth_growth_from_its_moments() -> None:
    # R: c(mean(v), sd(v), mean(j), sd(j))
    # [1] 16.96333333 8.266028665 20.66333333 6.60556105
    found = difference_in_means_from_moments(30, 16.96333333, 8.266028665, 30, 20.66333333, 6.60556105)
    assert (found.effect, found.p_value) == pytest.approx((3.7, 0.06063450788), rel=1e-7)
    assert (found.interval.low, found.interval.high) == pytest.approx((-0.1710156184, 7.571015618), rel=1e-7)


def test_one_side_may_lack_spread() -> None:
    # R: t <- t.test(c(5, 5, 5), c(1, 2, 4, 4), conf.level = .9); conf.int, t, df, p
    # [1] 0.4849774239 4.015022576 3 3 0.05766888562
    found = difference_in_means([1, 2, 4, 4], [5, 5, 5], confidence_level=0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.4849774239, 4.015022576))
    assert (found.statistic, found.df, found.p_value) == pytest.approx((3.0, 3.0, 0.05766888562))


values = st.lists(st.floats(-1e3, 1e3).map(lambda value: round(value, 3)), min_size=2, max_size=30)


@given(values, values, st.floats(-100, 100), st.sampled_from([-3.0, -1.0, 0.5, 1e-6, 1e120]), st.randoms())
@settings(max_examples=100, deadline=None)
def test_units_and_order_do_not_matter(
    before: list[float], after: list[float], shift: float, scale: float, random: object
) -> None:
    x, y = np.array(before), np.array(after)
    if max(np.ptp(x), np.ptp(y)) < 0.01:
        return
    found = difference_in_means(x, y)
    if min(np.ptp(x), np.ptp(y)) > 0:  # where a side lacks spread, scipy warns of its own digits
        assert found.p_value == pytest.approx(scipy.stats.ttest_ind(y, x, equal_var=False).pvalue, rel=1e-6, abs=1e-12)
    moved = difference_in_means(np.sort(x) + shift, y[::-1] + shift)
    assert (moved.effect, moved.standard_error) == pytest.approx((found.effect, found.standard_error), abs=1e-9)
    scaled = difference_in_means(scale * x, scale * y)
    low, high = sorted((scale * found.interval.low, scale * found.interval.high))
    assert (scaled.interval.low, scaled.interval.high) == pytest.approx((low, high), rel=1e-6, abs=abs(scale) * 1e-9)
    assert scaled.p_value == pytest.approx(found.p_value, rel=1e-6, abs=1e-12)
    turned = difference_in_means(y, x)
    assert turned.statistic == pytest.approx(-found.statistic)
    moments = [(len(side), side.mean(), side.std(ddof=1)) for side in (x, y)]
    told = difference_in_means_from_moments(*moments[0], *moments[1])
    assert (told.effect, told.standard_error, told.df) == pytest.approx(
        (found.effect, found.standard_error, found.df), rel=1e-6, abs=1e-9
    )


def test_values_without_spread_cannot_be_compared() -> None:
    """Three times 0.1 less 0.1 is no exact 0 in every sum; the sides are still without spread."""
    for before, after in (([0.1, 0.1, 0.1], [0.3, 0.3, 0.3, 0.3]), ([3, 3], [3, 3, 3])):
        with pytest.raises(CannotEstimateError, match="Neither side varies at all"):
            difference_in_means(before, after)
    with pytest.raises(CannotEstimateError, match="Neither side varies at all"):
        difference_in_means_from_moments(5, 1.0, 0.0, 6, 2.0, 0.0)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([], [1, 2], "baseline has 0 values, must have at least 2."),
        ([1, 2], [3], "pilot has 1 values, must have at least 2."),
        ([1, math.nan], [3, 4], "baseline[1] == nan, must be a finite number."),
        ([[1, 2]], [3, 4], "baseline has 2 dimensions, must have 1."),
        (["a", "b"], [3, 4], "baseline holds something that is not a number."),
        ([1e200, -1e200], [3, 4], "baseline and pilot hold values too large to be squared, must be below about 1e150."),
    ],
)
def test_impossible_values_are_refused(before: list[float], after: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"must|number") as refused:
        difference_in_means(before, after)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("moments", "sentence"),
    [
        ((1, 0.0, 1.0, 5, 0.0, 1.0), "baseline_n == 1, must be a whole number >= 2."),
        ((5, math.inf, 1.0, 5, 0.0, 1.0), "baseline_mean == inf, must be a number."),
        ((5, 0.0, 1.0, 5, 0.0, -1.0), "pilot_sd == -1.0, must be a number >= 0."),
    ],
)
def test_impossible_moments_are_refused(moments: tuple[int, float, float, int, float, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"must be") as refused:
        difference_in_means_from_moments(*moments)
    assert str(refused.value) == sentence
    with pytest.raises(ValueError, match=r"confidence_level == nan"):
        difference_in_means([1, 2], [2, 4], confidence_level=math.nan)

"""Waiting times, seen three ways."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.durations import (
    compare_durations,
    difference_in_medians,
    difference_within_target,
    ratio_of_geometric_means,
)
from stats.errors import CannotEstimateError
from stats.proportions import difference_in_proportions

BEFORE = [30, 12, 45, 21, 28, 60, 18, 33]
AFTER = [14, 20, 9, 25, 17, 38, 11, 16]
AIRCONDIT = [3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487]
AIRCONDIT_7 = [3, 5, 5, 13, 14, 15, 22, 22, 23, 30, 36, 39, 44, 46, 50, 72, 79, 88, 97, 102, 139, 188, 197, 210]


def test_ratio_of_geometric_means() -> None:
    # R 4.2.2: t <- t.test(log(y), log(x)); c(exp(-diff(t$estimate)), exp(t$conf.int), t$p.value)
    # [1] 0.6173507249 0.3668569534 1.038884268 0.0667499577
    found = ratio_of_geometric_means(BEFORE, AFTER)
    assert (found.effect, found.interval.low, found.interval.high, found.p_value) == pytest.approx(
        (0.6173507249, 0.3668569534, 1.038884268, 0.0667499577)
    )


def test_difference_in_medians() -> None:
    # R: pb <- function(y) { n <- length(y); y <- sort(y); c <- max(1, round((n + 1)/2 - sqrt(n)))
    #      p <- pbinom(c - 1, n, .5); c(median(y), (y[n - c + 1] - y[c]) / (2 * qnorm(1 - p))) }
    #    a <- pb(x); b <- pb(y); s <- sqrt(a[2]^2 + b[2]^2); c(b[1] - a[1], s, b[1] - a[1] + c(-1, 1) * qnorm(.975) * s)
    # [1] -12.5 8.402105939 -28.96782503 3.967825035
    found = difference_in_medians(BEFORE, AFTER)
    assert (found.effect, found.standard_error) == pytest.approx((-12.5, 8.402105939))
    assert (found.interval.low, found.interval.high) == pytest.approx((-28.96782503, 3.967825035))
    # The same of boot's aircondit$hours and aircondit7$hours:
    # [1] -112.1051915 19.10519155
    longer = difference_in_medians(AIRCONDIT, AIRCONDIT_7)
    assert (longer.interval.low, longer.interval.high) == pytest.approx((-112.1051915, 19.10519155))


def test_share_within_a_target_counts_the_target_itself() -> None:
    found = difference_within_target(BEFORE, AFTER, target=21)
    assert found == difference_in_proportions(3, 8, 6, 8)


def test_all_three_beside_each_other() -> None:
    found = compare_durations(BEFORE, AFTER, target=21, confidence_level=0.9)
    assert found.ratio == ratio_of_geometric_means(BEFORE, AFTER, confidence_level=0.9)
    assert found.medians == difference_in_medians(BEFORE, AFTER, confidence_level=0.9)
    assert found.within_target == difference_within_target(BEFORE, AFTER, target=21, confidence_level=0.9)
    assert compare_durations(BEFORE, AFTER).within_target is None


waits = st.lists(st.floats(0.5, 500).map(lambda value: round(value, 2)), min_size=5, max_size=30, unique=True)


@given(waits, waits, st.sampled_from([1 / 60, 24.0, 1e8]))
@settings(max_examples=60, deadline=None)
def test_units_and_order_do_not_matter(before: list[float], after: list[float], unit: float) -> None:
    x, y = np.array(before), np.array(after)
    found = compare_durations(x, y, target=30)
    other = compare_durations(unit * np.sort(x), unit * y[::-1], target=30 * unit * (1 + 1e-12))
    assert other.ratio.interval.low == pytest.approx(found.ratio.interval.low, rel=1e-6)
    assert other.ratio.p_value == pytest.approx(found.ratio.p_value, rel=1e-6)
    assert other.medians.interval.high == pytest.approx(unit * found.medians.interval.high, rel=1e-9, abs=1e-9 * unit)
    assert other.within_target == found.within_target
    turned = compare_durations(y, x)
    assert turned.ratio.interval.low == pytest.approx(1 / found.ratio.interval.high, rel=1e-6)
    assert turned.medians.interval.low == pytest.approx(-found.medians.interval.high)


def test_what_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match=r"pilot\[2\] == 0, must be > 0 for a ratio of geometric means."):
        compare_durations(BEFORE, [3, 4, 0, 5, 6])
    with pytest.raises(ValueError, match=r"baseline has 4 values, must have at least 5."):
        difference_in_medians([1, 2, 3, 4], AFTER)
    with pytest.raises(ValueError, match=r"target == 0, must be > 0."):
        difference_within_target(BEFORE, AFTER, target=0)
    with pytest.raises(ValueError, match=r"baseline\[0\] == nan, must be a finite number."):
        ratio_of_geometric_means([math.nan, 2], AFTER)
    with pytest.raises(CannotEstimateError, match="Neither side varies at all"):
        ratio_of_geometric_means([7, 7, 7], [14, 14])
    with pytest.raises(CannotEstimateError, match="no error of the median can be told"):
        difference_in_medians([7, 7, 7, 7, 7, 7, 7, 7, 30], AFTER)

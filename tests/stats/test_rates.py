"""Ratios of two rates."""

from __future__ import annotations

import math

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.rates import rate_ratio

# R 4.2.2: p <- poisson.test(c(pilot, baseline), c(...)); p$estimate, p$conf.int, p$p.value
#   c(11, 21), c(800, 3011)                 1.9714881 0.8584264 4.2772659 0.079668633
#   c(0, 7), c(12, 10)                      0 0 0.57817832 0.0040090478
#   c(7, 0), c(12, 10)                      Inf 1.2010904 Inf 0.018374191
#   c(137, 24), c(24.19893, 5.56)           1.3115594 0.84572655 2.1170015 0.26538511
#   c(3, 9), c(50, 60), conf.level = .9     0.4 0.092922684 1.3387509 0.24573432
EXACT = [
    ((21, 3011, 11, 800), 0.95, 1.9714881, (0.8584264, 4.2772659), 0.079668633),
    ((7, 10, 0, 12), 0.95, 0.0, (0.0, 0.57817832), 0.0040090478),
    ((0, 10, 7, 12), 0.95, math.inf, (1.2010904, math.inf), 0.018374191),
    ((24, 5.56, 137, 24.19893), 0.95, 1.3115594, (0.84572655, 2.1170015), 0.26538511),
    ((9, 60, 3, 50), 0.9, 0.4, (0.092922684, 1.3387509), 0.24573432),
]


@pytest.mark.parametrize(("counts", "level", "ratio", "limits", "p_value"), EXACT)
def test_exact_ratio_is_that_of_poisson_test(
    counts: tuple[int, float, int, float], level: float, ratio: float, limits: tuple[float, float], p_value: float
) -> None:
    found = rate_ratio(*counts, confidence_level=level)
    assert found.effect == pytest.approx(ratio, rel=1e-7)
    assert (found.interval.low, found.interval.high) == pytest.approx(limits, rel=1e-7)
    assert found.p_value == pytest.approx(p_value, rel=1e-7)
    assert found.statistic == counts[2]
    assert math.isnan(found.df)
    assert math.isnan(found.standard_error)


def test_score_ratio() -> None:
    # R: w <- prop.test(11, 32, correct = FALSE)$conf.int; w / (1 - w) * 3011 / 800
    # [1] 0.96519925 4.0269046
    # t <- prop.test(11, 32, p = 800 / 3811, correct = FALSE); c(sqrt(t$statistic), t$p.value)
    # [1] 1.8589658 0.063031984
    found = rate_ratio(21, 3011, 11, 800, method="score")
    assert (found.interval.low, found.interval.high) == pytest.approx((0.96519925, 4.0269046), rel=1e-7)
    assert (found.statistic, found.p_value) == pytest.approx((1.8589658, 0.063031984), rel=1e-7)


@given(
    st.integers(0, 200), st.floats(0.01, 1e6), st.integers(0, 200), st.floats(0.01, 1e6),
    st.sampled_from(["exact", "score"]),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_the_ratio_turns_with_its_sides(x: int, s: float, y: int, t: float, method: str) -> None:
    if x + y == 0:
        return
    found = rate_ratio(x, s, y, t, method=method)  # type: ignore[arg-type]
    turned = rate_ratio(y, t, x, s, method=method)  # type: ignore[arg-type]
    other_unit = rate_ratio(x, 7 * s, y, 7 * t, method=method)  # type: ignore[arg-type]
    assert 0.0 <= found.interval.low <= found.effect <= found.interval.high
    assert found.interval.low < found.interval.high
    assert turned.interval.low == pytest.approx(1.0 / found.interval.high if found.interval.high else math.inf)
    assert turned.p_value == pytest.approx(found.p_value, abs=1e-9)
    assert other_unit.interval.low == pytest.approx(found.interval.low)
    assert other_unit.interval.high == pytest.approx(found.interval.high)


@given(st.integers(0, 60), st.floats(0.1, 100), st.integers(1, 60), st.floats(0.1, 100))
@settings(max_examples=60, deadline=None)
def test_exact_limits_leave_a_fortieth_in_each_tail(x: int, s: float, y: int, t: float) -> None:
    """At a limit, counts as extreme as these have exactly the probability of one tail."""
    found = rate_ratio(x, s, y, t)
    low, high = (limit * t / (s + limit * t) for limit in (found.interval.low, found.interval.high))
    assert scipy.stats.binom.sf(y - 1, x + y, low) == pytest.approx(0.025, rel=1e-6)
    if x > 0:
        assert scipy.stats.binom.cdf(y, x + y, high) == pytest.approx(0.025, rel=1e-6)
    else:
        assert math.isinf(found.interval.high)


def test_no_events_at_all_cannot_be_compared() -> None:
    with pytest.raises(CannotEstimateError, match="No events were counted at all"):
        rate_ratio(0, 10, 0, 10)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((-1, 10, 2, 10), "baseline_count == -1, must be a whole number >= 0."),
        ((1, 10, 2.5, 10), "pilot_count == 2.5, must be a whole number >= 0."),
        ((1, 0, 2, 10), "baseline_exposure == 0, must be > 0."),
        ((1, 10, 2, -3), "pilot_exposure == -3, must be > 0."),
        ((1, math.nan, 2, 10), "baseline_exposure == nan, must be > 0."),
        (
            (1, 1e300, 2, 1e-300),
            "baseline_exposure == 1e+300 and pilot_exposure == 1e-300, must be nearer to each other.",
        ),
    ],
)
def test_impossible_counts_are_refused(counts: tuple[int, float, int, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"must be") as refused:
        rate_ratio(*counts)
    assert str(refused.value) == sentence


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match=r"confidence_level == 0, must be between 0 and 1."):
        rate_ratio(1, 10, 2, 10, confidence_level=0)
    with pytest.raises(ValueError, match=r"method == 'wald', must be one of exact, score."):
        rate_ratio(1, 10, 2, 10, method="wald")  # type: ignore[arg-type]

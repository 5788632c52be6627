"""Regression to the mean: Mee and Chua's test against R's lm, expected recovery against R and against simulation."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.regression_to_mean import expected_recovery, mee_chua

BEFORE, AFTER = [45, 52, 63, 68, 57, 55, 60, 59], [49, 50, 70, 71, 53, 61, 62, 67]
"""Eight pupils who failed a language test and took it again (McClave & Dietrich 1988, the example of R's regtomean)."""


def test_mee_and_chua_as_in_r() -> None:
    """> m <- lm(I(after - 75) ~ I(before - 75)); summary(m)$coefficients; confint(m)
    (Intercept)     4.9590493601 4.58025738141 1.0827010247 0.3205221109433; -6.24843670772 16.1665354280
    I(before - 75)  1.1111517367
    """
    found = mee_chua(BEFORE, AFTER, population_mean=75)
    assert found.effect == pytest.approx(4.9590493601)
    assert found.standard_error == pytest.approx(4.58025738141)
    assert found.statistic == pytest.approx(1.0827010247)
    assert found.df == 6
    assert found.p_value == pytest.approx(0.3205221109433)
    assert (found.interval.low, found.interval.high) == pytest.approx((-6.24843670772, 16.1665354280))
    assert found.slope == pytest.approx(1.1111517367)


def test_a_group_at_the_population_mean_has_nothing_to_regress() -> None:
    """> m <- lm(I(after - 57.375) ~ I(before - 57.375)); 57.375 is the group's own mean
    (Intercept) 3.0000000000 1.59279781362 1.8834782258 0.1086299161738
    """
    found = mee_chua(BEFORE, AFTER, population_mean=57.375)
    assert found.effect == pytest.approx(3.0)
    assert found.plain_change == pytest.approx(3.0)
    assert found.regression == pytest.approx(0.0, abs=1e-12)
    assert found.standard_error == pytest.approx(1.59279781362)


def test_people_picked_for_low_values_are_not_called_better_for_nothing() -> None:
    """Two measurements with correlation 0.5, those below -0.5 are measured again: the paired test is fooled."""
    random = np.random.default_rng(4)
    fooled, wrong = 0, 0
    for _ in range(400):
        pair = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 120)
        picked = pair[pair[:, 0] < -0.5]
        fooled += scipy.stats.ttest_rel(picked[:, 1], picked[:, 0]).pvalue < 0.05
        wrong += mee_chua(picked[:, 0], picked[:, 1], population_mean=0).p_value < 0.05
    assert fooled / 400 > 0.9
    assert 0.025 < wrong / 400 < 0.08


@given(st.floats(-1e8, 1e8), st.floats(0.01, 100), st.sampled_from([-1.0, 1.0]))
def test_origin_unit_and_direction_pass_through(origin: float, unit: float, direction: float) -> None:
    plain = mee_chua(BEFORE, AFTER, population_mean=75)
    factor = unit * direction
    moved = mee_chua(
        origin + factor * np.array(BEFORE), origin + factor * np.array(AFTER), population_mean=origin + factor * 75
    )
    assert moved.effect == pytest.approx(factor * plain.effect, rel=1e-4)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-4)


def test_the_order_of_people_does_not_matter() -> None:
    plain, turned = (mee_chua(BEFORE[::step], AFTER[::step], population_mean=75) for step in (1, -1))
    assert turned.effect == pytest.approx(plain.effect)
    assert turned.p_value == pytest.approx(plain.p_value)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([1, 2, 3], [1, 2, 4], r"before has 3 values, must have at least 4"),
        ([1, 2, 3, 4], [1, 2, 4, 5, 6], r"before has 4 values and after 5, must be pairs"),
        ([1, 2, 3, np.nan], [1, 2, 4, 5], r"before\[3\] == nan, must be a finite number"),
        ([2, 2, 2, 2], [1, 2, 4, 5], r"Every value is the same"),
        ([1, 2, 3, 4], [2, 4, 6, 8], r"The second values follow from the first exactly"),
    ],
)
def test_what_cannot_be_tested_is_refused(before: list[float], after: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        mee_chua(before, after, population_mean=5)


def test_equal_second_values_have_no_error() -> None:
    with pytest.raises(CannotEstimateError):
        mee_chua([1, 2, 3, 4], [5, 5, 5, 5], population_mean=5)


# R 4.2, base functions only: the covariance matrix of all weeks, and integrate() over the order statistic or the
# truncated normal, for expected_recovery's picked, kept, change, sd:
#   S <- tau^2 + sg^2 * rho^abs(outer(1:n, 1:n, "-")) + diag(ns^2, n); B, A, F: averaging vectors; vB <- B %*% S %*% B
#   E <- -sqrt(vB) * integrate(function(x) J * x * dnorm(x) * pnorm(x)^(J - 1), -Inf, Inf)$value
#   slope <- (F - A) %*% S %*% B / vB; c(E, F %*% S %*% B / vB, slope * E)
WORLD = {"between_sd": 0.3, "shock_sd": 0.2, "correlation": 0.6, "noise_sd": 0.25}


def test_the_worst_of_nine_as_in_r() -> None:
    """> rec(4, 12, .3, .2, .6, .25, J = 9, bl = 12)
    -0.533995948868 0.717018515541 0.053942250732 0.173215225117
    > rec(4, 12, .3, .2, .6, .25, J = 9)
    -0.53399594887 0.71701851554 0.15111096631 0.20901050425
    """
    found = expected_recovery(weeks=4, follow_up=12, worst_of=9, baseline=12, **WORLD)
    assert (found.picked, found.kept, found.change, found.standard_deviation) == pytest.approx(
        (-0.533995948868, 0.717018515541, 0.053942250732, 0.173215225117)
    )
    short = expected_recovery(weeks=4, follow_up=12, worst_of=9, **WORLD)
    assert (short.change, short.standard_deviation) == pytest.approx((0.15111096631, 0.20901050425))


def test_below_a_cutoff_as_in_r() -> None:
    """> rec(2, 8, .5, .3, .4, .1, cut = -.6, gap = 2, bl = 6)
    -0.88908021051 0.78880330031 0.08009555074 0.22969873821
    """
    found = expected_recovery(
        weeks=2, follow_up=8, between_sd=0.5, shock_sd=0.3, correlation=0.4, noise_sd=0.1, cutoff=-0.6, gap=2,
        baseline=6,
    )  # fmt: skip
    assert (found.picked, found.kept, found.change, found.standard_deviation) == pytest.approx(
        (-0.88908021051, 0.78880330031, 0.08009555074, 0.22969873821)
    )


def test_simulated_units_recover_as_expected() -> None:
    """Twenty thousand counties of nine units; the one with the worst last four weeks is followed for twelve."""
    random = np.random.default_rng(12)
    shape = (20_000, 9, 24)
    shocks = np.empty(shape)
    steps = random.normal(size=shape)
    shocks[..., 0] = steps[..., 0]
    for week in range(1, 24):
        shocks[..., week] = 0.6 * shocks[..., week - 1] + 0.8 * steps[..., week]
    seen = 0.3 * random.normal(size=(*shape[:2], 1)) + 0.2 * shocks + 0.25 * random.normal(size=shape)
    worst = seen[..., 8:12].mean(axis=-1).argmin(axis=1)
    unit = seen[np.arange(shape[0]), worst]
    change = unit[:, 12:].mean(axis=1) - unit[:, :12].mean(axis=1)
    found = expected_recovery(weeks=4, follow_up=12, worst_of=9, baseline=12, **WORLD)
    assert change.mean() == pytest.approx(found.change, abs=4 * found.standard_deviation / np.sqrt(shape[0]))
    assert change.std() == pytest.approx(found.standard_deviation, rel=0.02)


def test_what_was_seen_recovers_in_proportion() -> None:
    one, two = (expected_recovery(weeks=4, follow_up=8, observed=seen, **WORLD) for seen in (-0.3, -0.6))
    assert two.change == pytest.approx(2 * one.change)
    assert one.change == pytest.approx(-0.3 * (one.kept - 1))


def test_bad_may_be_high() -> None:
    low = expected_recovery(weeks=4, follow_up=8, cutoff=-0.4, **WORLD)
    high = expected_recovery(weeks=4, follow_up=8, cutoff=0.4, worst="high", **WORLD)
    assert high.change == pytest.approx(-low.change)
    assert high.standard_deviation == pytest.approx(low.standard_deviation)
    worst = expected_recovery(weeks=4, follow_up=8, worst_of=5, worst="high", **WORLD)
    assert worst.picked > 0 > worst.change


def test_nobody_to_pick_from_and_nothing_that_passes() -> None:
    """The only unit was not picked for being the worst; lasting differences alone do not recover."""
    alone = expected_recovery(weeks=4, follow_up=8, worst_of=1, **WORLD)
    assert alone.change == pytest.approx(0.0, abs=1e-12)
    lasting = expected_recovery(weeks=4, follow_up=8, worst_of=9, between_sd=0.5, shock_sd=0, correlation=0, noise_sd=0)
    assert lasting.kept == pytest.approx(1)
    assert lasting.change == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, r"worst_of == None, cutoff == None and observed == None, must be one of them"),
        ({"worst_of": 3, "cutoff": -1.0}, r"worst_of == 3, cutoff == -1.0 and observed == None"),
        ({"worst_of": 0}, r"worst_of == 0, must be a whole number >= 1"),
        ({"worst_of": 3, "weeks": 0}, r"weeks == 0, must be a whole number >= 1"),
        ({"worst_of": 3, "correlation": 1.0}, r"correlation == 1.0, must be < 1"),
        ({"worst_of": 3, "noise_sd": -1.0}, r"noise_sd == -1.0, must be a number >= 0"),
        ({"worst_of": 3, "worst": "last"}, r"worst == 'last', must be one of low, high"),
        ({"cutoff": np.nan}, r"cutoff == nan, must be a number"),
        ({"worst_of": 3, "between_sd": 0, "shock_sd": 0, "noise_sd": 0}, r"variance of the weeks == 0.0, must be > 0"),
    ],
)
def test_bad_arguments_get_one_sentence(change: dict[str, object], sentence: str) -> None:
    arguments: dict[str, object] = {"weeks": 4, "follow_up": 8, **WORLD, **change}
    with pytest.raises(ValueError, match=sentence):
        expected_recovery(**arguments)  # type: ignore[arg-type]

"""Planning before the start, against dense generalised least squares in R."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import planned_pilot
from stats.errors import CannotEstimateError
from stats.henderson import solve
from stats.history import History
from stats.metric import Direction, Kind
from stats.planned_pilot import PlannedPilot
from stats.planning import minimum_detectable_effect, standard_error_of_plan, weeks_needed
from stats.review_cost import review_cost


def past(**changes: object) -> History:
    """Twenty answers a week of SD 1.1, shocks of 0.2 with a correlation of 0.5, units 0.3 apart; changed as told."""
    fields: dict[str, object] = {
        "kind": Kind.SCORE, "level": 3.9, "answers_a_week": 20.0, "sd": 1.1, "shock_sd": 0.2, "autocorrelation": 0.5,
        "between_sd": 0.3,
    }  # fmt: skip
    return History(**{**fields, **changes})  # type: ignore[arg-type]


# R 4.2.2:
#   gls_se <- function(J, before, after, n, nc, rho, sigma, tau) {
#     T <- before + after; lag <- abs(outer(1:T, 1:T, "-"))
#     V <- kronecker(diag(J), sigma^2 * rho^lag + tau^2) + diag(rep(1 / c(n, rep(nc, J - 1)), each = T))
#     X <- cbind(kronecker(rep(1, J), diag(T)), c(rep(0:1, c(before, after)), rep(0, T * (J - 1))))
#     sqrt(solve(t(X) %*% solve(V, X))[T + 1, T + 1]) }
#   gls_se(7, 26, 12, 20, 20, .5, .2/1.1, .3/1.1) * 1.1    0.1496273174
#   gls_se(3, 12, 12, 8, 40, .7, .3, .4)                   0.2946445741
#   gls_se(9, 40, 6, 15, 10, 0, .25, .2)                   0.1684150684
@pytest.mark.parametrize(
    ("changes", "weeks", "units", "expected"),
    [
        ({}, (26, 12), 6, 0.1496273174),
        (
            {"sd": 1.0, "answers_a_week": 8, "comparison_answers": 40, "shock_sd": 0.3, "between_sd": 0.4,
             "autocorrelation": 0.7},
            (12, 12), 2, 0.2946445741,
        ),
        (
            {"sd": 1.0, "answers_a_week": 15, "comparison_answers": 10, "shock_sd": 0.25, "between_sd": 0.2,
             "autocorrelation": 0.0},
            (40, 6), 8, 0.1684150684,
        ),
    ],
)  # fmt: skip
def test_the_standard_error_is_that_of_dense_least_squares(
    changes: dict[str, object], weeks: tuple[int, int], units: int, expected: float
) -> None:
    found = standard_error_of_plan(past(**changes), weeks_before=weeks[0], weeks_after=weeks[1], comparison_units=units)
    assert found == pytest.approx(expected, rel=1e-8)


def test_it_is_that_of_the_evaluations_own_equations() -> None:
    """Henderson's equations on data of 0 with the same components, precisions and weeks."""
    plan = past(answers_a_week=12, comparison_answers=25)
    precision = np.repeat([[12.0], *[[25.0]] * 4], 30, axis=1)
    treated = np.zeros_like(precision)
    treated[0, 20:] = 1.0
    peer = solve(np.zeros_like(precision), precision, treated[None], rho=0.5, sigma=0.2 / 1.1, tau=0.3 / 1.1)
    found = standard_error_of_plan(plan, weeks_before=20, weeks_after=10, comparison_units=4)
    assert found == pytest.approx(1.1 * np.sqrt(peer.coefficient_covariance[0, 0]), rel=1e-9)


# R 4.2.2:
#   one_se <- function(before, after, v, rho, s2, harmonics = 0) {
#     T <- before + after; t <- 0:(T - 1); X <- cbind(rep(0:1, c(before, after)), 1)
#     for (k in seq_len(harmonics)) { a <- 2 * pi * k * t / (365.25 / 7); X <- cbind(X, sin(a), cos(a)) }
#     V <- s2 * rho^abs(outer(t, t, "-")) + diag(v, T); sqrt(solve(t(X) %*% solve(V, X))[1, 1]) }
#   one_se(20, 12, 1/15, .6, .2^2)                   0.1579879323
#   one_se(20, 12, 1/15 + 1/30, .6, 2 * .2^2)        0.2121782208
#   one_se(110, 12, 1/15, .6, .2^2, 2)               0.1496646973
#   p <- .3; one_se(26, 10, 1/(25*p*(1-p)), .4, (.05/(p*(1-p)))^2) * p*(1-p)      0.04330465753
def test_one_series_or_the_difference_of_two() -> None:
    one = past(sd=1.0, answers_a_week=15, comparison_answers=30, autocorrelation=0.6)
    alone = standard_error_of_plan(one, weeks_before=20, weeks_after=12, comparison_units=0)
    beside = standard_error_of_plan(one, weeks_before=20, weeks_after=12, comparison_units=1)
    seasonal = standard_error_of_plan(one, weeks_before=110, weeks_after=12, comparison_units=0)
    assert alone == pytest.approx(0.1579879323, rel=1e-8)
    assert beside == pytest.approx(0.2121782208, rel=1e-8)
    assert seasonal == pytest.approx(0.1496646973, rel=1e-8)
    share = past(kind=Kind.PROPORTION, level=0.3, answers_a_week=25, shock_sd=0.05, autocorrelation=0.4)
    found = standard_error_of_plan(share, weeks_before=26, weeks_after=10, comparison_units=0)
    assert found == pytest.approx(0.04330465753, rel=1e-8)


def test_weeks_that_set_the_pilot_off_are_left_out_of_a_lone_series_only() -> None:
    """Six weeks before the start missing, as in R: rows 15:20 of one_se(20, 12, ...) dropped gives the same."""
    weeks = np.delete(np.arange(32.0), np.s_[14:20])
    covariance = 0.04 * 0.5 ** np.abs(np.subtract.outer(weeks, weeks)) + 1.21 / 20 * np.eye(26)
    columns = np.column_stack([weeks >= 20, np.ones(26)]).astype(float)
    dense = np.linalg.inv(columns.T @ np.linalg.inv(covariance) @ columns)[0, 0]
    alone = standard_error_of_plan(past(), weeks_before=20, weeks_after=12, comparison_units=0, trigger_weeks=6)
    assert alone == pytest.approx(np.sqrt(dense), rel=1e-9)
    beside = {"weeks_before": 20, "weeks_after": 12, "comparison_units": 4}
    assert standard_error_of_plan(past(), **beside, trigger_weeks=6) == standard_error_of_plan(past(), **beside)


def test_without_shocks_it_is_the_usual_power_formula() -> None:
    # R 4.2.2: n <- 20 * 12; (qnorm(.975) + qnorm(.8)) * 1.1 * sqrt(2 / n)    0.2813234271
    # and power.t.test(n = 240, sd = 1.1, power = .8, sig.level = .025, alternative = "one.sided")$delta    0.2818891343
    calm = past(shock_sd=0.0, autocorrelation=0.0, tail_ratio=1.0)
    found = minimum_detectable_effect(calm, weeks_before=12, weeks_after=12, comparison_units=0, reviews=1)
    assert found == pytest.approx(0.2813234271, rel=1e-8)


# R 4.2.2, with gls V of theta = (rho, sigma, tau), P the projector of restricted likelihood, D numerical derivatives:
#   I <- .5 * tr(P D_i P D_j) + diag(prior precisions);  2 * v^2 / (t(g) %*% solve(I) %*% g)
#   20 + 12 weeks, 15 answers, rho .6, sigma .2, alone                           5.5977416
#   12 + 12 weeks, 5 units, 15 answers each, rho .6, sigma .2, tau .3            21.004782
@pytest.mark.parametrize(("units", "before", "expected"), [(0, 20, 5.5977416), (4, 12, 21.004782)])
def test_degrees_of_freedom_are_satterthwaites(
    monkeypatch: pytest.MonkeyPatch, units: int, before: int, expected: float
) -> None:
    """With the priors of the R session: Beta(2, 2.5) on (0, 0.97), Rayleigh of scale 0.25, tau within 0.5."""
    monkeypatch.setattr(planned_pilot, "BETA_RHO", 4.5**2 * 5.5 / (2 * 2.5) / 0.97**2)
    monkeypatch.setattr(planned_pilot, "RAYLEIGH_SIGMA", 1 / ((2 - np.pi / 2) * 0.25**2))
    monkeypatch.setattr(planned_pilot, "TAU_SCALE", 0.5)
    monkeypatch.setattr(planned_pilot, "TYPICAL_SIGMA", 0.25 * np.sqrt(np.pi / 2))
    one = past(sd=1.0, answers_a_week=15, autocorrelation=0.6)
    plan = PlannedPilot(history=one, weeks_before=before, weeks_after=12, comparison_units=units, trigger_weeks=0)
    assert plan.degrees_of_freedom() == pytest.approx(expected, rel=1e-6)


def test_the_change_found_has_its_power_under_t() -> None:
    plan = PlannedPilot(history=past(), weeks_before=26, weeks_after=12, comparison_units=6, trigger_weeks=0)
    df = plan.degrees_of_freedom()
    error = standard_error_of_plan(past(), weeks_before=26, weeks_after=12, comparison_units=6)
    found = minimum_detectable_effect(
        past(), weeks_before=26, weeks_after=12, comparison_units=6, power=0.9, alpha=0.05, reviews=4
    )
    reach = scipy.stats.t.isf(0.05, df) + scipy.stats.t.ppf(0.9, df)
    assert found == pytest.approx(error * reach * review_cost(4, power=0.9, alpha=0.05), rel=1e-9)


def test_what_a_history_does_not_know_of_itself_widens_the_plan() -> None:
    plan = {"weeks_before": 26, "weeks_after": 12, "comparison_units": 6}
    error = standard_error_of_plan(past(), **plan)
    unsure = past(error_ratio=1.1, tail_ratio=1.3)
    assert standard_error_of_plan(unsure, **plan) == pytest.approx(1.1 * error)
    found = minimum_detectable_effect(unsure, **plan, reviews=1)
    normal = scipy.stats.norm
    assert found == pytest.approx((1.3 * normal.isf(0.025) + 1.1 * normal.ppf(0.8)) * error, rel=1e-9)


def test_rises_and_falls_of_a_rate_differ() -> None:
    """After a fall fewer events are left to tell it by: the change solves c = reach * se(c) on the log scale."""
    falls = past(kind=Kind.COUNT, level=4.0, answers_a_week=1.0, shock_sd=0.4, between_sd=1.2, tail_ratio=1.0)
    plan = {"weeks_before": 26, "weeks_after": 12, "comparison_units": 5, "reviews": 1}
    rise = minimum_detectable_effect(falls, **plan)
    fall = minimum_detectable_effect(falls, **plan, direction=Direction.DECREASE)
    assert fall < 4.0
    lag = np.abs(np.subtract.outer(np.arange(38), np.arange(38)))
    reach = scipy.stats.norm.isf(0.025) + scipy.stats.norm.ppf(0.8)
    for found, sign in ((rise, 1), (fall, -1)):
        after = 4.0 + sign * found
        noise = np.where(np.arange(38) < 26, 1 / 4.0, 1 / after) + 1 / 4.0 / 5
        covariance = 1.2 * (0.1**2 * 0.5**lag + 0.3**2) + np.diag(noise)
        x = (np.arange(38) >= 26).astype(float)
        error = 1 / np.sqrt(x @ np.linalg.solve(covariance, x))
        assert abs(np.log(after / 4.0)) == pytest.approx(reach * error, rel=1e-4)
    assert rise != pytest.approx(fall, rel=0.05)


def test_a_share_found_downwards_is_the_other_share_found_upwards() -> None:
    plan = {"weeks_before": 20, "weeks_after": 10, "comparison_units": 3}
    low = past(kind=Kind.PROPORTION, level=0.2, answers_a_week=30, shock_sd=0.03, between_sd=0.05)
    high = past(kind=Kind.PROPORTION, level=0.8, answers_a_week=30, shock_sd=0.03, between_sd=0.05)
    up = minimum_detectable_effect(low, **plan)
    assert minimum_detectable_effect(high, **plan, direction=Direction.DECREASE) == pytest.approx(up)


def test_a_fall_that_leaves_nothing_to_count_is_not_promised() -> None:
    rare = past(kind=Kind.COUNT, level=0.15, answers_a_week=1.0, shock_sd=0.03, between_sd=0.05)
    plan = {"weeks_before": 12, "comparison_units": 4, "direction": Direction.DECREASE}
    with pytest.raises(CannotEstimateError, match="No fall from here would be found in 4 weeks"):
        minimum_detectable_effect(rare, weeks_after=4, **plan)
    assert weeks_needed(rare, 0.05, **plan, most_weeks=12) is None


def test_weeks_needed_is_the_first_that_is_enough() -> None:
    plan = {"weeks_before": 26, "comparison_units": 6}
    calm = past(shock_sd=0.1)
    wanted = minimum_detectable_effect(calm, **plan, weeks_after=11) * 1.0001
    needed = weeks_needed(calm, wanted, **plan)
    assert needed is not None
    assert needed <= 11
    assert minimum_detectable_effect(calm, **plan, weeks_after=needed) <= wanted
    assert minimum_detectable_effect(calm, **plan, weeks_after=needed - 1) > wanted
    assert weeks_needed(calm, 10.0, **plan) == 3
    assert weeks_needed(calm, 0.01, **plan) is None


@settings(max_examples=25, deadline=None)
@given(
    units=st.sampled_from([0, 1, 2, 5]),
    times=st.floats(0.01, 1000),
    shift=st.floats(-1e8, 1e8),
    rho=st.floats(0, 0.95),
    shock=st.floats(0, 2),
)
def test_scale_and_shift(units: int, times: float, shift: float, rho: float, shock: float) -> None:
    """In another unit of measurement the effect found is the same thing in that unit; the level does not matter."""
    plan = {"weeks_before": 16, "weeks_after": 8, "comparison_units": units}
    one = past(shock_sd=shock, autocorrelation=rho)
    other = past(
        shock_sd=shock * times, autocorrelation=rho, sd=1.1 * times, between_sd=0.3 * times, level=3.9 * times + shift
    )
    assert minimum_detectable_effect(other, **plan) == pytest.approx(
        times * minimum_detectable_effect(one, **plan), rel=1e-6
    )


@settings(max_examples=25, deadline=None)
@given(units=st.sampled_from([0, 1, 3]), weeks=st.integers(3, 20), answers=st.floats(1, 200))
def test_more_of_anything_finds_smaller_changes(units: int, weeks: int, answers: float) -> None:
    plan = {"weeks_before": 16, "weeks_after": weeks, "comparison_units": units}
    error = standard_error_of_plan(past(answers_a_week=answers), **plan)
    assert standard_error_of_plan(past(answers_a_week=2 * answers), **plan) < error
    assert standard_error_of_plan(past(answers_a_week=answers), **{**plan, "weeks_after": weeks + 1}) < error
    assert standard_error_of_plan(past(answers_a_week=answers), **{**plan, "weeks_before": 30}) < error
    assert standard_error_of_plan(past(answers_a_week=answers, coverage=0.5), **plan) > error


@pytest.mark.parametrize(
    ("changes", "plan", "named"),
    [
        ({}, {"weeks_before": 1}, "weeks_before == 1"),
        ({}, {"weeks_after": 0}, "weeks_after == 0"),
        ({}, {"weeks_after": 7.5}, "weeks_after == 7.5"),
        ({}, {"comparison_units": -1}, "comparison_units == -1"),
        ({}, {"comparison_units": 0, "trigger_weeks": 25}, "trigger_weeks == 25"),
        ({}, {"power": 1.0}, "power == 1.0"),
        ({}, {"power": 0.01}, "power == 0.01"),
        ({}, {"alpha": 0.5}, "alpha == 0.5"),
        ({}, {"reviews": 0}, "reviews == 0"),
        ({"between_sd": math.nan}, {}, "between_sd == nan"),
        ({"comparisons": 4}, {"comparison_units": 0}, "comparison_units == 0"),
        ({"comparisons": 0}, {}, "comparison_units == 6"),
    ],
)
def test_a_plan_out_of_bounds_is_refused(changes: dict[str, object], plan: dict[str, object], named: str) -> None:
    whole = {"weeks_before": 26, "weeks_after": 12, "comparison_units": 6, **plan}
    with pytest.raises(ValueError, match=named):
        minimum_detectable_effect(past(**changes), **whole)  # type: ignore[arg-type]


def test_a_smallest_change_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="smallest_change == 0"):
        weeks_needed(past(), 0.0, weeks_before=26, comparison_units=6)

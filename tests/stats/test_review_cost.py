"""What several reviews cost, against the multivariate normal distribution."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from stats.review_cost import crossing_probability, review_cost
from stats.sequential import obrien_fleming_bounds


# R 4.2.2, mvtnorm 1.1.3, the bounds of five equal looks:
#   cost <- function(b, power) { K <- length(b); t <- (1:K)/K
#     R <- outer(t, t, function(a, c) sqrt(pmin(a, c)/pmax(a, c)))
#     f <- function(x) 1 - pmvnorm(upper = b, mean = x * sqrt(t), corr = R, algorithm = Miwa())[1] - power
#     once <- qnorm(.975) + qnorm(power); uniroot(f, c(1, 1.2) * once, tol = 1e-9)$root / once }
#   cost(c(4.8769, 3.3569, 2.6803, 2.2898, 2.0310), .8)    1.012273894
#   cost(c(4.8769, 3.3569, 2.6803, 2.2898, 2.0310), .9)    1.011464128
@pytest.mark.parametrize(("power", "expected"), [(0.8, 1.012273894), (0.9, 1.011464128)])
def test_five_reviews_cost_what_the_multivariate_normal_says(power: float, expected: float) -> None:
    assert review_cost(5, power=power) == pytest.approx(expected, abs=3e-5)


def test_one_review_costs_nothing_and_more_cost_more() -> None:
    costs = [review_cost(reviews) for reviews in (1, 2, 3, 5, 10, 20, 30)]
    assert costs[0] == 1.0
    assert costs == sorted(costs)
    assert costs[-1] < 1.03
    assert review_cost(100) == costs[-1]


def test_without_an_effect_the_bounds_are_passed_as_often_as_they_may_be() -> None:
    fractions = np.arange(1, 11) / 10
    assert crossing_probability(obrien_fleming_bounds(fractions), fractions, 0.0) == pytest.approx(0.025, abs=1e-6)


def test_one_look_is_the_normal_test() -> None:
    found = crossing_probability(np.array([1.96]), np.array([1.0]), 2.5)
    assert found == pytest.approx(scipy.stats.norm.sf(1.96 - 2.5))


def test_where_the_reviews_fall_hardly_matters() -> None:
    """Looks late in the pilot in place of equally spaced ones: the same effect has nearly the same power."""
    fractions = np.array([0.45, 0.6, 0.7, 0.8, 0.9, 1.0])
    effect = review_cost(6) * (scipy.stats.norm.isf(0.025) + scipy.stats.norm.ppf(0.8))
    assert crossing_probability(obrien_fleming_bounds(fractions), fractions, effect) == pytest.approx(0.8, abs=0.004)


def test_simulated_reviews_are_passed_as_often() -> None:
    """Twenty thousand score processes with normal increments: 80 % give or take 0.3 points."""
    random = np.random.default_rng(8)
    fractions = np.arange(1, 9) / 8
    effect = review_cost(8) * (scipy.stats.norm.isf(0.025) + scipy.stats.norm.ppf(0.8))
    steps = effect / 8 + random.normal(size=(20_000, 8)) / np.sqrt(8)
    z = steps.cumsum(axis=1) / np.sqrt(fractions)
    assert (z >= obrien_fleming_bounds(fractions)).any(axis=1).mean() == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("reviews", [0, 2.5, -1])
def test_reviews_that_are_no_number_of_reviews_are_refused(reviews: float) -> None:
    with pytest.raises(ValueError, match="reviews =="):
        review_cost(reviews)  # type: ignore[arg-type]

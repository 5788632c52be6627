"""Regression with AR(1) shocks plus noise: the integral against brute force, intervals that hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from stats.ar1_regression import MAX_RHO, fit_ar1
from stats.panel import Floats


def series(seed: int, length: int = 30, *, rho: float = 0.6, share: float = 0.7) -> Floats:
    random = np.random.default_rng(seed)
    shocks = np.empty(length)
    shocks[0] = random.normal()
    for t in range(1, length):
        shocks[t] = rho * shocks[t - 1] + np.sqrt(1 - rho**2) * random.normal()
    return np.asarray(np.sqrt(share) * shocks + np.sqrt(1 - share) * random.normal(size=length))


def steps(length: int) -> Floats:
    return np.column_stack([np.arange(length) >= length // 2, np.ones(length)]).astype(np.float64)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_integral_matches_brute_force(seed: int) -> None:
    """Midpoint rule over 80 x 80 dense restricted likelihoods with the same flat priors, a missing point included."""
    y, x = series(seed), steps(30)
    y[7] = np.nan
    fit = fit_ar1(y, x)

    seen = np.isfinite(y)
    gap = np.abs(np.subtract.outer(np.arange(30), np.arange(30)))[np.ix_(seen, seen)]
    points = []
    for rho in (np.arange(80) + 0.5) / 80 * MAX_RHO:
        for share in (np.arange(80) + 0.5) / 80:
            covariance = share * rho**gap + (1 - share) * np.eye(seen.sum())
            weight = np.linalg.inv(covariance)
            information = x[seen].T @ weight @ x[seen]
            beta = np.linalg.solve(information, x[seen].T @ weight @ y[seen])
            left = y[seen] - x[seen] @ beta
            quadratic = left @ weight @ left
            dets = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
            variance = quadratic / fit.df * np.linalg.inv(information)[0, 0]
            points.append((beta[0], variance, -0.5 * (dets + fit.df * np.log(quadratic)), rho, share))
    table = np.array(points)
    weights = np.exp(table[:, 2] - table[:, 2].max())
    weights /= weights.sum()
    effect = weights @ table[:, 0]
    error = np.sqrt(weights @ (table[:, 1] * fit.df / (fit.df - 2) + (table[:, 0] - effect) ** 2))

    posterior = fit.posterior(np.array([1.0, 0.0]))
    assert float(posterior.effect) == pytest.approx(effect, abs=0.01 * error)
    assert float(posterior.standard_error) == pytest.approx(error, rel=0.01)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(error, rel=0.01)
    assert (fit.rho, fit.share) == pytest.approx((weights @ table[:, 3], weights @ table[:, 4]), abs=0.01)


def test_a_combination_is_the_same_regression_in_other_columns() -> None:
    """The level after, constant plus change, is a column of its own when the other one marks the points before."""
    y = series(4)
    after = steps(30)[:, 0]
    one = fit_ar1(y, steps(30)).posterior(np.array([1.0, 1.0]))
    other = fit_ar1(y, np.column_stack([after, 1 - after])).posterior(np.array([1.0, 0.0]))
    assert float(one.effect) == pytest.approx(float(other.effect))
    assert float(one.standard_error) == pytest.approx(float(other.standard_error))


def test_innovations_no_longer_hang_together() -> None:
    y = series(11, 400, rho=0.8, share=0.9)
    fit = fit_ar1(y, steps(400))
    left = fit.innovations - fit.innovations.mean()
    assert abs(left[1:] @ left[:-1] / (left @ left)) < 0.1
    assert fit.rho == pytest.approx(0.8, abs=0.1)


def test_ten_years_of_weeks_are_no_trouble() -> None:
    fit = fit_ar1(series(5, 520), steps(520))
    assert abs(fit.coefficients[0]) < 3 * np.sqrt(fit.covariance[0, 0])


@pytest.mark.slow
@pytest.mark.parametrize(("length", "rho", "share"), [(24, 0.6, 0.7), (24, 0.0, 0.0), (60, 0.6, 0.7), (104, 0.6, 0.5)])
def test_intervals_hold_the_truth(length: int, rho: float, share: float) -> None:
    """95 % intervals of a null level change over 120 series; 24 points are the hard case (93 % in larger runs)."""
    inside = 0
    for seed in range(120):
        fit = fit_ar1(series(seed, length, rho=rho, share=share), steps(length))
        low, high = fit.posterior(np.array([1.0, 0.0])).interval()
        inside += int(low <= 0 <= high)
    assert inside / 120 > 0.88

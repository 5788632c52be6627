"""One series: the integral against brute force, recovery, seasonal terms, the picture of what was expected."""

from __future__ import annotations

import numpy as np
import pytest

from stats.controlled import MAX_RHO
from stats.panel import Floats
from stats.single_series import SPREAD_REACH, design, fit_single, solve_fixed


def series(seed: int, weeks: int = 30, change: float = 0.0) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(seed)
    shocks = np.zeros(weeks)
    for t in range(1, weeks):
        shocks[t] = 0.5 * shocks[t - 1] + 0.2 * random.normal()
    precision = random.uniform(8, 25, weeks)
    precision[4] = 0.0
    treated = (np.arange(weeks) >= weeks // 2).astype(float)
    values = 2.0 + shocks + random.normal(size=weeks) / 4 + change * treated
    return values, precision, design(weeks, treated)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_integral_matches_brute_force(seed: int) -> None:
    """Midpoint rule over 60 x 60 dense restricted likelihoods with the same flat priors."""
    values, precision, columns = series(seed)
    fit = fit_single(values, precision, columns)

    seen = precision > 0
    x, y = columns[seen], values[seen]
    gap = np.abs(np.subtract.outer(np.arange(len(values)), np.arange(len(values))))[np.ix_(seen, seen)]
    rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    top = SPREAD_REACH * np.sqrt(rest @ rest / (seen.sum() - 2))
    points = []
    for rho in (np.arange(60) + 0.5) / 60 * MAX_RHO:
        for sigma in (np.arange(60) + 0.5) / 60 * top:
            covariance = sigma**2 * rho**gap + np.diag(1 / precision[seen])
            weight = np.linalg.inv(covariance)
            information = x.T @ weight @ x
            beta = np.linalg.solve(information, x.T @ weight @ y)
            left = y - x @ beta
            dets = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
            points.append((beta[0], np.linalg.inv(information)[0, 0], -0.5 * (dets + left @ weight @ left)))
    table = np.array(points)
    share = np.exp(table[:, 2] - table[:, 2].max())
    share /= share.sum()
    effect = share @ table[:, 0]
    error = np.sqrt(share @ (table[:, 1] + (table[:, 0] - effect) ** 2))

    assert float(fit.posterior.standard_error) == pytest.approx(error, rel=0.01)
    assert float(fit.posterior.effect) == pytest.approx(effect, abs=0.01 * error)


def test_an_offset_of_1e8_keeps_precision() -> None:
    values, precision, columns = series(1, change=0.5)
    plain = fit_single(values, precision, columns)
    shifted = fit_single(values + 1e8, precision, columns)
    assert float(shifted.posterior.effect) == pytest.approx(float(plain.posterior.effect), abs=1e-6)
    assert shifted.coefficients[1] == pytest.approx(plain.coefficients[1] + 1e8)


def test_harmonics_take_out_a_season() -> None:
    """Two years of a strong season and no change: with harmonics the season is not taken for an effect."""
    random = np.random.default_rng(8)
    weeks = 117
    treated = (np.arange(weeks) >= 104).astype(float)
    values = np.sin(2 * np.pi * np.arange(weeks) / (365.25 / 7)) + random.normal(size=weeks) / 5
    precision = np.full(weeks, 25.0)
    with_season = fit_single(values, precision, design(weeks, treated, harmonics=1))
    without = fit_single(values, precision, design(weeks, treated))
    assert abs(float(with_season.posterior.effect)) < 0.2 < abs(float(without.posterior.effect))


def test_fixed_components_are_generalised_least_squares() -> None:
    values, precision, columns = series(2)
    coefficients, covariance = solve_fixed(values, precision, columns, rho=0.4, sigma=0.3)
    seen = precision > 0
    gap = np.abs(np.subtract.outer(np.arange(len(values)), np.arange(len(values))))[np.ix_(seen, seen)]
    weight = np.linalg.inv(0.09 * 0.4**gap + np.diag(1 / precision[seen]))
    information = columns[seen].T @ weight @ columns[seen]
    np.testing.assert_allclose(covariance, np.linalg.inv(information), rtol=1e-9)
    np.testing.assert_allclose(
        coefficients, np.linalg.solve(information, columns[seen].T @ weight @ values[seen]), rtol=1e-9
    )

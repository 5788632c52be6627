"""The controlled mixed model against independent computations on the full data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from stats.compiled.fit import MAX_RHO, TAU_REACH, TAU_SCALE
from stats.compiled.profile import profile, workspace
from stats.controlled import fit_controlled
from stats.henderson import solve
from stats.panel import Floats

UNITS, WEEKS = 4, 10


def pilot(seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Values, precision (with missing weeks, one week missing everywhere) and the treated matrix."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(UNITS, WEEKS)) * 0.4 + random.normal(size=(UNITS, 1)) * 0.3
    precision = random.uniform(5, 30, (UNITS, WEEKS))
    precision[1, 3] = precision[0, 0] = 0.0
    precision[:, 7] = 0.0
    treated = np.zeros((UNITS, WEEKS))
    treated[0, 5:] = 1.0
    return values, precision, treated


def dense_reml(
    values: Floats, precision: Floats, treated: Floats, rho: float, sigma: float, tau: float
) -> tuple[float, float, float]:
    """Effect, variance and restricted log-likelihood by generalised least squares on the stacked data."""
    units, weeks = values.shape
    seen = (precision > 0).ravel()
    gap = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    block = sigma**2 * rho**gap + tau**2
    covariance = np.kron(np.eye(units), block)[np.ix_(seen, seen)] + np.diag(1 / precision.ravel()[seen])
    columns = np.column_stack([np.tile(np.eye(weeks), (units, 1)), treated.ravel()])[seen]
    columns = columns[:, columns.any(axis=0)]
    y = values.ravel()[seen]
    weight = np.linalg.inv(covariance)
    information = columns.T @ weight @ columns
    beta = np.linalg.solve(information, columns.T @ weight @ y)
    rest = y - columns @ beta
    log_likelihood = -0.5 * (
        np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1] + rest @ weight @ rest
    )
    return float(beta[-1]), float(np.linalg.inv(information)[-1, -1]), float(log_likelihood)


@pytest.mark.parametrize(("rho", "sigma", "tau"), [(0.6, 0.3, 0.4), (0.05, 0.01, 2.0), (0.95, 1.0, 0.02)])
def test_the_profile_is_the_dense_restricted_likelihood(rho: float, sigma: float, tau: float) -> None:
    values, precision, treated = pilot()
    seen = precision > 0
    y, x = np.where(seen, values, 0.0), np.where(seen, treated, 0.0)
    rhos, sigmas = np.array([0.3, rho, 0.8]), np.array([0.2, sigma, 0.5])  # the second of three lanes
    grid = np.empty((4, 3, 2))
    profile(
        y, precision, x, UNITS, WEEKS, rhos, sigmas, np.array([1.0, tau]), True, 1.0, workspace(UNITS, WEEKS, 3), grid
    )
    effect, variance, log_likelihood = dense_reml(values, precision, treated, rho, sigma, tau)
    assert grid[1, 1, 1] == pytest.approx(effect, rel=1e-9)
    assert grid[2, 1, 1] == pytest.approx(variance, rel=1e-9)
    assert grid[0, 1, 1] == pytest.approx(log_likelihood, rel=1e-9)


def test_staggered_starts_match_the_dense_computation() -> None:
    values, precision, treated = pilot(3)
    treated[1, 8:] = 1.0
    fixed = solve(values, precision, treated[None], rho=0.5, sigma=0.2, tau=0.3)
    effect, variance, _ = dense_reml(values, precision, treated, 0.5, 0.2, 0.3)
    assert fixed.coefficients[0] == pytest.approx(effect, rel=1e-8)
    assert fixed.coefficient_covariance[0, 0] == pytest.approx(variance, rel=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_integral_matches_brute_force(seed: int) -> None:
    """Midpoint rule over 20 x 24 x 24 dense restricted likelihoods, with the same priors."""
    values, precision, treated = pilot(seed)
    fit = fit_controlled(values[None], precision[None], treated[None])

    top = 1.2  # the likelihood of these data is nil above it
    rhos = (np.arange(20) + 0.5) / 20 * MAX_RHO
    sigmas = (np.arange(24) + 0.5) / 24 * top
    angles = (np.arange(24) + 0.5) / 24 * TAU_REACH
    taus = TAU_SCALE * np.tan(angles * np.pi / 2)
    grid = [(r, s, t) for r in rhos for s in sigmas for t in taus]
    points = np.array([dense_reml(values, precision, treated, *point) for point in grid])
    share, sigma = np.array(grid)[:, 0] / MAX_RHO, np.array(grid)[:, 1]
    prior = np.log(share) + 2.0 * np.log(1 - share) + np.log(sigma) - 3.0 * np.log1p((sigma / 0.25) ** 2 / 4)
    log_weight = points[:, 2] + prior
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    effect = weight @ points[:, 0]
    error = np.sqrt(weight @ (points[:, 1] + (points[:, 0] - effect) ** 2))

    assert fit.posterior.standard_error[0] == pytest.approx(error, rel=0.02)
    assert fit.posterior.effect[0] == pytest.approx(effect, abs=0.02 * error)


def test_without_shocks_it_is_statsmodels_mixedlm() -> None:
    """At MixedLM's own REML variances (random intercept, week dummies) effect and standard error agree."""
    random = np.random.default_rng(4)
    units, weeks = 8, 12
    values = random.normal(size=(units, 1)) * 0.7 + random.normal(size=(units, weeks)) * 0.5
    treated = np.zeros((units, weeks))
    treated[0, 6:] = 1.0
    frame = pd.DataFrame({
        "y": values.ravel(), "unit": np.repeat(np.arange(units), weeks), "week": np.tile(np.arange(weeks), units),
        "treated": treated.ravel(),
    })  # fmt: skip
    peer = smf.mixedlm("y ~ 0 + C(week) + treated", frame, groups="unit").fit(reml=True)
    precision = np.full((units, weeks), 1 / peer.scale)
    tau = float(np.sqrt(peer.cov_re.iloc[0, 0]))

    found = solve(values, precision, treated[None], rho=0.0, sigma=1e-8, tau=tau)

    assert found.coefficients[0] == pytest.approx(peer.params["treated"], abs=1e-5)
    # statsmodels takes the observed information with its cross terms to the variances, hence not closer.
    assert np.sqrt(found.coefficient_covariance[0, 0]) == pytest.approx(peer.bse["treated"], rel=5e-3)


def test_a_batch_is_the_same_as_one_by_one() -> None:
    values, precision, treated = (np.stack(parts) for parts in zip(*(pilot(seed) for seed in range(3)), strict=True))
    together = fit_controlled(values, precision, treated)
    alone = [fit_controlled(values[[k]], precision[[k]], treated[[k]]) for k in range(3)]
    for name in ("effect", "standard_error"):
        np.testing.assert_allclose(
            getattr(together.posterior, name), [getattr(one.posterior, name)[0] for one in alone], rtol=1e-9
        )


def test_an_unknown_scale_is_estimated() -> None:
    """Multiplying every precision by a constant must not matter when only its ratios are known."""
    values, precision, treated = pilot(5)
    one = fit_controlled(values[None], precision[None], treated[None], scale_known=False)
    other = fit_controlled(values[None], 1e4 * precision[None], treated[None], scale_known=False)
    assert other.posterior.effect[0] == pytest.approx(one.posterior.effect[0], rel=1e-6)
    assert other.posterior.standard_error[0] == pytest.approx(one.posterior.standard_error[0], rel=1e-6)


def test_random_units_take_out_regression_to_the_mean() -> None:
    """A pilot unit chosen for its bad baseline, with no effect at all: the estimate stays near zero on average."""
    random = np.random.default_rng(6)
    pilots, units, weeks = 300, 9, 16
    values = 0.1 * random.normal(size=(pilots, units, 1)) + 0.25 * random.normal(size=(pilots, units, weeks))
    worst = values[:, :, :8].mean(axis=2).argmin(axis=1)
    rows = np.arange(pilots)
    values[rows, 0], values[rows, worst] = values[rows, worst].copy(), values[rows, 0].copy()
    treated = np.zeros_like(values)
    treated[:, 0, 8:] = 1.0
    naive = values[:, 0, 8:].mean(axis=1) - values[:, 0, :8].mean(axis=1)
    fit = fit_controlled(values, np.full_like(values, 16.0), treated)
    assert naive.mean() > 0.06
    assert abs(fit.posterior.effect.mean()) < 0.02

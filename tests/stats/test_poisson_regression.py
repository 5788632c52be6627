"""Poisson regression against statsmodels, and counts that are too few for it."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from stats.poisson_regression import fit_poisson_regression


@pytest.mark.parametrize("seed", range(5))
def test_as_in_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    x = np.column_stack([np.arange(30) >= 15, np.ones(30), np.arange(30.0) * 1e3])
    exposure = random.uniform(50, 2000, 30)
    counts = random.poisson(exposure * np.exp(-4 + 0.4 * x[:, 0] - 1e-5 * x[:, 2])).astype(float)
    ours = fit_poisson_regression(counts, x, exposure)
    theirs = GLM(counts, x, family=Poisson(), offset=np.log(exposure)).fit(tol=1e-14, scale="X2")
    np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-7)
    np.testing.assert_allclose(ours.dispersion * ours.bread, theirs.cov_params(), rtol=1e-6)
    assert ours.dispersion == pytest.approx(theirs.scale)


def test_a_wild_start_is_halved_until_it_settles() -> None:
    """Plain iteratively reweighted least squares overflows here; the likelihood has its maximum all the same."""
    counts = np.array([0.0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 5, 30, 200])
    x = np.column_stack([np.ones(13), np.arange(13.0), np.arange(13.0) ** 2])
    fit = fit_poisson_regression(counts, x, np.ones(13))
    np.testing.assert_allclose(x.T @ (counts - fit.expected), 0, atol=1e-4)


def test_events_on_one_side_only_have_no_ratio() -> None:
    x = np.column_stack([np.arange(10) >= 5, np.ones(10)]).astype(float)
    with pytest.raises(ValueError, match=r"^7 events are too few for 2 terms here"):
        fit_poisson_regression(np.array([1.0, 2, 1, 0, 3, 0, 0, 0, 0, 0]), x, np.ones(10))

"""Planned looks against published bounds and simulation."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from stats.sequential import obrien_fleming_bounds, obrien_fleming_spending


@pytest.mark.parametrize(
    ("fractions", "expected"),
    [
        # gsDesign::gsDesign(k = 5, test.type = 1, alpha = 0.025, sfu = sfLDOF)$upper$bound
        ([0.2, 0.4, 0.6, 0.8, 1.0], [4.877, 3.357, 2.680, 2.290, 2.031]),
        # One look is a plain test: qnorm(0.975)
        ([1.0], [1.960]),
    ],
)
def test_published_bounds(fractions: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(obrien_fleming_bounds(fractions), expected, atol=1.1e-3)


@pytest.mark.parametrize("fractions", [[0.5, 1.0], [0.3, 0.45, 1.0], [0.2, 0.5, 0.9, 1.0]])
def test_each_look_spends_its_share(fractions: list[float]) -> None:
    """Computed independently: scores of looks are jointly normal with correlation sqrt(t_i / t_j).

    The chance of having crossed by look k, from scipy's multivariate normal, is what was to be spent by t_k.
    """
    bounds = obrien_fleming_bounds(fractions)
    t = np.asarray(fractions)
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    for k in range(1, len(t) + 1):
        looks = scipy.stats.multivariate_normal(cov=correlation[:k, :k], abseps=1e-9, releps=1e-9, maxpts=2_000_000)
        inside = looks.cdf(bounds[:k])
        spent = 2 * scipy.stats.norm.sf(scipy.stats.norm.isf(0.0125) / np.sqrt(t[k - 1]))
        assert 1 - inside == pytest.approx(spent, abs=5e-6)


def test_ten_uneven_looks_spend_exactly_alpha() -> None:
    """Brownian motion at uneven fractions, two of them almost together: 2.5 % crosses, up to simulation error."""
    fractions = np.array([0.05, 0.2, 0.2005, 0.41, 0.5, 0.62, 0.7, 0.9, 0.98, 1.0])
    bounds = obrien_fleming_bounds(fractions)
    random = np.random.default_rng(3)
    steps = np.sqrt(np.diff(np.concatenate([[0.0], fractions])))
    z = np.cumsum(random.normal(size=(400_000, len(steps))) * steps, axis=1) / np.sqrt(fractions)
    assert (z > bounds).any(axis=1).mean() == pytest.approx(0.025, abs=0.001)


def test_spending_ends_at_alpha() -> None:
    assert obrien_fleming_spending(1.0, alpha=0.01) == pytest.approx(0.01)


@pytest.mark.parametrize("fractions", [[], [0.0, 1.0], [0.5, 0.5], [0.6, 0.4], [0.5, 1.2], [np.nan]])
def test_bad_fractions_are_refused(fractions: list[float]) -> None:
    with pytest.raises(ValueError, match="information_fractions"):
        obrien_fleming_bounds(fractions)


def test_bad_alpha_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha"):
        obrien_fleming_bounds([1.0], alpha=0.0)

"""The sandwich with gaps; its agreement with R is tested with the regressions that use it."""

from __future__ import annotations

import numpy as np

from stats.newey_west import newey_west_covariance


def test_a_gap_is_a_lag_in_the_calendar() -> None:
    """By hand for one coefficient: the pairs one week apart at weight 1/2, and no pair across the missing week."""
    scores = np.array([1.0, 2.0, np.nan, -1.0, 3.0])[:, None]
    expected = (1 + 4 + 1 + 9 + 2 * 0.5 * (1 * 2 + -1 * 3)) * 4 / 3
    np.testing.assert_allclose(newey_west_covariance(scores, np.eye(1), lags=1), [[expected]])


def test_more_lags_than_points_add_nothing() -> None:
    scores = np.random.default_rng(1).normal(size=(6, 2))
    few = newey_west_covariance(scores, np.eye(2), lags=40)
    assert np.isfinite(few).all()
    assert (np.linalg.eigvalsh(few) > -1e-12).all()

"""The inverse of the weekly covariance against a dense inverse."""

from __future__ import annotations

import numpy as np
import pytest

from stats.ar1 import ar1_plus_noise_inverse


@pytest.mark.parametrize(("rho", "variance"), [(0.5, 0.3), (0.95, 1e-6), (0.01, 100.0), (0.97, 1e4)])
@pytest.mark.parametrize("missing", [[], [0], [3, 7], [11]])
def test_matches_a_dense_inverse(rho: float, variance: float, missing: list[int]) -> None:
    weeks = 12
    precision = np.random.default_rng(1).uniform(5, 30, weeks)
    precision[missing] = 0.0
    seen = precision > 0
    shocks = variance * rho ** np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    dense = shocks[np.ix_(seen, seen)] + np.diag(1 / precision[seen])

    inverse, log_det = ar1_plus_noise_inverse(precision, np.array(rho), np.array(variance))

    np.testing.assert_allclose(inverse[np.ix_(seen, seen)], np.linalg.inv(dense), rtol=1e-8, atol=1e-10)
    assert log_det == pytest.approx(np.linalg.slogdet(dense)[1], abs=1e-9)
    assert not inverse[~seen].any()


def test_one_week() -> None:
    inverse, log_det = ar1_plus_noise_inverse(np.array([4.0]), np.array(0.7), np.array(2.0))
    assert inverse.item() == pytest.approx(1 / 2.25)
    assert log_det.item() == pytest.approx(np.log(2.25))

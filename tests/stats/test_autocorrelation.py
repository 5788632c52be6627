"""The Ljung-Box test against R, gaps, and the sentence it becomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.autocorrelation import autocorrelation_check, ljung_box
from tests.stats.known_series import LAKE_HURON


def test_as_in_r() -> None:
    """> Box.test(as.numeric(LakeHuron)[1:24], lag = 3, type = "Ljung")
    X-squared = 31.64680957, df = 3, p-value = 6.21173014e-07
    """
    found = ljung_box(LAKE_HURON[:24])
    assert found.statistic == pytest.approx(31.64680957)
    assert found.p_value == pytest.approx(6.21173014e-07, rel=1e-6)
    assert autocorrelation_check(found).passed is False


def test_a_gap_takes_away_pairs_but_moves_nobody_closer() -> None:
    """Values on either side of a long gap are no neighbours: alternating blocks far apart show no correlation."""
    gaps = np.full(41, np.nan)
    gaps[::4] = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1]
    found = ljung_box(gaps, lags=3)
    assert found.lag_one == 0
    assert found.p_value == 1


def test_chance_alone_fails_one_in_twenty() -> None:
    random = np.random.default_rng(5)
    failed = sum(ljung_box(random.normal(size=24)).p_value < 0.05 for _ in range(600))
    assert 0.02 < failed / 600 < 0.08


def test_independent_weeks_pass() -> None:
    check = autocorrelation_check(ljung_box(np.random.default_rng(2).normal(size=60)))
    assert check.passed is True
    assert "no more than the method allows for" in check.detail.english()


@given(st.lists(st.integers(-50, 50), min_size=8, max_size=40).filter(lambda x: len(set(x)) > 1), st.floats(0.5, 20))
def test_unit_sign_and_origin_do_not_matter(values: list[int], factor: float) -> None:
    plain = ljung_box(np.array(values, dtype=float))
    moved = ljung_box(-factor * np.array(values) + 7.0)
    assert moved.statistic == pytest.approx(plain.statistic, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("residuals", "lags", "sentence"),
    [
        ([1.0, 2.0, 0.0, 1.0], 3, r"residuals has 4 values, must have at least 5 for 3 lags"),
        ([1.0, 1.0, 1.0, 1.0], 1, r"residuals are all the same"),
        ([1.0, 2.0, 0.0, 1.0], 0, r"lags == 0, must be a whole number >= 1"),
    ],
)
def test_what_cannot_be_tested_is_refused(residuals: list[float], lags: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ljung_box(np.array(residuals), lags=lags)

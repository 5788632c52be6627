"""Fidelity: a change that was not carried out is said, and never blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.fidelity import FidelityData, fidelity
from tests.stats.small_pilots import MONDAYS


def log(happened: list[float], due: int = 12) -> FidelityData:
    return FidelityData(weeks=MONDAYS[: len(happened)], happened=np.array(happened, dtype=np.float64), due=due)


@pytest.mark.parametrize(
    ("happened", "passed", "share"),
    [
        ([1] * 12, True, 100),
        ([1, 1, 1, 0, 0], True, 60),  # 60 % is enough
        ([1, 1, 0.5, 0, 0], False, 50),
        ([0.5] * 4, False, 50),  # half-done every week
        ([0, 0, 0], False, 0),
    ],
)
def test_sixty_per_cent_of_the_logged_weeks(happened: list[float], passed: bool, share: int) -> None:
    check = fidelity(log(happened))
    assert check is not None
    assert (check.passed, check.blocks_scale) == (passed, False)
    assert check.detail.values["share"] == share
    assert check.detail.values["logged"] == len(happened)


def test_two_weeks_tell_nothing_and_no_log_is_no_check() -> None:
    check = fidelity(log([0, 0]))
    assert check is not None
    assert check.passed is None
    assert check.detail.english() == (
        "Only 2 of 12 weeks were logged, too few to tell whether the change was carried out."
    )
    assert fidelity(log([])) is not None
    assert fidelity(None) is None
    assert np.isnan(log([]).share)


def test_a_change_kept_in_nine_weeks_of_ten_is_almost_never_called_not_carried_out() -> None:
    # > pbinom(7, 12, 0.9)  # fewer than 8 of 12 weeks, so at most 58 %
    # [1] 0.004329244
    random = np.random.default_rng(1)
    failed = sum(fidelity(log(list(week))).passed is False for week in random.binomial(1, 0.9, (2000, 12)))  # type: ignore[union-attr]
    assert failed <= 20


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=3, max_size=24), st.randoms())
def test_the_order_of_weeks_does_not_matter(happened: list[float], random: object) -> None:
    mixed = list(happened)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = fidelity(log(happened)), fidelity(log(mixed))
    assert one is not None
    assert other is not None
    assert (one.passed, one.detail.values) == (other.passed, other.detail.values)


def test_a_log_is_checked_at_the_door() -> None:
    with pytest.raises(ValueError, match=r"happened in 2025-12-15 == 2\.0, must be from 0 to 1"):
        log([1, 2, 1])
    with pytest.raises(ValueError, match=r"happened in 2025-12-08 == nan, must be from 0 to 1"):
        log([float("nan")])
    with pytest.raises(ValueError, match=r"weeks has 2025-12-08 twice, must name each week once"):
        FidelityData(weeks=MONDAYS[[0, 0]], happened=np.ones(2), due=2)
    with pytest.raises(ValueError, match=r"happened has 2 weeks, must have 1"):
        FidelityData(weeks=MONDAYS[:1], happened=np.ones(2), due=2)

"""Volumes: a jump of answers, of exposure, and a fall of the share who answer; usual swings are none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.checks_data import exposure_change, volume_change
from stats.checks_people import ServedData, response_change
from stats.metric import Direction, Kind
from stats.panel import Floats
from stats.pilot_data import PilotData
from stats.volume import rate_shift, volume_shift
from tests.stats.small_pilots import AFTER, MONDAYS, ar1, pilot_data


def answers(random: np.random.Generator, units: int, typical: float, *, swing: float = 0.2) -> Floats:
    return random.poisson(typical * np.exp(ar1(random, (units, 24), sd=swing))).astype(np.float64)


def asked(n: Floats, kind: Kind = Kind.SCORE) -> PilotData:
    mean = 3.0 + 0.01 * np.arange(n.shape[1]) + np.zeros(n.shape)
    if kind is Kind.COUNT:
        return pilot_data(n, count=np.round(np.maximum(n, 1) / 2) + np.arange(24) % 2, kind=kind,
                          direction=Direction.DECREASE)  # fmt: skip
    return pilot_data(n, mean=mean, sd=np.ones(n.shape), kind=kind)


def found(data: PilotData) -> Any:
    return SimpleNamespace(data=data)


def test_the_ratio_is_of_weekly_means_against_the_comparison() -> None:
    n = np.full((3, 24), 10.0)
    n[0, 12:] = 30.0
    n[1:, 12:] = [[12.0], [15.0]]
    shift = volume_shift(asked(n))
    assert shift is not None
    assert shift.log_ratio == pytest.approx(np.log(3.0) - (np.log(1.2) + np.log(1.5)) / 2)
    assert shift.ratio == pytest.approx(np.exp(shift.log_ratio))


def test_tripled_answers_are_found_and_block_only_where_people_are_asked() -> None:
    random = np.random.default_rng(1)
    n = answers(random, 3, 30)
    n[0, AFTER] *= 3
    for kind, blocks in ((Kind.SCORE, True), (Kind.DURATION, False)):
        check = volume_change(found(asked(n, kind)))
        assert check is not None
        assert (check.passed, check.blocks_scale) == (False, blocks)
        assert float(check.detail.values["ratio"]) == pytest.approx(3.0, rel=0.35)  # type: ignore[arg-type]


def test_twice_as_many_everywhere_is_no_change_of_the_pilot() -> None:
    n = answers(np.random.default_rng(2), 4, 30)
    n[:, AFTER] *= 2
    check = volume_change(found(asked(n)))
    assert check is not None
    assert check.passed is True


def test_a_busier_unit_is_told_for_counts_and_never_blocks() -> None:
    n = np.full((3, 24), 100.0) + np.arange(24) % 3
    assert volume_change(found(asked(n, Kind.COUNT))) is None
    assert exposure_change(found(asked(n))) is None
    check = exposure_change(found(asked(n, Kind.COUNT)))
    assert check is not None
    assert check.passed is True
    n[0, AFTER] *= 1.6
    check = exposure_change(found(asked(n, Kind.COUNT)))
    assert check is not None
    assert (check.passed, check.blocks_scale) == (False, False)


@pytest.mark.parametrize(("units", "typical"), [(1, 5), (3, 5), (3, 20), (9, 20)])
def test_usual_swings_are_rarely_called_a_jump(units: int, typical: float) -> None:
    """250 pilots whose volume follows AR(1) swings of 20 %: with a true rate of 2 %, more than 12 has 0.2 %.

    Measured with 400 pilots each: 0.0 %, 0.5 %, 2.2 % and 0.5 %.
    """
    random = np.random.default_rng([7, units, typical])
    flagged = 0
    for _ in range(250):
        n = answers(random, units, typical)
        n[:, [0, -1]] = np.maximum(n[:, [0, -1]], 1)
        shift = volume_shift(asked(n))
        assert shift is not None
        flagged += shift.beyond(1.6)
    assert flagged <= 12


def served(values: Floats) -> ServedData:
    return ServedData(weeks=MONDAYS, served=values)


def test_fewer_answer_though_as_many_are_served() -> None:
    random = np.random.default_rng(3)
    visits = random.poisson(200, 24).astype(np.float64)
    n = answers(random, 3, 60, swing=0.05)
    steady = response_change(found(asked(n)), served(visits))
    assert steady is not None
    assert steady.passed is True
    n[0, AFTER] = np.round(n[0, AFTER] / 2)
    fallen = response_change(found(asked(n)), served(visits))
    assert fallen is not None
    assert (fallen.passed, fallen.blocks_scale) == (False, True)
    assert float(fallen.detail.values["percent"]) == pytest.approx(50, abs=8)  # type: ignore[arg-type]
    # Half as many served: those who answer are as large a share as before.
    halved = response_change(found(asked(n)), served(np.where(AFTER, visits / 2, visits)))
    assert halved is not None
    assert halved.passed is True


def test_response_is_not_asked_where_it_cannot_be() -> None:
    n = np.full((2, 24), 20.0) + np.arange(24) % 2
    assert response_change(found(asked(n)), None) is None
    assert response_change(found(asked(n, Kind.DURATION)), served(np.full(24, 100.0))) is None
    assert response_change(found(asked(n)), served(np.where(AFTER, 100.0, np.nan))) is None


def test_a_steady_share_of_answers_is_rarely_called_fallen() -> None:
    """300 pilots in which about a tenth of some 150 people answer; a true rate of 2 % gives more than 14 with 0.3 %."""
    random = np.random.default_rng(11)
    fallen = 0
    for _ in range(300):
        visits = np.round(150 * np.exp(ar1(random, (24,), sd=0.2)))
        n = np.maximum(random.binomial(visits.astype(int), 0.1 * np.exp(ar1(random, (24,), sd=0.2)).clip(0, 5)), 1)
        check = response_change(found(asked(n[None].astype(np.float64))), served(visits))
        assert check is not None
        fallen += check.passed is False
    assert fallen <= 14


@given(st.integers(2, 50), st.floats(0.1, 1e6))
def test_only_relative_sizes_count(seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    amount, size = random.gamma(9, 1, 24), random.gamma(9, 10, 24)
    one, other = rate_shift(amount, size, AFTER), rate_shift(amount * scale, size / scale, AFTER)
    assert one is not None
    assert other is not None
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
    assert other.ratio == pytest.approx(one.ratio, rel=1e-9)


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"amount, size and after have 2, 3 and 2 weeks; must agree"):
        rate_shift(np.ones(2), np.ones(3), AFTER[:2])
    with pytest.raises(ValueError, match=r"amount == -1\.0, must be a number >= 0"):
        rate_shift(np.array([-1.0, 1, 1, 1]), np.ones(4), np.array([False, False, True, True]))
    with pytest.raises(ValueError, match=r"served has 2 weeks, must have 24"):
        ServedData(weeks=MONDAYS, served=np.ones(2))
    with pytest.raises(ValueError, match=r"served in 2025-12-15 == -3\.0, must be >= 0"):
        served(np.where(np.arange(24) == 1, -3.0, 5.0))
    assert rate_shift(np.array([0.0, 0, 1, 2]), np.ones(4), np.array([False, False, True, True])) is None

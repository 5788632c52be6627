"""Room at both ends of the scale, for every kind of metric that has ends."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stats.check import Check
from stats.checks_data import ceiling, floor
from stats.messages import Amount, Level
from stats.metric import Direction, Kind
from stats.pilot_data import PilotData
from stats.scale_ends import Scale, scale_of
from tests.stats.small_pilots import panel, pilot_data

UP, DOWN = Direction.INCREASE, Direction.DECREASE
FIVE = Scale(low=1, high=5)


def level(value: float, *, kind: Kind = Kind.SCORE, direction: Direction = UP, smallest: float = 0.1) -> PilotData:
    """Weeks that wave a little around a level."""
    n = np.full((3, 24), 100.0)
    wave = np.where(np.arange(24) % 2 == 0, 1.0, -1.0) * (0.01 if abs(value) <= 1 else 0.05)
    if kind.counted:
        return pilot_data(n, count=np.round(n * (value + wave)), kind=kind, direction=direction,
                          smallest_change=smallest)  # fmt: skip
    return pilot_data(n, mean=value + wave, sd=np.full(n.shape, 0.6), kind=kind, direction=direction,
                      smallest_change=smallest)  # fmt: skip


def passed(check: Check | None) -> bool | None:
    return None if check is None else check.passed


@pytest.mark.parametrize(
    ("data", "best", "worst"),
    [
        # The pilot P06 of the demo county: 4.62 on 1-5, smallest change 0.1, so 26 % of the room that is left.
        (level(4.62), False, True),
        (level(4.05), True, True),
        (level(1.2), True, False),
        (level(1.2, direction=DOWN), False, True),  # pain that should fall is already low
        (level(0.94, kind=Kind.PROPORTION, smallest=0.02), False, True),
        (level(0.94, kind=Kind.PROPORTION, direction=DOWN, smallest=0.02), True, False),
        (level(0.1, kind=Kind.PROPORTION, direction=DOWN, smallest=0.02), True, True),
        (level(80.0, kind=Kind.NPS, smallest=6), False, True),
        (level(-90.0, kind=Kind.NPS, smallest=6), True, False),
        (level(10.0, kind=Kind.DURATION, direction=DOWN, smallest=2), True, None),
        (level(7.0, kind=Kind.DURATION, direction=DOWN, smallest=2), False, None),
        (level(7.0, kind=Kind.COST, smallest=2), None, False),
        (level(0.5, kind=Kind.COUNT, direction=DOWN, smallest=0.2), False, None),
    ],
)
def test_room_at_both_ends(data: PilotData, best: bool | None, worst: bool | None) -> None:
    assert passed(ceiling(data, FIVE)) is best
    assert passed(floor(data, FIVE)) is worst


def test_p06_says_how_much_of_the_room_it_would_take() -> None:
    found = ceiling(level(4.62), FIVE)
    assert found is not None
    assert found.detail.values["share"] == 26  # 0.1 / 0.38
    assert isinstance(found.detail.values["mean"], Level)
    assert isinstance(found.detail.values["room"], Amount)
    assert not found.blocks_scale


def test_a_stated_scale_goes_before_a_guessed_one() -> None:
    """4.8 of at most 7 leaves room; read as 1-5 it does not."""
    data = level(4.62)
    assert passed(ceiling(data)) is False
    assert passed(ceiling(data, Scale(low=1, high=7))) is True


def test_answers_weigh_in_the_level() -> None:
    """Two answers of 5.0 hardly move a level of 3.0 from 198."""
    n = np.full((3, 24), 99.0)
    n[0, :6] = 1.0
    mean = np.where(np.arange(24) < 6, 5.0, 3.0) + 0.01 * np.arange(24)
    found = ceiling(pilot_data(n, mean=np.broadcast_to(mean, n.shape), sd=np.ones(n.shape)), FIVE)
    assert found is not None
    assert (
        float(found.detail.values["mean"])
        == pytest.approx(  # type: ignore[arg-type]
            np.average(mean[:12], weights=n[0, :12])
        )
    )


@pytest.mark.parametrize(
    ("means", "sd", "low", "high"),
    [
        ([4.1, 4.4], 1.0, 1.0, 5.0),
        ([0.4, 4.4], 1.0, 0.0, 5.0),
        ([8.1, 7.9], 2.0, 0.0, 10.0),
        ([4.1, 4.4], 2.5, 0.0, 10.0),  # answers reach beyond 5
        ([41.0, 44.0], 9.0, -math.inf, math.inf),
        ([-1.0, 1.0], 1.0, -math.inf, math.inf),
    ],
)
def test_which_scale_is_read_from_the_values(means: list[float], sd: float, low: float, high: float) -> None:
    found = scale_of(panel(np.full((1, 2), 9.0), mean=np.array([means]), sd=np.full((1, 2), sd)))
    assert (found.low, found.high, found.guessed) == (low, high, True)


def test_a_scale_has_a_width() -> None:
    with pytest.raises(ValueError, match=r"low == 5 and high == 1, must be low < high"):
        Scale(low=5, high=1)

"""The icons of Making Data Count, in words."""

from __future__ import annotations

import pytest

from stats.errors import CannotEstimateError
from stats.metric import Direction
from stats.spc import control_chart
from stats.spc.icons import Assurance, Variation, assurance, variation

UP, DOWN = Direction.INCREASE, Direction.DECREASE
STEADY = [5.0, 4.0, 6.0, 5.5, 4.5, 5.0, 4.0, 6.0, 5.5, 4.5, 5.0, 5.0]
"""Mean 5, limits 2.58 and 7.42."""


@pytest.mark.parametrize(
    ("after", "up", "down", "neither"),
    [
        ([5.0], Variation.COMMON_CAUSE, Variation.COMMON_CAUSE, Variation.COMMON_CAUSE),
        ([8.0], Variation.IMPROVING_HIGH, Variation.CONCERNING_HIGH, Variation.NEUTRAL_HIGH),
        ([2.0], Variation.CONCERNING_LOW, Variation.IMPROVING_LOW, Variation.NEUTRAL_LOW),
        ([8.0, 5.0], Variation.COMMON_CAUSE, Variation.COMMON_CAUSE, Variation.COMMON_CAUSE),
        ([8.0, float("nan")], Variation.IMPROVING_HIGH, Variation.CONCERNING_HIGH, Variation.NEUTRAL_HIGH),
        # A trend that rises and ends below the mean is high; one that ends below the limit is low.
        ([2.7, 2.9, 3.2, 3.5, 4, 4.3, 4.6], Variation.CONCERNING_LOW, Variation.IMPROVING_LOW, Variation.NEUTRAL_LOW),
        (
            [3.4, 3.5, 3.6, 5.2, 5.4, 5.6, 5.9],
            Variation.IMPROVING_HIGH,
            Variation.CONCERNING_HIGH,
            Variation.NEUTRAL_HIGH,
        ),
        ([3, 2.9, 2.8, 2.7, 2.65, 2.6, 2.5], Variation.CONCERNING_LOW, Variation.IMPROVING_LOW, Variation.NEUTRAL_LOW),
    ],
)
def test_variation(after: list[float], up: Variation, down: Variation, neither: Variation) -> None:
    chart = control_chart([*STEADY, *after], kind="xmr", baseline=len(STEADY))
    assert [variation(chart, direction) for direction in (UP, DOWN, None)] == [up, down, neither]


def test_too_few_crossings_take_the_side_of_the_latest_point() -> None:
    values = [4, 5, 4, 5.5, 4.5, 5, 4, 5, 4, 5.2, 4.1, 5, 7, 6, 7, 6, 7.2, 6.1, 7, 6, 7, 6, 6.5, 7]
    chart = control_chart(values, kind="run")
    assert chart.signals
    assert variation(chart, UP) is Variation.IMPROVING_HIGH
    assert variation(control_chart(values[::-1], kind="run"), UP) is Variation.CONCERNING_LOW


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (8.0, Assurance.MISSED, Assurance.HIT),
        (2.0, Assurance.HIT, Assurance.MISSED),
        (5.0, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (7.4, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
    ],
)
def test_assurance(target: float, up: Assurance, down: Assurance) -> None:
    chart = control_chart(STEADY, kind="xmr")
    assert [assurance(chart, target=target, direction=direction) for direction in (UP, DOWN)] == [up, down]


def test_assurance_asks_the_limits_of_the_latest_point() -> None:
    # 25 % in weeks of 400, limits 18.5 % to 31.5 %; a week of 16 has wider ones.
    large = control_chart([100, 96, 104], kind="p", denominators=400)
    small = control_chart([100, 96, 104, 4], kind="p", denominators=[400, 400, 400, 16])
    assert assurance(large, target=0.4, direction=UP) is Assurance.MISSED
    assert assurance(small, target=0.4, direction=UP) is Assurance.HIT_OR_MISS


def test_no_assurance_without_limits() -> None:
    for chart in (control_chart(STEADY, kind="run"), control_chart([3.0, 3.0], kind="xmr")):
        with pytest.raises(CannotEstimateError, match="Without limits"):
            assurance(chart, target=4, direction=UP)
    with pytest.raises(ValueError, match="target == nan"):
        assurance(control_chart(STEADY, kind="xmr"), target=float("nan"), direction=UP)


def test_every_icon_has_its_sentence() -> None:
    for icon in (*Variation, *Assurance):
        assert str(icon.message).endswith(".")
    assert len({str(icon.message) for icon in Variation}) == len(Variation)

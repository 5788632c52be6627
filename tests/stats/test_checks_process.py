"""The control chart's word in an evaluation: it informs where there is no comparison, and never blocks or passes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stats.checks_process import process_signal
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.pilot_data import PilotData, prepare
from stats.plan import Plan

FIRST = np.datetime64("2026-01-05")


def data(step: float, *, direction: Direction = Direction.INCREASE, comparisons: int = 0) -> PilotData:
    """Sixteen calm weeks, the last eight moved by `step`."""
    calm = 3.5 + 0.1 * np.array([0, 1, -1, 0.5, -0.5, 1, -1, 0, 0.2, -0.8, 0.9, 0, -0.4, 0.6, -0.2, 0.1])
    values = calm + np.where(np.arange(16) >= 8, step, 0.0)
    units = ["A", *(f"C{k}" for k in range(comparisons))]
    panel = from_weeks(
        kind=Kind.SCORE, unit=np.repeat(units, 16).tolist(), week=np.tile(FIRST + 7 * np.arange(16), len(units)),
        n=[12] * 16 * len(units), mean=np.tile(values, len(units)), sd=[1.0] * 16 * len(units),
    )  # fmt: skip
    start: date = (FIRST + 56).astype(object)
    plan = Plan(
        kind=Kind.SCORE, direction=direction, smallest_change=0.3 * direction.sign, pilot_units=("A",),
        comparison_units=tuple(units[1:]), start=start, end=date(2026, 4, 26),
    )  # fmt: skip
    return prepare(panel, plan, date(2026, 4, 26))


@pytest.mark.parametrize(
    ("step", "direction", "words"),
    [
        (1.0, Direction.INCREASE, "for the better"),
        (-1.0, Direction.INCREASE, "for the worse"),
        (1.0, Direction.DECREASE, "for the worse"),
        (0.0, Direction.INCREASE, "no signal"),
    ],
)
def test_the_chart_tells_the_side_and_decides_nothing(step: float, direction: Direction, words: str) -> None:
    found = process_signal(data(step, direction=direction))
    assert found is not None
    assert words in found.detail.english()
    assert found.passed is None
    assert not found.blocks_scale


def test_with_a_comparison_unit_there_is_no_chart() -> None:
    assert process_signal(data(1.0, comparisons=1)) is None

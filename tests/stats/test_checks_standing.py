"""Against units that changed nothing, and without a week that stands far out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks._pilots import CELLS, simulate
from stats.checks_standing import extreme_cells, extreme_weeks, placebo_rank
from stats.estimate import estimate
from stats.evaluation import evaluate
from stats.pilot_data import PilotData, prepare

HARD = CELLS[0]


def hard(effect: float, seed: int, *, week: tuple[int, int] | None = None, value: float = 0.0) -> PilotData:
    panel, plan = simulate(HARD, effect=effect, random=np.random.default_rng([7, seed]))
    if week is not None:
        mean = panel.mean.copy()
        mean[week] = value
        panel = replace(panel, mean=mean)
    return prepare(panel, plan, plan.end)


def test_a_large_gain_is_first_of_the_units() -> None:
    found = placebo_rank(hard(3.0, 1))
    assert found is not None
    assert found.passed is None
    assert found.detail.values == {"others": 8, "better": 0}


def test_the_rank_of_a_pilot_that_does_nothing_is_spread_over_all_places() -> None:
    """60 null pilots: the mean number of better units of eight is near four, a little less for regression."""
    ranks = [placebo_rank(hard(0.0, seed)) for seed in range(60)]
    better = [found.detail.values["better"] for found in ranks if found is not None]
    assert len(better) == 60
    assert 2.0 < np.mean(better) < 5.0  # type: ignore[arg-type]


def test_few_units_have_no_rank() -> None:
    panel, plan = simulate(CELLS[1], effect=0.0, random=np.random.default_rng(1))
    assert placebo_rank(prepare(panel, plan, plan.end)) is None


def test_a_mistyped_comparison_week_does_not_scale() -> None:
    """3,5 typed as 350 in a comparison unit before the start: named with unit and week, and it blocks."""
    data = hard(0.0, 1, week=(3, 5), value=-350.0)
    found = extreme_weeks(estimate(data), data)
    assert found is not None
    assert found.passed is False
    assert found.blocks_scale
    assert found.detail.values["unit"] == data.panel.units[3]
    assert found.detail.values["week"] == data.panel.weeks[5]


def test_a_gain_that_stands_without_the_odd_week_passes() -> None:
    data = hard(2.0, 1, week=(3, 5), value=9.0)
    found = extreme_weeks(estimate(data), data)
    assert found is not None
    assert found.passed is True


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.units > 1], ids=lambda cell: cell.name)
def test_ordinary_weeks_do_not_stand_out(cell: object) -> None:
    """Forty pilots of every world, heavy tails among them: at most one is flagged."""
    flagged = 0
    for seed in range(40):
        panel, plan = simulate(cell, effect=0.0, random=np.random.default_rng([8, seed]))  # type: ignore[arg-type]
        flagged += bool(extreme_cells(prepare(panel, plan, plan.end)).any())
    assert flagged <= 1


def test_the_evaluation_tells_both() -> None:
    panel, plan = simulate(HARD, effect=0.0, random=np.random.default_rng(3))
    names = {check.name for check in evaluate(panel, plan).checks}
    assert "placebo_rank" in names
    assert "extreme_weeks" not in names

"""What planning promises, on simulated pilots that go through the whole evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks._pilots import CELLS, Cell, simulate
from stats.estimate import estimate
from stats.history import History
from stats.looks import planned_looks
from stats.metric import Direction, Kind
from stats.pilot_data import prepare
from stats.planning import minimum_detectable_effect, standard_error_of_plan

HARD = CELLS[0]
PROPORTION = next(cell for cell in CELLS if cell.kind is Kind.PROPORTION)


def truth(cell: Cell) -> History:
    """What somebody who knows a simulated world would write down of it."""
    n = np.arange(cell.least, cell.most + 1.0)
    level, slope = 3.5, 1.0
    if cell.kind is Kind.PROPORTION:
        level = float(1 / (1 + np.exp(-cell.base)))
        slope = level * (1 - level)
    return History(
        kind=cell.kind, level=level, answers_a_week=n.mean(), harmonic_answers=len(n) / (1 / n).sum(), sd=1.0,
        shock_sd=cell.sigma * slope, autocorrelation=cell.rho, between_sd=cell.tau * slope,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "pilots"),
    [
        (HARD, 300),
        (replace(HARD, units=3, before=30), 300),
        (replace(HARD, units=1, before=40, season=0.0, rho=0.4), 150),
        (PROPORTION, 200),
    ],
)
def test_estimates_scatter_as_the_plan_says(cell: Cell, pilots: int) -> None:
    """Within 10 %; 300 estimates know their own SD to 4 %, 150 to 6 %. Of a share, on its working scale."""
    changes = np.empty(pilots)
    for seed in range(pilots):
        panel, plan = simulate(cell, effect=0.0, random=np.random.default_rng([20260301, seed]))
        changes[seed] = estimate(prepare(panel, plan, plan.end)).change
    known = truth(cell)
    planned = standard_error_of_plan(
        known, weeks_before=cell.before, weeks_after=cell.after, comparison_units=cell.units - 1
    )
    assert changes.std() == pytest.approx(planned / known.slope, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "pilots"), [(replace(HARD, before=26), 100), (PROPORTION, 50)])
def test_the_change_found_is_found_four_times_out_of_five(cell: Cell, pilots: int) -> None:
    """Passing a weekly review's bound: 80 %, give or take 4 points of chance at 100 pilots and what a plan misses."""
    known = truth(cell)
    size = minimum_detectable_effect(
        known, weeks_before=cell.before, weeks_after=cell.after, comparison_units=cell.units - 1,
        direction=Direction.INCREASE,
    )  # fmt: skip
    effect = size
    if cell.kind is Kind.PROPORTION:
        effect = np.log((known.level + size) / (1 - known.level - size)) - np.log(known.level / (1 - known.level))
    passed = 0
    for seed in range(pilots):
        panel, plan = simulate(cell, effect=effect, random=np.random.default_rng([20260302, seed]))
        looks = planned_looks(plan, plan.end, lambda on, p=panel, q=plan: estimate(prepare(p, q, on)))
        passed += any(look.crossed for look, _ in looks)
    assert passed / pilots == pytest.approx(0.8, abs=0.1)

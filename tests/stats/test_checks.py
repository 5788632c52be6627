"""Each check fails on the trouble it is for, and not without it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from stats.check import Check
from stats.evaluation import Evaluation, evaluate
from stats.metric import Direction, Kind
from stats.panel import Floats, Panel
from stats.plan import Plan
from stats.rules import Verdict
from tests.stats.test_evaluation import UNITS, panel, plan

WEEK = np.arange(24)


def check(result: Evaluation, name: str) -> Check:
    return next(one for one in result.checks if one.name == name)


def changed(base: Panel, *, mean: Floats | float = 0.0, n: Floats | float = 1.0, gone: Floats | None = None) -> Panel:
    """The panel with something added to the pilot's means, its n multiplied, or weeks removed."""
    pilot = np.zeros(base.n.shape)
    pilot[0] = 1.0
    keep = np.ones_like(pilot) if gone is None else np.where(pilot * gone > 0, np.nan, 1.0)
    return Panel(
        kind=base.kind, units=base.units, weeks=base.weeks, n=np.round(base.n * np.where(pilot > 0, n, 1.0)) * keep,
        mean=(base.mean + pilot * mean) * keep, sd=base.sd * keep, count=base.count,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spoil", "fixed"),
    [
        ("novelty_fade", lambda data: changed(data, mean=np.where(WEEK >= 18, -0.9, 0.0)), plan(smallest_change=0.5)),
        ("volume_change", lambda data: changed(data, n=np.where(WEEK >= 12, 3.0, 1.0)), plan()),
        ("drift", lambda data: changed(data, mean=np.where(WEEK < 12, 0.12 * (WEEK - 6), 0.0)), plan()),
        ("data_gaps", lambda data: changed(data, gone=np.isin(WEEK, [1, 3, 5, 7, 14, 16, 18])), plan()),
        ("enough_data", lambda data: data.restricted(since=np.datetime64("2026-02-09")), plan(trigger=None)),
        ("ceiling", lambda data: changed(data, mean=np.where(WEEK < 12, 1.1, 0.0)), plan()),
    ],
)
def test_a_check_fails_on_its_own_trouble(name: str, spoil: Callable[[Panel], Panel], fixed: Plan) -> None:
    data = panel(1.0, n=60, seed=2, shift=3.4)
    assert check(evaluate(data, plan(trigger=None)), name).passed is not False
    assert check(evaluate(spoil(data), fixed), name).passed is False


def test_drift_keeps_two_comparison_units_from_scaling_but_not_five() -> None:
    data = changed(panel(1.5, n=60, seed=2), mean=np.where(WEEK < 12, 0.12 * (WEEK - 6), 0.0))
    assert evaluate(data, plan(comparison_units=UNITS[1:3])).rule.name == "check_failed"
    assert evaluate(data, plan()).verdict is Verdict.SCALE


def test_bad_trigger_weeks_are_told_and_the_model_expects_recovery() -> None:
    """Six bad weeks before the start and no effect: the naive change looks like a gain, the model does not scale."""
    data = changed(panel(0.0, n=60, seed=2), mean=np.where((WEEK >= 8) & (WEEK < 12), -0.6, 0.0))
    result = evaluate(data, plan())
    told = check(result, "regression_to_the_mean")
    assert "unusually bad" in told.detail.english()
    assert result.verdict is not Verdict.SCALE
    assert result.sensitivity[0].method == "controlled_mixed_model_without_trigger_weeks"
    assert result.effect is not None
    assert result.sensitivity[0].effect < result.effect


def test_without_comparison_the_bad_weeks_are_left_out() -> None:
    data = changed(panel(0.0, units=("A",), n=60, seed=2), mean=np.where((WEEK >= 8) & (WEEK < 12), -0.8, 0.0))
    handled = evaluate(data, plan(comparison_units=()))
    unhandled = evaluate(data, plan(comparison_units=(), trigger=None))
    assert handled.effect is not None
    assert unhandled.effect is not None
    assert abs(handled.effect) < abs(unhandled.effect)
    assert check(unhandled, "regression_to_the_mean").passed is False


def test_a_common_trend_is_no_effect() -> None:
    data = panel(0.0, n=200, seed=3)
    risen = Panel(
        kind=data.kind, units=data.units, weeks=data.weeks, n=data.n, mean=data.mean + 0.05 * WEEK, sd=data.sd,
        count=data.count,
    )  # fmt: skip
    both, alone = evaluate(risen, plan()), evaluate(risen, plan(comparison_units=()))
    assert both.effect == pytest.approx(evaluate(data, plan()).effect, abs=1e-3)
    assert alone.effect is not None
    assert alone.effect > 0.3
    assert check(alone, "secular_trend").passed is False


def test_a_metric_that_should_fall_has_its_ceiling_at_zero() -> None:
    result = evaluate(
        Panel(**{**vars(panel(0.0, shift=0.5)), "kind": Kind.DURATION}),
        plan(kind=Kind.DURATION, direction=Direction.DECREASE),
    )
    assert check(result, "ceiling").passed is False

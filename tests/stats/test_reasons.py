"""The sentences behind a verdict: harm is named as harm, and a harmed group says what a next pilot must show."""

from __future__ import annotations

from datetime import date

import numpy as np

from stats.evaluation import SubgroupData, evaluate
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.plan import Plan
from stats.rules import Verdict

PLAN = Plan(
    kind=Kind.SCORE,
    direction=Direction.INCREASE,
    smallest_change=0.3,
    pilot_units=("A",),
    comparison_units=("B", "C", "D"),
    start=date(2026, 3, 2),
    end=date(2026, 5, 24),
)


def panel(change: float, *, seed: int) -> Panel:
    random = np.random.default_rng(seed)
    monday = np.datetime64("2025-12-08")
    rows = [
        (unit, monday + 7 * week, 4.0 + (change if unit == "A" and week >= 12 else 0.0) + random.normal(0, 0.1))
        for unit in "ABCD"
        for week in range(24)
    ]
    units, weeks, means = zip(*rows, strict=True)
    return from_weeks(kind=Kind.SCORE, unit=units, week=weeks, n=[40.0] * len(rows), mean=means, sd=[1.0] * len(rows))


def test_a_review_that_showed_harm_is_not_told_as_one_that_showed_nothing() -> None:
    result = evaluate(panel(-0.8, seed=1), PLAN)
    assert (result.verdict, result.rule.name) == (Verdict.STOP, "harm")
    first = next(look for look in result.looks if look.z <= -look.bound)
    told = [message.english() for message in result.reasons]
    assert any(line.startswith(f"At the review on {first.on} the metric was worse") for line in told)
    assert not any("passed its bound" in line for line in told)


def test_a_harmed_group_stops_a_gain_and_says_what_a_changed_pilot_must_show() -> None:
    groups = [
        SubgroupData(name="age:75+", panel=panel(-0.9, seed=2)),
        SubgroupData(name="all", panel=panel(0.8, seed=3)),
    ]
    result = evaluate(panel(0.8, seed=1), PLAN, subgroups=groups)
    assert (result.verdict, result.rule.name) == (Verdict.ADAPT, "subgroup_harmed")
    told = [message.english() for message in result.what_would_change]
    assert "A changed pilot that does not harm age:75+ could show that." in told
    assert not any("harm all" in line for line in told)

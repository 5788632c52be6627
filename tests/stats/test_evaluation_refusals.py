"""Data that no effect can be told from, and data that nearly break the computation: a reason, or sober numbers."""

from __future__ import annotations

import json
import time
import warnings
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from stats.estimate import estimate
from stats.evaluation import evaluate
from stats.looks import information_fractions
from stats.metric import Direction, Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_weeks
from stats.pilot_data import prepare
from stats.plan import Plan, Window
from stats.results import Evaluation
from stats.sequential import obrien_fleming_bounds

FIRST = np.datetime64("2025-12-08")
WEEKS, BEFORE = 24, 12
END = date(2026, 5, 24)
NOT_IDENTIFIED = "The data do not identify the effect."


def plan(pilots: int, comparisons: int, **changes: Any) -> Plan:
    names = tuple("ABCDEFGH")
    fields: dict[str, Any] = {
        "kind": Kind.SCORE, "direction": Direction.INCREASE, "smallest_change": 0.3, "pilot_units": names[:pilots],
        "comparison_units": names[pilots : pilots + comparisons], "start": date(2026, 3, 2), "end": END,
    }  # fmt: skip
    return Plan(**(fields | changes))


def panel(n: Floats, *, kind: Kind = Kind.SCORE, first: np.datetime64 = FIRST, **grids: Any) -> Panel:
    """A panel of (J, T) grids, units A, B, ...; scores around 3.5 unless given."""
    random = np.random.default_rng(3)
    usual: dict[str, Any] = {"mean": 3.5 + 0.3 * random.normal(size=n.shape), "sd": 1.0}
    if kind.counted:
        usual = {"count": random.poisson(3, n.shape)}
    there = n > 0
    return from_weeks(
        kind=kind, unit=np.repeat(list("ABCDEFGH")[: len(n)], n.shape[1])[there.ravel()].tolist(),
        week=np.tile(first + 7 * np.arange(n.shape[1]), len(n))[there.ravel()], n=n[there],
        **{name: np.broadcast_to(grid, n.shape)[there] for name, grid in (usual | grids).items()},
    )  # fmt: skip


def full(units: int, answers: float = 20.0) -> Floats:
    return np.full((units, WEEKS), answers)


def refused(result: Evaluation, reason: str) -> None:
    assert (result.verdict.value, result.rule.name) == ("not_enough_data", "not_estimable")
    assert (result.effect, result.standard_error, result.interval, result.looks) == (None, None, None, ())
    assert result.reasons[-1].english() == reason


def sober(result: Evaluation) -> None:
    """Numbers that are numbers, and a document that says so."""
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.standard_error is not None
    assert result.standard_error > 0


@pytest.mark.parametrize("kind", [Kind.SCORE, Kind.PROPORTION, Kind.COUNT])
@pytest.mark.parametrize("since", [0, BEFORE])
def test_units_never_seen_in_the_same_week_are_no_comparison(kind: Kind, since: int) -> None:
    """The pilot unit answers in even weeks, the others in odd ones, always or since the start."""
    n = full(4)
    other = np.arange(WEEKS) >= since
    n[0, other & (np.arange(WEEKS) % 2 == 1)] = 0.0
    n[1:, other & (np.arange(WEEKS) % 2 == 0)] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = evaluate(panel(n, kind=kind), plan(1, 3, kind=kind), as_of=END)
    refused(result, NOT_IDENTIFIED)


def test_one_week_in_common_is_little_but_something() -> None:
    n = full(4)
    n[0, np.arange(WEEKS) % 2 == 1] = 0.0
    n[1:, np.arange(WEEKS) % 2 == 0] = 0.0
    n[:, [4, 20]] = 20.0
    result = evaluate(panel(n), plan(1, 3), as_of=END)
    sober(result)
    assert result.standard_error is not None
    assert result.standard_error > 0.2


def test_a_question_that_the_data_cannot_answer_fails_no_check() -> None:
    """No comparison unit in the second half of the pilot, nor in the early weeks: fading and drift are not told."""
    n = full(4)
    n[2:, 14:] = 0.0
    n[2:, :8] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = evaluate(panel(n), plan(2, 2), as_of=END)
    sober(result)
    assert "novelty_fade" not in [check.name for check in result.checks]
    assert {check.name: check.passed for check in result.checks}["drift"] is None


def test_five_years_of_weekly_reviews_keep_their_bounds_apart() -> None:
    """257 reviews that all know nearly as much as the end: the information fraction keeps room for each of them."""
    long = plan(1, 3, end=date(2031, 2, 16))
    found = estimate(prepare(panel(full(4)), plan(1, 3), END))
    near = replace(
        found, data=replace(found.data, panel=replace(found.data.panel, weeks=found.data.panel.weeks + 1729))
    )
    fractions = np.array(information_fractions(long, [(review, near) for review in long.reviews]))
    assert len(fractions) == 257
    assert (np.diff(fractions) > 1e-6).all()
    assert fractions[-2] < fractions[-1] == 1.0
    assert np.isfinite(obrien_fleming_bounds(fractions)).all()


@pytest.mark.slow
def test_a_year_and_a_half_of_reviews_is_fast_enough() -> None:
    weeks = 156
    began = time.perf_counter()
    result = evaluate(
        panel(np.full((4, weeks), 20.0), first=np.datetime64("2025-03-03")), plan(1, 3, end=date(2027, 8, 29)),
    )  # fmt: skip
    assert time.perf_counter() - began < 20.0
    assert len(result.looks) == 76
    assert all(look.information < 1 for look in result.looks[:-1])


def test_a_week_that_is_a_hundred_million_spreads_away_is_not_computed() -> None:
    """A cost of 1e9 typed into a series of about 100 with an SD of 10: nothing of a week's noise is left in a float."""
    mean = 100.0 + np.random.default_rng(1).normal(size=(1, WEEKS))
    mean[0, 15] = 1e9
    costly = plan(1, 0, kind=Kind.COST, direction=Direction.DECREASE, smallest_change=5.0)
    refused(evaluate(panel(full(1), kind=Kind.COST, mean=mean, sd=10.0), costly), NOT_IDENTIFIED)


@pytest.mark.parametrize(("comparisons", "sd"), [(0, 1e-12), (1, 1e-12), (3, 1e-12)])
def test_a_spread_of_nearly_nothing_is_not_believed(comparisons: int, sd: float) -> None:
    refused(evaluate(panel(full(1 + comparisons), sd=sd), plan(1, comparisons)), NOT_IDENTIFIED)


@pytest.mark.parametrize("comparisons", [0, 1, 3])
def test_a_spread_of_1e12_says_that_nothing_is_known(comparisons: int) -> None:
    result = evaluate(panel(full(1 + comparisons), sd=1e12), plan(1, comparisons))
    sober(result)
    assert result.verdict.value == "extend"


@pytest.mark.parametrize("comparisons", [0, 1])
def test_a_pilot_unit_without_weeks_before_the_trigger(comparisons: int) -> None:
    """Its only weeks before the start are those that triggered the pilot: nothing is invented for it."""
    n = full(2 + comparisons)
    n[1, :8] = 0.0
    triggered = plan(2, comparisons, trigger=Window(date(2026, 2, 2), date(2026, 3, 1)))
    result = evaluate(panel(n), triggered)
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.effect is None or np.isfinite(result.effect)


@pytest.mark.parametrize("comparisons", [0, 1, 3])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_of_nothing_or_all(comparisons: int, share: float) -> None:
    """0/n or n/n everywhere is refused; in the pilot's weeks after the start it is an effect within the unit's room."""
    asked = plan(1, comparisons, kind=Kind.PROPORTION, smallest_change=0.1)
    n = full(1 + comparisons)
    everywhere = panel(n, kind=Kind.PROPORTION, count=share * n)
    refused(evaluate(everywhere, asked), "Every value is the same; nothing can be estimated from them.")

    count = np.random.default_rng(5).binomial(20, 0.4, n.shape).astype(np.float64)
    count[0, BEFORE:] = 20.0 * share
    result = evaluate(panel(n, kind=Kind.PROPORTION, count=count), asked)
    sober(result)
    assert result.effect is not None
    assert result.effect == pytest.approx(share - 0.4, abs=0.1)
    assert result.interval is not None
    assert result.interval.low > -1
    assert result.interval.high < 1

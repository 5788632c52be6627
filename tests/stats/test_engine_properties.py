"""What an evaluation must not depend on, for every kind of metric beside 0, 1, 2 and 4 comparison units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.evaluation import evaluate
from stats.metric import Direction, Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_answers, from_weeks
from stats.plan import Plan
from stats.results import Evaluation

FIRST = np.datetime64("2025-12-29")
BEFORE, AFTER = 9, 7
WEEKS = BEFORE + AFTER
START, END = date(2026, 3, 2), date(2026, 4, 19)
REVIEW = date(2026, 4, 5)
LEVEL = {Kind.SCORE: 3.5, Kind.NPS: 10.0, Kind.PROPORTION: 0.4, Kind.COUNT: 0.3, Kind.DURATION: 14.0, Kind.COST: 900.0}
SPREAD = {Kind.SCORE: 1.0, Kind.NPS: 25.0, Kind.PROPORTION: 0.4, Kind.COUNT: 0.3, Kind.DURATION: 5.0, Kind.COST: 400.0}
COUNTED = (Kind.PROPORTION, Kind.COUNT)
LINEAR = (Kind.SCORE, Kind.NPS, Kind.COST)

seeds = st.integers(0, 10_000)
few = settings(max_examples=1, deadline=None, derandomize=True, database=None)
every_kind = pytest.mark.parametrize("kind", list(Kind))
every_design = pytest.mark.parametrize("comparisons", [0, 1, 2, 4])


def plan(kind: Kind, comparisons: int, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "kind": kind, "direction": Direction.INCREASE, "smallest_change": 0.3 * SPREAD[kind], "pilot_units": ("U0",),
        "comparison_units": tuple(f"U{j}" for j in range(1, comparisons + 1)), "start": START, "end": END,
        "reviews": (REVIEW, END),
    }  # fmt: skip
    return Plan(**(fields | changes))


def grids(kind: Kind, comparisons: int, seed: int) -> dict[str, Floats]:
    """n, mean, sd and count of a pilot unit with a change of half a spread, and of the comparison units."""
    random = np.random.default_rng(seed)
    shape = (comparisons + 1, WEEKS)
    n = random.integers(8, 30, shape).astype(np.float64)
    n[random.uniform(size=shape) < 0.05] = 0.0
    shocks = 0.2 * random.normal(size=shape) + 0.2 * random.normal(size=(len(n), 1))
    shocks[0, BEFORE:] += 0.5
    if kind in COUNTED:
        level = LEVEL[kind] * np.exp(0.5 * shocks)
        count = random.binomial(n.astype(int), np.minimum(level, 0.9)).astype(np.float64)
        return {"n": n, "count": count}
    noise = random.normal(size=shape) / np.sqrt(np.maximum(n, 1))
    sd = SPREAD[kind] * random.uniform(0.8, 1.2, shape)
    return {"n": n, "mean": LEVEL[kind] + SPREAD[kind] * (shocks + noise), "sd": sd}


def panel(kind: Kind, values: dict[str, Floats], first: np.datetime64 = FIRST) -> Panel:
    """A panel of grids whose rows are U0, U1, ...; weeks without answers are left out."""
    there = values["n"] > 0
    units, weeks = there.shape
    return from_weeks(
        kind=kind, unit=np.repeat([f"U{j}" for j in range(units)], weeks)[there.ravel()].tolist(),
        week=np.tile(first + 7 * np.arange(weeks), units)[there.ravel()],
        **{name: grid[there] for name, grid in values.items()},
    )  # fmt: skip


def numbers(result: Evaluation) -> Floats:
    """Effect, standard error and both ends of the interval."""
    assert result.effect is not None
    assert result.standard_error is not None
    assert result.interval is not None
    return np.array([result.effect, result.standard_error, result.interval.low, result.interval.high])


def z_scores(result: Evaluation) -> Floats:
    return np.array([look.z for look in result.looks])


def same(one: Evaluation, other: Evaluation, *, close: float, rule: bool = True) -> None:
    """Equal up to `close` standard errors; reviews and (if asked) the rule exactly."""
    np.testing.assert_allclose(numbers(other), numbers(one), rtol=close, atol=close * numbers(one)[1])
    np.testing.assert_allclose(z_scores(other), z_scores(one), rtol=close, atol=close)
    assert [look.on for look in other.looks] == [look.on for look in one.looks]
    assert other.decided_on == one.decided_on
    assert not rule or other.rule.name == one.rule.name


@every_kind
@every_design
@few
@given(seed=seeds)
def test_the_direction_turns_z_and_nothing_else(kind: Kind, comparisons: int, seed: int) -> None:
    data = panel(kind, grids(kind, comparisons, seed))
    up = evaluate(data, plan(kind, comparisons))
    down = evaluate(data, plan(kind, comparisons, direction=Direction.DECREASE))
    np.testing.assert_array_equal(numbers(down), numbers(up))
    np.testing.assert_array_equal(z_scores(down), -z_scores(up))


@pytest.mark.parametrize("kind", [*LINEAR, Kind.PROPORTION])
@every_design
@few
@given(seed=seeds)
def test_a_mirrored_metric_has_the_mirrored_effect(kind: Kind, comparisons: int, seed: int) -> None:
    """-mean, and for a share n - count, with the other direction: the same z, verdict and rule."""
    values = grids(kind, comparisons, seed)
    turned = dict(values)
    if kind is Kind.PROPORTION:
        turned["count"] = values["n"] - values["count"]
    else:
        turned["mean"] = -values["mean"]
    up = evaluate(panel(kind, values), plan(kind, comparisons))
    down = evaluate(panel(kind, turned), plan(kind, comparisons, direction=Direction.DECREASE))
    effect, error, low, high = numbers(up)
    np.testing.assert_allclose(numbers(down), [-effect, error, -high, -low], rtol=1e-7, atol=1e-7 * error)
    np.testing.assert_allclose(z_scores(down), z_scores(up), rtol=1e-6, atol=1e-6)
    assert kind is Kind.COST or down.rule.name == up.rule.name  # a check finds costs below 0 impossible


@pytest.mark.parametrize("kind", LINEAR)
@every_design
@few
@given(seed=seeds)
def test_a_shift_changes_nothing(kind: Kind, comparisons: int, seed: int) -> None:
    """By 1e8 (a score promoter points cannot hold); rounding a mean to 1.5e-8 moves less than 1e-5 standard errors."""
    values = grids(kind, comparisons, seed)
    shift = 10.0 if kind is Kind.NPS else 1e8
    one = evaluate(panel(kind, values), plan(kind, comparisons))
    other = evaluate(panel(kind, values | {"mean": values["mean"] + shift}), plan(kind, comparisons))
    same(one, other, close=1e-5, rule=kind is not Kind.NPS)  # an end of its scale is nearer, which a check sees


@pytest.mark.parametrize("kind", [Kind.SCORE, Kind.DURATION, Kind.COST])
@every_design
@few
@given(seed=seeds)
def test_another_unit_of_measurement_scales_everything(kind: Kind, comparisons: int, seed: int) -> None:
    """A thousand times the values, SDs and smallest change: a thousand times the effect, the same z."""
    values = grids(kind, comparisons, seed)
    larger = {"n": values["n"], "mean": 1000 * values["mean"], "sd": 1000 * values["sd"]}
    one = evaluate(panel(kind, values), plan(kind, comparisons))
    other = evaluate(panel(kind, larger), plan(kind, comparisons, smallest_change=300 * SPREAD[kind]))
    np.testing.assert_allclose(numbers(other), 1000 * numbers(one), rtol=1e-7, atol=1e-4 * numbers(one)[1])
    np.testing.assert_allclose(z_scores(other), z_scores(one), rtol=1e-6, atol=1e-6)
    assert other.rule.name == one.rule.name


@every_kind
@every_design
@few
@given(seed=seeds)
def test_the_order_of_rows_and_units_does_not_matter(kind: Kind, comparisons: int, seed: int) -> None:
    values = grids(kind, comparisons, seed)
    straight = plan(kind, comparisons)
    there = np.argwhere(values["n"] > 0)
    mixed = np.random.default_rng(seed).permutation(there)
    data = from_weeks(
        kind=kind, unit=[f"U{j}" for j in mixed[:, 0]], week=FIRST + 7 * mixed[:, 1],
        **{name: grid[mixed[:, 0], mixed[:, 1]] for name, grid in values.items()},
    )  # fmt: skip
    one = evaluate(panel(kind, values), straight)
    same(one, evaluate(data, replace(straight, comparison_units=straight.comparison_units[::-1])), close=1e-7)


def answers(kind: Kind, comparisons: int, seed: int) -> dict[str, Any]:
    """Single answers: ten a unit and week."""
    random = np.random.default_rng(seed)
    shape = (comparisons + 1, WEEKS, 10)
    change = np.zeros(shape)
    change[0, BEFORE:] = 0.5
    drawn: dict[Kind, Callable[[], Any]] = {
        Kind.PROPORTION: lambda: random.uniform(size=shape) < 0.4 + 0.2 * change,
        Kind.COUNT: lambda: random.poisson(0.8 + 0.5 * change),
        Kind.NPS: lambda: np.clip(np.round(7 + change + 2 * random.normal(size=shape)), 0, 10),
        Kind.DURATION: lambda: np.exp(1.0 + change + random.normal(size=shape)),
    }
    plain = drawn.get(kind, lambda: 100.0 + change + random.normal(size=shape))()
    unit, week, _ = np.indices(shape)
    return {
        "unit": np.array([f"U{j}" for j in unit.ravel()]), "date": FIRST + 7 * week.ravel() + random.integers(0, 7),
        "value": np.asarray(plain, dtype=np.float64).ravel(),
    }  # fmt: skip


@every_kind
@every_design
@few
@given(seed=seeds)
def test_merged_halves_are_the_whole(kind: Kind, comparisons: int, seed: int) -> None:
    rows = answers(kind, comparisons, seed)
    half = np.random.default_rng(seed).uniform(size=len(rows["value"])) < 0.3
    whole, one, other = (
        from_answers(kind=kind, **{name: column[keep] for name, column in rows.items()})
        for keep in (slice(None), half, ~half)
    )
    promised = plan(kind, comparisons)
    same(evaluate(whole, promised), evaluate(one.merged(other), promised), close=1e-7)


@every_kind
@every_design
@few
@given(seed=seeds)
def test_weeks_without_answers_change_nothing(kind: Kind, comparisons: int, seed: int) -> None:
    """Three empty weeks before the first, and rows with n = 0 in place of missing ones."""
    values = grids(kind, comparisons, seed)
    units = comparisons + 1
    longer = {name: np.hstack([np.zeros((units, 3)), grid]) for name, grid in values.items()}
    empty = longer["n"] == 0
    columns = {name: np.where(empty, np.nan, grid) for name, grid in longer.items() if name != "n"}
    data = from_weeks(
        kind=kind, unit=np.repeat([f"U{j}" for j in range(units)], WEEKS + 3).tolist(),
        week=np.tile(FIRST - 21 + 7 * np.arange(WEEKS + 3), units), n=longer["n"].ravel(),
        **{name: grid.ravel() for name, grid in columns.items()},
    )  # fmt: skip
    promised = plan(kind, comparisons)
    one = evaluate(panel(kind, values), promised, as_of=END)
    same(one, evaluate(data, promised, as_of=END), close=1e-7)


@every_kind
@every_design
@few
@given(seed=seeds)
def test_what_comes_after_the_day_changes_nothing(kind: Kind, comparisons: int, seed: int) -> None:
    """On a Thursday: the week that is not over, and all later ones, may hold anything."""
    day = REVIEW + timedelta(days=4)
    values = grids(kind, comparisons, seed)
    later = FIRST + 7 * np.arange(WEEKS) + 6 > np.datetime64(day, "D")
    spoiled = {name: np.where(later, 1.0, grid) for name, grid in values.items()}
    one = evaluate(panel(kind, values), plan(kind, comparisons), as_of=day)
    other = evaluate(panel(kind, spoiled), plan(kind, comparisons), as_of=day)
    assert other.to_dict() == one.to_dict()


@every_kind
@every_design
@few
@given(seed=seeds)
def test_a_day_between_reviews_decides_nothing(kind: Kind, comparisons: int, seed: int) -> None:
    """Looks, the review the verdict rests on, and the verdict are those of the last planned review."""
    data, promised = panel(kind, grids(kind, comparisons, seed)), plan(kind, comparisons)
    reviewed = evaluate(data, promised, as_of=REVIEW)
    for days in (3, 7, 10):  # nothing new, a new week, a new week and a half
        between = evaluate(data, promised, as_of=REVIEW + timedelta(days=days))
        assert between.looks == reviewed.looks
        assert between.decided_on == REVIEW
        facts = [name for name in reviewed.facts if name not in ("check_failed", "more_weeks_help")]
        assert [between.facts[name] for name in facts] == [reviewed.facts[name] for name in facts]


@every_kind
@every_design
@pytest.mark.parametrize("sd", [0.0, None])
def test_without_change_and_noise_no_null_is_invented(kind: Kind, comparisons: int, sd: float | None) -> None:
    """Every week the same, and nothing known about single answers: there is no effect to speak of, not one of 0."""
    shape = (comparisons + 1, WEEKS)
    values = {"n": np.full(shape, 10.0)}
    if kind in COUNTED:
        values["count"] = np.full(shape, 4.0)
    else:
        level = LEVEL[kind] * (1.0 + 0.1 * np.arange(len(values["n"])))[:, None]
        values["mean"] = np.broadcast_to(level, shape)
        values["sd"] = np.full(shape, np.nan if sd is None else sd)
    result = evaluate(panel(kind, values), plan(kind, comparisons))
    assert (result.verdict.value, result.effect, result.interval) == ("not_enough_data", None, None)
    assert result.looks == ()


@pytest.mark.parametrize("kind", [Kind.SCORE, Kind.NPS, Kind.DURATION, Kind.COST])
@every_design
def test_weeks_that_are_all_the_same_are_no_more_certain_than_their_answers(kind: Kind, comparisons: int) -> None:
    """Single answers vary though the means do not: an effect of 0 within at least the sampling error of 2 means."""
    shape = (comparisons + 1, WEEKS)
    values = {"n": np.full(shape, 10.0), "mean": np.full(shape, LEVEL[kind]), "sd": np.full(shape, SPREAD[kind])}
    effect, error, low, high = numbers(evaluate(panel(kind, values), plan(kind, comparisons)))
    least = SPREAD[kind] * np.sqrt(1 / (10 * BEFORE) + 1 / (10 * AFTER))
    assert abs(effect) < 0.05 * error
    assert error > 0.9 * least
    assert high - low > 3.9 * 0.9 * least

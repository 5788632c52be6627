"""Many pilots at once: the same as one by one, whatever the pilots and however they are packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from benchmarks._batches import simulate_batch
from benchmarks._pilots import CELLS, Cell, simulate
from stats.batch import BatchResult, PilotBatch, evaluate_batch, with_shrunken_effects
from stats.evaluation import evaluate
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.plan import Plan, Window
from stats.results import Evaluation
from stats.rules import FACTS

NUMBERS = ("effect", "standard_error", "interval_low", "interval_high", "z", "bound")
NOTHING = np.datetime64("NaT", "D")
PACKED = tuple(cell for cell in CELLS if not cell.staggered)
CLOSE = 1e-6


def packed(pilots: Sequence[tuple[Panel, Plan, date | None]]) -> PilotBatch:
    """Panels and plans as padded arrays; without a day of its own a pilot is seen at its end."""
    units = [len(plan.pilot_units) + len(plan.comparison_units) for _, plan, _ in pilots]
    weeks = [len(panel.weeks) for panel, _, _ in pilots]
    shape = (len(pilots), max(units), max(weeks))
    grids = {name: np.full(shape, np.nan) for name in ("n", "mean", "sd", "count")}
    for i, (panel, plan, _) in enumerate(pilots):
        own = panel.restricted(units=plan.pilot_units + plan.comparison_units)
        for name, grid in grids.items():
            grid[i, : units[i], : weeks[i]] = getattr(own, name)
    plans = [plan for _, plan, _ in pilots]

    def days(values: Sequence[date | None]) -> Any:
        return np.array([NOTHING if day is None else np.datetime64(day, "D") for day in values], dtype="datetime64[D]")

    return PilotBatch(
        kind=np.array([plan.kind for plan in plans], dtype=object),
        direction=np.array([plan.direction.sign for plan in plans]),
        smallest_change=np.array([plan.smallest_change for plan in plans]),
        **grids,
        units=np.array(units),
        pilots=np.array([len(plan.pilot_units) for plan in plans]),
        first_week=np.array([panel.weeks[0] for panel, _, _ in pilots]),
        weeks=np.array(weeks),
        start=days([plan.start for plan in plans]),
        end=days([plan.end for plan in plans]),
        as_of=days([day or plan.end for _, plan, day in pilots]),
        trigger_from=days([plan.trigger and plan.trigger.first for plan in plans]),
        trigger_to=days([plan.trigger and plan.trigger.last for plan in plans]),
        randomised=np.array([plan.randomised for plan in plans], dtype=bool),
    )


def matches(result: BatchResult, i: int, one: Evaluation) -> None:
    """Every column of a pilot is what its evaluation says."""
    look = one.looks[-1] if one.looks else None
    nan = float("nan")
    expected = {
        "effect": nan if one.effect is None else one.effect,
        "standard_error": nan if one.standard_error is None else one.standard_error,
        "interval_low": one.interval.low if one.interval else nan,
        "interval_high": one.interval.high if one.interval else nan,
        "z": look.z if look else nan,
        "bound": look.bound if look else nan,
    }
    size = max(abs(expected["effect"]), abs(expected["standard_error"])) if one.effect is not None else 1.0
    for name, value in expected.items():
        found = getattr(result, name)[i]
        near = CLOSE * (1.0 if name in ("z", "bound") else size)
        assert found == pytest.approx(value, rel=CLOSE, abs=near, nan_ok=True), (i, name)
    crossed = next((np.datetime64(look.on, "D") for look in one.looks if look.crossed), NOTHING)
    first = result.first_crossed_on[i]
    assert (np.isnat(first) and np.isnat(crossed)) or first == crossed, i
    assert result.crossed[i] == bool(look and look.crossed)
    words = (one.verdict.value, one.rule.name, one.method or "", one.evidence.grade)
    assert (result.verdict[i], result.rule[i], result.method[i], result.grade[i]) == words
    told = dict(zip(FACTS, result.facts[i].tolist(), strict=True))
    for name in FACTS:
        assert name == "more_weeks_help" or told[name] == one.facts[name], (i, name)
    assert (result.reason[i] == "") == (one.effect is not None)
    rows = np.flatnonzero(result.looks.pilot == i)
    assert [str(day) for day in result.looks.on[rows]] == [str(look.on) for look in one.looks]
    assert result.looks.look[rows].tolist() == list(range(1, len(one.looks) + 1))
    for name in ("effect", "standard_error", "z", "bound"):
        values = [getattr(look, name) for look in one.looks]
        scale = 1.0 if name in ("z", "bound") else size
        np.testing.assert_allclose(getattr(result.looks, name)[rows], values, rtol=CLOSE, atol=CLOSE * scale)


def agree(batch: PilotBatch) -> BatchResult:
    result = evaluate_batch(batch)
    for i in range(len(batch)):
        panel, plan = batch.single(i)
        matches(result, i, evaluate(panel, plan, as_of=batch.as_of[i].astype(object)))
    return result


def drawn(cell: Cell, seed: int, effect: float | None = None) -> tuple[Panel, Plan]:
    return simulate(cell, effect=cell.effect if effect is None else effect, random=np.random.default_rng([77, seed]))


def emptied(panel: Panel, cells: Any) -> Panel:
    return replace(panel, **{name: np.where(cells, np.nan, getattr(panel, name)) for name in _GRIDS})


_GRIDS = ("n", "mean", "sd", "count")


def test_worlds_packed_together_are_as_one_by_one() -> None:
    """Every simulated world, packed into one batch: other kinds, other numbers of units, missing weeks, one series."""
    pilots = []
    for k, cell in enumerate(PACKED):
        for seed, effect in enumerate((0.0, None)):
            panel, plan = drawn(cell, 10 * k + seed, effect)
            pilots.append((panel, plan, None))
    batch = packed(pilots)
    result = evaluate_batch(batch)
    for i, (panel, plan, _) in enumerate(pilots):
        matches(result, i, evaluate(panel, plan, as_of=plan.end))
    assert set(result.method) == {"controlled_mixed_model", "single_series_reml"}


@pytest.mark.parametrize("cell", PACKED[:3] + PACKED[7:12], ids=lambda cell: cell.name)
def test_drawn_as_arrays_they_are_as_one_by_one(cell: Cell) -> None:
    agree(simulate_batch(cell, 4, effect=0.6 * cell.effect, seed=5))


def test_days_before_the_end() -> None:
    """Before the start, in the first weeks, before the third week, on a Wednesday, at a review, long after the end."""
    days = ("2026-01-04", "2026-03-02", "2026-03-15", "2026-03-17", "2026-04-15", "2026-04-19", "2027-01-01")
    pilots = []
    for k, day in enumerate(days):
        for cell in (PACKED[0], PACKED[9], PACKED[10]):
            panel, plan = drawn(cell, k)
            pilots.append((panel, plan, date.fromisoformat(day)))
    result = agree(packed(pilots))
    assert result.rule[:6].tolist() == ["not_estimable"] * 6


def test_trigger_windows_and_randomised_units() -> None:
    pilots = []
    for k in range(8):
        panel, plan = drawn(PACKED[k % 2], k, 0.0 if k % 3 else 0.8)
        window = Window(plan.start.replace(month=2, day=2), plan.start.replace(month=2, day=20 + k))
        pilots.append((panel, replace(plan, trigger=window if k % 4 else None, randomised=k % 2 == 0), None))
    agree(packed(pilots))


def test_several_pilot_units_and_units_that_drop_out() -> None:
    """Two and three pilot units; a pilot unit and comparison units without weeks on one side; too few are left."""
    pilots = []
    for k in range(6):
        panel, plan = drawn(PACKED[0], 20 + k, 0.6)
        units = panel.units[: 5 + k % 2]
        plan = replace(plan, pilot_units=units[: 1 + k % 3], comparison_units=units[1 + k % 3 :])
        gone = np.zeros(panel.n.shape, dtype=bool)
        gone[-1 if k < 2 else len(units) - 1, 13:] = True
        if k >= 3:
            gone[0 if k % 3 else 1, :11] = True
        if k == 4:
            gone[2 : len(units) - 1, :12] = True
        pilots.append((emptied(panel, gone), plan, None))
    result = agree(packed(pilots))
    assert len(set(result.method)) > 1


@pytest.mark.parametrize("known", ["none", "some", "zero"])
def test_standard_deviations_that_are_not_known(known: str) -> None:
    pilots = []
    for k in range(3):
        panel, plan = drawn(PACKED[k % 2], 30 + k, 0.5)
        sd = {"none": np.full(panel.sd.shape, np.nan), "zero": np.zeros(panel.sd.shape)}.get(known)
        if sd is None:
            sd = np.where(np.arange(panel.sd.shape[1]) % 3 == k % 3, panel.sd, np.nan)
        pilots.append((replace(panel, sd=np.where(np.isfinite(panel.n), sd, np.nan)), plan, None))
    agree(packed(pilots))


def test_durations_and_costs_and_starts_within_a_week() -> None:
    """Positive and partly negative values, a start on a Wednesday, a plan of eleven days, an end on a Thursday."""
    pilots = []
    for k in range(8):
        panel, plan = drawn(PACKED[0], 40 + k, 0.5)
        kind = (Kind.DURATION, Kind.COST)[k % 2]
        scale = 10.0 if k < 4 else 0.4
        mean = 20.0 * (k < 6) + scale * (panel.mean - 3.5)
        sd = panel.sd * (
            scale if k < 6 else np.nan
        )  # a negative duration with an SD fails a check of single pilots only
        end = date(2026, 3, 12) if k == 3 else date(2026, 5, 14)
        start = plan.start if k % 3 else date(2026, 3, 4)
        plan = replace(plan, kind=kind, direction=Direction.DECREASE, start=start, end=end, reviews=())
        pilots.append((replace(panel, kind=kind, mean=mean, sd=sd), plan, None))
    agree(packed(pilots))


def test_what_cannot_be_estimated_has_a_reason_and_no_numbers() -> None:
    """All values equal, no events, pilot and comparison units never seen in the same week, no pilot weeks at all."""
    panel, plan = drawn(PACKED[1], 50)
    counts, counted = drawn(PACKED[10], 51)
    apart = (np.arange(24) % 2 == 0)[None, :] == (np.arange(3) == 0)[:, None]
    none = np.zeros((3, 24), dtype=bool)
    none[0] = True
    pilots = [
        (replace(panel, mean=np.full((3, 24), 4.0), sd=np.zeros((3, 24))), plan, None),
        (replace(counts, count=0 * counts.count, mean=0 * counts.mean), counted, None),
        (emptied(panel, apart), plan, None),
        (emptied(panel, none), plan, None),
        (panel, plan, None),
    ]
    result = agree(packed(pilots))
    assert (result.rule[:4] == "not_estimable").all()
    assert np.isnan(np.stack([getattr(result, name)[:4] for name in NUMBERS])).all()
    assert all(reason.endswith(".") for reason in result.reason[:4])
    assert np.isfinite(result.effect[4])


def test_no_pilot_and_one_pilot() -> None:
    batch = simulate_batch(PACKED[0], 1, effect=0.5, seed=1)
    alone = agree(batch)
    assert len(alone.effect) == 1
    none = evaluate_batch(batch.taken(np.empty(0, dtype=np.int64)))
    assert (len(none.effect), len(none.looks.on), none.facts.shape) == (0, 0, (0, len(FACTS)))


def test_permuting_pilots_permutes_the_results() -> None:
    pilots = [(*drawn(PACKED[k], k), None) for k in (0, 9, 12, 1, 10, 5)]
    batch = packed(pilots)
    order = np.array([4, 2, 0, 5, 1, 3])
    straight, shuffled = evaluate_batch(batch), evaluate_batch(batch.taken(order))
    for field in fields(BatchResult):
        if field.name == "looks":
            continue
        one, other = getattr(straight, field.name)[order], getattr(shuffled, field.name)
        if one.dtype == np.float64:
            np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12)
        else:
            np.testing.assert_array_equal(other, one)
    for place, pilot in enumerate(order):
        np.testing.assert_allclose(
            shuffled.looks.z[shuffled.looks.pilot == place], straight.looks.z[straight.looks.pilot == pilot], rtol=1e-9
        )


def test_260_weekly_reviews_have_room() -> None:
    """Five years of weekly reviews, the last of them dropped: fractions stay below 1 until the end."""
    panel, plan = drawn(Cell(name="long", units=3, before=4, after=20), 60)
    plan = replace(plan, end=date.fromordinal(plan.start.toordinal() + 7 * 260 - 1), reviews=())
    result = agree(packed([(panel, plan, None), (panel, plan, date(2026, 5, 24))]))
    assert (result.looks.bound > 0).all()


def test_shrunken_effects_decide_whether_the_smallest_change_is_reached() -> None:
    """As `evaluate(..., shrunken_effect=...)`; NaN leaves a pilot as it is; without a review nothing is reached."""
    pilots = [(*drawn(PACKED[k % 2], 70 + k, 0.9), date(2026, 3, 17) if k == 5 else None) for k in range(6)]
    batch = packed(pilots)
    result = evaluate_batch(batch)
    shrunken = np.array([0.9, 0.1, np.nan, 0.31, -0.2, 0.8])
    told = with_shrunken_effects(result, shrunken, smallest_change=batch.smallest_change, direction=batch.direction)
    for i, (panel, plan, day) in enumerate(pilots):
        given = None if np.isnan(shrunken[i]) else float(shrunken[i])
        one = evaluate(panel, plan, as_of=day or plan.end, shrunken_effect=given)
        assert (told.verdict[i], told.rule[i]) == (one.verdict.value, one.rule.name), i
        assert told.facts[i, FACTS.index("reaches_change")] == one.facts["reaches_change"]
    np.testing.assert_array_equal(told.effect, result.effect)
    assert not told.facts[5, FACTS.index("reaches_change")]

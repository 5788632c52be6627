"""One pilot end to end: what is used, what is said, and what must not depend on how the rows came in."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from stats.errors import DataError
from stats.evaluation import GuardrailData, SubgroupData, evaluate
from stats.guardrails import Guard
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.plan import Plan, Window
from stats.rules import Verdict

FIRST = np.datetime64("2025-12-08")
START = date(2026, 3, 2)
END = date(2026, 5, 24)
UNITS = ("A", "B", "C", "D", "E", "F")


def plan(**changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "kind": Kind.SCORE, "direction": Direction.INCREASE, "smallest_change": 0.3, "pilot_units": ("A",),
        "comparison_units": UNITS[1:], "start": START, "end": END,
        "trigger": Window(date(2026, 2, 2), date(2026, 3, 1)),
    }  # fmt: skip
    return Plan(**(fields | changes))


def panel(
    change: float = 0.0, *, units: tuple[str, ...] = UNITS, weeks: int = 24, n: int = 20, seed: int = 1,
    scale: float = 1.0, shift: float = 3.5, unknown_sd: bool = False,
) -> Panel:  # fmt: skip
    random = np.random.default_rng(seed)
    level = 0.2 * random.normal(size=(len(units), 1)) + 0.1 * random.normal(size=(len(units), weeks))
    level += random.normal(size=level.shape) / np.sqrt(n)
    level[0, 12:] += change
    return from_weeks(
        kind=Kind.SCORE,
        unit=np.repeat(units, weeks).tolist(),
        week=np.tile(FIRST + 7 * np.arange(weeks), len(units)),
        n=np.full(level.size, n),
        mean=shift + scale * level.ravel(),
        sd=None if unknown_sd else np.full(level.size, abs(scale)),
    )


def test_a_clear_gain_scales() -> None:
    result = evaluate(panel(0.8), plan())
    assert result.verdict is Verdict.SCALE
    assert result.rule.name == "gain_shown"
    assert result.effect == pytest.approx(0.8, abs=0.25)
    assert result.method == "controlled_mixed_model"
    assert result.decided_on == END
    assert result.weeks_needed == 0 or result.weeks_needed is None


def test_a_clear_harm_stops() -> None:
    result = evaluate(panel(-0.8), plan())
    assert (result.verdict, result.rule.name) == (Verdict.STOP, "harm")


def test_a_precise_null_stops() -> None:
    result = evaluate(panel(0.0, n=400), plan(smallest_change=0.5))
    assert (result.verdict, result.rule.name) == (Verdict.STOP, "out_of_reach")


def test_a_small_gain_adapts() -> None:
    result = evaluate(panel(0.4, n=400), plan(smallest_change=0.9))
    assert (result.verdict, result.rule.name) == (Verdict.ADAPT, "gain_too_small")


def test_few_answers_ask_for_more_weeks() -> None:
    result = evaluate(panel(0.2, n=3), plan())
    assert result.verdict is Verdict.EXTEND


@pytest.mark.parametrize(("comparisons", "method"), [(1, "single_series_reml_difference"), (0, "single_series_reml")])
def test_without_two_comparison_units_it_never_scales(comparisons: int, method: str) -> None:
    result = evaluate(panel(2.0, n=200), plan(comparison_units=UNITS[1 : 1 + comparisons]))
    assert result.method == method
    assert (result.verdict, result.rule.name) == (Verdict.EXTEND, "design_cannot_carry_it")


def test_the_json_has_the_agreed_keys_in_order() -> None:
    document = evaluate(panel(0.3), plan()).to_dict()
    agreed = [
        "verdict", "reasons", "rule", "effect", "standard_error", "interval", "confidence_level", "method", "evidence",
        "looks", "checks", "sensitivity", "minimum_detectable_effect", "weeks_needed",
    ]  # fmt: skip
    assert list(document)[: len(agreed)] == agreed
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_better_is_positive_in_z_and_signed_in_the_effect() -> None:
    """A metric that should decrease: turning every number round turns the effect and leaves z and the verdict."""
    up = evaluate(panel(0.8), plan())
    down = evaluate(panel(0.8, scale=-1.0, shift=-3.5), plan(direction=Direction.DECREASE))
    assert up.effect is not None
    assert down.effect == pytest.approx(-up.effect, rel=1e-9)
    assert [look.z for look in down.looks] == pytest.approx([look.z for look in up.looks], rel=1e-6)
    assert down.verdict is up.verdict


@pytest.mark.parametrize(("scale", "shift"), [(10.0, 3.5), (0.01, 0.0), (1.0, -40.0), (1.0, 1e8)])
@pytest.mark.parametrize("unknown_sd", [False, True])
@pytest.mark.parametrize("comparisons", [5, 1, 0])
def test_scale_and_shift(scale: float, shift: float, unknown_sd: bool, comparisons: int) -> None:
    chosen = UNITS[: 1 + comparisons]
    base = evaluate(panel(0.4, units=chosen, unknown_sd=unknown_sd), plan(comparison_units=chosen[1:]))
    moved = evaluate(
        panel(0.4, units=chosen, scale=scale, shift=shift, unknown_sd=unknown_sd),
        plan(comparison_units=chosen[1:], smallest_change=0.3 * scale),
    )
    assert base.effect is not None
    assert base.standard_error is not None
    assert moved.effect == pytest.approx(base.effect * scale, rel=1e-4)
    assert moved.standard_error == pytest.approx(base.standard_error * scale, rel=1e-4)
    assert moved.rule.name == base.rule.name


def test_the_order_of_rows_and_units_does_not_matter() -> None:
    original = panel(0.4)
    shuffled = original.restricted(units=UNITS[::-1])
    one = evaluate(original, plan())
    other = evaluate(shuffled, plan(comparison_units=UNITS[:0:-1]))
    assert other.effect == pytest.approx(one.effect, rel=1e-9)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)


def test_nothing_after_the_day_is_used() -> None:
    """Changing the future, and the week that is not over yet, changes nothing."""
    day = date(2026, 4, 22)  # a Wednesday: the last full week is that of Monday 13 April
    full = panel(0.4)
    last = np.datetime64("2026-04-13")
    mean = np.where(full.weeks[None, :] > last, 99.0, full.mean)
    changed = Panel(
        kind=full.kind, units=full.units, weeks=full.weeks, n=full.n, mean=mean, sd=full.sd, count=full.count
    )
    assert evaluate(changed, plan(), as_of=day).to_dict() == evaluate(full, plan(), as_of=day).to_dict()


def test_weeks_after_the_end_are_not_used() -> None:
    longer = panel(0.4, weeks=30)
    cut = longer.restricted(until=np.datetime64("2026-05-18"))
    assert evaluate(longer, plan()).to_dict() | {"as_of": ""} == evaluate(cut, plan()).to_dict() | {"as_of": ""}


def test_between_reviews_the_number_is_shown_but_decides_nothing() -> None:
    data = panel(1.5, n=100)
    seldom = plan(reviews=(date(2026, 5, 3), END))
    early = evaluate(data, seldom, as_of=date(2026, 4, 26))
    assert early.effect == pytest.approx(1.5, abs=0.3)
    assert (early.looks, early.decided_on) == ((), None)
    assert (early.verdict, early.rule.name) == (Verdict.EXTEND, "undecided_so_far")
    assert evaluate(data, seldom, as_of=date(2026, 5, 3)).verdict is Verdict.SCALE


def test_earlier_bounds_do_not_change_later() -> None:
    data = panel(0.2)
    early = evaluate(data, plan(), as_of=date(2026, 4, 19)).looks
    late = evaluate(data, plan(), as_of=END).looks
    assert late[: len(early)] == early


@pytest.mark.parametrize("day", [date(2026, 2, 1), date(2026, 3, 2), date(2026, 3, 14)])
def test_before_there_are_two_weeks_nothing_is_invented(day: date) -> None:
    result = evaluate(panel(0.5), plan(), as_of=day)
    assert result.verdict is Verdict.NOT_ENOUGH_DATA
    assert (result.effect, result.standard_error, result.interval, result.method) == (None, None, None, None)
    assert len(result.reasons) == 2


def test_all_equal_values_cannot_be_estimated() -> None:
    equal = from_weeks(
        kind=Kind.SCORE, unit=["A"] * 24, week=FIRST + 7 * np.arange(24), n=[5] * 24, mean=[4.0] * 24, sd=[0.0] * 24
    )
    result = evaluate(equal, plan(comparison_units=()))
    assert (result.verdict, result.effect) == (Verdict.NOT_ENOUGH_DATA, None)


def test_units_and_kinds_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match="The unit X is not in the data"):
        evaluate(panel(), plan(comparison_units=("X",)))
    with pytest.raises(DataError, match="The data are of kind score, but the plan's metric is of kind nps"):
        evaluate(panel(), plan(kind=Kind.NPS))


def test_the_week_that_the_start_cuts_in_two_is_on_neither_side() -> None:
    data = panel(0.5)
    wednesday = plan(start=START + timedelta(days=2))
    spoiled = Panel(
        kind=data.kind, units=data.units, weeks=data.weeks, n=data.n,
        mean=np.where((np.arange(24) == 12) & (np.arange(6)[:, None] == 0), 50.0, data.mean), sd=data.sd,
        count=data.count,
    )  # fmt: skip
    assert evaluate(spoiled, wednesday).effect == pytest.approx(evaluate(data, wednesday).effect, rel=1e-9)


def test_guardrails_and_subgroups() -> None:
    fall, steady = panel(-0.9, seed=3), panel(0.0, seed=4, n=200)
    result = evaluate(
        panel(0.9),
        plan(),
        guardrails=[
            GuardrailData(name="staff", kind=Kind.SCORE, direction=Direction.INCREASE, margin=0.2, panel=fall),
            GuardrailData(name="errors", kind=Kind.SCORE, direction=Direction.INCREASE, margin=0.4, panel=steady),
            GuardrailData(name="only pilot", kind=Kind.SCORE, direction=Direction.INCREASE, margin=0.01,
                          panel=panel(units=("A",), seed=5)),
        ],
        subgroups=[
            SubgroupData(name="75+", panel=panel(-0.8, seed=6)),
            SubgroupData(name="few", panel=panel(0, n=1, weeks=16)),
        ],
    )  # fmt: skip
    assert [guard.status for guard in result.guardrails] == [Guard.HARMED, Guard.HELD, Guard.UNCLEAR]
    assert result.guardrails[2].estimate is not None
    assert result.guardrails[2].estimate.method == "single_series_reml"
    assert (result.verdict, result.rule.name) == (Verdict.ADAPT, "guardrail_harmed")
    assert result.subgroups[0].status is Guard.HARMED
    assert result.subgroups[1].estimate is None
    assert result.subgroups[1].detail is not None


def test_a_harmed_group_turns_scale_into_adapt() -> None:
    result = evaluate(panel(0.9), plan(), subgroups=[SubgroupData(name="75+", panel=panel(-0.8, seed=6))])
    assert (result.verdict, result.rule.name) == (Verdict.ADAPT, "subgroup_harmed")


@pytest.mark.parametrize(
    ("kind", "before", "after", "direction", "smallest"),
    [
        (Kind.PROPORTION, 0.5, 0.75, Direction.INCREASE, 0.1),
        (Kind.COUNT, 2.0, 1.0, Direction.DECREASE, 0.3),
    ],
)
def test_counted_kinds_come_back_in_the_metric_unit(
    kind: Kind, before: float, after: float, direction: Direction, smallest: float
) -> None:
    """Exact expected counts in every week: the effect is the difference of shares, or of events per exposure."""
    n = np.full((6, 24), 40.0)
    count = np.full((6, 24), 40 * before)
    count[0, 12:] = 40 * after
    data = from_weeks(
        kind=kind, unit=np.repeat(UNITS, 24).tolist(), week=np.tile(FIRST + 7 * np.arange(24), 6), n=n.ravel(),
        count=count.ravel(),
    )  # fmt: skip
    result = evaluate(data, plan(kind=kind, direction=direction, smallest_change=smallest))
    assert result.effect == pytest.approx(after - before, rel=0.05)
    assert result.looks[-1].z > 0
    assert result.verdict is Verdict.SCALE


def test_several_pilot_units_and_staggered_starts() -> None:
    data = panel(0.6)
    mean = data.mean.copy()
    mean[1, 16:] += 0.6
    both = Panel(kind=data.kind, units=data.units, weeks=data.weeks, n=data.n, mean=mean, sd=data.sd, count=data.count)
    staggered = plan(pilot_units=("A", "B"), comparison_units=UNITS[2:], starts={"B": date(2026, 3, 30)})
    two, one = evaluate(both, staggered), evaluate(both, plan(comparison_units=UNITS[2:]))
    assert two.effect == pytest.approx(0.6, abs=0.2)
    assert two.standard_error is not None
    assert one.standard_error is not None
    assert two.standard_error < one.standard_error


def test_missing_weeks_widen_the_interval() -> None:
    data = panel(0.5)
    gone = np.zeros((6, 24), dtype=bool)
    gone[0, [2, 5, 14, 18, 20]] = True
    holes = Panel(
        kind=data.kind, units=data.units, weeks=data.weeks, n=np.where(gone, np.nan, data.n),
        mean=np.where(gone, np.nan, data.mean), sd=np.where(gone, np.nan, data.sd), count=data.count,
    )  # fmt: skip
    full, thin = evaluate(data, plan()), evaluate(holes, plan())
    assert full.standard_error is not None
    assert thin.standard_error is not None
    assert thin.standard_error > full.standard_error
    assert thin.series is not None
    assert np.isnan(thin.series.pilot[2])


def test_randomised_units_grade_high() -> None:
    result = evaluate(panel(0.9), plan(randomised=True))
    assert (result.evidence.grade, result.evidence.maryland, result.evidence.nesta) == ("high", 5, 3)

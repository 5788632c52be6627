"""Phases, baselines, missing weeks, what is refused, and what no shift, scale or turn may change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.spc import Rebase, control_chart
from stats.spc.kinds import ChartKind, Rule, RuleSet, Side
from tests.stats import spc_series as data

NAN = float("nan")


def test_a_baseline_fixes_the_lines_of_the_first_phase() -> None:
    chart = control_chart(data.NILE, kind="xmr", baseline=28, split_at=[60])
    alone = control_chart(data.NILE[:28], kind="xmr")
    assert chart.upper[:60] == pytest.approx(np.full(60, alone.upper[0]))
    assert chart.upper[60:] == pytest.approx(np.full(40, control_chart(data.NILE[60:], kind="xmr").upper[0]))
    assert [(p.first, p.stop, p.baseline_stop, p.points, p.frozen) for p in chart.phases] == [
        (0, 60, 28, 28, True),
        (60, 100, 100, 40, False),
    ]


def test_limits_after_the_baseline_follow_each_weeks_own_denominator() -> None:
    # Weeks alike before, then one of a quarter of the size: its limits are twice as far away.
    chart = control_chart([8, 12, 10, 3], kind="p", denominators=[40, 40, 40, 10], baseline=3)
    assert chart.centre.tolist() == [0.25] * 4
    assert (chart.upper[3] - 0.25) / (chart.upper[0] - 0.25) == pytest.approx(2.0)


def test_under_12_points_limits_are_on_trial() -> None:
    assert control_chart(data.NHTEMP[:11], kind="xmr").trial
    assert not control_chart(data.NHTEMP[:12], kind="xmr").trial
    assert control_chart([*data.NHTEMP[:11], NAN], kind="xmr").trial, "a missing week is no point"
    assert control_chart(data.NHTEMP, kind="xmr", baseline=8).trial
    split = control_chart(data.NHTEMP, kind="xmr", split_at=[50])
    assert [phase.trial for phase in split.phases] == [False, True]
    assert split.trial


def test_rebasing_needs_a_reason_and_keeps_it() -> None:
    chart = control_chart(data.NILE, kind="xmr", split_at=[Rebase(at=28, reason=" The dam was begun in 1899. "), 60])
    assert [phase.reason for phase in chart.phases] == ["", "The dam was begun in 1899.", ""]
    for reason in ("", "  \n"):
        with pytest.raises(ValueError, match="reason is blank"):
            Rebase(at=28, reason=reason)
    with pytest.raises(ValueError, match="reason has 2001 characters"):
        Rebase(at=28, reason="x" * 2001)
    with pytest.raises(ValueError, match=r"at == 0, must be a whole number >= 1"):
        Rebase(at=0, reason="A new ward")


def test_order_of_splits_and_numpy_integers_do_not_matter() -> None:
    one = control_chart(data.NILE, kind="xmr", split_at=[60, 28])
    two = control_chart(np.array(data.NILE), kind="xmr", split_at=np.array([28, 60]))
    assert one.phases == two.phases
    assert one.signals == two.signals


def test_a_phase_without_any_value_has_no_lines() -> None:
    chart = control_chart([1, 2, 3, NAN, NAN], kind="xmr", split_at=[3])
    assert np.isnan(chart.centre[3:]).all()
    assert str(chart.phases[1].note) == "There is no value to compute the lines from."
    assert chart.last == 2


def test_missing_weeks_take_no_part() -> None:
    values = [5.0, 4.0, NAN, 6.0, 5.5, NAN, 4.5, 5.0]
    chart = control_chart(values, kind="xmr")
    # Ranges 1, 0.5 and 0.5; none across a gap.
    assert chart.centre[0] == pytest.approx(5.0)
    assert chart.upper[2] == pytest.approx(5.0 + 2.66 * 2 / 3)
    shares = control_chart([8, NAN, 12, 10], kind="p", denominators=[40, 40, NAN, 40])
    assert shares.centre[0] == pytest.approx(18 / 80)
    assert np.isnan(shares.values).tolist() == [False, True, True, False]
    assert np.isnan(shares.upper).tolist() == [False, False, True, False]


def test_run_and_individuals_charts_may_be_divided() -> None:
    chart = control_chart([10, 12, 9], kind="run", denominators=[2, 4, 3])
    assert chart.values.tolist() == [5.0, 3.0, 3.0]
    assert control_chart([10, 12, 9], kind="xmr", denominators=2).centre[0] == pytest.approx(31 / 6)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"values": [], "kind": "run"}, "values is empty, must have at least 1 value."),
        ({"values": [NAN, NAN], "kind": "run"}, "values has only missing values, must have at least 1 number."),
        ({"values": [[1.0]], "kind": "run"}, "values has 2 dimensions, must have 1."),
        ({"values": ["a"], "kind": "run"}, "values holds something that is not a number."),
        ({"values": [1, float("inf")], "kind": "xmr"}, r"values\[1\] == inf, must be a finite number, or NaN"),
        ({"values": [1], "kind": "xbar"}, "kind == 'xbar', must be one of run, xmr, p, p_prime"),
        ({"values": [1], "kind": "run", "rules": "nelson"}, "rules == 'nelson', must be one of nhs, anhoej."),
        ({"values": [1, -1], "kind": "c"}, r"values\[1\] == -1, must be >= 0"),
        ({"values": [1, 2.5], "kind": "c"}, r"values\[1\] == 2.5, must be a whole number."),
        ({"values": [0.4], "kind": "p", "denominators": 20}, r"values\[0\] == 0.4, must be a whole number \(the count"),
        ({"values": [4], "kind": "p"}, "denominators is missing, a chart of kind p needs it."),
        ({"values": [4], "kind": "u_prime"}, "denominators is missing, a chart of kind u_prime needs it."),
        ({"values": [4], "kind": "c", "denominators": 3}, "denominators is given, a chart of kind c has none."),
        ({"values": [4, 3], "kind": "p", "denominators": [5]}, "denominators has 1 values, must have 2 as values has."),
        ({"values": [4, 3], "kind": "p", "denominators": [5, 2]}, r"values\[1\] == 3, must be at most the denominator"),
        ({"values": [0, 0], "kind": "u", "denominators": [5, 0]}, r"denominators\[1\] == 0, must be > 0, or NaN"),
        ({"values": [1], "kind": "p", "denominators": [2.5]}, r"denominators\[0\] == 2.5, must be a whole number."),
        ({"values": [1, NAN], "kind": "p", "denominators": [NAN, 5]}, "values and denominators are nowhere both there"),
        ({"values": [1e300], "kind": "run", "denominators": 1e-300}, r"values / denominators\[0\] == inf"),
        ({"values": [3, 0], "kind": "t"}, r"values\[1\] == 0, must be > 0; for events on the same day use kind g"),
        ({"values": [1, 2], "kind": "run", "split_at": [2]}, "split_at == 2, must be a whole number from 1 to 1."),
        ({"values": [1, 2], "kind": "run", "split_at": [0]}, "split_at == 0, must be a whole number from 1 to 1."),
        ({"values": [1, 2, 3], "kind": "run", "split_at": [1, 1]}, "split_at has 1 twice."),
        ({"values": [1, 2, 3], "kind": "run", "baseline": 0}, "baseline == 0, must be a whole number from 1 to 3."),
        ({"values": [1, 2, 3], "kind": "run", "split_at": [2], "baseline": 3}, "baseline == 3, .* from 1 to 2."),
    ],
)
def test_what_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        control_chart(**arguments)  # type: ignore[arg-type]


def test_a_chart_is_frozen() -> None:
    chart = control_chart([1, 2], kind="run")
    with pytest.raises(dataclasses.FrozenInstanceError):
        chart.kind = ChartKind.C  # type: ignore[misc]


# Halves between -50 and 50: exact in floating point, also after a shift or a change of sign.
SERIES = st.lists(st.integers(-100, 100).map(lambda k: k / 2), min_size=2, max_size=40)


def seen(chart_signals: object, *, turned: bool = False) -> set[tuple[Rule, Side | None, tuple[int, ...]]]:
    other = {Side.HIGH: Side.LOW, Side.LOW: Side.HIGH, None: None}
    return {(s.rule, other[s.side] if turned else s.side, s.points) for s in chart_signals}  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=60)
@given(values=SERIES, rules=st.sampled_from(RuleSet))
def test_turned_upside_down_high_becomes_low(values: list[float], rules: RuleSet) -> None:
    for kind in ("run", "xmr"):
        one = control_chart(values, kind=kind, rules=rules)
        two = control_chart([-value for value in values], kind=kind, rules=rules)
        np.testing.assert_allclose(one.upper, -two.lower, atol=1e-9)
        assert seen(one.signals) == seen(two.signals, turned=True)


@settings(deadline=None, max_examples=60)
@given(values=SERIES, scale=st.sampled_from([0.25, 2.0, 1024.0]), shift=st.sampled_from([0.0, -64.0, 1e8]))
def test_lines_follow_shift_and_scale(values: list[float], scale: float, shift: float) -> None:
    one = control_chart(values, kind="xmr")
    two = control_chart([shift + scale * value for value in values], kind="xmr")
    for before, after in ((one.centre, two.centre), (one.lower, two.lower), (one.upper, two.upper)):
        np.testing.assert_allclose(after, shift + scale * before, rtol=1e-14, atol=1e-9)


def test_large_values_keep_their_digits() -> None:
    random = np.random.default_rng(5)
    small = random.normal(size=50)
    one, two = control_chart(small, kind="xmr"), control_chart(small + 1e8, kind="xmr")
    assert two.upper[0] - two.centre[0] == pytest.approx(one.upper[0] - one.centre[0], abs=1e-6)
    assert seen(one.signals) == seen(two.signals)


@settings(deadline=None, max_examples=60)
@given(
    weeks=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 60)), min_size=1, max_size=30),
    kind=st.sampled_from(["p", "p_prime", "u", "u_prime", "c", "g"]),
)
def test_limits_are_ordered_and_possible(weeks: list[tuple[int, int]], kind: str) -> None:
    below = None if kind in ("c", "g") else [n for _, n in weeks]
    values = [min(k, n) if kind.startswith("p") else k for k, n in weeks]
    chart = control_chart(values, kind=kind, denominators=below)
    there = np.isfinite(chart.lower)
    assert (chart.lower[there] >= 0).all()
    assert (chart.lower[there] <= chart.lines.inner_lower[there]).all()
    assert (chart.lines.inner_lower[there] <= chart.lines.inner_upper[there]).all()
    assert (chart.lines.inner_upper[there] <= chart.upper[there]).all()
    assert (chart.centre[there] <= chart.upper[there]).all()
    if kind.startswith("p"):
        assert (chart.upper[there] <= 1).all()
    assert all(phase.note is not None for phase in chart.phases if not there[phase.first])


@settings(deadline=None, max_examples=40)
@given(values=st.lists(st.integers(0, 20), min_size=2, max_size=30), exposure=st.integers(1, 9))
def test_rates_of_equal_exposure_are_counts(values: list[int], exposure: int) -> None:
    counts = control_chart(values, kind="c")
    rates = control_chart(values, kind="u", denominators=exposure)
    np.testing.assert_allclose(rates.upper * exposure, counts.upper)
    assert seen(rates.signals) == seen(counts.signals)


@settings(deadline=None, max_examples=40)
@given(values=SERIES)
def test_turned_in_time_the_lines_stay(values: list[float]) -> None:
    one, two = (control_chart(part, kind="xmr") for part in (values, values[::-1]))
    np.testing.assert_allclose([one.upper[0], one.centre[0]], [two.upper[0], two.centre[0]], atol=1e-9)

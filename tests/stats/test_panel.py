"""Rows to panels: sums, merging, and refusals that say what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.errors import DataError
from stats.metric import Kind
from stats.panel_rows import from_answers, from_weeks

MONDAYS = ["2026-03-02", "2026-03-09"]


def score(**changes: Any) -> Any:
    columns: dict[str, Any] = {"unit": ["A", "A"], "week": MONDAYS, "n": [5, 6], "mean": [3.0, 4.0], "sd": [1.0, 0.5]}
    return from_weeks(kind=Kind.SCORE, **(columns | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"n": [5, -1]}, "Row 2, column 'n': -1 is not allowed; allowed is a number, 0 or more."),
        ({"n": [5, 2.5]}, "Row 2, column 'n': 2.5 is not allowed; allowed is a whole number of answers."),
        ({"n": [5, np.nan]}, "Row 2, column 'n': a blank is not allowed; allowed is a number, 0 or more."),
        (
            {"mean": [np.nan, 4.0]},
            "Row 1, column 'mean': a blank is not allowed; allowed is a number when n is above 0.",
        ),
        ({"n": [0, 6]}, "Row 1, column 'n': 0 is not allowed; allowed is above 0 when the week has a mean."),
        ({"sd": [1.0, -0.5]}, "Row 2, column 'sd': -0.5 is not allowed; allowed is a number, 0 or more, or blank."),
        (
            {"week": ["2026-03-02", "2026-03-10"]},
            "Row 2, column 'week': 2026-03-10 is not allowed; allowed is a Monday",
        ),
        ({"week": ["2026-03-02", "2.3.2026"]}, "Row 2, column 'week': '2.3.2026' is not allowed; allowed is a date"),
        (
            {"week": ["2026-03-02", "2026-03-02"]},
            "Row 2, column 'week': 2026-03-02 is not allowed; allowed is each unit",
        ),
        ({"unit": ["A", " "]}, "Row 2, column 'unit': ' ' is not allowed; allowed is a unit's name."),
        ({"mean": None}, "The column 'mean' is missing; a metric of kind score needs it."),
        ({"week": ["2026-03-02", "0026-03-02"]}, "The weeks run from 0026-03-02 to 2026-03-02"),
        ({"unit": [], "week": [], "n": [], "mean": [], "sd": []}, "The data have no rows."),
    ],
)
def test_bad_weeks_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        score(**changes)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("kind", "n", "count", "sentence"),
    [
        (Kind.PROPORTION, 5, 6, "Row 1, column 'count': 6 is not allowed; allowed is at most n."),
        (Kind.PROPORTION, 5, -1, "Row 1, column 'count': -1 is not allowed; allowed is a number, 0 or more."),
        (Kind.PROPORTION, 5, 1.5, "Row 1, column 'count': 1.5 is not allowed; allowed is a whole number."),
        (Kind.COUNT, 0, 2, "Row 1, column 'count': 2 is not allowed; allowed is 0 when the exposure n is 0."),
        (Kind.COUNT, 4, np.nan, "Row 1, column 'count': a blank is not allowed; allowed is a number, 0 or more."),
    ],
)
def test_bad_counts_are_refused(kind: Kind, n: float, count: float, sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        from_weeks(kind=kind, unit=["A"], week=MONDAYS[:1], n=[n], count=[count])
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("kind", "value"), [(Kind.PROPORTION, 2), (Kind.COUNT, -1), (Kind.NPS, 11), (Kind.SCORE, np.nan)]
)
def test_bad_answers_are_refused(kind: Kind, value: float) -> None:
    with pytest.raises(DataError, match="Row 7, column 'value'"):
        from_answers(kind=kind, unit=["A", "A"], date=MONDAYS, value=[1, value], rows=[6, 7])


def test_recommendation_answers_become_points() -> None:
    panel = from_answers(kind=Kind.NPS, unit=["A"] * 4, date=[MONDAYS[0]] * 4, value=[10, 9, 7, 6])
    assert panel.mean.item() == 25.0


def test_an_empty_week_is_a_missing_week() -> None:
    panel = score(n=[0, 6], mean=[np.nan, 4.0])
    assert not panel.observed[0, 0]
    assert np.isnan(panel.n[0, 0])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 27), st.integers(1, 5)), min_size=2, max_size=40))
def test_merging_parts_is_the_same_as_the_whole(answers: list[tuple[str, int, int]]) -> None:
    days = [str(np.datetime64("2026-03-02") + day) for _, day, _ in answers]
    units, values = [unit for unit, _, _ in answers], [float(value) for _, _, value in answers]
    whole = from_answers(kind=Kind.SCORE, unit=units, date=days, value=values)
    cut = len(answers) // 2
    parts = [
        from_answers(kind=Kind.SCORE, unit=units[part], date=days[part], value=values[part])
        for part in (slice(0, cut), slice(cut, None))
    ]
    merged = parts[0].merged(parts[1]).restricted(units=whole.units)
    for name in ("n", "mean", "sd"):
        np.testing.assert_allclose(getattr(merged, name), getattr(whole, name), rtol=1e-9, atol=1e-12)


def test_an_offset_of_1e8_keeps_the_spread() -> None:
    values = np.random.default_rng(2).normal(size=500)
    plain = from_answers(kind=Kind.SCORE, unit=["A"] * 500, date=[MONDAYS[0]] * 500, value=values)
    shifted = from_answers(kind=Kind.SCORE, unit=["A"] * 500, date=[MONDAYS[0]] * 500, value=values + 1e8)
    assert shifted.sd.item() == pytest.approx(plain.sd.item(), rel=1e-6)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(DataError, match="The unit C is not in the data; the units there are A"):
        score().restricted(units=["C"])

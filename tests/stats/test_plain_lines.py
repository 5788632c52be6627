"""The plainest comparison: shown for tiny samples and single answers, never where weekly sums are large."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stats.evaluation import Answers, evaluate
from stats.means import difference_in_means
from stats.metric import Direction, Kind
from stats.ordinal import brunner_munzel
from stats.panel_rows import from_answers, from_weeks
from stats.plain_lines import plain_lines
from stats.plan import Plan

FIRST = np.datetime64("2026-01-05")
END = date(2026, 3, 29)


def plan(kind: Kind, direction: Direction = Direction.INCREASE) -> Plan:
    return Plan(
        kind=kind, direction=direction, smallest_change=0.1 * direction.sign, pilot_units=("A",),
        start=(FIRST + 42).astype(object), end=END,
    )  # fmt: skip


def test_few_cases_get_the_classic_intervals() -> None:
    """14/20 before and 12/16 after: as difference_in_proportions on the sums (its own tests have R's figures)."""
    panel = from_weeks(
        kind=Kind.PROPORTION, unit=["A"] * 4, week=FIRST + 7 * np.array([0, 1, 6, 7]), n=[10, 10, 8, 8],
        count=[6, 8, 7, 5],
    )  # fmt: skip
    lines = {line.method: line for line in plain_lines(panel, plan(Kind.PROPORTION), END, estimated=True)}
    assert set(lines) == {"plain_newcombe", "plain_miettinen_nurminen", "plain_boschloo"}
    assert lines["plain_newcombe"].effect == pytest.approx(12 / 16 - 14 / 20)


def test_moments_of_weeks_are_the_moments_of_the_answers() -> None:
    """Welch from the weekly sums equals Welch on the single answers."""
    random = np.random.default_rng(4)
    weeks = np.repeat(np.arange(12), 2)
    values = random.normal(3.5, 1.0, 24)
    panel = from_answers(kind=Kind.SCORE, unit=["A"] * 24, date=FIRST + 7 * weeks, value=values)
    (line,) = plain_lines(panel, plan(Kind.SCORE), END, estimated=True)
    welch = difference_in_means(values[weeks < 6], values[weeks >= 6])
    assert line.effect == pytest.approx(welch.effect)
    assert line.interval.low == pytest.approx(welch.interval.low)


def test_single_answers_get_the_ordinal_comparison() -> None:
    random = np.random.default_rng(5)
    weeks = np.repeat(np.arange(12), 20)
    values = random.integers(1, 6, 240).astype(float)
    days = FIRST + 7 * weeks
    panel = from_answers(kind=Kind.SCORE, unit=["A"] * 240, date=days, value=values)
    answers = Answers(unit=np.array(["A"] * 240, dtype=object), day=days, value=values)
    (line,) = plain_lines(panel, plan(Kind.SCORE), END, answers=answers, estimated=True)
    assert line.method == "plain_brunner_munzel_probability"
    assert line.effect == pytest.approx(brunner_munzel(values[weeks < 6], values[weeks >= 6]).effect)


def test_a_pilot_that_cannot_be_estimated_still_shows_them() -> None:
    """One week on each side: no estimate, its reason, and the exact interval of 5 against 9 events."""
    panel = from_weeks(kind=Kind.COUNT, unit=["A"] * 2, week=FIRST + 7 * np.array([5, 6]), n=[1, 1], count=[9, 5])
    result = evaluate(panel, plan(Kind.COUNT, Direction.DECREASE))
    assert result.verdict == "not_enough_data"
    assert result.effect is None
    (line,) = result.sensitivity
    assert (line.method, line.effect) == ("plain_exact_rate_ratio", pytest.approx(-4.0))
    assert line.interval.low < -4.0 < line.interval.high


def test_many_answers_need_no_plain_line() -> None:
    panel = from_weeks(
        kind=Kind.SCORE, unit=["A"] * 12, week=FIRST + 7 * np.arange(12), n=[20] * 12,
        mean=3.5 + 0.1 * np.arange(12) % 3, sd=[1.0] * 12,
    )  # fmt: skip
    assert plain_lines(panel, plan(Kind.SCORE), END, estimated=True) == []

"""Everything the statistics report has a name on the pilot's page."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from models.decisions import Verdict
from services import pilot_words
from stats.check import Event
from stats.evaluation import Surroundings, evaluate
from stats.evidence import GRADES
from stats.guardrails import Guard
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.plan import Plan, Window
from stats.rules import RULES

START = np.datetime64("2026-03-02")


@pytest.mark.parametrize("others", [0, 1, 3, 6])
@pytest.mark.parametrize("trigger", [True, False])
def test_methods_and_checks_have_names(others: int, trigger: bool) -> None:
    rng = np.random.default_rng(others)
    units, weeks = "ABCDEFG"[: others + 1], [START + np.timedelta64(7 * k, "D") for k in range(-20, 12)]
    panel = from_weeks(
        kind=Kind.SCORE,
        unit=[unit for unit in units for _ in weeks],
        week=[week for _ in units for week in weeks],
        n=np.full(len(units) * len(weeks), 20.0),
        mean=3.5 + rng.normal(0, 0.3, len(units) * len(weeks)),
        sd=np.full(len(units) * len(weeks), 1.0),
    )
    plan = Plan(
        kind=Kind.SCORE,
        direction=Direction.INCREASE,
        smallest_change=0.3,
        pilot_units=("A",),
        comparison_units=tuple(units[1:]),
        start=dt.date(2026, 3, 2),
        end=dt.date(2026, 5, 24),
        trigger=Window(dt.date(2026, 2, 2), dt.date(2026, 3, 1)) if trigger else None,
    )
    found = evaluate(panel, plan, around=Surroundings(events=(Event(on=dt.date(2026, 4, 1), name="x"),)))
    assert {found.method, *(line.method for line in found.sensitivity)} <= set(pilot_words.METHODS)
    assert {check.name for check in found.checks} <= set(pilot_words.CHECKS)


def test_states_grades_and_verdicts_have_names() -> None:
    assert set(pilot_words.GRADES) == set(GRADES)
    assert set(pilot_words.GUARDS) == set(pilot_words.GROUPS) == {state.value for state in Guard}
    assert set(pilot_words.VERDICTS) == {Verdict(rule.verdict.value) for rule in RULES} == set(Verdict)

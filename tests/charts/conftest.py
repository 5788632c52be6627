"""A pilot whose evaluation every chart can draw: score, four comparison units, a bad month before the start."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from stats.evaluation import Evaluation, evaluate
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.plan import Plan, Window

START = dt.date(2026, 6, 1)
UNITS = ("A", "B", "C", "D", "E")
WEEKS = 24


def evaluated(weeks_after: int = 12, *, units: tuple[str, ...] = UNITS) -> Evaluation:
    """A gain of 0.6 points from the start on; no week 3 in the pilot unit."""
    random = np.random.default_rng(7)
    first = np.datetime64(START) - 12 * 7
    count = 12 + weeks_after
    rows = [(unit, first + 7 * week, week) for unit in units for week in range(count) if (unit, week) != ("A", 3)]
    after = np.array([week >= 12 and unit == "A" for unit, _, week in rows])
    panel = from_weeks(
        kind=Kind.SCORE,
        unit=[unit for unit, _, _ in rows],
        week=[monday for _, monday, _ in rows],
        n=np.full(len(rows), 20.0),
        mean=3.5 + 0.6 * after + random.normal(0, 0.12, len(rows)),
        sd=np.full(len(rows), 0.9),
    )
    plan = Plan(
        kind=Kind.SCORE,
        direction=Direction.INCREASE,
        smallest_change=0.3,
        pilot_units=("A",),
        comparison_units=units[1:],
        start=START,
        end=START + dt.timedelta(weeks=12, days=-1),
        reviews=tuple(START + dt.timedelta(weeks=week, days=-1) for week in (4, 8, 12)),
        trigger=Window(START - dt.timedelta(weeks=4), START - dt.timedelta(days=1)),
    )
    return evaluate(panel, plan, as_of=START + dt.timedelta(weeks=weeks_after, days=-1))


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """The pilot at its end."""
    return evaluated()


@pytest.fixture(scope="session")
def alone() -> Evaluation:
    """The pilot in its eighth week, without comparison units."""
    return evaluated(8, units=("A",))


@pytest.fixture(scope="session")
def not_started() -> Evaluation:
    """The pilot with too few weeks for an estimate."""
    return evaluated(1)

"""Other events: rivals of the change are named as such, shared ones are told, far ones are not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stats.check import Check, Event
from stats.checks_events import noted_events
from stats.pilot_data import prepare
from tests.stats.test_evaluation import END, START, UNITS, panel, plan

RIVAL = "Something else happened that could explain a change as well: "
SHARED = "Something else happened during the pilot: "
WEEK = timedelta(weeks=1)


def told(*events: Event, comparison_units: tuple[str, ...] = UNITS[1:]) -> Check | None:
    return noted_events(prepare(panel(), plan(comparison_units=comparison_units), END), events)


@pytest.mark.parametrize(
    ("on", "units", "sentence"),
    [
        (START + 5 * WEEK, ("A",), RIVAL + "2026-04-06 X."),  # the pilot alone, at any time during it
        (START + 5 * WEEK, ("B",), RIVAL + "2026-04-06 X."),  # the comparison alone is as bad
        (START + 5 * WEEK, (), SHARED + "2026-04-06 X."),  # everyone: the comparison units take it out
        (START + 5 * WEEK, ("A", "B"), SHARED + "2026-04-06 X."),
        (START + 3 * WEEK, (), RIVAL + "2026-03-23 X."),  # with the start, whomever it concerned
        (START - 3 * WEEK, (), RIVAL + "2026-02-09 X."),
    ],
)
def test_what_is_a_rival(on: date, units: tuple[str, ...], sentence: str) -> None:
    found = told(Event(on=on, name="X", units=units))
    assert found is not None
    assert found.passed is None
    assert found.detail.english() == sentence


@pytest.mark.parametrize(
    ("on", "units"),
    [
        (START + 5 * WEEK, ("Z",)),  # a unit that has nothing to do with the pilot
        (START - 4 * WEEK, ("A",)),  # before the weeks around the start
        (END + WEEK, ("A",)),  # after the last week that is used
    ],
)
def test_what_is_not_told(on: date, units: tuple[str, ...]) -> None:
    assert told(Event(on=on, name="X", units=units)) is None


def test_without_comparison_units_a_shared_event_is_a_rival_too() -> None:
    found = told(Event(on=START + 5 * WEEK, name="X"), comparison_units=())
    assert found is not None
    assert found.detail.english() == RIVAL + "2026-04-06 X."


def test_rivals_come_first_and_in_order() -> None:
    found = told(
        Event(on=START + 6 * WEEK, name="Strike"),
        Event(on=START + 7 * WEEK, name="New room", units=("A",)),
        Event(on=START - WEEK, name="New device", units=("A",)),
    )
    assert found is not None
    assert found.detail.english() == (
        RIVAL + "2026-02-23 New device, 2026-04-20 New room. Also during the pilot, for all alike: 2026-04-13 Strike."
    )

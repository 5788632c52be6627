"""The heat map's cells, hidden where few spoke; decisions by outcome; how much hangs on one person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from models.feedback import Channel
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope
from services.theme_decisions import Outcome, Tally, on_decisions
from services.theme_evidence import weight
from services.theme_grid import FEWEST_PEOPLE, Cell, by_channel, by_tone, by_unit, grid, month_columns, unit_columns
from tests.services.conftest import TODAY, World
from tests.services.test_theme_browse import about

SCOPE = Scope(first=dt.date(2026, 9, 1), last=TODAY)


@pytest.fixture
def spoken(world: World) -> World:
    """Six unhappy people on the ward in October, two on the other ward in November; four more answers on nothing."""
    for k in range(6):
        answer = world.answer(world.ward, dt.date(2026, 10, 5 + k), score=1, respondent=f"a{k}", channel=Channel.KIOSK)
        about(world, answer, world.phone)
    for k in range(2):
        about(world, world.answer(world.other_ward, dt.date(2026, 11, 2), score=10, respondent=f"b{k}"), world.phone)
    for _ in range(4):
        world.answer(world.ward, dt.date(2026, 10, 1))
    return world


def test_places_and_months(spoken: World) -> None:
    units = all_units(spoken.session)
    phone = key(spoken.phone.id)
    areas = unit_columns(units, SCOPE, root_id=None, deepest=False)
    assert [column.code for column in areas] == ["PEL1", "SAI"] or [c.code for c in areas] == ["SAI"]
    single = unit_columns(units, SCOPE, root_id=None, deepest=True)
    assert [column.code for column in single] == ["PEL1", "SAI3", "SAI4"]
    cells = grid(spoken.session, SCOPE, single, units)
    assert cells[phone, "SAI3"] == Cell(answers=6, people=6, judged=6, negative=6, of=10)
    assert cells[phone, "SAI3"].rate == 60
    assert cells[phone, "SAI3"].few, f"six people are fewer than {FEWEST_PEOPLE}"
    assert not Cell(answers=12, people=10, judged=12, negative=6, of=20).few
    assert not cells[phone, "PEL1"].few
    assert cells[phone, "PEL1"] == Cell(answers=0, people=0, judged=0, negative=0, of=0)
    assert cells[phone, "PEL1"].rate is None
    months = month_columns(SCOPE.first, SCOPE.last)
    assert [column.code for column in months] == ["2026-09", "2026-10", "2026-11"]
    by_month = grid(spoken.session, replace(SCOPE, last=months[-1].last), months, units)
    assert [by_month[phone, column.code].answers for column in months] == [0, 6, 2]
    assert by_month[phone, "2026-10"].of == 10
    assert grid(spoken.session, SCOPE, [], units) == {}


def test_below_a_chosen_area_and_within_reach(spoken: World) -> None:
    units = all_units(spoken.session)
    below = replace(SCOPE, unit_ids={key(spoken.area.id), key(spoken.ward.id), key(spoken.other_ward.id)})
    columns = unit_columns(units, below, root_id=spoken.area.id, deepest=False)
    assert [column.code for column in columns] == ["SAI3", "SAI4"]
    alone = replace(SCOPE, unit_ids={key(spoken.ward.id)})
    assert [c.code for c in unit_columns(units, alone, root_id=spoken.ward.id, deepest=False)] == ["SAI3"]


def test_one_theme_by_unit_channel_and_tone(spoken: World) -> None:
    phone = key(spoken.phone.id)
    cells = by_unit(spoken.session, SCOPE, phone)
    assert {k: cell.answers for k, cell in cells.items()} == {key(spoken.ward.id): 6, key(spoken.other_ward.id): 2}
    assert cells[key(spoken.ward.id)].of == 10
    channels = by_channel(spoken.session, SCOPE, phone)
    assert {channel: cell.answers for channel, cell in channels.items()} == {Channel.KIOSK: 6, Channel.WEB: 2}
    assert by_tone(spoken.session, SCOPE, phone) == {"neg": 6, "pos": 2}


def test_decisions_are_told_by_their_outcome(world: World) -> None:
    for score, upheld in ((1, True), (2, True), (10, True), (9, False), (3, None)):
        answer = world.answer(world.ward, TODAY, score=score, statutory_decision=True, decision_upheld=upheld)
        about(world, answer, world.phone)
        if upheld is not None:
            about(world, answer, world.praise)
    about(world, world.answer(world.ward, TODAY, score=1), world.phone)
    phone, praise = on_decisions(world.session, SCOPE, key(world.phone.id))
    assert phone.theme.code == "T01"
    assert phone.of == {
        Outcome.UPHELD: Tally(answers=3, judged=3, negative=2),
        Outcome.CHANGED: Tally(answers=1, judged=1, negative=0),
        Outcome.UNKNOWN: Tally(answers=1, judged=1, negative=1),
    }
    assert Outcome.UNKNOWN not in praise.of
    assert on_decisions(world.session, replace(SCOPE, unit_ids=[key(world.station.id)]), key(world.phone.id)) == []


def test_how_much_one_person_weighs(world: World) -> None:
    for day in range(3):
        about(world, world.answer(world.ward, TODAY - dt.timedelta(days=day), respondent="a", text="jono"), world.phone)
    first = world.answer(world.ward, TODAY, respondent="b", text="linja")
    about(world, first, world.phone)
    world.answer(world.ward, TODAY, respondent="b", text="linja", repeats_id=first.id)
    found = weight(world.session, SCOPE, key(world.phone.id))
    assert (found.repeats, found.most, found.before_of_most) == (1, 3, 0)
    assert weight(world.session, SCOPE, key(world.praise.id)).most == 0

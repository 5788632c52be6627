"""What of a theme's numbers is told: nothing of few, nor anything that gives such a number away."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from models.base import week_of
from models.feedback import Channel
from models.organisation import Unit
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope
from services.theme_grid import Cell, channels_told, tones_told
from services.theme_told import COUNTY, NOTHING, Sight, alone, node_of, sight, told, weeks_told
from tests.services.conftest import TODAY, World
from tests.services.test_theme_browse import about

SCOPE = Scope(first=TODAY - dt.timedelta(weeks=12), last=TODAY)
DAY = TODAY - dt.timedelta(days=10)


def said(world: World, unit: Unit, people: int, *, score: float = 9, day: dt.date = DAY, **fields: object) -> None:
    for _ in range(people):
        about(world, world.answer(unit, day, score=score, **fields), world.phone)


def places(world: World, scope: Scope = SCOPE) -> dict[str, tuple[bool, bool]]:
    """Whether the theme's number, and its unhappy ones, are told: in the county and in each unit."""
    found, phone = told(world.session, scope), key(world.phone.id)
    nodes = {"": COUNTY} | {unit.code: key(unit.id) for unit in all_units(world.session)}
    return {code: ((phone, node) in found.answers, (phone, node) in found.tones) for code, node in nodes.items()}


def numbers(world: World, scope: Scope = SCOPE) -> set[str]:
    return {code for code, (number, _) in places(world, scope).items() if number}


def test_a_unit_beside_a_small_one_is_hidden_with_it(world: World) -> None:
    said(world, world.ward, 30)
    said(world, world.other_ward, 4)
    said(world, world.station, 25)
    assert numbers(world) == {"", "SAI", "PEL1"}, "34 - 30 would be told on the area's and the ward's pages"
    said(world, world.other_ward, 6)
    assert numbers(world) == {"", "SAI", "SAI3", "SAI4", "PEL1"}


def test_ten_answers_by_nine_people_are_few(world: World) -> None:
    said(world, world.ward, 8)
    said(world, world.ward, 2, respondent="a" * 64)
    assert numbers(world) == {"PEL1", "SAI4"} & numbers(world)
    said(world, world.ward, 1)
    assert {"", "SAI", "SAI3"} <= numbers(world)


def test_an_areas_own_answers_are_a_place_too(world: World) -> None:
    said(world, world.area, 3)
    said(world, world.ward, 12)
    said(world, world.other_ward, 30)
    found, phone = told(world.session, SCOPE), key(world.phone.id)
    own = alone(all_units(world.session), key(world.area.id))
    assert own == -key(world.area.id)
    assert (phone, own) not in found.answers
    assert (phone, key(world.ward.id)) not in found.answers, "45 - 12 - 30 would be told"
    assert (phone, key(world.other_ward.id)) in found.answers


def test_few_unhappy_ones_are_hidden_and_few_others(world: World) -> None:
    said(world, world.ward, 20, score=9)
    said(world, world.ward, 3, score=1)
    assert places(world)["SAI3"] == (True, False)
    said(world, world.ward, 7, score=1)
    assert places(world)["SAI3"] == (True, True)
    said(world, world.other_ward, 20, score=1)
    assert places(world)["SAI4"] == (True, True), "nobody is no small group"
    said(world, world.other_ward, 2, score=9)
    assert places(world)["SAI4"] == (True, False)


def test_a_filter_does_not_tell_what_it_leaves_out(world: World) -> None:
    said(world, world.ward, 20, channel=Channel.KIOSK)
    said(world, world.ward, 5, channel=Channel.TEXT_MESSAGE)
    assert "SAI3" in numbers(world)
    assert "SAI3" not in numbers(world, replace(SCOPE, channels=(Channel.KIOSK,))), "25 - 20 would be told"
    assert "SAI3" not in numbers(world, replace(SCOPE, channels=(Channel.TEXT_MESSAGE,)))
    said(world, world.ward, 5, channel=Channel.TEXT_MESSAGE)
    assert "SAI3" in numbers(world, replace(SCOPE, channels=(Channel.KIOSK,)))
    assert "SAI3" in numbers(world, replace(SCOPE, channels=(Channel.TEXT_MESSAGE,)))


def test_what_is_told_does_not_depend_on_who_looks(world: World) -> None:
    said(world, world.ward, 30)
    said(world, world.other_ward, 4)
    within = replace(SCOPE, unit_ids={key(world.ward.id)})
    assert told(world.session, within) == told(world.session, SCOPE)
    seen = sight(world.session, within)
    assert seen.node == world.ward.id
    assert not seen.number(key(world.phone.id), 30)


def test_which_node_a_scope_is(world: World) -> None:
    units = all_units(world.session)
    area = {key(world.area.id), key(world.ward.id), key(world.other_ward.id)}
    assert node_of(units, None) == COUNTY
    assert node_of(units, area) == world.area.id
    assert node_of(units, {key(world.ward.id)}) == world.ward.id
    assert node_of(units, {key(world.ward.id), key(world.station.id)}) is None
    assert node_of(units, {key(unit.id) for unit in units}) == COUNTY
    loose = Sight(of=NOTHING, node=None)
    assert [loose.number(1, people) for people in (0, 9, 10)] == [True, False, True]
    assert not loose.tones(1, 50)


def test_weeks_are_told_where_neither_place_nor_other_weeks_give_one_away(world: World) -> None:
    days = [TODAY - dt.timedelta(weeks=back) for back in (3, 2, 1)]
    said(world, world.ward, 14, day=days[0])
    said(world, world.ward, 25, day=days[1])
    said(world, world.ward, 3, day=days[2])
    weeks = weeks_told(world.session, SCOPE, key(world.phone.id))
    assert [weeks[week_of(day)][0] for day in days] == [False, True, False]
    said(world, world.other_ward, 2, day=days[1])
    ward = replace(SCOPE, unit_ids={key(world.ward.id)})
    assert not weeks_told(world.session, ward, key(world.phone.id))[week_of(days[1])][0], "27 - 25 would be told"
    assert weeks_told(world.session, SCOPE, key(world.phone.id))[week_of(days[1])][0]


def cell(answers: int, negative: int) -> Cell:
    return Cell(answers=answers, people=answers, judged=answers, negative=negative, of=500)


def test_channels_beside_the_themes_own_number() -> None:
    cells = {Channel.KIOSK: cell(60, 30), Channel.TEXT_MESSAGE: cell(18, 0), Channel.PAPER: cell(4, 4)}
    found = channels_told(cells, tones=True)
    assert {channel: number for channel, (number, _) in found.items()} == {
        Channel.KIOSK: True, Channel.TEXT_MESSAGE: False, Channel.PAPER: False,
    }  # fmt: skip
    assert not found[Channel.KIOSK][1], "34 unhappy in all less 30"
    assert channels_told({}, tones=True) == {}


@pytest.mark.parametrize(
    ("tones", "unhappy", "kept"),
    [
        ({"neg": 30, "neu": 15, "pos": 40, "": 3}, True, {"neg", "neu", "pos", ""}),
        ({"neg": 3, "neu": 15, "pos": 40}, False, {"pos", ""}),
        ({"neg": 12, "neu": 3, "pos": 30}, True, {"neg", ""}),
        ({"neg": 20, "neu": 2, "pos": 1}, False, {""}),
        ({"pos": 40}, True, {"pos", ""}),
    ],
)
def test_tones_beside_the_unhappy_share(tones: dict[str, int], unhappy: bool, kept: set[str]) -> None:
    assert tones_told(tones, unhappy=unhappy) == kept

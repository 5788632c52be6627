"""Where next: the ranking of a county small enough to check by hand, and what never comes up."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from models.base import validated
from models.people import Person
from models.pilots import Pilot, Status
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import pilots, where_next
from services.errors import NotAllowed
from services.theme_facts import refresh
from services.where_next import Factor, losses_of
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World


def named(world: World, theme: Theme, unit: Any, scores: list[float], *, weeks_ago: int = 2) -> None:
    """Answers of as many people, each naming the theme."""
    session = world.session
    for score in scores:
        row = world.answer(unit, TODAY - dt.timedelta(weeks=weeks_ago), score=score)
        session.add(
            validated(ThemeAssignment, feedback_id=row.id, theme_id=theme.id, assigned_by=AssignedBy.RESPONDENT)
        )
        session.flush()
        refresh(session, [row.id or 0])
    session.commit()


def theme(world: World, code: str, **fields: object) -> Theme:
    row = validated(Theme, code=code, name={"fi": code}, **fields)
    world.session.add(row)
    world.session.commit()
    return row


def moving(effects: dict[str, tuple[float, float]], *, more_is_worse: bool = False) -> Any:
    """Drivers as far as the ranking looks at them: effect and standard error by theme."""
    found = [
        SimpleNamespace(name=code, effect=SimpleNamespace(effect=effect, standard_error=error))
        for code, (effect, error) in effects.items()
    ]
    return SimpleNamespace(
        outcome=SimpleNamespace(more_is_worse=more_is_worse), analysis=SimpleNamespace(drivers=found)
    )


def found(world: World, **changes: Any) -> list[where_next.Place]:
    given = {"drivers": None, "unit_ids": None, "today": TODAY, "by": world.leader, **changes}
    return where_next.where_next(world.session, **given)


def pilot(world: World, unit: Any, of: Theme, *, setup: float, weekly: float, status: Status | None = None) -> Pilot:
    stored = pilots.register_pilot(
        world.session,
        fields=world.fields(unit_id=unit.id, theme_ids=(of.id,), setup_hours=setup, staff_hours_per_week=weekly),
        plan=world.plan(pilot_unit_ids=(unit.id,), comparison_unit_ids=()),
        by=world.leader if unit is None else world.lead if unit is world.ward else world.other_lead,
        today=TODAY,
    )
    if status is not None:
        pilots.set_status(world.session, pilot_id=stored.id or 0, status=status, by_id=None)
        world.session.commit()
    return stored


def test_the_order_is_the_one_worked_out_by_hand(world: World) -> None:
    """
    Phone: points lost 1.2; a pilot at the station took 4 + 13 x 1 = 17 h. Food: points lost 0.5, no pilot of its own,
    so the 17 h of all. Nobody has a gain yet, so 1.

        ward, phone:        14 unhappy x 1.2 x 1 / 17 = 0.9882
        other ward, food:   19 unhappy x 0.5 x 1 / 17 = 0.5588
        other ward, phone:  1 unhappy of 3, which counts as 5 like every number that is not told: 0.3529
        station, phone:     a pilot is planned there
    """
    food = theme(world, "T16")
    named(world, world.phone, world.ward, [2, 3, 5, 6] + [1] * 10 + [9] * 11)
    named(world, world.phone, world.other_ward, [6, 8, 10])
    named(world, food, world.other_ward, [1] * 19 + [10] * 10)
    named(world, world.phone, world.station, [0] * 20)
    pilot(world, world.station, world.phone, setup=4, weekly=1)
    places = found(world, drivers=moving({"T01": (-1.2, 0.1), "T16": (-0.5, 0.1)}))
    shown = [(place.theme.code, place.unit.code, place.unhappy, place.people) for place in places]
    assert shown == [("T01", "SAI3", 14, 25), ("T16", "SAI4", 19, 29), ("T01", "SAI4", 1, 3)]
    assert [place.told for place in places] == [True, True, False]
    assert [round(place.worth.score, 4) for place in places] == [0.9882, 0.5588, 0.3529]
    assert places[0].hours == Factor(value=17.0, pilots=1, own=True)
    assert places[1].hours == Factor(value=17.0, pilots=1, own=False)
    assert places[0].gain == Factor(value=1.0, pilots=0, own=False)
    assert places[0].unhappy_share == 14 / 25


def test_a_number_that_is_not_told_shows_in_no_score(world: World) -> None:
    named(world, world.phone, world.ward, [1] * 3 + [9] * 12)
    named(world, world.phone, world.other_ward, [1] * 8 + [9] * 12)
    named(world, world.phone, world.station, [1] * 20 + [9] * 3)
    places = found(world)
    assert not any(place.told for place in places), "few unhappy ones, and few others"
    assert len({place.worth.score for place in places}) == 1
    assert [place.unit.code for place in places] == ["PEL1", "SAI3", "SAI4"], "the order is that of the codes"


def test_what_never_comes_up(world: World) -> None:
    money = theme(world, "T14", controllable=False)
    named(world, money, world.ward, [1, 2, 3])
    named(world, world.praise, world.ward, [1, 2, 3])
    named(world, world.phone, world.ward, [1, 2])  # two people: a hint, not yet a pattern
    named(world, world.phone, world.other_ward, [9, 9, 10])  # nobody unhappy
    named(world, world.phone, world.station, [1, 2, 3], weeks_ago=14)  # a quarter ago
    assert found(world) == []


def test_a_stopped_pilot_leaves_its_place_free_and_is_named(world: World) -> None:
    named(world, world.phone, world.ward, [1, 2, 3])
    one = pilot(world, world.ward, world.phone, setup=10, weekly=0)
    assert found(world) == []
    pilots.set_status(world.session, pilot_id=one.id or 0, status=Status.STOPPED, by_id=None)
    world.session.commit()
    places = found(world)
    assert [place.tried for place in places] == [(one.code,)]


def test_only_the_chosen_units(world: World) -> None:
    named(world, world.phone, world.ward, [1, 2, 3])
    named(world, world.phone, world.station, [1, 2, 3])
    places = found(world, unit_ids={world.station.id})
    assert [place.unit.code for place in places] == ["PEL1"]
    assert places[0].loss == Factor(value=1.0, pilots=0, own=False), "nothing is known of effects: all alike"
    assert places[0].worth.hours == where_next.USUAL_HOURS


def test_one_person_who_says_it_twice_counts_once(world: World) -> None:
    session = world.session
    named(world, world.phone, world.ward, [1, 2, 9])
    for _ in range(3):
        row = world.answer(world.ward, TODAY - dt.timedelta(weeks=1), score=0, respondent="a" * 64)
        session.add(
            validated(ThemeAssignment, feedback_id=row.id, theme_id=world.phone.id, assigned_by=AssignedBy.RESPONDENT)
        )
        session.flush()
        refresh(session, [row.id or 0])
    session.commit()
    assert [(place.people, place.unhappy) for place in found(world)] == [(4, 3)]


def test_losses_are_moved_towards_their_mean_by_how_unsure_they_are() -> None:
    sure, unsure = losses_of(moving({"A": (-1.0, 0.05), "B": (-0.2, 0.05), "C": (-3.0, 2.0)})), 3.0
    assert sure["A"].value == pytest.approx(1.0, abs=0.02)
    assert sure["C"].value < 0.75 * unsure
    assert sure[""].own is False
    assert losses_of(moving({"A": (0.3, 0.1), "B": (0.1, 0.1)}, more_is_worse=True))["A"].value > 0


def test_in_the_demo_county_every_factor_multiplies(demo_session: Session) -> None:
    by = demo_session.exec(select(Person).where(Person.code == "u7")).one()
    places = where_next.where_next(demo_session, drivers=None, unit_ids=None, today=DEMO_TODAY, by=by)
    assert places
    assert [place.worth.score for place in places] == sorted((p.worth.score for p in places), reverse=True)
    for place in places:
        unhappy = place.unhappy if place.told else where_next.STANDS_FOR
        product = unhappy * max(place.loss.value, 0) * max(place.gain.value, 0)
        assert place.worth.score == pytest.approx(product / max(place.hours.value, 1.0))
    codes = {(place.theme.code, place.unit.code) for place in places}
    assert ("T01", "AVO4") not in codes, "P01 answers it there"
    assert ("T01", "AVO1") not in codes, "P01 is scaled up there"
    assert not {code for code, _ in codes} & {"T03", "T14", "T20"}


def test_trustees_are_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        found(world, by=world.trustee)

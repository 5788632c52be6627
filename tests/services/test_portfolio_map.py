"""The map, the quadrant and what was learned: counted by hand in a small county, whole in the demo county."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from models.base import validated
from models.feedback import Feedback
from models.people import Person
from models.pilots import PilotStatus, Status
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import learned, pilots, portfolio, portfolio_map, quadrant
from services.errors import NotAllowed
from services.portfolio_map import LOUD_AREA, MapCell, Standing
from services.quadrant import Missing
from services.rows import key
from services.theme_facts import refresh
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World


def unhappy(world: World, of: Theme, unit: Any, number: int, *, weeks_ago: int = 2, **values: Any) -> None:
    session = world.session
    for _ in range(number):
        row = world.answer(unit, TODAY - dt.timedelta(weeks=weeks_ago), score=2, **values)
        session.add(validated(ThemeAssignment, feedback_id=row.id, theme_id=of.id, assigned_by=AssignedBy.RESPONDENT))
        session.flush()
        refresh(session, [key(row.id)])
    session.commit()


def cells(world: World, **changes: Any) -> dict[tuple[str, str], MapCell]:
    found = portfolio_map.portfolio_map(world.session, **{"today": TODAY, "by": world.trustee, **changes})
    return {(cell.theme.code, cell.unit.code): cell for cell in found}


@pytest.fixture
def county(world: World) -> World:
    """The small county with the area under a county, as areas stand."""
    from models.organisation import Unit

    top = Unit(code="HVA", level="county", name={"fi": "Alue"}, takes_pilots=False)
    world.session.add(top)
    world.session.flush()
    world.area.parent_id = top.id
    world.session.add(world.area)
    world.session.commit()
    return world


def test_units_of_an_area_count_together_and_a_person_once(county: World) -> None:
    unhappy(county, county.phone, county.ward, 6)
    unhappy(county, county.phone, county.other_ward, 3)
    unhappy(county, county.phone, county.other_ward, 2, respondent="a" * 64)
    unhappy(county, county.phone, county.ward, 4, weeks_ago=20)
    found = cells(county)
    assert set(found) == {("T01", "SAI"), ("T01", "PEL1")}, (
        "thanks are left out; a unit under no area stands for itself"
    )
    area = found["T01", "SAI"]
    assert (area.unhappy, area.is_loud, area.gap) == (LOUD_AREA, True, True)
    assert portfolio_map.gaps(list(found.values())) == [area]
    single = cells(county, single_units=True)
    assert {code: cell.unhappy for (_, code), cell in single.items()} == {"SAI3": 6, "SAI4": 4, "PEL1": 0}
    assert [single["T01", code].hidden for code in ("SAI3", "SAI4", "PEL1")] == [True, True, False]
    assert not any(cell.gap or cell.is_loud for cell in single.values()), "a colour would tell the number"
    assert set(cells(county, unit_ids={county.station.id})) == {("T01", "PEL1")}


def test_a_place_that_would_give_the_one_beside_it_away_is_hidden_too(county: World) -> None:
    unhappy(county, county.phone, county.ward, 16)
    unhappy(county, county.phone, county.other_ward, 4)
    found = cells(county)
    single = cells(county, single_units=True)
    assert (found["T01", "SAI"].unhappy, found["T01", "SAI"].gap) == (20, True)
    assert [single["T01", code].hidden for code in ("SAI3", "SAI4")] == [True, True], "20 - 16 would be told"
    within = cells(county, single_units=True, unit_ids={county.ward.id})
    assert within["T01", "SAI3"].hidden, "it is hidden from whoever sees this unit only, too"
    unhappy(county, county.phone, county.other_ward, 6)
    single = cells(county, single_units=True)
    assert [(single["T01", code].hidden, single["T01", code].gap) for code in ("SAI3", "SAI4")] == [(False, True)] * 2


def test_a_pilot_fills_its_cell(county: World) -> None:
    unhappy(county, county.phone, county.ward, LOUD_AREA)
    pilots.register_pilot(county.session, fields=county.fields(), plan=county.plan(), by=county.lead, today=TODAY)
    cell = cells(county)["T01", "SAI"]
    assert [row.pilot.unit_id for row in cell.pilots] == [county.ward.id]
    assert cell.is_loud
    assert not cell.gap
    assert portfolio_map.STANDING[cell.pilots[0].status] is Standing.PLANNED


def test_who_is_hardly_heard(county: World) -> None:
    unhappy(county, county.phone, county.ward, 3, life_situation="student")
    unhappy(county, county.phone, county.ward, 5, weeks_ago=20, life_situation="student")
    units = portfolio_map.hardly_heard_units(county.session, today=TODAY)
    assert [(unit.code, found.answers) for unit, found in units] == [("PEL1", 0), ("SAI4", 0), ("SAI3", 3)]
    [group] = portfolio_map.heard_groups(county.session, today=TODAY)
    assert (group.name, group.answers, group.hidden) == ("student", 3, True)
    assert portfolio_map.heard_groups(county.session, today=TODAY, unit_ids={key(county.station.id)}) == []


def test_nobody_reads_the_map_without_a_role(world: World) -> None:
    with pytest.raises(NotAllowed):
        portfolio_map.portfolio_map(world.session, today=TODAY, by=None)


def test_the_demo_countys_map_holds_every_pilot_that_answers_a_theme_units_can_change(demo_session: Session) -> None:
    by = demo_session.exec(select(Person).where(Person.code == "u9")).one()
    found = portfolio_map.portfolio_map(demo_session, today=DEMO_TODAY, by=by)
    shown = {row.pilot.code for cell in found for row in cell.pilots}
    assert shown == {row.pilot.code for row in pilots.list_pilots(demo_session, today=DEMO_TODAY)} - {"P18"}, (
        "P18 answers T03 alone, which no unit decides"
    )
    answers = demo_session.execute(
        sa.select(sa.func.count()).where(
            Feedback.life_situation == "student",  # type: ignore[arg-type]
            Feedback.given_on >= DEMO_TODAY - dt.timedelta(weeks=13),  # type: ignore[arg-type]
            Feedback.repeats_id.is_(None),  # type: ignore[union-attr]
        )
    ).scalar_one()
    groups = {one.name: one.answers for one in portfolio_map.heard_groups(demo_session, today=DEMO_TODAY)}
    assert groups["student"] == answers


def test_both_axes_are_turned_so_that_more_is_better_and_nothing_is_put_at_zero(demo_session: Session) -> None:
    rows = portfolio.rows(demo_session, today=DEMO_TODAY)
    found = {both.row.row.pilot.code: both for both in quadrant.both_axes(demo_session, rows)}
    assert set(found) == {row.row.pilot.code for row in rows if row.stored is not None}
    waiting = found["P10"]
    assert waiting.customers is not None
    assert waiting.row.stored is not None
    assert waiting.row.stored.row.effect is not None
    assert waiting.row.stored.row.effect < 0 < waiting.customers.low, "a shorter wait is better"
    assert waiting.hours_saved == 2
    harmed = found["P19"].customers
    assert harmed is not None
    assert harmed.low < harmed.effect < 0
    video = found["P03"]
    assert video.measured is not None
    assert video.measured.metric.code == "minutes"
    assert video.measured.change.effect < 0 < video.measured.multiple.effect, "fewer minutes save effort"
    assert video.missing(measured=True) is None
    assert found["P01"].missing(measured=True) is Missing.EFFICIENCY
    assert found["P06"].hours_saved == 0, "the team told of an hour of setting up, and of none a week"


def test_a_pilot_that_told_of_no_effort_has_no_place_at_zero(demo_session: Session) -> None:
    rows = portfolio.rows(demo_session, today=DEMO_TODAY)
    row = next(row for row in rows if row.row.pilot.code == "P06")
    row.row.pilot.setup_hours = 0
    [both] = quadrant.both_axes(demo_session, [row])
    assert both.hours_saved is None
    assert both.missing(measured=False) is Missing.EFFICIENCY


def test_culture_is_counted_without_persons(demo_session: Session) -> None:
    rows = portfolio.rows(demo_session, today=DEMO_TODAY)
    whole = learned.culture(demo_session, rows)
    assert (whole.units, whole.stopped, whole.told, whole.decided) == (26, 2, 2, 6)
    assert [row.row.pilot.code for row in learned.learned(rows)] == ["P09", "P18", "P19"]
    assert [row.row.pilot.code for row in learned.established(rows)] == ["P01", "P10", "P13"]
    unit = next(row.row.unit for row in rows if row.row.pilot.code == "P09")
    small = learned.culture(demo_session, rows, unit_ids={key(unit.id)})
    assert (small.units, small.live_units, small.stopped, small.told, small.decided) == (1, 0, 1, 1, 1)
    demo_session.add(
        validated(
            PilotStatus, pilot_id=next(r for r in rows if r.row.pilot.code == "P08").row.pilot.id, status=Status.STOPPED
        )
    )
    demo_session.commit()
    after = learned.culture(demo_session, portfolio.rows(demo_session, today=DEMO_TODAY))
    assert (after.stopped, after.told, after.live_units) == (3, 2, whole.live_units - 1)

"""What a unit may start by itself: at the limits, beyond them, approved, moved."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.people import Person, Role
from models.pilots import Pilot, PilotStatus, RiskClass, Status
from services import mandate, pilots, plans
from services.errors import BadInput, Conflict, NotAllowed
from services.mandate import Limits
from tests.services.conftest import TODAY, World

START = TODAY + dt.timedelta(days=7)


def registered(world: World, **fields: object) -> Pilot:
    return pilots.register_pilot(
        world.session, fields=world.fields(**fields), plan=world.plan(), by=world.lead, today=TODAY
    )


def status_of(world: World, pilot: Pilot) -> Status:
    return pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY).status


@pytest.mark.parametrize(
    ("hours", "euros", "risk", "exceeded"),
    [
        (40.0, 500.0, RiskClass.LOW, 0),
        (40.01, 500.0, RiskClass.LOW, 1),
        (40.0, 500.01, RiskClass.LOW, 1),
        (40.0, 500.0, RiskClass.MODERATE, 1),
        (41.0, 501.0, RiskClass.HIGH, 3),
        (0.0, 0.0, RiskClass.LOW, 0),
    ],
)
def test_a_value_at_the_limit_is_inside_and_anything_more_is_not(
    hours: float, euros: float, risk: RiskClass, exceeded: int
) -> None:
    found = mandate.judge(Limits(), hours=hours, euros=euros, risk=risk)
    assert (found.within, len(found.reasons)) == (exceeded == 0, exceeded)


@pytest.mark.parametrize(
    ("setup", "weekly", "status"),
    [(40.0, 0.0, Status.PLANNED), (16.0, 2.0, Status.PLANNED), (16.5, 2.0, Status.IDEA), (40.0, -3.0, Status.PLANNED)],
)
def test_the_weeks_of_the_trial_count_as_work(world: World, setup: float, weekly: float, status: Status) -> None:
    pilot = registered(world, setup_hours=setup, staff_hours_per_week=weekly)  # 12 weeks
    assert status_of(world, pilot) is status


def test_beyond_the_limits_it_is_saved_with_the_reason_in_the_writers_language(world: World) -> None:
    pilot = registered(world, setup_eur=800.0)
    row = world.session.exec(select(PilotStatus).where(PilotStatus.pilot_id == pilot.id)).one()
    assert Status(row.status) is Status.IDEA
    assert row.note.startswith("Tarvitsee hyväksynnän:")
    assert "800" in row.note
    assert "500" in row.note
    assert [reason.values["euros"] for reason in mandate.reasons_of(world.session, pilot.id)] == [800.0]


def test_whoever_decides_on_the_unit_approves_and_it_is_planned(world: World) -> None:
    pilot = registered(world, risk=RiskClass.MODERATE)
    assert mandate.waits(world.session, pilot.id)
    assert [person.code for person in mandate.approvers(world.session, unit_id=world.ward.id)] == ["director"]
    assert [person.code for person in mandate.approvers(world.session, unit_id=world.station.id)] == ["leader"]
    for person in (world.lead, world.nurse, world.trustee):
        with pytest.raises(NotAllowed):
            mandate.approve_start(world.session, pilot_id=pilot.id, by=person, today=TODAY)
    mandate.approve_start(world.session, pilot_id=pilot.id, by=world.director, today=START)
    assert status_of(world, pilot) is Status.PLANNED
    with pytest.raises(Conflict):
        mandate.approve_start(world.session, pilot_id=pilot.id, by=world.director, today=TODAY)


def test_a_start_that_has_passed_is_moved_with_the_whole_plan(world: World) -> None:
    pilot = registered(world, setup_hours=100.0)
    late = START + dt.timedelta(days=1)
    with pytest.raises(Conflict) as refusal:
        mandate.approve_start(world.session, pilot_id=pilot.id, by=world.director, today=late)
    assert refusal.value.values["date"] == START
    with pytest.raises(BadInput) as past:
        mandate.approve_start(world.session, pilot_id=pilot.id, by=world.director, today=late, start_on=START)
    assert past.value.field == "start_on"
    assert mandate.waits(world.session, pilot.id)
    new = START + dt.timedelta(days=14)
    mandate.approve_start(world.session, pilot_id=pilot.id, by=world.director, today=late, start_on=new)
    whole = plans.current(world.session, pilot.id)
    asked = world.plan()
    assert (whole.plan.version, whole.plan.amendment, whole.plan.start_on) == (2, False, new)
    assert whole.plan.end_on - new == asked.end_on - START
    assert whole.plan.decide_on - new == asked.decide_on - START
    assert plans.hash_holds(world.session, whole)
    assert not mandate.waits(world.session, pilot.id)


def test_only_the_administrator_sets_the_limits(world: World) -> None:
    assert mandate.limits(world.session) == Limits(hours=40.0, euros=500.0, risk=RiskClass.LOW)
    admin = Person(code="admin", name="admin", role=Role.ADMIN)
    world.session.add(admin)
    world.session.commit()
    for person in (world.lead, world.director, world.leader):
        with pytest.raises(NotAllowed):
            mandate.set_limits(world.session, hours=1, euros=1, risk=RiskClass.LOW, by=person)
    for hours, euros in ((-1.0, 0.0), (0.0, float("nan")), (float("inf"), 0.0)):
        with pytest.raises(BadInput):
            mandate.set_limits(world.session, hours=hours, euros=euros, risk=RiskClass.LOW, by=admin)
    mandate.set_limits(world.session, hours=8, euros=99.5, risk=RiskClass.MODERATE, by=admin)
    mandate.set_limits(world.session, hours=10, euros=99.5, risk=RiskClass.MODERATE, by=admin)
    assert mandate.limits(world.session) == Limits(hours=10.0, euros=99.5, risk=RiskClass.MODERATE)
    assert status_of(world, registered(world, setup_hours=10.5)) is Status.IDEA
    assert status_of(world, registered(world, setup_hours=10.0, risk=RiskClass.MODERATE)) is Status.PLANNED


def test_personal_data_in_the_answers_is_not_stored(world: World) -> None:
    pilot = registered(world, resources="Soittakaa 040 123 4567.", taken_part="Mukana asiakas, anna@example.com")
    assert "040" not in pilot.resources["fi"]
    assert "[puhelinnumero]" in pilot.resources["fi"]
    assert "example.com" not in pilot.taken_part["fi"]


def test_a_quote_of_a_stored_comment_stays_as_it_is_and_words_beside_it_are_redacted(world: World) -> None:
    world.answer(world.ward, TODAY, text="Xolanen itki, soitin 040 765 4321.")
    said = "2 vastausta.\n”Xolanen itki, soitin 040 765 4321.”\nKysykää: 040 123 4567"
    pilot = registered(world, customers_say=said)
    first, quote, own = pilot.customers_say["fi"].splitlines()
    assert (first, quote) == ("2 vastausta.", "”Xolanen itki, soitin 040 765 4321.”")
    assert own == "Kysykää: [puhelinnumero]"

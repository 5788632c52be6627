"""Registering pilots, where they stand, plans that lock and are amended."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models.pilots import Pilot, Status
from models.plans import PilotPlan, PlanUnit, PlanUnitRole
from services import pilots, plans
from services.errors import BadInput, NotAllowed
from tests.services.conftest import TODAY, World

AFTER_START = TODAY + dt.timedelta(days=14)


def register(world: World, **changes: object) -> Pilot:
    return pilots.register_pilot(
        world.session, fields=world.fields(), plan=world.plan(**changes), by=world.lead, today=TODAY
    )


def test_a_registered_pilot_is_planned_then_runs_then_awaits_its_decision(world: World) -> None:
    pilot = register(world)
    row = pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY)
    assert (row.status, row.unit.code, row.theme.code) == (Status.PLANNED, "SAI3", "T01")
    assert pilot.title == {"fi": "Kaksi nimettyä takaisinsoittovuoroa iltapäivään"}
    standing = [pilots.standing(Status.PLANNED, row.plan, day) for day in (row.plan.start_on, row.plan.end_on)]
    assert standing == [Status.RUNNING, Status.RUNNING]
    day_after = row.plan.end_on + dt.timedelta(days=1)
    assert pilots.standing(Status.PLANNED, row.plan, day_after) is Status.AWAITING_DECISION
    assert pilots.standing(Status.STOPPED, row.plan, day_after) is Status.STOPPED


@pytest.mark.parametrize("question", ["customers_say", "change", "prediction"])
def test_a_blank_answer_is_refused_by_name_and_nothing_is_stored(world: World, question: str) -> None:
    with pytest.raises(BadInput) as refusal:
        pilots.register_pilot(
            world.session, fields=world.fields(**{question: "  "}), plan=world.plan(), by=world.lead, today=TODAY
        )
    assert refusal.value.field == question
    assert world.session.exec(select(Pilot)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_on": TODAY - dt.timedelta(days=1)}, "start_on"),
        ({"end_on": TODAY}, "end_on"),
        ({"end_on": TODAY + dt.timedelta(days=500), "decide_on": TODAY + dt.timedelta(days=501)}, "end_on"),
        ({"decide_on": TODAY + dt.timedelta(days=20)}, "decide_on"),
        ({"smallest_change": 0.0}, "smallest_change"),
        ({"smallest_change": float("nan")}, "smallest_change"),
        ({"pilot_unit_ids": ()}, "pilot_units"),
        ({"trigger": (TODAY, TODAY + dt.timedelta(days=30))}, "trigger"),
        ({"guardrails": ((1, 0.2), (1, 0.3))}, "guardrails"),
        ({"reviews": (TODAY,)}, "reviews"),
    ],
)
def test_a_plan_that_could_not_be_evaluated_is_refused(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        register(world, **changes)
    assert refusal.value.field == field
    world.session.rollback()
    assert world.session.exec(select(Pilot)).all() == []


def test_a_unit_cannot_be_pilot_and_comparison(world: World) -> None:
    with pytest.raises(BadInput):
        register(world, comparison_unit_ids=(world.ward.id,))
    world.session.rollback()
    plan = plans.current(world.session, register(world).id).plan
    world.session.add(PlanUnit(plan_id=plan.id, unit_id=world.ward.id, role=PlanUnitRole.COMPARISON))
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_the_database_itself_refuses_a_pilot_without_a_theme(world: World) -> None:
    with pytest.raises(BadInput) as refusal:
        pilots.register_pilot(
            world.session, fields=world.fields(theme_ids=()), plan=world.plan(), by=world.lead, today=TODAY
        )
    assert refusal.value.field == "themes"
    text = {"fi": "x"}
    world.session.add(
        Pilot(
            code="K1",
            unit_id=world.ward.id,
            title=text,
            customers_say=text,
            change=text,
            prediction=text,
            log_token="a",
        )
    )
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_only_those_of_the_unit_may_register(world: World) -> None:
    for person in (world.other_lead, world.nurse, world.leader, world.trustee):
        with pytest.raises(NotAllowed):
            pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=person, today=TODAY)


def test_the_plan_is_hashed_and_any_change_shows(world: World) -> None:
    pilot = register(world)
    whole = plans.current(world.session, pilot.id)
    assert plans.hash_holds(world.session, whole)
    assert plans.as_input(whole) == world.plan()
    whole.plan.smallest_change = 0.1
    assert not plans.hash_holds(world.session, whole)


def test_before_the_start_a_plan_is_edited_afterwards_amended_with_a_reason(world: World) -> None:
    pilot = register(world)
    edit = plans.amend_plan(
        world.session, pilot_id=pilot.id, plan=world.plan(smallest_change=0.4), reason="", by=world.lead, today=TODAY
    )
    assert (edit.version, edit.amendment) == (2, False)
    late = world.plan(smallest_change=0.5)
    with pytest.raises(BadInput) as refusal:
        plans.amend_plan(world.session, pilot_id=pilot.id, plan=late, reason=" ", by=world.lead, today=AFTER_START)
    assert refusal.value.field == "reason"
    amendment = plans.amend_plan(
        world.session, pilot_id=pilot.id, plan=late, reason="Mittari muuttui.", by=world.lead, today=AFTER_START
    )
    assert (amendment.version, amendment.amendment, amendment.reason) == (3, True, "Mittari muuttui.")
    with pytest.raises(BadInput):
        plans.amend_plan(world.session, pilot_id=pilot.id, plan=late, reason="Sama.", by=world.lead, today=AFTER_START)
    assert [row.version for row in plans.versions(world.session, pilot.id)] == [1, 2, 3]


def test_the_database_refuses_an_amendment_without_a_reason(world: World) -> None:
    pilot = register(world)
    first = plans.current(world.session, pilot.id).plan
    fields = first.model_dump(exclude={"id", "version", "amendment", "reason", "at"})
    world.session.add(PilotPlan(**fields, version=2, amendment=True, reason=" "))
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_pilots_are_found_by_words_of_any_language(world: World) -> None:
    register(world)
    rows = pilots.list_pilots(world.session, today=TODAY)
    assert len(pilots.matching(rows, "takaisinsoitto osasto")) == 1
    assert pilots.matching(rows, "pelastus") == []
    assert len(pilots.list_pilots(world.session, today=TODAY, theme_id=world.phone.id)) == 1
    assert pilots.list_pilots(world.session, today=TODAY, theme_id=world.praise.id) == []

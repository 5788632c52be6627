"""Decisions: following the verdict, overriding it with a reason and a second person."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from models import decisions as tables
from models.base import validated
from models.decisions import Choice, Decision, Verdict
from models.pilots import Pilot, Status
from services import decisions, pilots
from services.errors import BadInput, Conflict, NotAllowed
from tests.services.conftest import TODAY, World

DECIDED = TODAY + dt.timedelta(days=100)
REVIEW = DECIDED + dt.timedelta(days=90)


@pytest.fixture
def pilot(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def evaluated(world: World, pilot: Pilot, verdict: Verdict, *, mark: str = "a") -> tables.Evaluation:
    plan = pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY).plan
    row = validated(
        tables.Evaluation,
        pilot_id=pilot.id,
        plan_id=plan.id,
        as_of=plan.end_on,
        inputs_hash=mark * 64,
        code_version="test",
        verdict=verdict,
        rule="a rule",
        result={},
    )
    world.session.add(row)
    world.session.commit()
    return row


def status(world: World, pilot: Pilot) -> Status:
    return pilots.pilot_row(world.session, pilot_id=pilot.id, today=DECIDED).status


def test_following_the_recommendation_takes_effect_at_once(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot, Verdict.SCALE)
    decisions.record_decision(
        world.session,
        evaluation_id=evaluation.id,
        choice=Choice.SCALE,
        by=world.director,
        today=DECIDED,
        review_on=REVIEW,
        scale_to=[world.other_ward.id, world.other_ward.id],
    )
    row = decisions.in_force(world.session, pilot.id)
    assert row is not None
    assert (row.decision.overrides, [unit.code for unit in row.units], row.by.code) == (False, ["SAI4"], "director")
    assert status(world, pilot) is Status.SCALING


@pytest.mark.parametrize("verdict", [Verdict.STOP, Verdict.NOT_ENOUGH_DATA, Verdict.EXTEND])
def test_an_override_needs_a_reason_and_waits_for_another_person(world: World, pilot: Pilot, verdict: Verdict) -> None:
    evaluation = evaluated(world, pilot, verdict)
    given = {"evaluation_id": evaluation.id, "choice": Choice.ADAPT, "by": world.director, "today": DECIDED}
    with pytest.raises(BadInput) as refusal:
        decisions.record_decision(world.session, **given)
    assert refusal.value.field == "reason"
    decision = decisions.record_decision(world.session, **given, reason="Hiljainen kesä.")
    assert decisions.in_force(world.session, pilot.id) is None
    assert status(world, pilot) is Status.AWAITING_DECISION
    with pytest.raises(Conflict, match="second person"):
        decisions.record_decision(world.session, **{**given, "by": world.leader}, reason="Toinen.")
    with pytest.raises(Conflict, match="someone else"):
        decisions.approve_override(world.session, decision_id=decision.id, by=world.director)
    with pytest.raises(NotAllowed):
        decisions.approve_override(world.session, decision_id=decision.id, by=world.lead)
    decisions.approve_override(world.session, decision_id=decision.id, by=world.leader)
    row = decisions.in_force(world.session, pilot.id)
    assert row is not None
    assert row.approved_by == world.leader
    assert status(world, pilot) is Status.ADAPTING
    with pytest.raises(Conflict):
        decisions.approve_override(world.session, decision_id=decision.id, by=world.leader)


def test_a_scale_up_names_its_units_and_a_review_to_come(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot, Verdict.SCALE)
    given = {"evaluation_id": evaluation.id, "choice": Choice.SCALE, "by": world.leader, "today": DECIDED}
    for missing, field in (
        ({"review_on": REVIEW}, "scale_to"),
        ({"scale_to": [world.other_ward.id]}, "review_on"),
        ({"scale_to": [world.other_ward.id], "review_on": DECIDED}, "review_on"),
    ):
        with pytest.raises(BadInput) as refusal:
            decisions.record_decision(world.session, **given, **missing)
        assert refusal.value.field == field
    assert decisions.decisions_of(world.session, pilot.id) == []


def test_only_those_who_decide_on_the_unit_decide(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot, Verdict.STOP)
    for person in (world.lead, world.nurse, world.trustee):
        with pytest.raises(NotAllowed):
            decisions.record_decision(
                world.session, evaluation_id=evaluation.id, choice=Choice.STOP, by=person, today=DECIDED
            )


def test_a_decision_on_an_old_evaluation_is_refused(world: World, pilot: Pilot) -> None:
    old = evaluated(world, pilot, Verdict.STOP)
    evaluated(world, pilot, Verdict.EXTEND, mark="b")
    with pytest.raises(Conflict, match="evaluated again"):
        decisions.record_decision(
            world.session, evaluation_id=old.id, choice=Choice.STOP, by=world.leader, today=DECIDED
        )


@pytest.mark.parametrize(("choice", "overrides", "reason"), [("adapt", True, " "), ("adapt", False, "Syy.")])
def test_the_database_itself_refuses_an_unexplained_or_hidden_override(
    world: World, pilot: Pilot, choice: str, overrides: bool, reason: str
) -> None:
    evaluation = evaluated(world, pilot, Verdict.STOP)
    world.session.add(
        Decision(
            pilot_id=pilot.id,
            evaluation_id=evaluation.id,
            recommended=Verdict.STOP,
            choice=choice,
            overrides=overrides,
            reason=reason,
            by_id=world.leader.id,
        )
    )
    with pytest.raises(IntegrityError):
        world.session.commit()

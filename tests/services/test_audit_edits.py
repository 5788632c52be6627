"""Who changed what: plans, decisions, measurements, labels and words, through the services that people use."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlmodel import col, select

from models.audit import AuditEntry
from models.base import validated
from models.decisions import Choice, Evaluation, Verdict
from models.feedback import Channel, Feedback
from models.organisation import CustomerType
from models.people import Person
from services import audit, decisions, pilots, plans
from services.errors import NotAllowed
from services.importing import import_measurements
from services.rows import key
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World


def since(world: World, number: int) -> set[tuple[str, str, str, str]]:
    """Entries after one: who, by what right, what was done to what."""
    query = select(AuditEntry).where(col(AuditEntry.id) > number)
    return {(row.actor, row.allowed_by, row.action, row.subject) for row in world.session.exec(query)}


def number_of_entries(world: World) -> int:
    return audit.head(world.session).entries


def test_every_kind_of_edit_leaves_an_entry_that_names_the_person_and_the_right(world: World, tmp_path: Path) -> None:
    session = world.session
    at = number_of_entries(world)
    pilot = pilots.register_pilot(session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    made = since(world, at)
    assert {("lead", "register", "insert", subject) for subject in ("pilot", "pilot_plan", "pilot_status")} <= made

    at = number_of_entries(world)
    plans.amend_plan(
        session, pilot_id=pilot.id, plan=world.plan(smallest_change=0.4), reason="", by=world.lead, today=TODAY
    )
    assert ("lead", "register", "insert", "pilot_plan") in since(world, at)

    at = number_of_entries(world)
    path = tmp_path / "mittaukset.csv"
    path.write_text("unit,metric,date,value,n\nSAI3,errors,2026-11-16,4,20\nSAI3,errors,2026-11-09,5,20\n")
    import_measurements(session, path=path, by=importer(world))
    assert {("coach", "import", "insert", "import_batch"), ("coach", "import", "insert", "measurement")} <= since(
        world, at
    )

    at = number_of_entries(world)
    answer = stored_answer(world)
    assign_by_hand(session, feedback_id=key(answer.id), theme_id=key(world.phone.id), applies=True, by=world.lead)
    assert ("lead", "label", "insert", "theme_assignment") in since(world, at)

    at = number_of_entries(world)
    decisions.record_decision(
        session,
        evaluation_id=key(evaluated(world, pilot.id).id),
        choice=Choice.STOP,
        by=world.director,
        today=TODAY + dt.timedelta(days=100),
    )
    assert ("director", "decide", "insert", "decision") in since(world, at)
    found = audit.verify(session)
    assert found.faults == ()


def test_a_refused_change_leaves_no_entry(world: World) -> None:
    at = number_of_entries(world)
    for by in (world.trustee, world.other_lead):
        try:
            pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=by, today=TODAY)
        except NotAllowed:
            world.session.rollback()
        else:
            raise AssertionError(f"{by.code} may not register here")
    assert since(world, at) == set()


def importer(world: World) -> Person:
    person = validated(Person, code="coach", name="coach", role="coach")
    world.session.add(person)
    world.session.commit()
    return person


def stored_answer(world: World) -> Feedback:
    row = validated(
        Feedback,
        unit_id=key(world.ward.id),
        given_on=TODAY,
        week=2966,
        channel=Channel.WEB,
        solicited=True,
        customer_type=CustomerType.EXTERNAL,
        text="Puhelimeen ei vastattu",
    )
    world.session.add(row)
    world.session.commit()
    return row


def evaluated(world: World, pilot_id: int | None) -> Evaluation:
    plan = plans.current(world.session, key(pilot_id)).plan
    row = validated(
        Evaluation,
        pilot_id=pilot_id,
        plan_id=plan.id,
        as_of=plan.end_on,
        inputs_hash="a" * 64,
        code_version="test",
        verdict=Verdict.STOP,
        rule="a rule",
        result={},
    )
    world.session.add(row)
    world.session.commit()
    return row

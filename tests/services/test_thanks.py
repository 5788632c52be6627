"""Thanks to a unit, and what a person's log was read for."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from models.base import monday_of, validated
from models.decisions import Choice, Decision, DecisionApproval
from models.ideas import Thanks
from models.people import Person
from models.pilots import LogEntry, Pilot
from models.themes import AssignedBy, ThemeAssignment
from services import log_mattered, thanks, theme_facts
from services.errors import BadInput, Conflict, NotAllowed
from services.rows import key
from services.thanks import Word
from tests.services.conftest import TODAY, World


def read(world: World, by: Person, unit_id: int | None = None) -> list[Word]:
    units = None if unit_id is None else [unit_id]
    return thanks.stream(world.session, person=by, unit_ids=units, today=TODAY)


def test_thanks_go_to_a_unit_without_names_and_tell_only_the_senders_unit(world: World) -> None:
    thanks.say(
        world.session, unit_id=key(world.ward.id), words="Kiitos, Matti Virtanen, yöapu pelasti!", by=world.other_lead
    )
    (word,) = read(world, world.nurse, world.ward.id)
    assert "Virta" not in word.words
    assert word.words.startswith("Kiitos")
    assert word.sender_unit is not None
    assert word.sender_unit.code == "PEL1"
    assert (word.unit.code, word.by_customer, word.own) == ("SAI3", False, False)
    assert read(world, world.nurse, world.station.id) == []
    assert read(world, world.other_lead)[0].own


@pytest.mark.parametrize("words", ["", " \n", "a" * 301])
def test_thanks_are_a_few_words(world: World, words: str) -> None:
    with pytest.raises(BadInput):
        thanks.say(world.session, unit_id=key(world.ward.id), words=words, by=world.nurse)


def test_who_may_thank_and_whom(world: World) -> None:
    with pytest.raises(NotAllowed):
        thanks.say(world.session, unit_id=key(world.ward.id), words="Kiitos", by=world.trustee)
    with pytest.raises(BadInput, match="unit you thank"):
        thanks.say(world.session, unit_id=key(world.area.id), words="Kiitos", by=world.nurse)


def test_thanks_can_be_taken_back_by_their_sender_and_stay_marked(world: World) -> None:
    row = thanks.say(world.session, unit_id=key(world.ward.id), words="Kiitos avusta!", by=world.leader)
    assert [word.words for word in thanks.sent(world.session, person=world.leader)] == ["Kiitos avusta!"]
    with pytest.raises(NotAllowed):
        thanks.take_back(world.session, thanks_id=key(row.id), by=world.nurse)
    thanks.take_back(world.session, thanks_id=key(row.id), by=world.leader)
    with pytest.raises(Conflict):
        thanks.take_back(world.session, thanks_id=key(row.id), by=world.leader)
    assert read(world, world.nurse) == thanks.sent(world.session, person=world.leader) == []
    kept = world.session.get(Thanks, row.id)
    assert kept is not None
    assert kept.taken_back_at is not None


def test_customers_praise_is_in_the_stream_and_their_complaints_are_not(world: World) -> None:
    for text, score in (("Kiitos hyvästä hoidosta", 10), ("Kiitos vain, huono palvelu", 1)):
        answer = world.answer(world.ward, TODAY - dt.timedelta(days=2), score=score, text=text, language="fi")
        assigned = ThemeAssignment(
            feedback_id=key(answer.id),
            theme_id=key(world.praise.id),
            assigned_by=AssignedBy.PERSON,
            applies=True,
            by_id=world.lead.id,
        )
        world.session.add(assigned)
    world.session.flush()
    theme_facts.rebuild(world.session)
    world.session.commit()
    thanks.say(world.session, unit_id=key(world.ward.id), words="Kiitos tukivuorosta", by=world.other_lead)
    said = {word.words: word.by_customer for word in read(world, world.nurse, world.ward.id)}
    assert said == {"Kiitos hyvästä hoidosta": True, "Kiitos tukivuorosta": False}


def _a_decided_log(session: Session) -> tuple[Person, Pilot, Decision]:
    """A demo pilot with a decision, its log written by one person."""
    decision = session.exec(select(Decision).where(Decision.choice == Choice.SCALE)).first()
    assert decision is not None
    pilot = session.get(Pilot, decision.pilot_id)
    person = session.exec(select(Person).where(Person.code == "u4")).one()
    assert pilot is not None
    for entry in session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot.id)).all():
        entry.by_id = person.id
        session.add(entry)
    session.commit()
    return person, pilot, decision


def test_a_log_that_a_decision_read_is_told_with_its_week(demo_session: Session) -> None:
    person, pilot, decision = _a_decided_log(demo_session)
    told = log_mattered.mattered(demo_session, person=person, limit=9)
    found = next(row for row in told if row.pilot.id == pilot.id)
    entries = demo_session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot.id)).all()
    read_by_then = [entry for entry in entries if entry.at.date() <= decision.at.date()]
    assert (found.choice, found.on) == (Choice.SCALE, decision.at.date())
    assert found.entries == len(read_by_then) > 0
    assert found.week == monday_of(max(entry.week for entry in read_by_then))


def test_an_entry_after_the_decision_or_undone_claims_nothing(demo_session: Session) -> None:
    person, pilot, decision = _a_decided_log(demo_session)
    entries = demo_session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot.id)).all()
    for entry in entries:
        entry.at = decision.at + dt.timedelta(days=3)
        demo_session.add(entry)
    demo_session.commit()

    def told() -> set[int]:
        return {key(row.pilot.id) for row in log_mattered.mattered(demo_session, person=person, limit=9)}

    assert pilot.id not in told()
    entries[0].at = decision.at - dt.timedelta(days=3)
    demo_session.commit()
    assert pilot.id in told()
    entries[0].undone_at = decision.at
    demo_session.commit()
    assert pilot.id not in told()


def test_a_decision_without_its_second_person_is_not_told_as_one(demo_session: Session) -> None:
    person, pilot, decision = _a_decided_log(demo_session)
    decision.overrides, decision.reason = True, "Toisin kuin säännöt sanovat."
    demo_session.add(decision)
    approvals = select(DecisionApproval).where(col(DecisionApproval.decision_id) == decision.id)
    for approval in demo_session.exec(approvals).all():
        demo_session.delete(approval)
    demo_session.commit()
    told = log_mattered.mattered(demo_session, person=person, limit=9)
    assert next(row for row in told if row.pilot.id == pilot.id).choice is None, "only its review is told"
    demo_session.add(validated(DecisionApproval, decision_id=decision.id, by_id=person.id))
    demo_session.commit()
    told = log_mattered.mattered(demo_session, person=person, limit=9)
    assert next(row for row in told if row.pilot.id == pilot.id).choice is Choice.SCALE

"""Units taking a scaled-up change into use: appended, by whom it may be said, when a unit stops being a comparison."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session, select

from models.adoption import Adoption, AdoptionState
from models.people import Person
from services import adoption, decisions, pilots
from services.adoption import UnitAdoption
from services.errors import BadInput, NotAllowed
from services.rows import key


def person(session: Session, code: str) -> Person:
    return session.exec(select(Person).where(Person.code == code)).one()


@pytest.fixture
def decision_id(demo_session: Session) -> int:
    """The decision to scale P01 up to three units."""
    made = decisions.in_force(demo_session, key(pilots.by_code(demo_session, "P01").id))
    assert made is not None
    demo_session.execute(Adoption.__table__.delete())  # type: ignore[attr-defined]
    demo_session.commit()
    return key(made.decision.id)


def stands(session: Session, decision_id: int) -> dict[str, UnitAdoption]:
    return {one.unit.code: one for one in adoption.state_of(session, decision_id)}


def test_three_units_and_the_pilots_own_one_by_one(demo_session: Session, decision_id: int) -> None:
    leader = person(demo_session, "u7")
    first = stands(demo_session, decision_id)
    assert [(code, one.own, one.state) for code, one in first.items()] == [
        ("AVO4", True, None),
        ("AVO1", False, None),
        ("AVO2", False, None),
        ("SUU1", False, None),
    ]
    for code, state in (
        ("AVO1", AdoptionState.IN_USE),
        ("AVO2", AdoptionState.NOT_STARTED),
        ("SUU1", AdoptionState.ADAPTED),
        ("AVO1", AdoptionState.DROPPED),
    ):
        adoption.set_state(
            demo_session, decision_id=decision_id, unit_id=key(first[code].unit.id), state=state, by=leader
        )
    now = stands(demo_session, decision_id)
    assert [now[code].state for code in ("AVO1", "AVO2", "SUU1")] == ["dropped", "not_started", "adapted"]
    assert now["AVO1"].by == leader
    said = adoption.said(demo_session, decision_id)
    assert [row.state for row in said] == ["in_use", "not_started", "adapted", "dropped"]


def test_the_same_again_stores_nothing_and_a_note_is_redacted(demo_session: Session, decision_id: int) -> None:
    leader = person(demo_session, "u7")
    unit_id = key(stands(demo_session, decision_id)["AVO1"].unit.id)

    def say(note: str) -> Adoption | None:
        return adoption.set_state(
            demo_session, decision_id=decision_id, unit_id=unit_id, state=AdoptionState.IN_USE, by=leader, note=note
        )

    assert say("Soita Maija Virtaselle, 040 123 4567.") is not None
    assert say("") is None
    assert "040" not in stands(demo_session, decision_id)["AVO1"].note
    assert len(adoption.said(demo_session, decision_id)) == 1


def test_a_team_lead_speaks_for_the_own_unit_only(demo_session: Session, decision_id: int) -> None:
    units = stands(demo_session, decision_id)
    lead = Person(code="lead", name="Lead", role="team_lead", unit_id=units["AVO1"].unit.id)
    demo_session.add(lead)
    demo_session.commit()
    state = AdoptionState.IN_USE
    adoption.set_state(demo_session, decision_id=decision_id, unit_id=key(units["AVO1"].unit.id), state=state, by=lead)
    for one, by in (("AVO2", lead), ("AVO1", person(demo_session, "u4")), ("AVO1", person(demo_session, "u9"))):
        with pytest.raises(NotAllowed):
            adoption.set_state(
                demo_session, decision_id=decision_id, unit_id=key(units[one].unit.id), state=state, by=by
            )
    assert [one.unit.code for one in adoption.units_to_ask(demo_session, lead, decision_id=decision_id)] == []
    leader = person(demo_session, "u7")
    asked = adoption.units_to_ask(demo_session, leader, decision_id=decision_id)
    assert [one.unit.code for one in asked] == ["AVO2", "SUU1"]


def test_a_unit_the_decision_does_not_reach_is_refused(demo_session: Session, decision_id: int) -> None:
    leader = person(demo_session, "u7")
    elsewhere = key(pilots.by_code(demo_session, "P08").unit_id)
    with pytest.raises(BadInput, match="does not reach the unit IKA1"):
        adoption.set_state(
            demo_session, decision_id=decision_id, unit_id=elsewhere, state=AdoptionState.IN_USE, by=leader
        )


def test_from_when_a_unit_is_no_comparison_any_more(demo_session: Session, decision_id: int) -> None:
    units = stands(demo_session, decision_id)
    decided = dt.date(2026, 4, 14)

    def say(code: str, state: AdoptionState, day: dt.date) -> None:
        row = Adoption(
            decision_id=decision_id,
            unit_id=key(units[code].unit.id),
            state=state,
            at=dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC),
        )
        demo_session.add(row)
        demo_session.commit()

    say("AVO2", AdoptionState.NOT_STARTED, dt.date(2026, 6, 1))
    say("SUU1", AdoptionState.NOT_STARTED, dt.date(2026, 6, 1))
    say("SUU1", AdoptionState.IN_USE, dt.date(2026, 8, 1))
    say("SUU1", AdoptionState.NOT_STARTED, dt.date(2026, 10, 1))
    found = adoption.not_comparable_from(demo_session, decision_id, decided_on=decided)
    by_code = {code: found.get(key(one.unit.id)) for code, one in units.items() if not one.own}
    assert by_code == {"AVO1": decided, "AVO2": None, "SUU1": dt.date(2026, 6, 1)}

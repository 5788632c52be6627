"""Where the demo county's scaled-up change stands: said after the decision by people who may, one unit each way."""

from __future__ import annotations

from sqlmodel import Session, select

from models.adoption import Adoption
from models.decisions import Decision
from models.people import Person
from services import adoption, decisions, pilots
from services.rows import get, key
from tests.databases import DEMO_TODAY


def test_one_unit_uses_it_one_fitted_it_and_one_waits(demo_session: Session) -> None:
    made = decisions.in_force(demo_session, key(pilots.by_code(demo_session, "P01").id))
    assert made is not None
    stands = {one.unit.code: one.state for one in adoption.state_of(demo_session, key(made.decision.id))}
    assert stands == {"AVO4": "in_use", "AVO1": "in_use", "AVO2": "adapted", "SUU1": "not_started"}


def test_everything_was_said_after_the_decision_by_who_may(demo_session: Session) -> None:
    rows = demo_session.exec(select(Adoption).order_by(Adoption.id)).all()  # type: ignore[arg-type]
    assert [row.at for row in rows] == sorted(row.at for row in rows), "the newest row is what counts"
    for row in rows:
        decision = get(demo_session, Decision, row.decision_id)
        assert decision.at < row.at
        assert row.at.date() < DEMO_TODAY
        by = get(demo_session, Person, row.by_id)
        assert adoption.may_set(demo_session, by, pilot_id=decision.pilot_id, unit_id=row.unit_id)

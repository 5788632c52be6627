"""Interviews and paper forms typed in: redacted, scored on their scales, themed, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.feedback import Channel, Feedback, FeedbackScore
from models.organisation import Unit
from models.people import Person
from models.theme_answers import ThemeAnswer
from models.themes import ThemeAssignment
from services import typed_feedback
from services.errors import BadInput, Conflict, NotAllowed
from services.rows import key
from services.typed_feedback import TypedAnswer
from tests.databases import DEMO_TODAY

TEXT = "Hoitaja Maija Virtanen soitti 040 123 4567, takaisinsoitto tuli vasta illalla."


def _person(session: Session, code: str) -> Person:
    return session.exec(select(Person).where(Person.code == code)).one()


def _answer(session: Session, code: str = "SAI3", **fields: Any) -> TypedAnswer:
    unit = session.exec(select(Unit).where(Unit.code == code)).one()
    return TypedAnswer(
        **{"unit_id": key(unit.id), "channel": Channel.INTERVIEW, "given_on": DEMO_TODAY, "text": TEXT} | fields
    )


def test_a_typed_answer_is_redacted_scored_and_themed(demo_session: Session) -> None:
    answer = _answer(demo_session, recommend=0, statements={"thl1": 5, "thl7": 1}, statutory_decision=True)
    by = _person(demo_session, "u1")
    stored = typed_feedback.record(demo_session, answer, by=by, today=DEMO_TODAY)
    assert stored.text == typed_feedback.as_stored(TEXT).text
    assert "Virtanen" not in str(stored.text)
    assert "040" not in str(stored.text)
    assert (stored.language, stored.statutory_decision, stored.solicited) == ("fi", True, True)
    scores = demo_session.exec(select(FeedbackScore).where(FeedbackScore.feedback_id == stored.id)).all()
    assert {(row.item, row.value, row.low, row.high) for row in scores} == {
        ("recommend", 0, 0, 10),
        ("thl1", 5, 1, 5),
        ("thl7", 1, 1, 5),
    }
    assert demo_session.exec(select(ThemeAssignment).where(ThemeAssignment.feedback_id == stored.id)).all()
    assert demo_session.exec(select(ThemeAnswer).where(ThemeAnswer.feedback_id == stored.id)).all()


def test_it_can_be_taken_back_by_who_typed_it_and_soon(demo_session: Session) -> None:
    by = _person(demo_session, "u1")
    stored = typed_feedback.record(demo_session, _answer(demo_session), by=by, today=DEMO_TODAY)
    feedback_id = key(stored.id)
    with pytest.raises(Conflict):
        typed_feedback.undo(demo_session, feedback_id=feedback_id, by=_person(demo_session, "u10"))
    typed_feedback.undo(demo_session, feedback_id=feedback_id, by=by)
    assert demo_session.get(Feedback, feedback_id) is None
    assert not demo_session.exec(select(ThemeAnswer).where(ThemeAnswer.feedback_id == feedback_id)).all()
    late = typed_feedback.record(demo_session, _answer(demo_session), by=by, today=DEMO_TODAY)
    late.stored_at -= dt.timedelta(minutes=5)
    demo_session.add(late)
    demo_session.commit()
    with pytest.raises(Conflict, match="a moment ago"):
        typed_feedback.undo(demo_session, feedback_id=key(late.id), by=by)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "  "}, "text"),
        ({"given_on": DEMO_TODAY + dt.timedelta(days=1)}, "given_on"),
        ({"given_on": dt.date(2001, 1, 1)}, "given_on"),
        ({"channel": Channel.KIOSK}, "channel"),
        ({"recommend": 11}, "recommend"),
        ({"statements": {"thl1": 0}}, "thl1"),
        ({"statements": {"thl8": 3}}, "thl8"),
        ({"age_group": "20-30"}, "age_group"),
        ({"text": "a" * 20_001}, "text"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(demo_session: Session, fields: dict[str, Any], field: str) -> None:
    by = _person(demo_session, "u1")
    last = demo_session.exec(select(Feedback.id).order_by(col(Feedback.id).desc())).first()
    with pytest.raises(BadInput) as refused:
        typed_feedback.record(demo_session, _answer(demo_session, **fields), by=by, today=DEMO_TODAY)
    assert refused.value.field == field
    assert demo_session.exec(select(Feedback.id).order_by(col(Feedback.id).desc())).first() == last


def test_only_for_units_within_reach(demo_session: Session) -> None:
    with pytest.raises(NotAllowed):
        typed_feedback.record(
            demo_session, _answer(demo_session, "AVO4"), by=_person(demo_session, "u1"), today=DEMO_TODAY
        )
    with pytest.raises(NotAllowed):
        typed_feedback.record(demo_session, _answer(demo_session), by=_person(demo_session, "u4"), today=DEMO_TODAY)

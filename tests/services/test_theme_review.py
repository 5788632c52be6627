"""Checking comments one after another: what is asked, what a check says, and how it is undone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.base import validated
from models.feedback import Feedback
from models.text_models import Drawn, TextReview
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_review
from services.errors import BadInput, NotAllowed, NotFound
from services.rows import key
from services.text_vectors import digest
from services.theme_facts import refresh
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World


def comment(world: World, text: str, doubt: float | None = None, **values: object) -> Feedback:
    values = {"day": TODAY, "unit": world.ward, **values}
    unit, day = values.pop("unit"), values.pop("day")
    return world.answer(unit, day, text=text, text_digest=digest(text), doubt=doubt, **values)  # type: ignore[arg-type]


def suggested(world: World, feedback: Feedback, *themes: Theme) -> None:
    for theme in themes:
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=feedback.id, theme_id=theme.id, assigned_by=AssignedBy.RULE, confidence=0.6
            )
        )
    world.session.flush()
    refresh(world.session, [key(feedback.id)])
    world.session.commit()


def counted(world: World, feedback: Feedback) -> set[int]:
    rows = world.session.exec(select(ThemeAnswer.theme_id).where(ThemeAnswer.feedback_id == feedback.id))
    return set(rows)


def asked(world: World, **more: object) -> Feedback | None:
    found = theme_review.next_waiting(world.session, by=world.lead, today=TODAY, **more)  # type: ignore[arg-type]
    return found.feedback if found else None


def test_the_least_certain_comes_first_and_what_no_model_has_read_before_it(world: World) -> None:
    sure, unsure, unread = comment(world, "Hyvä", 0.1), comment(world, "Jaa", 0.9), comment(world, "Puhelin")
    comment(world, "Toisella osastolla", 1.0, unit=world.other_ward)
    comment(world, "Vanha", 1.0, day=TODAY - dt.timedelta(days=400))
    comment(world, "Jaa!", 1.0, repeats_id=unsure.id)
    order = []
    while (found := asked(world, skipped=[key(row.id) for row in order])) is not None:
        order.append(found)
    assert [row.id for row in order] == [unread.id, unsure.id, sure.id]
    assert asked(world, only=[Feedback.id == sure.id]).id == sure.id  # type: ignore[arg-type, union-attr]


def test_by_lot_is_the_same_lot_for_everyone(world: World) -> None:
    rows = [comment(world, f"Kommentti {number}", number / 10) for number in range(6)]
    first_by_lot = min(rows, key=lambda row: row.text_digest or "")
    drawn = theme_review.next_waiting(world.session, by=world.lead, today=TODAY, drawn=Drawn.RANDOM)
    assert drawn is not None
    assert (drawn.feedback.id, drawn.drawn) == (first_by_lot.id, Drawn.RANDOM)


def test_a_check_names_all_themes_of_a_comment_and_undo_restores_what_was(world: World) -> None:
    feedback = comment(world, "Puhelin ei vastaa.")
    suggested(world, feedback, world.phone)
    done = theme_review.check(
        world.session,
        feedback_id=key(feedback.id),
        theme_ids=[key(world.praise.id)],
        drawn=Drawn.UNCERTAIN,
        by=world.lead,
    )
    assert counted(world, feedback) == {world.praise.id}
    assert asked(world) is None
    assert theme_review.progress(world.session, by=world.lead, today=TODAY) == theme_review.Progress(
        checked=1, at_random=0, waiting=0
    )
    theme_review.undo(world.session, done, by=world.lead)
    assert counted(world, feedback) == {world.phone.id}
    assert asked(world) is not None
    assert (
        world.session.exec(select(ThemeAssignment).where(ThemeAssignment.assigned_by == AssignedBy.PERSON)).all() == []
    )

    assign_by_hand(
        world.session, feedback_id=key(feedback.id), theme_id=key(world.phone.id), applies=True, by=world.lead
    )
    ids = {"feedback_id": key(feedback.id), "by": world.lead}
    theme_review.check(world.session, theme_ids=[], drawn=Drawn.RANDOM, **ids)  # type: ignore[arg-type]
    assert counted(world, feedback) == set(), "a check can say: none of them"
    again = theme_review.check(world.session, theme_ids=[key(world.praise.id)], drawn=Drawn.CHOSEN, **ids)  # type: ignore[arg-type]
    theme_review.undo(world.session, again, by=world.lead)
    review = world.session.get(TextReview, feedback.id)
    assert review is not None
    assert review.drawn == Drawn.RANDOM
    assert counted(world, feedback) == set()


def test_saying_no_covers_the_themes_that_were_merged_into_it(world: World) -> None:
    feedback = comment(world, "Puhelin ei vastaa.")
    assign_by_hand(
        world.session, feedback_id=key(feedback.id), theme_id=key(world.phone.id), applies=True, by=world.lead
    )
    world.phone.merged_into_id = world.praise.id
    world.session.commit()
    theme_review.check(world.session, feedback_id=key(feedback.id), theme_ids=[], drawn=Drawn.RANDOM, by=world.lead)
    assert counted(world, feedback) == set()


def test_what_a_check_refuses(world: World) -> None:
    feedback = comment(world, "Puhelin ei vastaa.")
    silent = world.answer(world.ward, TODAY, score=3)
    with pytest.raises(BadInput, match="not in use"):
        theme_review.check(
            world.session, feedback_id=key(feedback.id), theme_ids=[999], drawn=Drawn.RANDOM, by=world.lead
        )
    with pytest.raises(NotFound, match="no words"):
        theme_review.check(world.session, feedback_id=key(silent.id), theme_ids=[], drawn=Drawn.RANDOM, by=world.lead)
    for person in (world.other_lead, world.nurse, world.trustee):
        with pytest.raises(NotAllowed):
            theme_review.check(world.session, feedback_id=key(feedback.id), theme_ids=[], drawn=Drawn.RANDOM, by=person)
    with pytest.raises(NotAllowed):
        theme_review.next_waiting(world.session, by=world.nurse, today=TODAY)

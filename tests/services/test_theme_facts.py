"""The rows that pages read say what the assignments say, whatever was changed last."""

from __future__ import annotations

from sqlmodel import select

from models.base import now, validated
from models.feedback import Feedback, Sentiment
from models.text_models import ThemeModel
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_facts
from services.rows import key
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World


def assigned(world: World, feedback: Feedback, theme: Theme, by: AssignedBy = AssignedBy.RULE) -> None:
    world.session.add(
        validated(ThemeAssignment, feedback_id=feedback.id, theme_id=theme.id, assigned_by=by, confidence=0.6)
    )
    world.session.flush()


def rows(world: World) -> list[tuple[int, int, str, bool, bool]]:
    found = world.session.exec(select(ThemeAnswer).order_by(ThemeAnswer.feedback_id, ThemeAnswer.theme_id)).all()
    return [(row.feedback_id, row.theme_id, row.tone, row.rated, row.has_text) for row in found]


def test_the_tone_is_the_ratings_else_the_words(world: World) -> None:
    scores = [(2, "neg"), (7, "neu"), (10, "pos")]
    answers = [(world.answer(world.ward, TODAY, score=score, text="Puhelin."), tone) for score, tone in scores]
    worded, silent = (world.answer(world.ward, TODAY, text="Puhelin.") for _ in range(2))
    worded.sentiment = Sentiment.NEGATIVE
    contradicting = answers[2][0]
    contradicting.sentiment = Sentiment.NEGATIVE
    for feedback in (*(row for row, _ in answers), worded, silent):
        assigned(world, feedback, world.phone)
    assert theme_facts.rebuild(world.session) == 5
    phone = key(world.phone.id)
    assert rows(world) == [
        *((key(row.id), phone, tone, True, True) for row, tone in answers),
        (key(worded.id), phone, "neg", False, True),
        (key(silent.id), phone, "", False, True),
    ]


def test_a_rule_counts_until_a_model_has_read_the_comment_and_a_person_over_both(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin.")
    assigned(world, feedback, world.phone)
    theme_facts.refresh(world.session, [key(feedback.id)])
    assert [row[1] for row in rows(world)] == [world.phone.id]

    model = validated(ThemeModel, version="v1", engine="e", labels=0, artefact=b"")
    world.session.add(model)
    world.session.flush()
    feedback.model_id = model.id
    assigned(world, feedback, world.praise, AssignedBy.MODEL)
    theme_facts.refresh(world.session, [key(feedback.id)])
    assert [row[1] for row in rows(world)] == [world.praise.id]

    assign_by_hand(
        world.session, feedback_id=key(feedback.id), theme_id=key(world.praise.id), applies=False, by=world.lead
    )
    assert rows(world) == []


def test_merged_and_retired_themes_and_repeats(world: World) -> None:
    first = world.answer(world.ward, TODAY, text="Puhelin.", respondent="a" * 64)
    again = world.answer(world.ward, TODAY, text="Puhelin!", respondent="a" * 64)
    repeat = world.answer(world.ward, TODAY, text="Puhelin!!", repeats_id=first.id)
    for feedback in (first, again, repeat):
        assigned(world, feedback, world.phone)
        assigned(world, feedback, world.praise)
    world.phone.merged_into_id = world.praise.id
    world.session.flush()
    theme_facts.refresh_themes(world.session, [key(world.phone.id)])
    assert [row[:2] for row in rows(world)] == [(first.id, world.praise.id), (again.id, world.praise.id)]
    people = {row.person for row in world.session.exec(select(ThemeAnswer))}
    assert len(people) == 1, "one respondent is one person"

    world.praise.retired_at = now()
    world.session.flush()
    theme_facts.refresh_themes(world.session, [key(world.praise.id)])
    assert rows(world) == [], "neither the retired theme nor one merged into it"
    assert theme_facts.missing(world.session)


def test_an_answer_that_goes_takes_its_rows_along(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin.")
    assigned(world, feedback, world.phone)
    theme_facts.rebuild(world.session)
    world.session.delete(feedback)
    world.session.commit()
    assert rows(world) == []

"""Labels in force, browsing by theme, a person's word."""

from __future__ import annotations

import datetime as dt

import pytest

from models.base import validated
from models.feedback import Channel, Feedback
from models.themes import AssignedBy, ThemeAssignment
from services import theme_browse, theme_labels
from services.errors import NotAllowed
from services.rows import key
from services.theme_browse import Scope
from services.theme_facts import refresh, refresh_themes
from tests.services.conftest import TODAY, World

SCOPE = Scope(first=TODAY - dt.timedelta(days=27), last=TODAY)


def assign(world: World, feedback: Feedback, *themes: object, by: AssignedBy = AssignedBy.RULE) -> None:
    for theme in themes:
        world.session.add(
            validated(
                ThemeAssignment,
                feedback_id=feedback.id,
                theme_id=theme.id,  # type: ignore[attr-defined]
                assigned_by=by,
                confidence=0.6,
                matched="puhelin",
            )
        )
    world.session.flush()
    refresh(world.session, [key(feedback.id)])
    world.session.commit()


def labels(world: World, feedback: Feedback) -> list[tuple[str, AssignedBy]]:
    return [(row.theme.code, row.assigned_by) for row in theme_labels.labels_of(world.session, feedback.id)]


def test_a_persons_word_wins_over_the_rule_both_ways(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin ei vastaa, kiitos vain.")
    assign(world, feedback, world.phone)
    assert labels(world, feedback) == [("T01", AssignedBy.RULE)]
    theme_labels.assign_by_hand(
        world.session, feedback_id=feedback.id, theme_id=world.phone.id, applies=False, by=world.lead
    )
    theme_labels.assign_by_hand(
        world.session, feedback_id=feedback.id, theme_id=world.praise.id, applies=True, by=world.lead
    )
    assert labels(world, feedback) == [("T20", AssignedBy.PERSON)]
    found = {row.theme.code: row.answers for row in theme_browse.summaries(world.session, SCOPE)}
    assert found == {"T20": 1, "T01": 0}
    theme_labels.assign_by_hand(
        world.session, feedback_id=feedback.id, theme_id=world.phone.id, applies=True, by=world.lead
    )
    assert [code for code, _ in labels(world, feedback)] == ["T01", "T20"]


def test_only_those_of_the_unit_label(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin.")
    for person in (world.other_lead, world.nurse, world.trustee):
        with pytest.raises(NotAllowed):
            theme_labels.assign_by_hand(
                world.session, feedback_id=feedback.id, theme_id=world.phone.id, applies=True, by=person
            )


def test_a_merged_theme_counts_as_the_one_it_was_merged_into(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin.")
    assign(world, feedback, world.phone)
    world.phone.merged_into_id = world.praise.id
    world.session.flush()
    refresh_themes(world.session, [key(world.phone.id)])
    world.session.commit()
    assert labels(world, feedback) == [("T20", AssignedBy.RULE)]
    assert [(row.theme.code, row.answers) for row in theme_browse.summaries(world.session, SCOPE)] == [("T20", 1)]


def test_a_summary_counts_people_channels_weeks_and_unhappy_answers(world: World) -> None:
    day = TODAY - dt.timedelta(days=10)
    answers = [
        world.answer(world.ward, day, score=2, respondent="a" * 64, text="Puhelin!"),
        world.answer(world.ward, TODAY, score=6, respondent="a" * 64, channel=Channel.PHONE),
        world.answer(world.other_ward, TODAY, score=7),
        world.answer(world.other_ward, TODAY),
        world.answer(world.ward, TODAY - dt.timedelta(days=30), score=1),
    ]
    repeat = world.answer(world.ward, TODAY, score=1, repeats_id=answers[0].id, text="Puhelin!!")
    for answer in (*answers, repeat):
        assign(world, answer, world.phone, by=AssignedBy.RESPONDENT)
    row = theme_browse.summaries(world.session, SCOPE)[0]
    assert (row.answers, row.people, row.channels, row.weeks) == (4, 3, 2, 2)
    assert (row.rated, row.negative, row.before, row.comments) == (3, 2, 1, 1)
    assert row.negative_share == pytest.approx(2 / 3)

    one_ward = Scope(first=SCOPE.first, last=SCOPE.last, unit_ids=[world.ward.id])
    assert theme_browse.summaries(world.session, one_ward)[0].people < theme_browse.SINGLE_OPINION_BELOW
    assert theme_browse.repeats_of(world.session, [answers[0].id]) == {answers[0].id: 1}
    weekly = theme_browse.weekly(world.session, SCOPE, world.phone.id)
    assert [tuple(week)[1:] for week in weekly] == [(0, 0, 0), (0, 0, 0), (1, 1, 1), (0, 0, 0), (3, 2, 1)]


def test_quotes_are_searched_paged_and_carry_their_rating(world: World) -> None:
    for number in range(5):
        feedback = world.answer(
            world.ward, TODAY - dt.timedelta(days=number), score=number, text=f"Puhelin katkesi 100% {number}"
        )
        assign(world, feedback, world.phone)
    world.answer(world.ward, TODAY, text="Ruoka oli hyvää")
    world.answer(world.ward, TODAY, score=3)
    found, total = theme_browse.quotes(
        world.session, SCOPE, theme_id=world.phone.id, words="KATKESI puhelin", limit=2, skip=2
    )
    assert total == 5
    assert [quote.rating for quote in found] == [(2, 10), (3, 10)]
    assert theme_browse.quotes(world.session, SCOPE)[1] == 6
    assert theme_browse.quotes(world.session, SCOPE, words="100%_")[1] == 0
    assert theme_browse.quotes(world.session, SCOPE, words="100%")[1] == 5


@pytest.mark.parametrize(
    ("scope", "answers"),
    [
        ({"channels": (Channel.KIOSK,)}, 1),
        ({"solicited": True}, 1),
        ({"solicited": False}, 2),
        ({"statutory": True}, 1),
        ({"statutory": False}, 2),
        ({"unit_ids": []}, 0),
    ],
)
def test_a_scope_limits_by_channel_solicitation_and_official_decision(
    world: World, scope: dict[str, object], answers: int
) -> None:
    rows = [
        world.answer(world.ward, TODAY, channel=Channel.KIOSK, solicited=True),
        world.answer(world.ward, TODAY, statutory_decision=True, decision_upheld=True),
        world.answer(world.ward, TODAY),
    ]
    for row in rows:
        assign(world, row, world.phone)
    limited = Scope(first=SCOPE.first, last=SCOPE.last, **scope)  # type: ignore[arg-type]
    found = {row.theme.code: row.answers for row in theme_browse.summaries(world.session, limited)}
    assert found["T01"] == answers

"""Proposals from comments without a theme: what is found, what people make of it, and the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from sqlmodel import select

from models.base import validated
from models.feedback import Feedback
from models.organisation import Unit
from models.people import Person, Role
from models.text_models import TextEmbedding
from models.theme_answers import ThemeAnswer
from models.theme_curation import ChangeKind, ProposalState, ThemeProposal
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_curation, theme_history, theme_proposal_answers, theme_proposals, theme_undo
from services.errors import BadInput, Conflict, NotAllowed
from services.rows import key
from services.text_vectors import Vectors
from services.theme_facts import refresh
from services.theme_labels import assign_by_hand, persons_word
from services.theme_nearness import nearest
from services.theme_proposals import Search
from tests.services.conftest import TODAY, World
from themes import discovery
from themes.embedding import Embedder

WORDS = ("parkki", "sauna", "puhelin")
NAMES = {"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"}


class Subjects:
    """An embedder that knows three subjects by a word, and puts a little of each text's own beside it."""

    version = "subjects-1"
    dimensions = 8
    embedded: int = 0

    def embed(self, texts: list[str]) -> Vectors:
        self.embedded += len(texts)
        rows = [
            [*(float(word in text.casefold()) for word in WORDS), *np.random.default_rng(len(text)).random(5) / 9]
            for text in texts
        ]
        vectors = np.array(rows, dtype=np.float32) + 0.05
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def coach(world: World) -> Person:
    row = validated(Person, code="coach", name="Valmentaja", role=Role.COACH)
    world.session.add(row)
    world.session.commit()
    return row


@pytest.fixture
def subjects() -> Subjects:
    return Subjects()


@pytest.fixture(autouse=True)
def _by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups by their word: what `discover` finds is its own tests' matter."""

    def discover(
        texts: Sequence[str], vectors: Vectors, languages: Sequence[str | None], engine: Embedder
    ) -> list[discovery.Proposal]:
        assert vectors.shape == (len(texts), engine.dimensions)
        assert len(languages) == len(texts)
        groups = {word: [at for at, text in enumerate(texts) if word in text.casefold()] for word in WORDS}
        return [
            discovery.Proposal(
                label=word.capitalize(),
                keywords=(word,),
                size=len(members),
                share=len(members) / len(texts),
                members=tuple(members),
                languages={"fi": len(members)},
            )
            for word, members in groups.items()
            if len(members) >= 3
        ]

    monkeypatch.setattr(discovery, "discover", discover)


def comments(world: World, word: str, number: int, *, unit: Unit | None = None, **values: object) -> list[int]:
    return [
        key(world.answer(unit or world.ward, TODAY, text=f"{word} {'x' * n}.", language="fi", **values).id)
        for n in range(1, number + 1)
    ]


def about(world: World, answers: list[int], theme: Theme) -> None:
    for number in answers:
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=number, theme_id=theme.id, assigned_by=AssignedBy.MODEL, confidence=0.6
            )
        )
    world.session.flush()
    refresh(world.session, answers)
    world.session.commit()


def looked(world: World, by: Person, subjects: Subjects, within: Theme | None = None) -> Search:
    return theme_proposals.propose(
        world.session, by=by, today=TODAY, within_theme_id=within.id if within else None, engine=subjects
    )


def open_ones(world: World) -> list[ThemeProposal]:
    return list(theme_proposals.waiting(world.session))


def themes_of(world: World, answer: int) -> set[int]:
    rows = world.session.exec(select(ThemeAnswer.theme_id).where(ThemeAnswer.feedback_id == answer))
    return set(rows)


def change(world: World, theme: Theme) -> theme_history.Change:
    return theme_history.history(world.session, theme_id=key(theme.id))[0]


def test_only_comments_of_the_last_year_without_a_theme_are_looked_at(
    world: World, coach: Person, subjects: Subjects
) -> None:
    parking = comments(world, "Parkki", 4)
    about(world, comments(world, "Sauna", 4), world.phone)
    world.answer(world.ward, TODAY, text="Parkki täynnä, taas.", repeats_id=parking[0])
    world.answer(world.ward, TODAY - dt.timedelta(days=365), text="Parkki vanha.")
    world.answer(world.ward, TODAY + dt.timedelta(days=1), text="Parkki huomenna.")
    world.answer(world.ward, TODAY, score=3)
    found = looked(world, coach, subjects)
    assert (found.comments, found.looked_at, found.unread, subjects.embedded) == (4, 4, 0, 4)
    (proposal,) = open_ones(world)
    assert (proposal.label, proposal.size, proposal.share, proposal.members) == ("Parkki", 4, 1, parking)
    assert len(world.session.exec(select(TextEmbedding)).all()) == 4, "what was embedded on the way is kept"
    looked(world, coach, subjects)
    assert subjects.embedded == 4
    assert len(open_ones(world)) == 1, "the earlier look's proposals are replaced"


def test_many_comments_without_a_vector_wait_for_the_background_reading(
    world: World, coach: Person, subjects: Subjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_proposals, "EMBEDDED_ON_THE_WAY", 3)
    comments(world, "Parkki", 4)
    found = looked(world, coach, subjects)
    assert (found.comments, found.looked_at, found.unread, subjects.embedded, open_ones(world)) == (4, 0, 4, 0, [])


def test_of_very_many_comments_some_at_even_distances_are_looked_at(
    world: World, coach: Person, subjects: Subjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_proposals, "MOST", 4)
    parking = comments(world, "Parkki", 9)
    found = looked(world, coach, subjects)
    assert (found.comments, found.looked_at) == (9, 3)
    assert open_ones(world)[0].members == parking[::3]


def test_a_dismissed_group_does_not_come_back_until_most_of_it_is_new(
    world: World, coach: Person, subjects: Subjects
) -> None:
    comments(world, "Parkki", 4)
    looked(world, coach, subjects)
    number = key(open_ones(world)[0].id)
    theme_proposal_answers.dismiss(world.session, proposal_id=number, by=coach)
    with pytest.raises(Conflict, match="decided on this"):
        theme_proposal_answers.dismiss(world.session, proposal_id=number, by=coach)
    comments(world, "Parkki", 3, unit=world.station)
    again = looked(world, coach, subjects)
    assert (again.judged_before, open_ones(world)) == (1, [])
    comments(world, "Parkki", 1)
    assert looked(world, coach, subjects).judged_before == 0
    assert open_ones(world)[0].size == 8


def test_a_dismissal_is_taken_back(world: World, coach: Person, subjects: Subjects) -> None:
    comments(world, "Parkki", 4)
    looked(world, coach, subjects)
    (proposal,) = open_ones(world)
    theme_proposal_answers.dismiss(world.session, proposal_id=key(proposal.id), by=coach)
    theme_proposal_answers.reopen(world.session, proposal_id=key(proposal.id), by=coach)
    assert open_ones(world) == [proposal]
    with pytest.raises(Conflict, match="not dismissed"):
        theme_proposal_answers.reopen(world.session, proposal_id=key(proposal.id), by=coach)


def test_an_accepted_proposal_is_a_theme_with_the_ticked_comments_and_goes_back(
    world: World, coach: Person, subjects: Subjects
) -> None:
    parking = comments(world, "Parkki", 4)
    looked(world, coach, subjects)
    (proposal,) = open_ones(world)
    made = theme_proposal_answers.accept(
        world.session,
        proposal_id=key(proposal.id),
        names=NAMES,
        keywords=["parkki"],
        parent_id=world.phone.id,
        confirmed=parking[:2],
        by=coach,
    )
    theme = made.theme
    assert (theme.name, theme.keywords, theme.parent_id, made.labelled) == (NAMES, ["parkki"], world.phone.id, 2)
    assert [themes_of(world, number) for number in parking] == [{theme.id}, {theme.id}, set(), set()]
    assert (proposal.state, proposal.theme_id, proposal.by_id) == (ProposalState.ACCEPTED, theme.id, coach.id)
    assert (change(world, theme).row.kind, change(world, theme).row.after["confirmed"]) == (ChangeKind.CREATED, 2)
    assert looked(world, coach, subjects).groups == (), "the rest is too small"
    theme_undo.undo(world.session, change_id=made.change_id, by=coach)
    assert themes_of(world, parking[0]) == set(), "the label stays and counts for nothing"
    word = persons_word(world.session, feedback_id=parking[0], theme_id=key(theme.id))
    assert word is not None
    assert word.applies
    assert open_ones(world) == [proposal]
    theme_undo.redo(world.session, change_id=made.change_id, by=coach)
    assert themes_of(world, parking[0]) == {theme.id}
    assert (proposal.state, proposal.theme_id) == (ProposalState.ACCEPTED, theme.id)


def test_what_a_person_may_tick(world: World, coach: Person, subjects: Subjects) -> None:
    parking, elsewhere = comments(world, "Parkki", 3), comments(world, "Sauna", 1)
    looked(world, coach, subjects)
    number = key(open_ones(world)[0].id)
    with pytest.raises(BadInput, match="does not belong"):
        theme_proposal_answers.accept(
            world.session, proposal_id=number, names=NAMES, confirmed=[*parking, *elsewhere], by=coach
        )
    world.session.rollback()
    near = validated(Person, code="near", name="Lähellä", role=Role.COACH, unit_id=world.station.id)
    world.session.add(near)
    world.session.commit()
    (proposal,) = open_ones(world)
    assert theme_proposals.quotes_of(world.session, proposal, by=near, limit=5) == []
    shown = theme_proposals.quotes_of(world.session, proposal, by=coach, limit=2)
    assert [quote.feedback.id for quote in shown] == parking[:2]
    with pytest.raises(NotAllowed):
        theme_proposal_answers.accept(world.session, proposal_id=number, names=NAMES, confirmed=parking, by=near)
    world.session.rollback()
    with pytest.raises(BadInput, match="name"):
        theme_proposal_answers.accept(
            world.session, proposal_id=number, names={**NAMES, "sv": ""}, confirmed=parking, by=coach
        )


def test_an_erased_comment_is_neither_shown_nor_labelled(world: World, coach: Person, subjects: Subjects) -> None:
    parking = comments(world, "Parkki", 4)
    looked(world, coach, subjects)
    (proposal,) = open_ones(world)
    world.session.delete(world.session.get_one(Feedback, parking[0]))
    world.session.get_one(Feedback, parking[1]).text = None
    world.session.commit()
    shown = theme_proposals.quotes_of(world.session, proposal, by=coach, limit=5)
    assert [quote.feedback.id for quote in shown] == parking[2:]
    made = theme_proposal_answers.accept(
        world.session, proposal_id=key(proposal.id), names=NAMES, confirmed=parking, by=coach
    )
    assert made.labelled == 2


def test_a_proposal_joins_a_theme_there_is_and_parts_from_it(world: World, coach: Person, subjects: Subjects) -> None:
    parking = comments(world, "Parkki", 4)
    looked(world, coach, subjects)
    (proposal,) = open_ones(world)
    made = theme_proposal_answers.join(
        world.session,
        proposal_id=key(proposal.id),
        theme_id=key(world.phone.id),
        keywords=["parkki", "puhelin"],
        confirmed=parking[:1],
        by=coach,
    )
    assert world.phone.keywords == ["puhelin", "parkki"]
    assert themes_of(world, parking[0]) == {world.phone.id}
    assert (proposal.state, change(world, world.phone).row.kind) == (ProposalState.JOINED, ChangeKind.REWORDED)
    theme_undo.undo(world.session, change_id=made.change_id, by=coach)
    assert (world.phone.keywords, open_ones(world)) == (["puhelin"], [proposal])
    assert persons_word(world.session, feedback_id=parking[0], theme_id=key(world.phone.id)) is None
    theme_undo.redo(world.session, change_id=made.change_id, by=coach)
    assert themes_of(world, parking[0]) == {world.phone.id}
    assign_by_hand(world.session, feedback_id=parking[0], theme_id=key(world.phone.id), applies=False, by=coach)
    theme_undo.undo(world.session, change_id=made.change_id, by=coach)
    word = persons_word(world.session, feedback_id=parking[0], theme_id=key(world.phone.id))
    assert word is not None
    assert not word.applies, "what was said since stays"


def test_a_theme_is_split_and_made_whole(world: World, coach: Person, subjects: Subjects) -> None:
    sauna, parking = comments(world, "Sauna", 4), comments(world, "Parkki", 3)
    about(world, [*sauna, *parking], world.phone)
    comments(world, "Puhelin", 3)
    looked(world, coach, subjects)
    assert looked(world, coach, subjects, world.phone).comments == 7
    assert [(row.label, row.theme_id) for row in open_ones(world)] == [
        ("Sauna", world.phone.id),
        ("Parkki", world.phone.id),
        ("Puhelin", None),
    ]
    made = theme_proposal_answers.accept(
        world.session, proposal_id=key(open_ones(world)[1].id), names=NAMES, confirmed=parking[:2], by=coach
    )
    line = change(world, made.theme).row
    assert (line.kind, line.before) == (ChangeKind.SPLIT, {"within_theme_id": world.phone.id})
    assert [themes_of(world, n) for n in parking] == [{made.theme.id}, {made.theme.id}, {world.phone.id}]
    theme_undo.undo(world.session, change_id=made.change_id, by=coach)
    assert [themes_of(world, number) for number in parking] == [{world.phone.id}] * 3
    assert [row.label for row in open_ones(world)] == ["Sauna", "Parkki", "Puhelin"]
    theme_undo.redo(world.session, change_id=made.change_id, by=coach)
    assert themes_of(world, parking[0]) == {made.theme.id}


def test_a_group_dismissed_within_a_theme_may_still_be_one_without_it(
    world: World, coach: Person, subjects: Subjects
) -> None:
    parking = comments(world, "Parkki", 3)
    about(world, parking, world.phone)
    looked(world, coach, subjects, world.phone)
    theme_proposal_answers.dismiss(world.session, proposal_id=key(open_ones(world)[0].id), by=coach)
    assert looked(world, coach, subjects, world.phone).judged_before == 1
    theme_curation.retire(world.session, theme_id=key(world.phone.id), by=coach)
    assert len(looked(world, coach, subjects).groups) == 1
    with pytest.raises(Conflict, match="not in use"):
        looked(world, coach, subjects, world.phone)


def test_a_proposal_says_which_theme_it_lies_near(world: World, coach: Person, subjects: Subjects) -> None:
    about(world, comments(world, "Puhelin ja parkki", 6), world.phone)
    about(world, comments(world, "Sauna", 6), world.praise)
    comments(world, "Parkki", 6)
    looked(world, coach, subjects, world.phone), looked(world, coach, subjects, world.praise)
    looked(world, coach, subjects)
    near = nearest(world.session, open_ones(world))
    named = {(row.label, row.theme_id): near.get(key(row.id)) for row in open_ones(world)}
    assert named[("Parkki", None)] == world.phone
    assert named[("Sauna", world.praise.id)] is None, "the theme it is a part of is not told"


def test_a_theme_without_comments_is_known_by_its_keywords(world: World, coach: Person, subjects: Subjects) -> None:
    comments(world, "Puhelin", 3)
    comments(world, "Sauna", 3)
    looked(world, coach, subjects)
    near = nearest(world.session, open_ones(world))
    assert {row.label: near.get(key(row.id)) for row in open_ones(world)} == {"Puhelin": world.phone, "Sauna": None}
    assert nearest(world.session, []) == {}


def test_only_those_who_keep_the_list_look_and_decide(world: World, coach: Person, subjects: Subjects) -> None:
    comments(world, "Parkki", 3)
    with pytest.raises(NotAllowed):
        looked(world, world.lead, subjects)
    looked(world, coach, subjects)
    number = key(open_ones(world)[0].id)
    with pytest.raises(NotAllowed):
        theme_proposal_answers.dismiss(world.session, proposal_id=number, by=world.lead)
    with pytest.raises(NotAllowed):
        theme_proposal_answers.join(world.session, proposal_id=number, theme_id=key(world.phone.id), by=world.leader)

"""What people make of a proposal, a theme, a part of one, or nothing, and the way back."""

from __future__ import annotations

import pytest

from models.base import validated
from models.feedback import Feedback
from models.people import Person, Role
from models.theme_curation import ChangeKind, ProposalState
from models.themes import Theme
from services import theme_history, theme_proposal_answers, theme_proposals, theme_undo
from services.errors import BadInput, NotAllowed
from services.rows import key
from services.theme_labels import assign_by_hand, persons_word
from tests.services.conftest import World
from tests.services.proposed_groups import (
    NAMES,
    Subjects,
    about,
    by_word,
    comments,
    looked,
    open_ones,
    stored_coach,
    themes_of,
)
from themes import discovery


@pytest.fixture
def coach(world: World) -> Person:
    return stored_coach(world)


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> Subjects:
    monkeypatch.setattr(discovery, "discover", by_word)
    return Subjects()


def change(world: World, theme: Theme) -> theme_history.Change:
    return theme_history.history(world.session, theme_id=key(theme.id))[0]


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

"""Proposals from comments without a theme: what is looked at, what is found, what does not come back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.people import Person
from models.text_models import TextEmbedding
from services import theme_curation, theme_proposal_answers, theme_proposals
from services.errors import Conflict
from services.rows import key
from services.theme_nearness import nearest
from tests.services.conftest import TODAY, World
from tests.services.proposed_groups import (
    Subjects,
    about,
    by_word,
    comments,
    looked,
    open_ones,
    stored_coach,
)
from themes import discovery


@pytest.fixture
def coach(world: World) -> Person:
    return stored_coach(world)


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> Subjects:
    monkeypatch.setattr(discovery, "discover", by_word)
    return Subjects()


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

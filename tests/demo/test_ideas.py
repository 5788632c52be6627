"""The staff's ideas, votes and thanks in the demo county: as county.json has them, dated before the demo's day."""

from __future__ import annotations

from sqlmodel import Session, select

from models.ideas import Idea, IdeaStatus, IdeaVote, Thanks
from models.people import Person
from models.pilots import Pilot
from services.demo.county import load_county
from services.permissions import MATRIX, May
from services.rows import get
from tests.databases import DEMO_TODAY


def test_every_proposal_is_an_idea_of_its_proposer(demo_session: Session) -> None:
    stated = {(row.user, row.text["fi"]) for row in load_county().staff_proposals}
    ideas = demo_session.exec(select(Idea)).all()
    assert {(get(demo_session, Person, idea.by_id).code, idea.words) for idea in ideas} == stated
    assert all(idea.is_demo and idea.theme_id for idea in ideas)


def test_ideas_are_answered_after_they_came_and_before_today(demo_session: Session) -> None:
    ideas = demo_session.exec(select(Idea)).all()
    assert {idea.status for idea in ideas} == {IdeaStatus.OPEN, IdeaStatus.TRIED, IdeaStatus.DECLINED}
    for idea in ideas:
        assert idea.at.date() < DEMO_TODAY
        if idea.answered_at is not None:
            assert idea.at < idea.answered_at
            assert idea.answered_at.date() < DEMO_TODAY
    (tried,) = [idea for idea in ideas if idea.status is IdeaStatus.TRIED]
    pilot = get(demo_session, Pilot, tried.pilot_id)
    assert pilot.unit_id == tried.unit_id
    assert tried.at < pilot.created_at, "the idea came before the pilot"


def test_only_people_who_may_vote_have_voted_and_the_best_liked_stays_the_best_liked(demo_session: Session) -> None:
    stated = {row.text["fi"]: row.votes for row in load_county().staff_proposals}
    votes: dict[str, int] = {}
    for vote in demo_session.exec(select(IdeaVote)).all():
        person, idea = get(demo_session, Person, vote.person_id), get(demo_session, Idea, vote.idea_id)
        assert May.PROPOSE in MATRIX[person.role]
        assert person.id != idea.by_id
        assert vote.at.date() < DEMO_TODAY
        votes[idea.words] = votes.get(idea.words, 0) + 1
    assert sorted(votes, key=votes.__getitem__) == sorted(stated, key=stated.__getitem__)


def test_thanks_go_to_other_units_than_the_senders(demo_session: Session) -> None:
    thanks = demo_session.exec(select(Thanks)).all()
    assert len(thanks) >= 3
    for row in thanks:
        assert get(demo_session, Person, row.by_id).unit_id != row.unit_id
        assert row.at.date() < DEMO_TODAY
        if row.pilot_id is not None:
            assert get(demo_session, Pilot, row.pilot_id).unit_id == row.unit_id

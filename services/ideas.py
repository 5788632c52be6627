"""Ideas from the floor: proposing one, voting for it, answering it. Every one deserves an answer."""

from __future__ import annotations

from sqlmodel import Session, select

from models.base import now, validated
from models.ideas import Idea, IdeaStatus, IdeaVote
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from services import given
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.i18n import N_
from services.permissions import May, require
from services.rows import get, key

LONGEST = 300
"""Characters of an idea, and of an answer to one: a sentence or two."""
LONGEST_STORED = 1000
"""With what stands in place of names."""


def propose(session: Session, *, unit_id: int, words: str, by: Person, theme_id: int | None = None) -> Idea:
    """Store a new idea; personal data in it is removed first.

    Args:
        session: A writing session.
        unit_id: The unit that would try it.
        words: What could be tried, in a sentence.
        by: Who proposes.
        theme_id: The theme of feedback it answers, if any.

    Raises:
        BadInput: It says nothing or too much, or the unit only groups others.
        NotAllowed: The person may not propose in the unit.
    """
    require(session, by, May.PROPOSE, unit_id=unit_id)
    if not get(session, Unit, unit_id).takes_pilots:
        raise BadInput("Choose the unit that would try the idea.", field="unit")
    theme = get(session, Theme, theme_id) if theme_id is not None else None
    idea = validated(
        Idea,
        unit_id=unit_id,
        theme_id=None if theme is None else theme.merged_into_id or theme.id,
        words=_cleaned(words, N_("Say your idea in a sentence."), field="words"),
        by_id=by.id,
        is_demo=by.is_demo,
    )
    session.add(idea)
    session.commit()
    return idea


def vote(session: Session, *, idea_id: int, by: Person) -> None:
    """Say "I would try this too"; saying it again changes nothing.

    Raises:
        Conflict: The idea has been answered, or is one's own.
        NotAllowed: The person may not vote.
    """
    idea = _locked(session, idea_id)
    require(session, by, May.PROPOSE)
    _must_be_open(idea)
    if idea.by_id == by.id:
        raise Conflict("This is your own idea, so your vote is in it already.")
    if session.get(IdeaVote, (idea_id, key(by.id))) is None:
        session.add(IdeaVote(idea_id=idea_id, person_id=key(by.id)))
    session.commit()


def take_back_vote(session: Session, *, idea_id: int, by: Person) -> None:
    """Take one's vote back; without one nothing changes.

    Raises:
        NotAllowed: The person may not vote.
    """
    _locked(session, idea_id)
    require(session, by, May.PROPOSE)
    given = session.get(IdeaVote, (idea_id, key(by.id)))
    if given is not None:
        session.delete(given)
    session.commit()


def mark_tried(session: Session, *, idea_id: int, pilot_id: int, by: Person) -> None:
    """The idea has become a pilot: called when a pilot was registered from it, after the pilot is stored.

    Args:
        session: A writing session; it is committed here.
        idea_id: The idea.
        pilot_id: The pilot that tries it.
        by: Who registered the pilot.

    Raises:
        Conflict: The idea has been answered otherwise.
        NotAllowed: The person may not answer the ideas of its unit.
    """
    idea = _locked(session, idea_id)
    require(session, by, May.ANSWER_IDEAS, unit_id=idea.unit_id)
    _must_be_open(idea)
    get(session, Pilot, pilot_id)
    idea.pilot_id = pilot_id
    _answer(session, idea, IdeaStatus.TRIED, "", by)


def solve(session: Session, *, idea_id: int, done: str, by: Person) -> None:
    """Say that the idea was done on the spot, without a pilot, and what was done.

    Raises:
        BadInput: It is not said what was done.
        Conflict: The idea has been answered.
        NotAllowed: The person may not answer the ideas of its unit.
    """
    idea = _locked(session, idea_id)
    require(session, by, May.ANSWER_IDEAS, unit_id=idea.unit_id)
    _must_be_open(idea)
    _answer(
        session, idea, IdeaStatus.SOLVED, _cleaned(done, N_("Say in a sentence what was done."), field="answer"), by
    )


def decline(session: Session, *, idea_id: int, reason: str, by: Person) -> None:
    """Say that the idea is not tried now, and why.

    Raises:
        BadInput: There is no reason.
        Conflict: The idea has been answered.
        NotAllowed: The person may not answer the ideas of its unit.
    """
    idea = _locked(session, idea_id)
    require(session, by, May.ANSWER_IDEAS, unit_id=idea.unit_id)
    _must_be_open(idea)
    why = _cleaned(reason, N_("Say why: whoever proposed it reads your reason."), field="answer")
    _answer(session, idea, IdeaStatus.DECLINED, why, by)


def withdraw(session: Session, *, idea_id: int, by: Person) -> None:
    """Take one's own idea back as long as nobody has answered it.

    Raises:
        Conflict: The idea has been answered.
        NotAllowed: It is somebody else's.
    """
    idea = _locked(session, idea_id)
    require(session, by, May.PROPOSE)
    if idea.by_id != by.id:
        raise NotAllowed("Only the person who proposed an idea can take it back.")
    _must_be_open(idea)
    idea.status = IdeaStatus.WITHDRAWN
    session.add(idea)
    session.commit()


def reopen(session: Session, *, idea_id: int, by: Person) -> None:
    """Undo an answer, or the taking back of one's own idea: it is open again with the votes it had.

    Raises:
        Conflict: It is open already, or a pilot tries it.
        NotAllowed: The person may neither answer the ideas of its unit nor took it back.
    """
    idea = _locked(session, idea_id)
    if idea.status is IdeaStatus.WITHDRAWN:
        require(session, by, May.PROPOSE)
        if idea.by_id != by.id:
            raise NotAllowed("Only the person who proposed an idea can take it back.")
    else:
        require(session, by, May.ANSWER_IDEAS, unit_id=idea.unit_id)
    if idea.status is IdeaStatus.OPEN:
        raise Conflict("This idea is open already.")
    if idea.status is IdeaStatus.TRIED:
        raise Conflict("A pilot tries this idea, so its answer stands.")
    idea.status, idea.answer, idea.answered_by_id, idea.answered_at = IdeaStatus.OPEN, "", None, None
    session.add(idea)
    session.commit()


def _locked(session: Session, idea_id: int) -> Idea:
    """The idea, kept for this transaction where the engine can, so that two answers or votes do not meet."""
    idea = session.exec(select(Idea).where(Idea.id == idea_id).with_for_update()).first()
    if idea is None:
        raise NotFound("There is no {what} with the number {id}.", what="idea", id=idea_id)
    return idea


def _must_be_open(idea: Idea) -> None:
    if idea.status is not IdeaStatus.OPEN:
        raise Conflict("This idea has been answered since you opened it. Look at the answer first.")


def _answer(session: Session, idea: Idea, status: IdeaStatus, answer: str, by: Person) -> None:
    idea.status, idea.answer, idea.answered_by_id, idea.answered_at = status, answer, by.id, now()
    session.add(idea)
    session.commit()


def _cleaned(text: str, when_blank: str, *, field: str) -> str:
    """A sentence without personal data.

    Raises:
        BadInput: It is blank or too long.
    """
    text = " ".join(given.clean(text).split())
    if not text:
        raise BadInput(when_blank, field=field)
    if len(text) > LONGEST:
        raise BadInput(
            "That is {length} characters; a sentence of at most {most} will do.",
            field=field,
            length=len(text),
            most=LONGEST,
        )
    return given.words(text, most=LONGEST_STORED, field=field)

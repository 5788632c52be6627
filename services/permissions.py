"""Who may do what. Every page and every service asks here."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from sqlmodel import Session

from models.audit_trail import Acting, acts
from models.people import Person, Role
from services.errors import NotAllowed
from services.organisation import all_units, subtree_ids


class May(enum.StrEnum):
    """One thing a person can be allowed to do."""

    SEE_FEEDBACK = "see_feedback"
    SEE_PILOTS = "see_pilots"
    IMPORT = "import"
    LABEL = "label"
    CURATE = "curate"
    REGISTER = "register"
    LOG = "log"
    EVALUATE = "evaluate"
    DECIDE = "decide"
    APPROVE = "approve"
    WRITE_STORY = "write_story"
    APPROVE_STORY = "approve_story"
    PROPOSE = "propose"
    ANSWER_IDEAS = "answer_ideas"
    WALK = "walk"
    MEET = "meet"
    EXPORT = "export"
    ADMINISTER = "administer"


_SEE = {May.SEE_FEEDBACK, May.SEE_PILOTS}
MATRIX: dict[Role, frozenset[May]] = {
    Role.STAFF: frozenset({*_SEE, May.LOG, May.PROPOSE, May.WALK}),
    Role.TEAM_LEAD: frozenset(
        {
            *_SEE,
            May.LOG,
            May.IMPORT,
            May.LABEL,
            May.REGISTER,
            May.EVALUATE,
            May.WRITE_STORY,
            May.PROPOSE,
            May.ANSWER_IDEAS,
            May.WALK,
        }
    ),
    Role.COACH: frozenset(
        {
            *_SEE,
            May.IMPORT,
            May.LABEL,
            May.CURATE,
            May.REGISTER,
            May.EVALUATE,
            May.WRITE_STORY,
            May.APPROVE_STORY,
            May.PROPOSE,
            May.ANSWER_IDEAS,
            May.WALK,
            May.EXPORT,
        }
    ),
    Role.AREA_DIRECTOR: frozenset(
        {
            *_SEE,
            May.EVALUATE,
            May.DECIDE,
            May.APPROVE,
            May.APPROVE_STORY,
            May.WRITE_STORY,
            May.PROPOSE,
            May.WALK,
            May.MEET,
            May.EXPORT,
        }
    ),
    Role.LEADERSHIP: frozenset(
        {
            *_SEE,
            May.EVALUATE,
            May.DECIDE,
            May.APPROVE,
            May.APPROVE_STORY,
            May.PROPOSE,
            May.WALK,
            May.MEET,
            May.EXPORT,
        }
    ),
    Role.TRUSTEE: frozenset({May.SEE_PILOTS}),
    Role.ANALYST: frozenset({*_SEE, May.EXPORT}),
    Role.ADMIN: frozenset({*_SEE, May.IMPORT, May.LABEL, May.CURATE, May.EVALUATE, May.EXPORT, May.ADMINISTER}),
    Role.API_CLIENT: frozenset({May.IMPORT}),
}


def current(session: Session, person: Person | None) -> Person | None:
    """A person as the record has them now; None when it has them no longer."""
    return session.get(Person, person.id) if person is not None and person.id is not None else None


def reach(session: Session, person: Person) -> frozenset[int] | None:
    """Units a person's role reaches: None for the whole county, else the unit and all below it."""
    person = current(session, person) or person
    if person.unit_id is None:
        return None
    return subtree_ids(all_units(session), person.unit_id)


def allowed(session: Session, person: Person | None, may: May, *, unit_id: int | None = None) -> bool:
    """Whether a person may do something, in a unit when one is named.

    Pilots can be seen by everyone who may see any; all else stays within the person's reach. Their role and unit are
    the record's, not what a page that lay open remembers.
    """
    person = current(session, person)
    if person is None or not person.active or may not in MATRIX[person.role]:
        return False
    if unit_id is None or may is May.SEE_PILOTS:
        return True
    units = reach(session, person)
    return units is None or unit_id in units


def require(session: Session, person: Person | None, may: May, *, unit_id: int | None = None) -> Person:
    """The person, if allowed; what the session changes from here on, the audit trail says they did.

    Raises:
        NotAllowed: The role or its reach does not cover this.
    """
    person = current(session, person)
    if person is None or not allowed(session, person, may, unit_id=unit_id):
        raise NotAllowed("Your role does not allow this here.")
    acts(session, Acting.of(person, may.value))
    return person


def permitted(session: Session, by: Person | None, may: May, *, unit_id: int | None = None) -> Person | None:
    """The person, if allowed; None where nobody asks: the operator at the terminal, or a timer.

    Raises:
        NotAllowed: There is a person, and their role or its reach does not cover this.
    """
    return require(session, by, may, unit_id=unit_id) if by is not None else None


def require_any(session: Session, person: Person | None, *ways: tuple[May, int | None]) -> Person:
    """The person, if one of several rights allows it; the first that does is what the audit trail names.

    Args:
        session: The caller's session.
        person: Who asks.
        ways: Rights, each with the unit it is needed in, if any.

    Raises:
        NotAllowed: None of them does.
    """
    for may, unit_id in ways:
        if allowed(session, person, may, unit_id=unit_id):
            return require(session, person, may, unit_id=unit_id)
    raise NotAllowed("Your role does not allow this here.")


def require_within(session: Session, person: Person, unit_ids: Iterable[int]) -> None:
    """Units that somebody names beside the one they act in.

    Raises:
        NotAllowed: One of them is outside the person's reach.
    """
    units = reach(session, person)
    if units is not None and not units.issuperset(unit_ids):
        raise NotAllowed("Some of these units are not yours. Ask somebody whose role reaches them.")

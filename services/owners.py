"""People who can own a pilot, a scale-up or a decision's follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.people import Person, Role
from services.errors import BadInput
from services.rows import get

_READ_ONLY = (Role.TRUSTEE, Role.ANALYST, Role.API_CLIENT, Role.ADMIN)


def possible_owners(session: Session) -> Sequence[Person]:
    """Active people whose role can carry something through, by name."""
    query = select(Person).where(col(Person.active), col(Person.role).not_in(_READ_ONLY))
    return session.exec(query.order_by(Person.name)).all()


def able_owner(session: Session, person_id: int) -> Person:
    """Somebody named to carry something through.

    Raises:
        BadInput: They only read, or are not here any more.
        NotFound: There is no such person.
    """
    person = get(session, Person, person_id)
    if not person.active or person.role in _READ_ONLY:
        raise BadInput("{name} cannot carry this through. Choose somebody else.", field="owner", name=person.name)
    return person

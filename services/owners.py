"""People who can own a pilot, a scale-up or a decision's follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.people import Person, Role

_READ_ONLY = (Role.TRUSTEE, Role.ANALYST, Role.API_CLIENT, Role.ADMIN)


def possible_owners(session: Session) -> Sequence[Person]:
    """Active people whose role can carry something through, by name."""
    query = select(Person).where(col(Person.active), col(Person.role).not_in(_READ_ONLY))
    return session.exec(query.order_by(Person.name)).all()

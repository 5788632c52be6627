"""Who can be the second person behind a decision against the recommendation."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.people import Person
from services.permissions import May, allowed


def approvers(session: Session, *, unit_id: int, besides: int | None) -> list[Person]:
    """People who may approve a decision on a unit's pilots, by name.

    Args:
        session: Reads the record.
        unit_id: The pilot's unit.
        besides: The person who decided, who cannot be the second one.
    """
    people = session.exec(select(Person).where(col(Person.active)).order_by(col(Person.name))).all()
    return [
        person for person in people if person.id != besides and allowed(session, person, May.APPROVE, unit_id=unit_id)
    ]

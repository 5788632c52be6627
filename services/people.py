"""People who sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import validated
from models.people import Person, Role, Setting
from services.errors import BadInput

DEMO_MARK = "demo_county"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NO_SIGN_IN = (Role.API_CLIENT,)


def holds_demo(session: Session) -> bool:
    """Whether this database holds the invented county; only then may anyone pick a person to sign in as."""
    return session.get(Setting, DEMO_MARK) is not None


def demo_people(session: Session) -> Sequence[Person]:
    """Invented people to sign in as; none when the database holds a real county."""
    if not holds_demo(session):
        return []
    query = select(Person).where(col(Person.is_demo), col(Person.active), col(Person.role).not_in(_NO_SIGN_IN))
    return session.exec(query.order_by(col(Person.id))).all()


def signed_in(session: Session, person_id: int | None) -> Person | None:
    """The person behind a session, read afresh so that a changed role counts at once."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person if person is not None and person.active else None


def create_person(
    session: Session, *, code: str, name: str, role: str, unit_id: int | None = None, email: str | None = None
) -> Person:
    """Add a person.

    Raises:
        BadInput: The role does not exist, or needs a unit, a field is blank, too long or no text on one line, or the
            code or the address is taken.
    """
    if role not in list(Role):
        allowed = ", ".join(Role)
        raise BadInput("The role {role} is not one of {allowed}.", field="role", role=role, allowed=allowed)
    if role in (Role.STAFF, Role.TEAM_LEAD, Role.AREA_DIRECTOR) and unit_id is None:
        raise BadInput("A person with the role {role} needs a unit.", field="unit", role=role)
    code, name, email = code.strip(), name.strip(), (email or "").strip().lower() or None
    if not code or not name:
        raise BadInput("A person needs a user name and a name.", field="name")
    for field, value, most in (("code", code, 80), ("name", name, 200), ("email", email or "", 200)):
        if len(value) > most or not (value.isprintable() or not value):
            raise BadInput(
                "{value} cannot be used; allowed are at most {most} letters, digits and signs on one line.",
                field=field,
                value=repr(value[:40]),
                most=most,
            )
    if email and not _EMAIL.fullmatch(email):
        raise BadInput("{value} is not an e-mail address such as maija@example.fi.", field="email", value=email)
    if session.exec(select(Person).where(Person.code == code)).first() is not None:
        raise BadInput("There is already a person with the user name {code}.", field="code", code=code)
    if email and session.exec(select(Person).where(sa.func.lower(Person.email) == email)).first() is not None:
        raise BadInput("There is already a person with the e-mail address {email}.", field="email", email=email)
    person = validated(Person, code=code, name=name, role=role, unit_id=unit_id, email=email)
    session.add(person)
    session.commit()
    return person

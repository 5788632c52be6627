"""People who sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import validated
from models.people import Person, Role, Setting
from services.errors import BadInput

DEMO_MARK = "demo_county"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NO_SIGN_IN = (Role.API_CLIENT,)
NEED_A_UNIT = (Role.STAFF, Role.TEAM_LEAD, Role.AREA_DIRECTOR)
"""Roles that mean nothing without a unit."""


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


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was typed about a person, found good.

    Attributes:
        code: User name.
        name: Name.
        role: Role.
        email: Address in lower case; "" for none.
    """

    code: str
    name: str
    role: Role
    email: str


def create_person(
    session: Session,
    *,
    code: str,
    name: str,
    role: str,
    unit_id: int | None = None,
    email: str | None = None,
    language: str | None = None,
) -> Person:
    """Add a person.

    Raises:
        BadInput: The role does not exist, or needs a unit, a field is blank, too long or no text on one line, or the
            code or the address is taken.
    """
    fields = checked(session, code=code, name=name, role=role, unit_id=unit_id, email=email)
    person = validated(
        Person,
        code=fields.code,
        name=fields.name,
        role=fields.role,
        unit_id=unit_id,
        email=fields.email or None,
        language=language,
    )
    session.add(person)
    session.commit()
    return person


def checked(
    session: Session,
    *,
    code: str,
    name: str,
    role: str,
    unit_id: int | None,
    email: str | None,
    besides: int | None = None,
) -> Checked:
    """What is typed about a person, checked at the door.

    Args:
        session: A session.
        code: User name.
        name: Name.
        role: Role.
        unit_id: The unit the role is limited to.
        email: Address.
        besides: The person themselves, who may keep what they have.

    Raises:
        BadInput: As in `create_person`.
    """
    if role not in list(Role):
        allowed = ", ".join(Role)
        raise BadInput("The role {role} is not one of {allowed}.", field="role", role=role, allowed=allowed)
    if role in NEED_A_UNIT and unit_id is None:
        raise BadInput("A person with the role {role} needs a unit.", field="unit", role=role)
    code, name, email = code.strip(), name.strip(), (email or "").strip().lower()
    if not code or not name:
        raise BadInput("A person needs a user name and a name.", field="name")
    for field, value, most in (("code", code, 80), ("name", name, 200), ("email", email, 200)):
        if len(value) > most or not (value.isprintable() or not value):
            raise BadInput(
                "{value} cannot be used; allowed are at most {most} letters, digits and signs on one line.",
                field=field,
                value=repr(value[:40]),
                most=most,
            )
    if email and not _EMAIL.fullmatch(email):
        raise BadInput("{value} is not an e-mail address such as maija@example.fi.", field="email", value=email)
    others = select(Person).where(col(Person.id) != besides) if besides is not None else select(Person)
    if session.exec(others.where(Person.code == code)).first() is not None:
        raise BadInput("There is already a person with the user name {code}.", field="code", code=code)
    if email and session.exec(others.where(sa.func.lower(Person.email) == email)).first() is not None:
        raise BadInput("There is already a person with the e-mail address {email}.", field="email", email=email)
    return Checked(code=code, name=name, role=Role(role), email=email)


@dataclass(frozen=True, kw_only=True)
class Found:
    """People found.

    Attributes:
        people: The first of them, by name.
        total: How many there are.
    """

    people: Sequence[Person]
    total: int


def search(session: Session, words: str, *, active_only: bool, first: int, most: int) -> Found:
    """People whose name, user name or address holds every word, whatever the case of its letters.

    Args:
        session: A reading session.
        words: What is looked for; blank finds everybody.
        active_only: Whether closed accounts are left out.
        first: How many are skipped.
        most: How many are returned.
    """
    rows = session.exec(select(Person).order_by(Person.name, col(Person.id))).all()
    asked = words.lower().split()
    found = [
        person
        for person in rows
        if (person.active or not active_only)
        and all(word in f"{person.name} {person.code} {person.email or ''}".lower() for word in asked)
    ]
    return Found(people=found[first : first + most], total=len(found))

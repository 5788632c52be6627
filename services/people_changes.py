"""What an administrator does about people. Nobody can take their own right away, so one administrator always stays."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import LANGUAGES
from models.organisation import Unit
from models.people import Person, Role
from models.sessions import SessionEnd, SignInIdentity
from services import audit, people, sessions
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key


def add(
    session: Session,
    *,
    code: str,
    name: str,
    role: str,
    by: Person,
    unit_id: int | None = None,
    email: str | None = None,
    language: str | None = None,
) -> Person:
    """Add a person; they sign in with the address.

    Raises:
        BadInput: As in `people.create_person`, or there is no such language.
        Conflict: The unit is closed.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    _open_unit(session, unit_id)
    if role == Role.API_CLIENT:
        raise BadInput("A machine user is made with its key, not here.", field="role")
    return people.create_person(
        session, code=code, name=name, role=role, unit_id=unit_id, email=email, language=_language(language)
    )


def change(
    session: Session,
    *,
    person_id: int,
    name: str,
    role: str,
    by: Person,
    now: dt.datetime,
    unit_id: int | None = None,
    email: str | None = None,
    language: str | None = None,
) -> Person:
    """Change what is known of a person. A role and a unit count from their next click on.

    Another address means another sign-in: whoever was signed in by the old one is signed out.

    Raises:
        BadInput: As in `add`.
        Conflict: The unit is closed, the last administrator would be none, or a machine user would be a person.
        NotAllowed: Somebody else than an administrator asks.
    """
    by = require(session, by, May.ADMINISTER)
    person = get(session, Person, person_id)
    if (person.role is Role.API_CLIENT) != (role == Role.API_CLIENT):
        raise Conflict("A machine user stays one, and a person stays a person.")
    if unit_id != person.unit_id:
        _open_unit(session, unit_id)
    if person.role is Role.ADMIN and role != Role.ADMIN:
        _still_administered(session, person, by)
    fields = people.checked(
        session, code=person.code, name=name, role=role, unit_id=unit_id, email=email, besides=person.id
    )
    if fields.email != (person.email or "").lower():
        _signs_in_anew(session, person, now)
    person.name, person.email, person.role = fields.name, fields.email or None, fields.role
    person.unit_id, person.language = unit_id, _language(language)
    session.add(person)
    session.commit()
    return person


def deactivate(session: Session, *, person_id: int, by: Person, now: dt.datetime) -> Person:
    """Close somebody's account: they are signed out at once, and what they did stays in the record.

    Raises:
        Conflict: It is one's own, or the last administrator's.
        NotAllowed: Somebody else than an administrator asks.
    """
    by = require(session, by, May.ADMINISTER)
    person = get(session, Person, person_id)
    if person.active:
        _still_administered(session, person, by)
        person.active = False
        session.add(person)
        sessions.end_all(session, person_id=person_id, because=SessionEnd.DEACTIVATED, now=now)
    session.commit()
    return person


def reactivate(session: Session, *, person_id: int, by: Person) -> Person:
    """Open a closed account again.

    Raises:
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    person = get(session, Person, person_id)
    person.active = True
    session.add(person)
    session.commit()
    return person


def end_sessions(session: Session, *, person_id: int, by: Person, now: dt.datetime) -> int:
    """Sign a person out everywhere.

    Returns:
        How many sessions were open.

    Raises:
        NotAllowed: Somebody else than an administrator asks.
    """
    by = require(session, by, May.ADMINISTER)
    person = get(session, Person, person_id)
    ended = sessions.end_all(session, person_id=person_id, because=SessionEnd.ENDED_BY_ADMIN, now=now)
    audit.note(
        session,
        by=by,
        action="end_sessions",
        subject="person",
        key=str(key(person.id)),
        detail={"ended": ended},
        right=May.ADMINISTER,
    )
    session.commit()
    return ended


def know_anew(session: Session, *, person_id: int, by: Person, now: dt.datetime) -> None:
    """Forget what the sign-in service calls a person: their next sign-in is known by its address again.

    Raises:
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    _signs_in_anew(session, get(session, Person, person_id), now)
    session.commit()


def _signs_in_anew(session: Session, person: Person, now: dt.datetime) -> None:
    for identity in session.exec(select(SignInIdentity).where(SignInIdentity.person_id == person.id)):
        session.delete(identity)
    sessions.end_all(session, person_id=key(person.id), because=SessionEnd.IDENTITY_CHANGED, now=now)


def _still_administered(session: Session, person: Person, by: Person) -> None:
    """After a person is no administrator any more there must be another, and it is never oneself who leaves."""
    if person.id == by.id:
        raise Conflict("You cannot take away your own right to administer. Ask another administrator.")
    if person.role is not Role.ADMIN:
        return
    others = select(sa.func.count()).where(col(Person.active), Person.role == Role.ADMIN, col(Person.id) != person.id)
    if session.exec(others).one() == 0:
        raise Conflict("Somebody has to administer Luotsi. Make another person administrator first.")


def _open_unit(session: Session, unit_id: int | None) -> None:
    if unit_id is not None and get(session, Unit, unit_id).closed_on is not None:
        raise Conflict("The unit is closed. Choose one that is open.")


def _language(language: str | None) -> str | None:
    if language and language not in LANGUAGES:
        raise BadInput(
            "The language {language} is not one of {allowed}.", language=language, allowed=", ".join(LANGUAGES)
        )
    return language or None

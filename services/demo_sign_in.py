"""Signing in as an invented person, where the record holds the demo county and no sign-in service is configured.

Anyone may sign in as anyone there. What the browser keeps names a session on the server, as everywhere else: the page
hands it a ticket, which it exchanges once, and soon, for a cookie that no script can read.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.people import Person
from models.sessions import SignInKind, SignInSession
from services import audit, sessions
from services.errors import NotAllowed
from services.people import demo_people
from services.rows import key
from services.sign_in_settings import SignInSettings

COOKIE = "luotsi_session"
TICKET_LIFE = dt.timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Picked:
    """Somebody was picked.

    Attributes:
        session_id: The session on the server.
        ticket: What the browser exchanges for its cookie.
    """

    session_id: int
    ticket: str


def offered(session: Session, settings: SignInSettings) -> Sequence[Person]:
    """The people one can sign in as; none in a real county, and none where there is a sign-in service."""
    return demo_people(session) if settings.oidc is None else []


def pick(session: Session, settings: SignInSettings, *, person_id: int, now: dt.datetime) -> Picked:
    """Start a session as an invented person.

    Raises:
        NotAllowed: There is no such person, or people are not picked here.
    """
    person = next((person for person in offered(session, settings) if person.id == person_id), None)
    if person is None:
        raise NotAllowed("Nobody can be picked here to sign in as.")
    ticket = secrets.token_urlsafe(32)
    row = sessions.begin(
        session,
        person_id=person_id,
        kind=SignInKind.DEMO,
        settings=settings,
        now=now,
        token_hash=sessions.hashed(_as_ticket(ticket)),
    )
    number = key(row.id)
    audit.note(session, by=person, action="sign_in", subject="session", detail={"how": "demo"}, key=str(number))
    session.commit()
    return Picked(session_id=number, ticket=ticket)


def valid(session: Session, settings: SignInSettings, ticket: str, *, now: dt.datetime) -> bool:
    """Whether a ticket can be exchanged."""
    return _of_ticket(session, settings, ticket, now) is not None


def exchange(session: Session, settings: SignInSettings, ticket: str, *, now: dt.datetime) -> str | None:
    """The cookie's value for a valid ticket; None when it is made up, too old, or was exchanged before."""
    row = _of_ticket(session, settings, ticket, now)
    if row is None:
        return None
    token = secrets.token_urlsafe(32)
    row.token_hash = sessions.hashed(token)
    session.add(row)
    session.commit()
    return token


def remembered(
    session: Session, settings: SignInSettings, cookie: str | None, *, now: dt.datetime
) -> SignInSession | None:
    """The session that a browser's cookie names, if it still counts."""
    if not cookie or cookie.startswith(_as_ticket("")):
        return None
    return sessions.of_token(session, cookie, settings=settings, now=now)


def _of_ticket(session: Session, settings: SignInSettings, ticket: str, now: dt.datetime) -> SignInSession | None:
    row = sessions.of_token(session, _as_ticket(ticket), settings=settings, now=now)
    return row if row is not None and now - row.started_at <= TICKET_LIFE else None


def _as_ticket(text: str) -> str:
    """A ticket as it is stored, so that it is no cookie: a browser that keeps one is not signed in by it."""
    return f"ticket:{text}"

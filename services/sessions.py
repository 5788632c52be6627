"""Sessions on the server: who is signed in, until when, and who ended it. The cookie in a browser only names one."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.people import Person
from models.sessions import SessionEnd, SignInKind, SignInSession
from services import audit
from services.errors import NotAllowed
from services.people import holds_demo, signed_in
from services.rows import get, key
from services.sign_in_settings import SignInSettings

SEEN_EVERY = dt.timedelta(minutes=1)
"""How exactly it is known when somebody was last there: a busy page writes no more often than this."""
KEPT = dt.timedelta(days=90)
"""How long rows of sessions that are over stay, for those who look into a sign-in."""


def hashed(token: str) -> str:
    """What is stored of a cookie's token, which is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session,
    *,
    person_id: int | None,
    kind: SignInKind,
    settings: SignInSettings,
    now: dt.datetime,
    token_hash: str | None = None,
) -> SignInSession:
    """A new session, or the row of a refused sign-in when it is nobody's; the caller commits."""
    row = SignInSession(
        person_id=person_id,
        kind=kind,
        token_hash=token_hash,
        started_at=now,
        seen_at=now,
        until=now + settings.longest,
        ended_at=None if person_id is not None else now,
        ended_because=None if person_id is not None else SessionEnd.REFUSED,
    )
    session.add(row)
    session.flush()
    return row


def stands(row: SignInSession, *, settings: SignInSettings, now: dt.datetime) -> bool:
    """Whether a session still counts: not ended, idle or old, and of the way to sign in that is set up.

    >>> at = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    >>> one = dict(kind=SignInKind.DEMO, started_at=at, seen_at=at, until=at + dt.timedelta(hours=12))
    >>> from services.sign_in_settings import load
    >>> [stands(SignInSession(**one), settings=load(), now=at + dt.timedelta(minutes=m)) for m in (59, 60)]
    [True, False]
    """
    offered = SignInKind.OIDC if settings.oidc is not None else SignInKind.DEMO
    return row.ended_at is None and row.kind is offered and now < row.until and now - row.seen_at < settings.idle


def alive(session: Session, session_id: int, *, settings: SignInSettings, now: dt.datetime) -> SignInSession | None:
    """The session with a number, if it still counts and its person does."""
    return _counted(session, session.get(SignInSession, session_id), settings, now)


def of_token(session: Session, token: str, *, settings: SignInSettings, now: dt.datetime) -> SignInSession | None:
    """The session that a cookie names, if it still counts and its person does."""
    found = session.exec(select(SignInSession).where(SignInSession.token_hash == hashed(token))).first()
    return _counted(session, found, settings, now)


def _counted(
    session: Session, row: SignInSession | None, settings: SignInSettings, now: dt.datetime
) -> SignInSession | None:
    if row is None or not stands(row, settings=settings, now=now):
        return None
    person = signed_in(session, row.person_id)
    if person is None or (row.kind is SignInKind.DEMO and not (person.is_demo and holds_demo(session))):
        return None
    return row


def require_alive(session: Session, session_id: int, *, settings: SignInSettings, now: dt.datetime) -> None:
    """Asked before anything is written for somebody whose page may have been open for long.

    Raises:
        NotAllowed: Their session is over.
    """
    if alive(session, session_id, settings=settings, now=now) is None:
        raise NotAllowed("Your session has ended. Sign in again.")


def seen(session: Session, session_id: int, *, now: dt.datetime) -> None:
    """Note that somebody is still there, unless that was noted within the last minute."""
    changed = sa.update(SignInSession).where(
        col(SignInSession.id) == session_id,
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.seen_at) <= now - SEEN_EVERY,
    )
    session.execute(changed.values(seen_at=now))
    session.commit()


def sign_out(session: Session, session_id: int, *, now: dt.datetime) -> None:
    """End a session, on every tab that it is open in; a second time changes nothing."""
    row = get(session, SignInSession, session_id)
    if row.ended_at is None:
        row.ended_at, row.ended_because = now, SessionEnd.SIGNED_OUT
        session.add(row)
        person = get(session, Person, row.person_id)
        audit.note(session, by=person, action="sign_out", subject="session", detail={}, key=str(key(row.id)))
    session.commit()


def end_all(session: Session, *, person_id: int, because: SessionEnd, now: dt.datetime) -> int:
    """End every session of a person; the caller commits.

    Returns:
        How many were open.
    """
    ended = sa.update(SignInSession).where(
        col(SignInSession.person_id) == person_id, col(SignInSession.ended_at).is_(None)
    )
    result: Any = session.execute(ended.values(ended_at=now, ended_because=because))
    return int(result.rowcount)


def open_now(session: Session, *, settings: SignInSettings, now: dt.datetime) -> dict[int, int]:
    """How many sessions people have open, by person."""
    query = (
        select(SignInSession.person_id, sa.func.count())
        .where(
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.until) > now,
            col(SignInSession.seen_at) > now - settings.idle,
            col(SignInSession.person_id).is_not(None),
        )
        .group_by(col(SignInSession.person_id))
    )
    return {person_id: count for person_id, count in session.exec(query) if person_id is not None}


def last_seen(session: Session) -> dict[int, dt.datetime]:
    """When people were last there, by person, as far as their sessions are kept."""
    query = (
        select(SignInSession.person_id, sa.func.max(SignInSession.seen_at))
        .where(col(SignInSession.person_id).is_not(None))
        .group_by(col(SignInSession.person_id))
    )
    return {person_id: at for person_id, at in session.exec(query) if person_id is not None}


def forget_old(session: Session, *, now: dt.datetime) -> int:
    """Delete the rows of sessions that were over long ago: a log of people is itself personal data.

    A cookie whose row is gone opens nothing: only a sign-in of this moment starts a session.

    Returns:
        How many went.
    """
    result: Any = session.execute(sa.delete(SignInSession).where(col(SignInSession.until) < now - KEPT))
    session.commit()
    return int(result.rowcount)

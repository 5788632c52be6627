"""Signing in through the county's own service (OpenID Connect): whom an identity belongs to, and which session is its.

The cookie that holds the identity lasts for 30 days and cannot be called back. So it opens nothing by itself: one
sign-in starts one session, once, at the moment of the sign-in; when that is over, only a new sign-in helps.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.people import Person, Role
from models.sessions import SessionEnd, SignInIdentity, SignInKind, SignInSession
from services import audit, sessions
from services.rows import get, key
from services.sign_in_settings import SignInSettings

FRESH = dt.timedelta(minutes=10)
"""How old a sign-in may be when it starts its session: a moment, and what two clocks may differ by."""
_OF_ONE_SIGN_IN = ("iss", "sub", "iat", "nonce", "at_hash", "jti", "sid")


class Refusal(enum.StrEnum):
    """Why somebody whom the sign-in service knows is not signed in here."""

    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    UNVERIFIED = "unverified"
    ANOTHERS = "anothers"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the sign-in service said about somebody.

    Attributes:
        issuer: The service.
        subject: What it calls the person, for ever.
        email: Their address in lower case; "" when it said none.
        verified: Whether it says that the address is theirs; None when it says nothing.
        issued_at: When they signed in.
        token_hash: What this one sign-in is known by.
    """

    issuer: str
    subject: str
    email: str
    verified: bool | None
    issued_at: dt.datetime
    token_hash: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How a sign-in ended.

    Attributes:
        session_id: The session; None when refused.
        refusal: Why it was refused.
    """

    session_id: int | None = None
    refusal: Refusal | None = None


def identity_of(claims: Mapping[str, object]) -> Identity | None:
    """The identity in the claims of an ID token; None when they do not say who signed in, and when.

    >>> one = identity_of({"iss": "https://id.example.fi", "sub": "7", "iat": 1764075600, "email": "Maija@Example.fi"})
    >>> one.email, one.verified
    ('maija@example.fi', None)
    """
    issuer, subject, issued = claims.get("iss"), claims.get("sub"), claims.get("iat")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
        return None
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not 0 < issued < 1e11:
        return None
    email, verified = claims.get("email"), claims.get("email_verified")
    return Identity(
        issuer=issuer,
        subject=subject,
        email=email.strip().lower() if isinstance(email, str) else "",
        verified={True: True, False: False, "true": True, "false": False}.get(verified)
        if isinstance(verified, bool | str)
        else None,
        issued_at=dt.datetime.fromtimestamp(issued, dt.UTC),
        token_hash=sessions.hashed("\n".join(f"{name}={claims.get(name)}" for name in _OF_ONE_SIGN_IN)),
    )


def known(session: Session, identity: Identity, *, settings: SignInSettings, now: dt.datetime) -> Entry | None:
    """How an earlier sign-in stands; None when it has no session yet and is fresh enough to be given one."""
    row = _row(session, identity)
    fresh = abs(now - identity.issued_at) <= FRESH
    if row is None or (row.ended_because is SessionEnd.REFUSED and fresh):
        return None if fresh else Entry(refusal=Refusal.OVER)
    if sessions.alive(session, key(row.id), settings=settings, now=now) is None:
        return Entry(refusal=Refusal.OVER)
    return Entry(session_id=row.id)


def enter(session: Session, identity: Identity, *, settings: SignInSettings, now: dt.datetime) -> Entry:
    """Start the session of a fresh sign-in, or say why not. Two tabs at once are given the same one."""
    found = known(session, identity, settings=settings, now=now)
    if found is not None:
        return found
    row = _row(session, identity)
    person, refusal = _person(session, identity, settings)
    if refusal is not None or person is None:
        if row is None:
            sessions.begin(
                session,
                person_id=None,
                kind=SignInKind.OIDC,
                settings=settings,
                now=now,
                token_hash=identity.token_hash,
            )
            detail = {"reason": (refusal or Refusal.UNKNOWN).value, "issuer": identity.issuer}
            audit.note(session, by=person, action="sign_in_refused", subject="session", detail=detail)
            session.commit()
        return Entry(refusal=refusal or Refusal.UNKNOWN)
    if row is not None:  # refused a moment ago, known now
        session.delete(row)
        session.flush()
    _keep(session, identity, person, now)
    started = sessions.begin(
        session,
        person_id=key(person.id),
        kind=SignInKind.OIDC,
        settings=settings,
        now=now,
        token_hash=identity.token_hash,
    )
    audit.note(
        session, by=person, action="sign_in", subject="session", detail={"how": "oidc"}, key=str(key(started.id))
    )
    session.commit()
    return Entry(session_id=started.id)


def _row(session: Session, identity: Identity) -> SignInSession | None:
    return session.exec(select(SignInSession).where(SignInSession.token_hash == identity.token_hash)).first()


def _kept(session: Session, identity: Identity) -> SignInIdentity | None:
    query = select(SignInIdentity).where(
        SignInIdentity.issuer == identity.issuer, SignInIdentity.subject == identity.subject
    )
    return session.exec(query).first()


def _person(session: Session, identity: Identity, settings: SignInSettings) -> tuple[Person | None, Refusal | None]:
    """Whose an identity is: whose it was before, else whose the verified address is."""
    kept = _kept(session, identity)
    if kept is not None:
        theirs = get(session, Person, kept.person_id)
        return theirs, None if theirs.active else Refusal.INACTIVE
    if not identity.email:
        return None, Refusal.UNKNOWN
    vouched = settings.oidc is not None and settings.oidc.vouches_for_email and identity.verified is None
    if not identity.verified and not vouched:
        return None, Refusal.UNVERIFIED
    person = session.exec(select(Person).where(sa.func.lower(Person.email) == identity.email)).first()
    if person is None or person.role is Role.API_CLIENT:
        return None, Refusal.UNKNOWN
    if not person.active:
        return person, Refusal.INACTIVE
    others = select(SignInIdentity).where(
        SignInIdentity.person_id == person.id, col(SignInIdentity.issuer) == identity.issuer
    )
    if session.exec(others).first() is not None:  # the address was somebody else's before
        return person, Refusal.ANOTHERS
    return person, None


def _keep(session: Session, identity: Identity, person: Person, now: dt.datetime) -> None:
    if _kept(session, identity) is None:
        session.add(
            SignInIdentity(person_id=key(person.id), issuer=identity.issuer, subject=identity.subject, since=now)
        )

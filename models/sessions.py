"""Who is signed in: a row on the server behind every browser's cookie, and what a person's sign-in is known by."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class SignInKind(enum.StrEnum):
    """How somebody signed in."""

    OIDC = "oidc"
    DEMO = "demo"


class SessionEnd(enum.StrEnum):
    """Why a session ended before its time; one that only expired has no reason."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_ADMIN = "ended_by_admin"
    DEACTIVATED = "deactivated"
    IDENTITY_CHANGED = "identity_changed"
    REFUSED = "refused"


class SignInSession(SQLModel, table=True):
    """One sign-in. The browser's cookie names it; whether it still counts is decided here, on every rerun.

    A sign-in that was refused leaves an ended row too, so that its cookie is never asked about again.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="an_end_has_a_reason"),
        sa.CheckConstraint("person_id IS NOT NULL OR ended_at IS NOT NULL", name="somebodys_while_open"),
        sa.CheckConstraint("until > started_at", name="lasts_a_while"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    kind: SignInKind = Field(sa_type=choice(SignInKind))
    token_hash: str | None = Field(
        default=None,
        max_length=64,
        unique=True,
        description="SHA-256 of what the cookie holds; empty until it is given.",
    )
    started_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime, description="Kept to the minute.")
    until: Timestamp = Field(sa_type=UtcDateTime, description="It ends then, however busy.", index=True)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_because: SessionEnd | None = Field(default=None, sa_type=choice(SessionEnd))


class SignInIdentity(SQLModel, table=True):
    """What the county's sign-in service calls a person: kept at their first sign-in, so that an address that is later
    given to somebody else opens nothing."""

    __tablename__ = "sign_in_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    issuer: str = Field(min_length=1, max_length=400)
    subject: str = Field(min_length=1, max_length=255)
    since: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)

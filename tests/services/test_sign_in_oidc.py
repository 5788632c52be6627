"""Signing in through the county's service: whose an identity is, and that an old one opens nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.people import Person, Role
from models.sessions import SignInIdentity, SignInSession
from services import sessions
from services.rows import get, key
from services.sign_in_oidc import FRESH, Entry, Identity, Refusal, enter, identity_of, known
from services.sign_in_settings import SignInSettings, load
from tests.services.conftest import World
from tests.services.test_demo_sign_in import SERVICE

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def rules(**changes: object) -> SignInSettings:
    return dataclasses.replace(load(), oidc=dataclasses.replace(SERVICE, **changes))  # type: ignore[arg-type]


def identity(*, at: dt.datetime = NOW, **changes: object) -> Identity:
    claims: dict[str, object] = {
        "iss": "https://id.example.fi",
        "sub": "subject-1",
        "iat": int(at.timestamp()),
        "nonce": "once",
        "email": "Lead@Example.fi",
        "email_verified": True,
    }
    found = identity_of({**claims, **changes})
    assert found is not None
    return found


@pytest.fixture
def county(world: World) -> World:
    world.lead.email = "lead@example.fi"
    world.nurse.email = "Nurse@Example.fi"
    world.session.add(Person(code="machine", name="machine", email="machine@example.fi", role=Role.API_CLIENT))
    world.session.commit()
    return world


def test_a_verified_address_opens_a_session_in_any_case_of_letters(county: World) -> None:
    entry = enter(county.session, identity(), settings=rules(), now=NOW)
    assert entry.refusal is None
    assert get(county.session, SignInSession, entry.session_id).person_id == county.lead.id
    other = identity(sub="subject-2", email="nurse@example.FI", nonce="2")
    second = enter(county.session, other, settings=rules(), now=NOW)
    assert get(county.session, SignInSession, second.session_id).person_id == county.nurse.id
    told = county.session.exec(select(AuditEntry).where(AuditEntry.action == "sign_in")).all()
    assert [(entry.actor, entry.role) for entry in told] == [("lead", "team_lead"), ("nurse", "staff")]


def test_two_tabs_share_one_session(county: World) -> None:
    one = enter(county.session, identity(), settings=rules(), now=NOW)
    again = enter(county.session, identity(), settings=rules(), now=NOW + MINUTE)
    assert one == again
    assert known(county.session, identity(), settings=rules(), now=NOW + MINUTE) == one
    assert len(county.session.exec(select(SignInSession)).all()) == 1


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"email": "somebody@example.fi"}, Refusal.UNKNOWN),
        ({"email": None}, Refusal.UNKNOWN),
        ({"email": "machine@example.fi"}, Refusal.UNKNOWN),
        ({"email_verified": False}, Refusal.UNVERIFIED),
        ({"email_verified": "false"}, Refusal.UNVERIFIED),
        ({"email_verified": None}, Refusal.UNVERIFIED),
        ({"email_verified": "yes"}, Refusal.UNVERIFIED),
    ],
)
def test_who_is_refused(county: World, claims: dict[str, object], refusal: Refusal) -> None:
    asked = identity(**claims)
    assert enter(county.session, asked, settings=rules(), now=NOW) == Entry(refusal=refusal)
    enter(county.session, asked, settings=rules(), now=NOW)
    told = county.session.exec(select(AuditEntry).where(AuditEntry.action == "sign_in_refused")).all()
    assert len(told) == 1, "once for one sign-in"
    assert county.session.exec(select(SignInIdentity)).all() == []
    assert sessions.open_now(county.session, settings=rules(), now=NOW) == {}


def test_a_county_may_vouch_for_its_services_addresses(county: World) -> None:
    asked = identity(email_verified=None)
    assert enter(county.session, asked, settings=rules(vouches_for_email=True), now=NOW).session_id is not None
    denied = identity(email_verified=False, sub="x", nonce="2")
    assert enter(county.session, denied, settings=rules(vouches_for_email=True), now=NOW).refusal is Refusal.UNVERIFIED


def test_an_inactive_person_is_refused_also_by_their_identity(county: World) -> None:
    county.nurse.active = False
    county.session.add(county.nurse)
    county.session.commit()
    asked = identity(email="nurse@example.fi", sub="subject-2")
    assert enter(county.session, asked, settings=rules(), now=NOW).refusal is Refusal.INACTIVE
    one = enter(county.session, identity(), settings=rules(), now=NOW)
    county.lead.active = False
    county.session.add(county.lead)
    county.session.commit()
    assert known(county.session, identity(), settings=rules(), now=NOW) == Entry(refusal=Refusal.OVER)
    again = identity(at=NOW + MINUTE, nonce="2")
    assert enter(county.session, again, settings=rules(), now=NOW + MINUTE).refusal is Refusal.INACTIVE
    told = county.session.exec(select(AuditEntry).where(AuditEntry.action == "sign_in_refused")).all()
    assert [entry.actor for entry in told] == ["nurse", "lead"]
    assert one.session_id is not None


def test_the_identity_is_kept_and_counts_more_than_the_address(county: World) -> None:
    enter(county.session, identity(), settings=rules(), now=NOW)
    moved = identity(email="maiden.name@example.fi", email_verified=None, nonce="2")
    entry = enter(county.session, moved, settings=rules(), now=NOW)
    assert get(county.session, SignInSession, entry.session_id).person_id == county.lead.id
    kept = county.session.exec(select(SignInIdentity)).all()
    assert [(row.person_id, row.issuer, row.subject) for row in kept] == [
        (county.lead.id, "https://id.example.fi", "subject-1")
    ]


def test_an_address_given_to_somebody_else_opens_nothing(county: World) -> None:
    enter(county.session, identity(), settings=rules(), now=NOW)
    newcomer = identity(sub="subject-9", nonce="9")
    assert enter(county.session, newcomer, settings=rules(), now=NOW).refusal is Refusal.ANOTHERS
    elsewhere = identity(iss="https://other.example.fi", sub="subject-9", nonce="10")
    assert enter(county.session, elsewhere, settings=rules(), now=NOW).session_id is not None


def test_an_old_identity_opens_nothing(county: World) -> None:
    """The cookie lives for 30 days; the session it opened does not, and it opens no other."""
    session = county.session
    entry = enter(session, identity(), settings=rules(), now=NOW)
    for later in (60 * MINUTE, 12 * 60 * MINUTE, dt.timedelta(days=29)):
        assert known(session, identity(), settings=rules(), now=NOW + later) == Entry(refusal=Refusal.OVER)
        assert enter(session, identity(), settings=rules(), now=NOW + later) == Entry(refusal=Refusal.OVER)
    session.delete(get(session, SignInSession, entry.session_id))
    session.commit()
    assert enter(session, identity(), settings=rules(), now=NOW + FRESH + MINUTE) == Entry(refusal=Refusal.OVER)
    fresh = identity(at=NOW + dt.timedelta(days=1), nonce="2")
    assert enter(session, fresh, settings=rules(), now=NOW + dt.timedelta(days=1)).session_id is not None


def test_after_signing_out_the_same_identity_opens_nothing(county: World) -> None:
    entry = enter(county.session, identity(), settings=rules(), now=NOW)
    sessions.sign_out(county.session, key(entry.session_id), now=NOW + MINUTE)
    assert enter(county.session, identity(), settings=rules(), now=NOW + MINUTE) == Entry(refusal=Refusal.OVER)


def test_an_identity_from_the_future_opens_nothing(county: World) -> None:
    asked = identity(at=NOW + dt.timedelta(days=3000))
    assert enter(county.session, asked, settings=rules(), now=NOW) == Entry(refusal=Refusal.OVER)


def test_who_was_added_a_moment_later_is_let_in_without_signing_in_again(county: World) -> None:
    asked = identity(email="new@example.fi", sub="new")
    assert enter(county.session, asked, settings=rules(), now=NOW).refusal is Refusal.UNKNOWN
    assert known(county.session, asked, settings=rules(), now=NOW + MINUTE) is None
    county.nurse.email = "new@example.fi"
    county.session.add(county.nurse)
    county.session.commit()
    entry = enter(county.session, asked, settings=rules(), now=NOW + MINUTE)
    assert get(county.session, SignInSession, entry.session_id).person_id == county.nurse.id
    assert known(county.session, asked, settings=rules(), now=NOW + 61 * MINUTE) == Entry(refusal=Refusal.OVER)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iss": "x", "sub": "y"},
        {"iss": "x", "iat": 1764075600},
        {"sub": "y", "iat": 1764075600},
        {"iss": "x", "sub": "y", "iat": True},
        {"iss": "x", "sub": "y", "iat": "1764075600"},
        {"iss": "x", "sub": "y", "iat": 1e30},
        {"iss": ["x"], "sub": "y", "iat": 1764075600},
    ],
)
def test_claims_that_say_nothing_certain_are_no_identity(claims: dict[str, object]) -> None:
    assert identity_of(claims) is None

"""Sessions on the server: how long they last, who ends them, how seldom they are written."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models.audit import AuditEntry
from models.people import Setting
from models.sessions import SessionEnd, SignInKind, SignInSession
from services import sessions
from services.errors import NotAllowed
from services.people import DEMO_MARK
from services.rows import get, key
from services.sign_in_settings import load
from tests.services.conftest import World

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def demo_world(world: World) -> World:
    world.session.add(Setting(key=DEMO_MARK, value="x"))
    for person in (world.lead, world.nurse):
        person.is_demo = True
        world.session.add(person)
    world.session.commit()
    return world


def begun(world: World, *, now: dt.datetime = NOW, token: str | None = None) -> int:
    row = sessions.begin(
        world.session,
        person_id=key(world.lead.id),
        kind=SignInKind.DEMO,
        settings=load(),
        now=now,
        token_hash=sessions.hashed(token) if token else None,
    )
    world.session.commit()
    return key(row.id)


def is_alive(world: World, session_id: int, now: dt.datetime) -> bool:
    return sessions.alive(world.session, session_id, settings=load(), now=now) is not None


def test_it_ends_after_an_hour_without_anything(demo_world: World) -> None:
    one = begun(demo_world)
    assert is_alive(demo_world, one, NOW + 59 * MINUTE)
    assert not is_alive(demo_world, one, NOW + 60 * MINUTE)


def test_it_ends_after_twelve_hours_however_busy(demo_world: World) -> None:
    one = begun(demo_world)
    for minutes in range(30, 12 * 60, 30):
        assert is_alive(demo_world, one, NOW + minutes * MINUTE), minutes
        sessions.seen(demo_world.session, one, now=NOW + minutes * MINUTE)
        demo_world.session.expire_all()
    assert not is_alive(demo_world, one, NOW + 12 * 60 * MINUTE)


def test_how_long_is_a_setting(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_SESSION_IDLE_MINUTES", "10")
    monkeypatch.setenv("LUOTSI_SESSION_HOURS", "1")
    one = begun(demo_world)
    assert is_alive(demo_world, one, NOW + 9 * MINUTE)
    assert not is_alive(demo_world, one, NOW + 10 * MINUTE)
    assert get(demo_world.session, SignInSession, one).until == NOW + 60 * MINUTE


def test_when_somebody_was_last_there_is_kept_to_the_minute(demo_world: World) -> None:
    one = begun(demo_world)
    seen = []
    for seconds in (20, 59, 60, 90, 121):
        sessions.seen(demo_world.session, one, now=NOW + dt.timedelta(seconds=seconds))
        demo_world.session.expire_all()
        seen.append((get(demo_world.session, SignInSession, one).seen_at - NOW).total_seconds())
    assert seen == [0, 0, 60, 60, 121]


def test_signing_out_ends_it_once_and_is_on_the_trail(demo_world: World) -> None:
    session = demo_world.session
    one, other = begun(demo_world), begun(demo_world)
    sessions.sign_out(session, one, now=NOW + MINUTE)
    sessions.sign_out(session, one, now=NOW + 5 * MINUTE)
    row = get(session, SignInSession, one)
    assert (row.ended_at, row.ended_because) == (NOW + MINUTE, SessionEnd.SIGNED_OUT)
    assert not is_alive(demo_world, one, NOW + 2 * MINUTE)
    assert is_alive(demo_world, other, NOW + 2 * MINUTE)
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "sign_out")).all()
    assert [(entry.actor, entry.key) for entry in entries] == [("lead", str(one))]
    sessions.seen(session, one, now=NOW + 20 * MINUTE)
    session.expire_all()
    assert get(session, SignInSession, one).seen_at == NOW, "what has ended is not revived"


def test_all_of_a_persons_end_together(demo_world: World) -> None:
    session = demo_world.session
    mine = [begun(demo_world), begun(demo_world)]
    theirs = sessions.begin(session, person_id=key(demo_world.nurse.id), kind=SignInKind.DEMO, settings=load(), now=NOW)
    session.commit()
    counted = sessions.open_now(session, settings=load(), now=NOW + MINUTE)
    assert counted == {demo_world.lead.id: 2, demo_world.nurse.id: 1}
    ended = sessions.end_all(session, person_id=key(demo_world.lead.id), because=SessionEnd.DEACTIVATED, now=NOW)
    session.commit()
    session.expire_all()
    assert ended == 2
    assert not any(is_alive(demo_world, one, NOW + MINUTE) for one in mine)
    assert is_alive(demo_world, key(theirs.id), NOW + MINUTE)
    assert sessions.open_now(session, settings=load(), now=NOW + 60 * MINUTE) == {}
    assert sessions.last_seen(session) == {demo_world.lead.id: NOW, demo_world.nurse.id: NOW}


def test_who_wrote_too_late_is_told(demo_world: World) -> None:
    one = begun(demo_world)
    sessions.require_alive(demo_world.session, one, settings=load(), now=NOW + MINUTE)
    with pytest.raises(NotAllowed, match="has ended"):
        sessions.require_alive(demo_world.session, one, settings=load(), now=NOW + 61 * MINUTE)
    with pytest.raises(NotAllowed, match="has ended"):
        sessions.require_alive(demo_world.session, one + 99, settings=load(), now=NOW)


def test_a_token_opens_its_session_only(demo_world: World) -> None:
    one = begun(demo_world, token="long and random")
    found = sessions.of_token(demo_world.session, "long and random", settings=load(), now=NOW)
    assert found is not None
    assert found.id == one
    assert sessions.of_token(demo_world.session, "long and Random", settings=load(), now=NOW) is None
    with pytest.raises(IntegrityError):
        begun(demo_world, token="long and random")


def test_old_rows_are_forgotten(demo_world: World) -> None:
    begun(demo_world, now=NOW - dt.timedelta(days=91))
    young = begun(demo_world, now=NOW - dt.timedelta(days=89))
    assert sessions.forget_old(demo_world.session, now=NOW) == 1
    assert demo_world.session.exec(select(col(SignInSession.id))).all() == [young]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended_at": NOW},
        {"ended_because": SessionEnd.SIGNED_OUT},
        {"person_id": None},
        {"until": NOW},
    ],
)
def test_the_database_refuses_what_makes_no_sense(demo_world: World, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {
        "person_id": demo_world.lead.id,
        "kind": SignInKind.DEMO,
        "started_at": NOW,
        "seen_at": NOW,
        "until": NOW + MINUTE,
    }
    demo_world.session.add(SignInSession(**{**given, **wrong}))
    with pytest.raises(IntegrityError):
        demo_world.session.commit()

"""Signing in as an invented person: a session on the server, a ticket that works once, nothing outside the demo."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.people import Setting
from models.sessions import SignInSession
from services import demo_sign_in, sessions
from services.errors import NotAllowed
from services.people import DEMO_MARK
from services.rows import get, key
from services.sign_in_settings import Oidc, load
from tests.services.conftest import World

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=1)
SERVICE = Oidc(
    metadata_url="https://id.example.fi/x",
    client_id="luotsi",
    client_secret="s",
    cookie_secret="c" * 32,
    name="",
    vouches_for_email=False,
)


@pytest.fixture
def demo_world(world: World) -> World:
    world.session.add(Setting(key=DEMO_MARK, value="x"))
    world.lead.is_demo = True
    world.session.add(world.lead)
    world.session.commit()
    return world


def picked(world: World) -> demo_sign_in.Picked:
    return demo_sign_in.pick(world.session, load(), person_id=key(world.lead.id), now=NOW)


def test_a_ticket_becomes_a_cookie_once(demo_world: World) -> None:
    session, rules = demo_world.session, load()
    given = picked(demo_world)
    assert demo_sign_in.valid(session, rules, given.ticket, now=LATER)
    cookie = demo_sign_in.exchange(session, rules, given.ticket, now=LATER)
    assert cookie is not None
    found = demo_sign_in.remembered(session, rules, cookie, now=LATER)
    assert found is not None
    assert (found.id, found.person_id) == (given.session_id, demo_world.lead.id)
    assert demo_sign_in.exchange(session, rules, given.ticket, now=LATER) is None, "a second time"
    stored = get(session, SignInSession, given.session_id).token_hash
    assert stored == sessions.hashed(cookie)
    assert cookie not in str(stored), "the record does not hold what the browser holds"


def test_what_does_not_count(demo_world: World) -> None:
    session, rules = demo_world.session, load()
    given = picked(demo_world)
    assert demo_sign_in.exchange(session, rules, given.ticket, now=NOW + demo_sign_in.TICKET_LIFE * 2) is None
    for mark in (given.ticket, f"ticket:{given.ticket}", "", None, "١٢", "a" * 43):
        assert demo_sign_in.remembered(session, rules, mark, now=LATER) is None, mark
    cookie = demo_sign_in.exchange(session, rules, given.ticket, now=NOW) or ""
    assert demo_sign_in.exchange(session, rules, cookie, now=NOW) is None, "a cookie is no ticket"
    assert demo_sign_in.remembered(session, rules, cookie[:-1], now=LATER) is None
    assert demo_sign_in.remembered(session, rules, cookie, now=NOW + rules.longest) is None


def test_it_counts_only_for_invented_people_in_the_demo_county(demo_world: World) -> None:
    session, rules = demo_world.session, load()
    with pytest.raises(NotAllowed):
        demo_sign_in.pick(session, rules, person_id=key(demo_world.nurse.id), now=NOW)
    cookie = demo_sign_in.exchange(session, rules, picked(demo_world).ticket, now=NOW)
    assert demo_sign_in.remembered(session, rules, cookie, now=LATER) is not None
    demo_world.lead.active = False
    session.add(demo_world.lead)
    session.commit()
    assert demo_sign_in.remembered(session, rules, cookie, now=LATER) is None, "someone who left"
    demo_world.lead.active = True
    session.add(demo_world.lead)
    session.delete(session.get(Setting, DEMO_MARK))
    session.commit()
    assert demo_sign_in.remembered(session, rules, cookie, now=LATER) is None, "no demo county any more"
    with pytest.raises(NotAllowed):
        picked(demo_world)


def test_a_sign_in_service_takes_its_place(demo_world: World) -> None:
    session, rules = demo_world.session, load()
    cookie = demo_sign_in.exchange(session, rules, picked(demo_world).ticket, now=NOW)
    served = dataclasses.replace(rules, oidc=SERVICE)
    assert demo_sign_in.remembered(session, served, cookie, now=LATER) is None
    assert not demo_sign_in.offered(session, served)
    with pytest.raises(NotAllowed):
        demo_sign_in.pick(session, served, person_id=key(demo_world.lead.id), now=NOW)


def test_it_is_on_the_audit_trail(demo_world: World) -> None:
    given = picked(demo_world)
    entry = demo_world.session.exec(select(AuditEntry).where(AuditEntry.action == "sign_in")).one()
    assert (entry.actor, entry.role, entry.key) == ("lead", "team_lead", str(given.session_id))

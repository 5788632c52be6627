"""The mark of an invented person: genuine, fresh, and good only where the demo county is."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from models.people import Setting
from services import demo_sign_in, settings
from services.people import DEMO_MARK
from tests.services.conftest import World

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture
def demo_world(world: World) -> World:
    world.session.add(Setting(key=DEMO_MARK, value="x"))
    world.lead.is_demo = True
    world.session.add(world.lead)
    world.session.commit()
    return world


def test_a_ticket_becomes_a_cookie_that_names_the_person(demo_world: World) -> None:
    session, own = demo_world.session, settings.load()
    ticket = demo_sign_in.ticket(own, demo_world.lead, now=NOW)
    cookie = demo_sign_in.cookie_for(session, own, ticket, now=LATER)
    assert cookie is not None
    found = demo_sign_in.remembered(session, own, cookie, now=LATER)
    assert found is not None
    assert found.id == demo_world.lead.id


def test_what_does_not_count(demo_world: World) -> None:
    session, own = demo_world.session, settings.load()
    ticket = demo_sign_in.ticket(own, demo_world.lead, now=NOW)
    cookie = demo_sign_in.cookie_for(session, own, ticket, now=NOW) or ""
    other = dataclasses.replace(own, respondent_salt="another installation")
    person, until, signature = cookie.split(".")
    for mark, why in (
        (ticket, "a ticket is no cookie"),
        (f"{int(person) + 1}.{until}.{signature}", "another person"),
        (f"{person}.{int(until) + 1}.{signature}", "a longer life"),
        (cookie[:-1], "a short signature"),
        ("", "nothing"),
        ("١.٢." + signature, "digits of another script"),
        (None, "no cookie"),
    ):
        assert demo_sign_in.remembered(session, own, mark, now=LATER) is None, why
    assert demo_sign_in.cookie_for(session, own, cookie, now=NOW) is None, "a cookie is no ticket"
    assert demo_sign_in.remembered(session, other, cookie, now=LATER) is None, "another installation's secret"
    assert demo_sign_in.cookie_for(session, own, ticket, now=NOW + demo_sign_in.TICKET_LIFE * 2) is None
    assert demo_sign_in.remembered(session, own, cookie, now=NOW + demo_sign_in.COOKIE_LIFE * 2) is None


def test_it_counts_only_for_invented_people_in_the_demo_county(demo_world: World) -> None:
    session, own = demo_world.session, settings.load()
    cookie = demo_sign_in.cookie_for(session, own, demo_sign_in.ticket(own, demo_world.lead, now=NOW), now=NOW)
    real = demo_sign_in.ticket(own, demo_world.nurse, now=NOW)
    assert demo_sign_in.cookie_for(session, own, real, now=NOW) is None, "a real person"
    demo_world.lead.active = False
    session.add(demo_world.lead)
    session.commit()
    assert demo_sign_in.remembered(session, own, cookie, now=LATER) is None, "someone who left"
    demo_world.lead.active = True
    session.add(demo_world.lead)
    session.delete(session.get(Setting, DEMO_MARK))
    session.commit()
    assert demo_sign_in.remembered(session, own, cookie, now=LATER) is None, "no demo county any more"

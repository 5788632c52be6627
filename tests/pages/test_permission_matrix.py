"""Every page x every role, and strangers: opened or refused, as docs/permissions.md says; the page asks by itself."""

from __future__ import annotations

from itertools import cycle

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.people import Person, Role
from pages.routes import Route, all_routes
from services.i18n import translator
from services.permissions import MATRIX
from tests.pages.pilot_pages import REFUSED, changing, errors, opened_page, words

STRANGER = "nobody"
NO_ACCESS = translator("fi")("No access")
ROUTES = [route for route in all_routes() if not route.public]


def may_open(route: Route, role: Role) -> bool:
    """What the matrix says."""
    return route.required is None or route.required in MATRIX[role]


def refused(route: Route, code: str) -> bool:
    """Whether the page turns somebody away before it shows anything."""
    return errors(opened_page(route.module, code)) == [REFUSED]


@pytest.fixture
def roles(demo_installation: str) -> dict[Role, str]:
    """One person of every role, of the whole county or of a unit as the role needs it."""
    with changing() as session:
        ward = session.exec(select(Person).where(Person.code == "u1")).one().unit_id
        for role in Role:
            session.add(Person(code=f"matrix_{role.value}", name=role.value, role=role, unit_id=ward))
        session.commit()
    return {role: f"matrix_{role.value}" for role in Role}


def _all_at_once(modules: list[str], person: str) -> None:
    import importlib
    from unittest import mock

    from sqlmodel import select

    from models.people import Person
    from pages.context import opened
    from services.i18n import translator
    from services.record import database

    class Stopped(BaseException):
        """A page ended early; the next one is drawn below it."""

    with database().reading() as session:
        found = session.exec(select(Person).where(Person.code == person)).first()
    with opened(person_id=found.id if found else None, t=translator("fi")) as ctx:
        for module in modules:
            with mock.patch("streamlit.stop", side_effect=Stopped):
                try:
                    importlib.import_module(f"pages.{module}").render(ctx)
                except Stopped:
                    continue


def all_refused(routes: list[Route], code: str) -> bool:
    """Whether each of these pages turns somebody away, and shows nothing beside."""
    arguments = {"modules": [route.module for route in routes], "person": code}
    page = AppTest.from_function(_all_at_once, kwargs=arguments, default_timeout=60).run()
    assert not page.exception, page.exception
    expected = len(routes)
    assert not page.table
    assert not page.get("button")
    return errors(page) == [REFUSED] * expected and [title.value for title in page.title] == [NO_ACCESS] * expected


def test_who_may_not_open_a_page_is_refused_by_the_page_itself(roles: dict[Role, str]) -> None:
    for role in Role:
        closed = [route for route in ROUTES if not may_open(route, role)]
        assert closed, role
        assert all_refused(closed, roles[role]), role.value


def test_a_stranger_is_refused_by_every_page_itself(demo_installation: str) -> None:
    """The frame asks strangers to sign in before any page is run; should it be passed by, the page asks too."""
    assert all_refused([route for route in ROUTES if route.required is not None], STRANGER)
    for route in (route for route in ROUTES if route.required is None):
        page = opened_page(route.module, STRANGER)  # they hold nothing of the record for a stranger
        assert not page.table
        assert "P01" not in words(page)


def test_who_may_open_a_page_is_let_in_roles_turning(roles: dict[Role, str]) -> None:
    turn = cycle(range(len(Role)))
    for route in ROUTES:
        able = [role for role in Role if may_open(route, role) and role is not Role.API_CLIENT]
        role = able[next(turn) % len(able)]
        assert not refused(route, roles[role]), f"/{route.path} as {role.value}"


@pytest.mark.slow
def test_everybody_who_may_open_a_page_is_let_in(roles: dict[Role, str]) -> None:
    for route in ROUTES:
        for role in Role:
            if may_open(route, role) and role is not Role.API_CLIENT:
                assert not refused(route, roles[role]), f"/{route.path} as {role.value}"


def test_only_what_is_said_opens_to_strangers() -> None:
    assert {route.path for route in all_routes() if route.public} == {"public", "accessibility"}
    for route in all_routes():
        assert not route.public or route.required is None

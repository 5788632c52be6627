"""Every address beside the screens, asked by a stranger and by a browser that is signed in: what opens without a key.

The interface wants a key, and a cookie is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from api import public, rest, serving
from services import demo_sign_in, settings, sign_in_settings
from services.people import demo_people
from services.record import database
from tests.api.door import ask

OPEN = {
    "GET /healthz": 200,
    "GET /metrics": 200,  # asked from this machine; from elsewhere only with a token, see test_metrics
    "POST /session": 403,  # a ticket, which only a page gives
    "DELETE /session": 204,
    "GET /frame.js": 200,
    f"GET {public.STORIES}": 200,
    f"GET {public.FEED}": 200,
    "GET /api/v1/openapi.json": 200,
}
"""What is answered without a key, and how; everything else is 401. docs/permissions.md says the same in words."""


def addresses() -> Iterator[str]:
    """Every address of the server and the interface, with its method."""
    for route in serving.routes(page_faults={}):
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in sorted(route.methods or ()) if method != "HEAD")
        else:
            assert isinstance(route, Mount)
            for inner in rest.application().routes:
                assert isinstance(inner, Route) or hasattr(inner, "methods")
                for method in sorted(inner.methods or ()):  # type: ignore[attr-defined]
                    if method != "HEAD":
                        yield f"{method} {route.path}{inner.path}"  # type: ignore[attr-defined]


@pytest.fixture
def app(demo_installation: str) -> Starlette:
    return Starlette(routes=serving.routes(page_faults={}), middleware=serving.middleware(settings.load()))


def signed_in() -> str:
    """The cookie of a person of the demo county."""
    rules, now = sign_in_settings.load(), datetime.now(UTC)
    with database().writing() as session:
        chief = next(person for person in demo_people(session) if person.role.value == "admin")
        picked = demo_sign_in.pick(session, rules, person_id=chief.id or 0, now=now)
        return f"{demo_sign_in.COOKIE}={demo_sign_in.exchange(session, rules, picked.ticket, now=now)}"


def test_every_address_answers_strangers_as_said_and_a_cookie_opens_no_more(app: Starlette) -> None:
    cookie = signed_in()
    found = list(dict.fromkeys(addresses()))
    assert set(OPEN) <= set(found)
    for address in found:
        method, _, path = address.partition(" ")
        for headers in ({}, {"cookie": cookie}):
            status = ask(app, path.replace("{code}", "P01"), method=method, headers=headers).status
            assert status == OPEN.get(address, 401), f"{address} {'with a cookie' if headers else 'as a stranger'}"

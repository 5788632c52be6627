"""Whom the interface lets in: scopes by address, wrong keys, limits a minute, one shape for what is refused."""

from __future__ import annotations

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import select

from api import rest_guard, rest_threads
from api.rest_guard import address_of
from api.rest_rate import Buckets
from models.base import now
from models.interface import ApiKey, ApiKeyUse, KeyScope
from models.people import Person
from services import api_keys, settings
from services.errors import BadInput
from services.record import database
from tests.api.interface import READ, WRITE, Interface, measurement

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@SQLITE
def test_each_list_needs_its_scope(interface: Interface) -> None:
    for scope in KeyScope:
        key = interface.key(scope)
        for path, needed in READ.items():
            answer = interface.get(path, key)
            if scope is needed:
                assert answer.status == 200, (scope, path)
                continue
            assert (answer.status, answer.json()["scope"]) == (403, needed), (scope, path)
            assert needed in answer.json()["detail"]
            assert answer.headers["www-authenticate"].endswith(f'error="insufficient_scope", scope="{needed}"')


@SQLITE
def test_without_a_key_nothing_opens_and_nothing_is_learnt(interface: Interface) -> None:
    for path in READ:
        for asked in (path, f"{path}?limit=nonsense"):
            answer = interface.get(asked)
            assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="luotsi"')
            assert answer.headers["content-type"] == "application/problem+json"
    for path in WRITE:
        assert interface.send(path, b"not even json").status == 401


@SQLITE
def test_a_key_that_opens_nothing_is_told_so(interface: Interface) -> None:
    good = interface.key()
    revoked, late, retired = (interface.key() for _ in range(3))
    with database().writing() as session:
        api_keys.revoke(session, prefix=revoked.split("_")[1], by=None)
        row = session.exec(select(ApiKey).where(ApiKey.prefix == late.split("_")[1])).one()
        row.created_at = now() - dt.timedelta(days=2)
        row.expires_at = now() - dt.timedelta(seconds=1)
        person = session.exec(
            select(Person).join(ApiKey, ApiKey.person_id == Person.id).where(ApiKey.prefix == retired.split("_")[1])
        ).one()
        person.active = False
        session.add_all([row, person])
        session.commit()
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    for key in (revoked, late, retired, wrong, good.upper(), good + "x", "x", "luotsi__", "ä" * 20):
        answer = interface.get("pilots", **{"Authorization": f"Bearer {key}".encode().decode("latin-1")})
        assert answer.status == 401, key
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    for header in ("", "Bearer", "Bearer ", f"Basic {good}", good, f"Bearer {good} {good}"):
        assert interface.get("pilots", Authorization=header).status == 401, header
    assert interface.get("pilots", Authorization=f"bearer  {good}").status == 200


def test_a_keys_last_use_is_kept_once_a_minute(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    key = interface.key()

    def used() -> list[dt.datetime]:
        with database().reading() as session:
            return list(session.exec(select(ApiKeyUse.at)))

    assert used() == []
    interface.get("themes", key)
    (first,) = used()
    assert now() - first < dt.timedelta(minutes=1)
    for _ in range(3):
        interface.get("themes", key)
    Interface().get("themes", key)
    assert used() == [first], "neither this process nor another writes it again within a minute"
    later, ticks = now() + dt.timedelta(seconds=61), time.monotonic() + 61
    monkeypatch.setattr(rest_guard, "now", lambda: later)
    monkeypatch.setattr("api.rest_guard.time.monotonic", lambda: ticks)
    interface.get("themes", key)
    assert used() == [later]


@SQLITE
def test_more_than_so_many_a_minute_are_told_when_to_come_again(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    limited = Interface(buckets=Buckets(clock=clock))
    key, other = interface.key(), interface.key()
    monkeypatch.setenv("LUOTSI_API_RATE", "3")
    monkeypatch.setenv("LUOTSI_API_RATE_ANONYMOUS", "2")
    answers = [limited.get("themes", key) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    assert (answers[3].headers["retry-after"], answers[3].headers["ratelimit-reset"]) == ("20", "60")
    assert answers[3].headers["content-type"] == "application/problem+json"
    assert limited.send("measurements", {"rows": [measurement()]}, key).status == 429
    assert limited.get("themes", other).status == 200, "each key has its own"
    assert [limited.get("openapi.json").status for _ in range(3)] == [200, 200, 429]
    assert limited.get("themes", "wrong").status == 429, "wrong keys count by their address"
    clock.at += 20
    assert [limited.get("themes", key).status for _ in range(2)] == [200, 429]


def test_buckets_take_no_more_memory_than_they_may() -> None:
    clock = Clock()
    buckets = Buckets(most=100, clock=clock)
    for number in range(1000):
        buckets.take(f"address {number}", limit=10)
    assert len(buckets) == 100
    while buckets.take("busy", limit=10).passes:
        clock.at += 0.001
    for number in range(99):
        buckets.take(f"other {number}", limit=10)
        buckets.take("busy", limit=10)
    assert not buckets.take("busy", limit=10).passes, "the one in use stays"


def test_an_address_is_the_one_that_ones_own_proxies_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(host: str, passed: str, proxies: int) -> str:
        monkeypatch.setenv("LUOTSI_PROXIES", str(proxies))
        headers = [(b"x-forwarded-for", passed.encode())] if passed else []
        scope = {"type": "http", "client": (host, 1), "headers": headers}
        return address_of(scope, settings.interface())

    assert seen("10.0.0.1", "1.2.3.4", 0) == "10.0.0.1", "anybody may write that header"
    assert seen("10.0.0.1", "6.6.6.6, 1.2.3.4", 1) == "1.2.3.4"
    assert seen("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", 2) == "1.2.3.4"
    assert seen("10.0.0.1", "", 1) == "10.0.0.1"
    assert seen("2001:db8:1:2:3:4:5:6", "", 0) == seen("2001:db8:1:2::9", "", 0) == "2001:db8:1:2::"


@SQLITE
def test_what_is_refused_has_one_shape_and_keeps_the_headers(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = interface.key()
    monkeypatch.setattr("services.interface_feed.page", lambda *a, **k: 1 / 0)
    answers = {
        404: interface.get("nothing/here", key),
        405: interface.ask("measurements", "DELETE", key),
        401: interface.get("pilots"),
        500: interface.get("pilots", key),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= set(answer.json())
        assert answer.json()["status"] == status
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "Traceback" not in answer.text
        assert "ZeroDivision" not in answer.text
    assert answers[405].headers["allow"] == "GET, POST"
    assert interface.ask("public/stories", "POST").headers["allow"] == "GET"


@SQLITE
def test_a_database_that_is_gone_is_told_and_comes_back(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    key = interface.key()
    gone = sa.exc.OperationalError("SELECT 1", {}, Exception("no route to host"))

    def fails(*args: object, **kwargs: object) -> None:
        raise gone

    for place in ("services.api_keys.caller", "services.interface_feed.read", "services.interface_intake.store"):
        with monkeypatch.context() as patch:
            patch.setattr(place, fails)
            path = "send" if place.endswith("store") else "get"
            answer = (
                interface.send("measurements", {"rows": [measurement()]}, key)
                if path == "send"
                else interface.get("themes", key)
            )
        assert (answer.status, answer.headers["retry-after"]) == (503, "5"), place
        assert "no route" not in answer.text
    assert interface.get("themes", key).status == 200
    assert interface.send("measurements", {"rows": [measurement()]}, key).status == 201


@SQLITE
def test_public_stories_are_as_they_were(interface: Interface) -> None:
    answer = interface.get("public/stories")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "ratelimit-limit" not in answer.headers
    assert interface.ask("public/stories", "HEAD").status == 200


@SQLITE
def test_many_slow_requests_leave_the_screens_their_threads(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, go = interface.key(), threading.Event()
    running = []

    def slow(*args: object, **kwargs: object) -> None:
        running.append(threading.current_thread().name)
        assert go.wait(60)
        raise BadInput("done")

    monkeypatch.setattr("services.interface_feed.read", slow)
    with ThreadPoolExecutor(30) as pool:
        asked = [pool.submit(interface.get, "themes", key) for _ in range(30)]
        while len(running) < rest_threads.MOST:
            time.sleep(0.01)
        assert interface.get("openapi.json").status == 200, "what is quick is answered meanwhile"
        assert len(running) == rest_threads.MOST
        go.set()
        assert {answer.result().status for answer in asked} == {422}
    assert all(name.startswith("interface") for name in running)

"""What monitoring reads: numbers only, for who may read them, with labels that nobody outside can add to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api import metrics, serving
from models.base import now
from models.database import database_at
from models.jobs import JobOutcome, JobRun
from models.sessions import SessionEnd, SignInKind, SignInSession
from services import health, settings
from services.record import database
from tests.api.door import Answer, ask
from tests.api.interface import Interface

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOKEN = "a-token-of-enough-letters"


def screens() -> ASGIApp:
    """The server's own routes, with a stand-in for the screens behind them, one of which fails."""

    async def screen(request: object) -> PlainTextResponse:
        return PlainTextResponse("screen")

    async def fails(request: object) -> PlainTextResponse:
        raise ValueError("Maija Virtanen")

    own = serving.routes(page_faults={})
    return Starlette(
        routes=[*own, Route("/fails", fails), Route("/{path:path}", screen)],
        middleware=serving.middleware(settings.load()),
    )


def from_elsewhere(app: ASGIApp, host: str) -> ASGIApp:
    """The application as somebody on another machine meets it."""

    async def met(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (host, 1)}, receive, send)

    return met


def samples(answer: Answer) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(answer: Answer, name: str, **labels: str) -> float | None:
    return samples(answer).get((name, tuple(sorted(labels.items()))))


@pytest.fixture
def app(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ASGIApp]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    yield screens()
    database_at(database_url).dispose()


@SQLITE
def test_only_this_machine_or_the_token_reads_them(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(app, "/metrics").status == 200
    assert ask(from_elsewhere(app, "::ffff:127.0.0.1"), "/metrics").status == 200
    assert ask(from_elsewhere(app, "::1"), "/metrics").status == 200
    for host in ("10.1.2.3", "::ffff:10.1.2.3", "fe80::1", "testclient", "2001:db8::1"):
        assert ask(from_elsewhere(app, host), "/metrics").status == 403, host
    for header in metrics.FORWARDED:
        refused = ask(app, "/metrics", headers={header: "127.0.0.1"})
        assert refused.status == 403, "a proxy on this machine speaks for others"
        assert "luotsi_" not in refused.text
    monkeypatch.setenv("LUOTSI_METRICS_TOKEN", TOKEN)
    far = from_elsewhere(app, "10.1.2.3")
    assert ask(far, "/metrics").headers["www-authenticate"] == "Bearer"
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", TOKEN, "ä"):
        shown = wrong.encode().decode("latin-1")
        assert ask(far, "/metrics", headers={"authorization": shown}).status == 401, wrong
    assert ask(far, "/metrics", headers={"authorization": f"bearer {TOKEN}"}).status == 200


@SQLITE
def test_requests_are_counted_by_route_and_never_by_address(app: ASGIApp) -> None:
    before = ask(app, "/metrics")
    for number in range(5):
        ask(app, f"/somebody/Maija-Virtanen-{number}?q=040123456{number}", method="WEIRD" if number == 4 else "GET")
    ask(app, "/api/v1/public/stories")
    ask(app, "/api/v1/pilots/Maija")
    with pytest.raises(ValueError, match="Maija"):
        ask(app, "/fails")
    after = ask(app, "/metrics")
    assert "Maija" not in after.text

    def more(**labels: str) -> float:
        name = "luotsi_http_requests_total"
        return (value(after, name, **labels) or 0) - (value(before, name, **labels) or 0)

    assert more(route="screens", method="GET", status="200") == 4
    assert (
        more(route="screens", method="other", status="405") + more(route="screens", method="other", status="200") == 1
    )
    assert more(route="/api/v1/public/stories", method="GET", status="200") == 1
    assert more(route="/fails", method="GET", status="500") == 1
    took = value(after, "luotsi_http_request_duration_seconds_count", route="/fails")
    assert took is not None
    assert took >= 1


@SQLITE
def test_routes_of_the_interface_are_told_by_their_template(interface: Interface) -> None:
    app = screens()
    ask(app, "/api/v1/measurements?limit=Maija")
    text = ask(app, "/metrics").text
    assert 'route="/api/v1/measurements"' in text


def test_other_protocols_pass_untouched() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> None:
        """Neither sends nor receives."""

    asyncio.run(metrics.Watched(inner)({"type": "websocket"}, nothing, nothing))  # type: ignore[arg-type]
    assert seen == ["websocket"]


def test_what_the_record_says(app: ASGIApp) -> None:
    moment = now().replace(microsecond=0)
    with database().writing() as session:
        for name, outcome in (("tidy", JobOutcome.DONE), ("reviews", JobOutcome.FAILED)):
            session.add(JobRun(job=name, outcome=outcome, started_at=moment, ended_at=moment))
        until = moment + dt.timedelta(hours=1)
        session.add(
            SignInSession(
                kind=SignInKind.OIDC,
                started_at=moment,
                until=until,
                ended_at=moment,
                ended_because=SessionEnd.REFUSED,
            )
        )
        session.commit()
    answer = ask(app, "/metrics")
    assert value(answer, "luotsi_database_up") == 1
    assert value(answer, "luotsi_sign_ins_total") == 1
    assert value(answer, "luotsi_sign_ins_refused_24h") == 1
    assert value(answer, "luotsi_job_last_success_timestamp_seconds", job="tidy") == moment.timestamp()
    assert value(answer, "luotsi_job_last_success_timestamp_seconds", job="reviews") is None
    assert value(answer, "luotsi_job_failing", job="reviews") == 1
    assert value(answer, "luotsi_job_failing", job="tidy") == 0


def test_the_demo_county_in_numbers(demo_installation: str) -> None:
    answer = ask(screens(), "/metrics")
    verdicts = [number for (name, _), number in samples(answer).items() if name == "luotsi_evaluations_total"]
    assert sum(verdicts) >= 22
    database_at(demo_installation).dispose()


def test_a_database_that_is_gone_is_told_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    answer = ask(screens(), "/metrics")
    assert answer.status == 200
    assert value(answer, "luotsi_database_up") == 0
    assert "luotsi_http_requests_total" in answer.text
    assert "nobody" not in answer.text


@SQLITE
def test_each_answer_is_named(app: ASGIApp) -> None:
    for good in ("0123456789abcdef0123456789abcdef", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"):
        assert ask(app, "/healthz", headers={"x-request-id": good}).headers["x-request-id"] == good
    bad = ("x", "0401234567", "kerttu.korhonen", "a b" * 9)
    own = [ask(app, "/healthz", headers={"x-request-id": given}).headers["x-request-id"] for given in bad]
    assert all(len(name) == 16 for name in own)
    assert len(set(own)) == len(bad)


def test_health_tells_of_the_trail_and_the_jobs(app: ASGIApp) -> None:
    with database().writing() as session:
        session.add(JobRun(job="tidy", outcome=JobOutcome.DONE, ended_at=now()))
        session.commit()
    body = ask(app, "/healthz").json()
    assert (body["status"], body["audit"]["state"], body["audit"]["entries"]) == ("ok", "ok", 0)
    assert body["jobs"]["tidy"]["outcome"] == "done"
    assert body["jobs"]["tidy"]["last_success"]


def test_health_fails_when_nothing_guards_the_trail(app: ASGIApp) -> None:
    found = health.check()
    assert found.ok
    with database().write_engine.begin() as connection:
        on = " ON audit_entry" if connection.dialect.name == "postgresql" else ""
        connection.execute(sa.text(f"DROP TRIGGER audit_entry_no_update{on}"))
    answer = ask(app, "/healthz")
    assert answer.status == 503
    body = answer.json()
    assert body["audit"]["state"] == "unguarded"
    assert body["audit"]["missing_triggers"] == ["audit_entry_no_update"]

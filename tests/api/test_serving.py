"""What the server answers beside the screens, asked over HTTP without Streamlit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from api import browser, serving
from services import demo_sign_in, settings, sign_in_settings
from services.i18n import translator
from services.people import demo_people
from services.record import database
from tests.api.door import Answer, ask

DOCUMENT = """<!DOCTYPE html>
<html lang="en"><head>
<link rel="service-desc" href="./_stcore/agent/openapi.json" />
<title>Streamlit</title>
<script>
  window.prerenderReady = false
</script></head>
<body><noscript><p>You need to enable JavaScript to run this app.</p></noscript><div id="root"></div></body></html>"""


def client(*, page_faults: Mapping[str, str] | None = None) -> Callable[..., Answer]:
    """The door with a stand-in for Streamlit's document behind it."""

    async def document(request: object) -> HTMLResponse:
        return HTMLResponse(DOCUMENT, headers={"etag": '"1"'})

    async def plain(request: object) -> PlainTextResponse:
        return PlainTextResponse("<title>Streamlit</title>")

    routes = serving.routes(page_faults=page_faults or {})
    app = Starlette(
        routes=[*routes, Route("/plain", plain), Route("/{path:path}", document)],
        middleware=serving.middleware(settings.load()),
    )
    return partial(ask, app)


def test_health_of_a_migrated_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    answer = client()("/healthz")
    assert answer.status == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert body["database"] == "ok"
    assert body["migration"]["current"] == body["migration"]["expected"] is not None


def test_health_fails_before_the_migration(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    answer = client()("/healthz")
    assert answer.status == 503
    assert answer.json()["migration"]["current"] is None


def test_health_names_the_error_but_not_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@127.0.0.1:1/none")
    answer = client()("/healthz")
    assert answer.status == 503
    assert answer.json()["database"] == "OperationalError"
    assert "secret" not in answer.text


def test_health_names_pages_that_cannot_be_imported(demo_installation: str) -> None:
    answer = client(page_faults={"portfolio": "ImportError"})("/healthz")
    assert answer.status == 503
    assert answer.json()["pages"] == {"portfolio": "ImportError"}


@pytest.mark.parametrize(
    ("address", "headers", "language"),
    [
        ("/", {}, "fi"),
        ("/pilot?code=P01", {"accept-language": "sv-FI,fi;q=0.9"}, "sv"),
        ("/", {"accept-language": "de-DE,sv;q=0.9"}, "fi"),
        ("/", {"accept-language": "sv", "cookie": "luotsi_language=en"}, "en"),
        ("/?lang=sv", {"accept-language": "fi", "cookie": "luotsi_language=en"}, "sv"),
        ("/?lang=xx", {"accept-language": "en-GB"}, "en"),
    ],
)
def test_the_document_is_in_the_readers_language(address: str, headers: dict[str, str], language: str) -> None:
    answer = client()(address, headers={"accept": "text/html", **headers})
    assert f'<html lang="{language}">' in answer.text
    assert "<title>Luotsi</title>" in answer.text
    assert "Streamlit" not in answer.text
    assert "service-desc" not in answer.text
    assert "<script>" not in answer.text, "the policy would refuse it"
    assert (
        translator(language)(
            "Luotsi needs JavaScript. Turn it on in your browser, or ask the service for the same on paper."
        )
        in answer.text
    )
    assert f"./{browser.NAME}?v=" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers
    assert "Cookie" in answer.headers["vary"]


def test_every_answer_has_security_headers() -> None:
    for address in ("/", "/plain", "/frame.js", "/healthz"):
        headers = client()(address, headers={"accept": "text/html"}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self';" in policy, "neither inline scripts nor evaluated ones"
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers, "only over https"


def test_https_is_kept_to_when_people_come_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_BASE_URL", "https://luotsi.example.fi")
    assert "max-age=" in client()("/").headers["strict-transport-security"]


def test_no_cookie_goes_without_https_when_people_come_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    async def cookies(request: object) -> PlainTextResponse:
        answer = PlainTextResponse("")
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2", secure=True, httponly=True)
        return answer

    def asked() -> list[str]:
        app = Starlette(routes=[Route("/", cookies)], middleware=serving.middleware(settings.load()))
        return ask(app, "/").headers.getlist("set-cookie")

    assert [cookie.lower().count("; secure") for cookie in asked()] == [0, 1]
    monkeypatch.setenv("LUOTSI_BASE_URL", "https://luotsi.example.fi")
    assert [cookie.lower().count("; secure") for cookie in asked()] == [1, 1]


def test_other_texts_pass_untouched() -> None:
    assert client()("/plain", headers={"accept": "text/html"}).text == "<title>Streamlit</title>"


def test_the_script_has_every_languages_words() -> None:
    answer = client()(f"/{browser.NAME}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert '"Choose options": "Valitse yksi tai useampi"' in answer.text
    assert '"Choose options": "Välj en eller flera"' in answer.text
    assert "/*WORDS*/" not in answer.text


def test_a_tickets_cookie_keeps_a_person_of_the_demo(demo_installation: str) -> None:
    rules, now = sign_in_settings.load(), dt.datetime.now(dt.UTC)
    with database().writing() as session:
        person = demo_people(session)[0]
        picked = demo_sign_in.pick(session, rules, person_id=person.id or 0, now=now)
    door = client()
    assert door("/session", method="POST", content=b"made up").status == 403
    assert door("/session", method="POST", content=b"\xff" * 5000).status == 403
    answer = door("/session", method="POST", content=picked.ticket.encode())
    assert answer.status == 204
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    value = cookie.partition("=")[2].partition(";")[0]
    with database().reading() as session:
        found = demo_sign_in.remembered(session, rules, value, now=now)
    assert found is not None
    assert (found.id, found.person_id) == (picked.session_id, person.id)
    assert door("/session", method="POST", content=picked.ticket.encode()).status == 403, "a ticket works once"
    assert 'luotsi_session=""' in door("/session", method="DELETE").headers["set-cookie"]

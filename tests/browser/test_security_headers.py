"""Headers that browsers are told safety by, on every answer of the real server, and what its websocket refuses."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import DESKTOP, settled, sign_in, window
from tests.browser.server import App

EVERYWHERE = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def answer(app: App, method: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=20)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        found = connection.getresponse()
        return found.status, {name.lower(): value for name, value in found.getheaders()}
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/portfolio", 200),
        ("GET", "/healthz", 200),
        ("GET", "/frame.js", 200),
        ("GET", "/favicon.png", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/api/v1/pilots", 401),
        ("GET", "/api/v1/public/stories", 200),
        ("GET", "/api/v1/public/stories?limit=none", 422),
        ("POST", "/session", 403),
        ("PUT", "/_stcore/upload_file/none/none", 403),
        ("GET", "/media/none.png", 404),
        ("GET", "/static/none.js", 200),  # the document, as for every unknown address
        ("DELETE", "/healthz", 405),
    ],
)
def test_every_answer_has_them(app: App, method: str, path: str, status: int) -> None:
    found, headers = answer(app, method, path)
    assert found == status
    assert set(headers) >= EVERYWHERE
    assert headers["cross-origin-resource-policy"] == ("cross-origin" if "stories" in path else "same-origin")
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "server" not in headers or "/" not in headers["server"], "no versions"


@pytest.mark.parametrize(
    ("origin", "status"),
    [("same", 101), ("https://elsewhere.example", 403), ("http://localhost", 403), ("null", 403), ("http://[", 403)],
)
def test_a_websocket_is_for_our_own_pages(app: App, origin: str, status: int) -> None:
    own = app.url if origin == "same" else origin
    found, headers = answer(app, "GET", "/_stcore/stream", HANDSHAKE | {"Origin": own})
    assert found == status
    assert set(headers) >= EVERYWHERE


def test_the_policy_lets_every_chart_be_drawn_and_no_written_script_run(app: App, browser: Browser) -> None:
    with window(browser, app.url, DESKTOP) as page:
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
        sign_in(page, "u7")
        for path in ("/overview", "/pilot?code=P16", "/themes"):
            page.goto(path)
            settled(page)
        assert page.locator("svg, canvas").count() > 0
        assert refused == []
        page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
        page.evaluate(
            "() => { const s = document.createElement('script'); s.text = 'window.ran = 2'; document.body.append(s) }"
        )
        page.wait_for_timeout(300)
        assert page.evaluate("() => window.ran") is None
        assert len(refused) >= 2

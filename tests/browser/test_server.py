"""The server behind the pages: health, a clean log, and no page run past its navigation."""

from __future__ import annotations

import urllib.request

from playwright.sync_api import Browser, Page

from tests.browser.driving import DESKTOP, settled, window
from tests.browser.server import App


def test_health_is_reported_beside_the_screens(app: App) -> None:
    with urllib.request.urlopen(f"{app.url}/healthz", timeout=10) as response:
        assert response.status == 200
        assert response.headers.get_content_type() == "application/json"


def test_the_server_complained_about_nothing(app: App, browser: Browser) -> None:
    with window(browser, app.url, DESKTOP) as page:
        page.goto("/")
        settled(page)
    assert "Traceback" not in app.log.read_text(encoding="utf-8")


def test_the_first_request_of_a_fresh_process_asks_to_sign_in(own_page: Page) -> None:
    """Streamlit serves the files in pages/ by itself until its navigation has first run; ours must not."""
    own_page.goto("/portfolio")
    settled(own_page)
    assert own_page.locator("[class*=st-key-sign_in_]").count() > 0
    assert own_page.get_by_role("heading", level=1).count() == 1

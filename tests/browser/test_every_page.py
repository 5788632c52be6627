"""Every page opens as the person it is for, on a desktop and on a phone, without errors or accessibility faults."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Cookie, Page

from tests.browser.driving import DESKTOP, PHONE, axe, console_errors, settled, window
from tests.browser.routes import VISITS, Visit
from tests.browser.server import App

Cookies = Callable[[str | None], Sequence[Cookie]]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_it_opens(app: App, browser: Browser, cookies: Cookies, visit: Visit, size: tuple[int, int]) -> None:
    with window(browser, app.url, size, cookies=cookies(visit.person)) as page:
        errors = console_errors(page)
        page.goto(visit.address)
        settled(page)
        assert page.locator("h1").count() == 1
        assert page.locator("[class*=st-key-person]").count() == (1 if visit.person else 0), "signed in as planned"
        assert page.locator("[data-testid=stException]").count() == 0
        assert errors == []
        assert axe(page) == []
        across = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert across <= 0, "the page is wider than the window"


@pytest.mark.parametrize("visit", [visit for visit in VISITS if visit.person], ids=lambda visit: visit.name)
def test_it_asks_strangers_to_sign_in(app: App, browser: Browser, visit: Visit) -> None:
    with window(browser, app.url, DESKTOP) as page:
        page.goto(visit.address)
        settled(page)
        assert page.locator("[class*=st-key-sign_in_]").count() > 0


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

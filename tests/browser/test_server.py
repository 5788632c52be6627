"""The server behind the pages: health, a clean log, and no page run past its navigation."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import Browser

from pages.routes import all_routes
from services.i18n import translator
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


@pytest.mark.parametrize("first", ["/portfolio", "/people", "/pages/portfolio.py"])
def test_a_fresh_process_runs_no_page_for_a_stranger(own_app: App, browser: Browser, first: str) -> None:
    """Streamlit serves the files in pages/ by itself until its navigation has first run; ours must not.

    The first request is the one that could: so each of three kinds of address is the first of a process of its own, and
    then every page is asked for, by its address, by its file and by its folder.
    """
    closed = [route for route in all_routes() if not route.public]
    addresses = [f"/{name}" for route in closed for name in {route.path, route.module}]
    addresses += [f"/{folder}{route.module}.py" for route in closed[:3] for folder in ("", "pages/")]
    with window(browser, own_app.url, DESKTOP) as page:
        for address in [first, *(addresses if first == "/portfolio" else ())]:
            page.goto(address)
            if address.startswith("/pages/"):  # no address of the app: its scripts are not found below a folder
                page.wait_for_timeout(1500)
                assert page.locator("body").inner_text().strip() == "", address
                continue
            settled(page)
            assert page.locator("[class*=st-key-sign_in_]").count() > 0, address
            assert page.locator("h1").all_inner_texts() == [translator("fi")("Sign in to Luotsi")], address
            assert page.locator("[data-testid=stTable], [data-testid=stVegaLiteChart]").count() == 0, address
    assert "Traceback" not in own_app.log.read_text(encoding="utf-8")

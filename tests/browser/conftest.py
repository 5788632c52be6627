"""Fixtures of the browser tests: the real app with the demo county, and windows of a desktop and a phone.

`app` is shared by the whole run, for tests that only read. A test that writes takes `own_app`, which starts in
about four seconds with a copy of the demo county of its own. When a test fails, the end of the server's log and a
picture of the page are in the report.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Cookie, Page

from tests.browser.driving import DESKTOP, PHONE, cookies_of, running_browser, window
from tests.browser.server import App, serving
from tests.databases import DEMO_TODAY, sqlite_url

HERE = Path(__file__).parent
SETTINGS = {"LUOTSI_TODAY": DEMO_TODAY.isoformat()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Add the server's log and a picture to the report of a failed test."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, App):
                report.sections.append((f"Log of {name}", value.log_tail()))
            elif isinstance(value, Page) and not value.is_closed():
                picture = item.funcargs["tmp_path"] / f"{name}.png" if "tmp_path" in item.funcargs else None
                if picture:
                    value.screenshot(path=picture, full_page=True)
                report.sections.append((f"Page of {name}", f"{value.url}\n{picture or ''}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the run."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def app(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with the demo county, shared: read only."""
    yield from _serve(demo_template, tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="session")
def cookies(app: App, browser: Browser) -> Callable[[str | None], Sequence[Cookie]]:
    """From a demo person's code to what their browser remembers of the shared app; signs in once a person."""
    return cache(lambda code: cookies_of(browser, app.url, code) if code else ())


@pytest.fixture
def own_app(demo_template: Path, tmp_path: Path) -> Iterator[App]:
    """The app with the demo county in a fresh process of the test's own."""
    yield from _serve(demo_template, tmp_path)


def _serve(template: Path, folder: Path) -> Iterator[App]:
    database = folder / "served.db"
    shutil.copyfile(template, database)
    with serving(sqlite_url(database), folder, SETTINGS) as app:
        yield app


@pytest.fixture
def page(browser: Browser, app: App, tmp_path: Path) -> Iterator[Page]:
    """A desktop window on the shared app, 1280 x 900."""
    with window(browser, app.url, DESKTOP) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, app: App, tmp_path: Path) -> Iterator[Page]:
    """A phone's window on the shared app, 390 x 844."""
    with window(browser, app.url, PHONE) as page:
        yield page


@pytest.fixture
def own_page(browser: Browser, own_app: App) -> Iterator[Page]:
    """A desktop window on the test's own app."""
    with window(browser, own_app.url, DESKTOP) as page:
        yield page


@pytest.fixture
def own_phone(browser: Browser, own_app: App) -> Iterator[Page]:
    """A phone's window on the test's own app."""
    with window(browser, own_app.url, PHONE) as page:
        yield page

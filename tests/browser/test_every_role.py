"""Every role on every page: no accessibility fault, no word of another language, nothing wider than the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.every_role import LANGUAGES, ROLES, SIZES, addresses, pairs, visited, written
from tests.browser.routes import VISITS
from tests.browser.server import App


@pytest.fixture(scope="module")
def own_words(app: App) -> str:
    return written(app.database_url)


def test_the_visits_cover_every_pair() -> None:
    looks = pairs()
    every = {*addresses(), *(visit.address for visit in VISITS)}
    assert {(look.person, look.address) for look in looks} >= {(p, a) for p in ROLES for a in addresses()}
    assert {(look.address, look.language) for look in looks} == {(a, code) for a in every for code in LANGUAGES}
    assert {(look.address, look.size) for look in looks} == {(a, size) for a in every for size in SIZES}
    assert {(look.address, look.dark) for look in looks} == {(a, dark) for a in every for dark in (False, True)}
    assert {(look.person, look.language, look.size) for look in looks} == {
        (p, code, size) for p in ROLES for code in LANGUAGES for size in SIZES
    }


@pytest.mark.parametrize("person", ROLES, ids=lambda code: code or "stranger")
def test_nothing_is_wrong(app: App, browser: Browser, own_words: str, person: str | None) -> None:
    looks = [look for look in pairs() if look.person == person]
    assert visited(browser, app.url, looks, own_words) == []

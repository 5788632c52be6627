"""Pages as different roles see them: no accessibility fault, no word of another language, nothing too wide."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.every_role import LANGUAGES, ROLES, SIZES, Look, addresses, pairs, turns, visited, written
from tests.browser.routes import VISITS
from tests.browser.server import App


@pytest.fixture(scope="module")
def own_words(app: App) -> str:
    return written(app.database_url)


@pytest.mark.parametrize("looks", [pairs(), turns()], ids=["pairs", "turns"])
def test_the_visits_cover_every_page_in_every_language_and_at_every_width(looks: list[Look]) -> None:
    every = {*addresses(), *(visit.address for visit in VISITS)}
    assert {(look.address, look.language) for look in looks} == {(a, code) for a in every for code in LANGUAGES}
    assert {(look.address, look.size) for look in looks} == {(a, size) for a in every for size in SIZES}
    assert {(look.address, look.dark) for look in looks} == {(a, dark) for a in every for dark in (False, True)}
    assert {look.person for look in looks} == set(ROLES)


def test_every_role_visits_every_page() -> None:
    assert {(look.person, look.address) for look in pairs()} >= {(p, a) for p in ROLES for a in addresses()}


@pytest.mark.parametrize("person", ROLES, ids=lambda code: code or "stranger")
def test_nothing_is_wrong(app: App, browser: Browser, own_words: str, person: str | None) -> None:
    looks = [look for look in turns() if look.person == person]
    assert visited(browser, app.url, looks, own_words) == []

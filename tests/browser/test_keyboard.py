"""Who moves with a keyboard sees where they are: every link and button reached by Tab has a ring around it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import DESKTOP, PHONE, Cookies, settled, window
from tests.browser.routes import STAFF
from tests.browser.server import App

STEPS = 14
RING = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return [at.tagName, (at.innerText || at.ariaLabel || "").trim(), style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_links_and_buttons_show_where_the_keyboard_is(
    app: App, browser: Browser, cookies: Cookies, size: tuple[int, int]
) -> None:
    with window(browser, app.url, size, cookies=cookies(STAFF)) as page:
        page.goto("/")
        settled(page)
        reached = []
        for _ in range(STEPS):
            page.keyboard.press("Tab")
            tag, words, style, width = page.evaluate(RING)
            if tag in ("A", "BUTTON", "SUMMARY"):
                reached.append(words)
                assert (style, width) == ("solid", 2), f"no ring around {tag} {words!r}"
        assert len(reached) >= 6

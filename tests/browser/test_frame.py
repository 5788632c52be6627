"""The frame in a real browser: no way past the roles, staying signed in, languages, leftover English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from api.browser_words import WORDS
from pages.routes import all_routes
from services.i18n import translator
from tests.browser.driving import DESKTOP, LANGUAGE_TAGS, PHONE, axe, settled, sign_in, window
from tests.browser.server import App

SIGN_IN = "[class*=st-key-sign_in_]"
SHOWN = """() => {
  const found = new Set();
  const ours = "style, script, noscript, [data-testid=stMarkdownContainer], table, svg, textarea";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 3) { if (!node.parentElement.closest(ours)) found.add(node.nodeValue.trim()); }
    else for (const name of ["aria-label", "title", "placeholder", "alt"]) found.add(node.getAttribute(name) || "");
  }
  return [...found];
}"""


def test_the_first_deep_link_of_a_fresh_process_runs_no_page(own_app: App, browser: Browser) -> None:
    # Streamlit serves the files of pages/ by itself until the first st.navigation: this is that first request.
    with window(browser, own_app.url, DESKTOP) as page:
        page.goto("/portfolio")
        settled(page)
        assert page.locator(SIGN_IN).count() > 0
        expect(page.locator("h1")).to_have_text(translator("fi")("Sign in to Luotsi"))
        assert "P01" not in page.content()
    with window(browser, own_app.url, DESKTOP) as page:
        for name in [route.module for route in all_routes() if not route.public] + ["context", "frame", "sign_in"]:
            page.goto(f"/{name}")
            settled(page)
            assert page.locator(SIGN_IN).count() > 0, name


def test_a_deep_link_opens_after_signing_in_and_after_a_reload(own_app: App, browser: Browser) -> None:
    with window(browser, own_app.url, PHONE) as page:
        page.goto("/theme?code=T01")
        settled(page)
        page.locator(".st-key-sign_in_u10 button").click()
        heading = page.locator("h1")
        expect(heading).to_have_text("Puhelinpalvelu ja takaisinsoitto")
        assert "code=T01" in page.url
        page.wait_for_function("() => fetch('./healthz').then(() => true)")
        page.reload()
        settled(page)
        expect(heading).to_have_text("Puhelinpalvelu ja takaisinsoitto")
        cookie = next(c for c in page.context.cookies() if c["name"] == "luotsi_session")
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"


def test_signing_out_lasts(own_app: App, browser: Browser) -> None:
    with window(browser, own_app.url, DESKTOP) as page:
        sign_in(page, "u1")
        page.locator(".st-key-person button").first.click()
        page.locator(".st-key-sign_out button").click()
        page.locator(SIGN_IN).first.wait_for()
        page.wait_for_function("() => fetch('./healthz').then(() => true)")
        assert "luotsi_session" not in {cookie["name"] for cookie in page.context.cookies()}
        page.reload()
        settled(page)
        assert page.locator(SIGN_IN).count() > 0


def test_a_made_up_cookie_signs_nobody_in(app: App, browser: Browser) -> None:
    with window(browser, app.url, DESKTOP) as page:
        cookie = {"name": "luotsi_session", "value": "0" * 43, "url": app.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto("/portfolio")
        settled(page)
        assert page.locator(SIGN_IN).count() > 0


def test_the_language_is_switched_told_to_the_browser_and_kept(app: App, browser: Browser) -> None:
    with window(browser, app.url, DESKTOP) as page:
        page.goto("/public")
        settled(page)
        assert page.evaluate("document.documentElement.lang") == "fi"
        page.locator(".st-key-language_switch button").nth(1).click()
        expect(page.locator("h1")).to_have_text(translator("sv")("You said, we tried"))
        page.wait_for_function("() => document.documentElement.lang === 'sv'")
        page.reload()
        settled(page)
        expect(page.locator("h1")).to_have_text(translator("sv")("You said, we tried"))
        assert page.evaluate("document.documentElement.lang") == "sv"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_of_streamlits_own_words_stays_english(app: App, browser: Browser, language: str) -> None:
    t = translator(language)
    english = {word for word in WORDS if t(word) != word}
    with window(browser, app.url, DESKTOP, language=LANGUAGE_TAGS[language]) as page:
        sign_in(page, "u10")
        for address in ("/", "/themes", "/theme?code=T01", "/register?theme=T01", "/import", "/public"):
            page.goto(address)
            settled(page)
            page.wait_for_timeout(300)
            shown = set(page.evaluate(SHOWN))
            assert shown & english == set(), address
            assert not [text for text in shown if re.search(r"per file|Press Enter|Show data", text)], address


def test_the_menu_of_a_phone_has_no_accessibility_faults(app: App, browser: Browser) -> None:
    with window(browser, app.url, PHONE) as page:
        sign_in(page, "u1")
        open_menu(page)
        assert axe(page) == []
        page.get_by_role("link", name=translator("fi")("Feedback"), exact=True).first.click()
        expect(page.locator("h1")).to_have_text(translator("fi")("What customers speak of"))


def open_menu(page: Page) -> None:
    page.get_by_role("button", name=translator("fi")("Expand sidebar")).or_(
        page.locator("[data-testid=stExpandSidebarButton]")
    ).first.click()
    page.locator("[data-testid=stSidebar]").wait_for()
    page.wait_for_timeout(400)


def test_the_public_page_prints_without_the_frame(app: App, browser: Browser) -> None:
    with window(browser, app.url, DESKTOP) as page:
        page.goto("/public")
        settled(page)
        page.emulate_media(media="print")
        assert page.locator(".st-key-language_switch").is_hidden()
        assert page.locator(".st-key-story_search").is_hidden()
        assert page.locator("h1").is_visible()


def test_a_link_to_the_page_one_is_on_moves_the_address_and_the_next_tap_stays_there(
    app: App, browser: Browser
) -> None:
    with window(browser, app.url, PHONE) as page:
        sign_in(page, "u4")
        page.goto("/walks")
        settled(page)
        heading = page.locator("h1")
        page.locator("[class*=st-key-action_walks_] a").first.click()
        expect(heading).to_contain_text("Kävele: ")
        page.wait_for_url("**/walks?path=*&walk=yes")
        walked = heading.inner_text()
        page.locator(".st-key-walk_clock").get_by_text("tunteina").click()
        expect(page.locator(".st-key-walk_page").get_by_text("Alusta kulunut aika tunteina").first).to_be_visible()
        assert heading.inner_text() == walked
        page.wait_for_url("**walk_clock=hours")  # the choice stands in the address, so it is a step of its own
        page.go_back()
        page.go_back()
        expect(heading).to_have_text("Asiakkaan kengissä")

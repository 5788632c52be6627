"""Logging, deciding, proposing and reading by keyboard alone: Tab reaches everything, and nothing traps it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from services.i18n import translator
from tests.browser.driving import settled, sign_in
from tests.browser.routes import LEADERSHIP

NURSE = "u5"
"""Works in SAI5, where one pilot is running."""
MOST_TABS = 90
AT = """([name, kind]) => {
  const at = document.activeElement;
  return at.matches(kind) && !!at.closest(`[class*='st-key-${name}']`);
}"""
FIELD = "textarea, input"


def reach(page: Page, name: str, kind: str = "*") -> None:
    """Press Tab until the element with a key has the focus, or a part of it of the kind given as a selector."""
    for _ in range(MOST_TABS):
        if page.evaluate(AT, [name, kind]):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} presses of Tab did not reach {name} on {page.url}.")


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    settled(page)


def test_a_nurse_logs_the_week_and_proposes_an_idea(own_page: Page) -> None:
    page = sign_in(own_page, NURSE)
    page.goto("/log")
    settled(page)
    reach(page, "happened")
    press(page, "Space")
    reach(page, "log_went")
    press(page, "ArrowRight")
    reach(page, "log_note", FIELD)
    page.keyboard.type("Jono oli lyhyt.")
    reach(page, "log_save")
    press(page, "Enter")
    expect(page.locator(".st-key-log_undo button")).to_be_visible()

    page.goto("/ideas")
    settled(page)
    reach(page, "idea_words", FIELD)
    page.keyboard.type("Kerrotaan aulassa, montako on jonossa.")
    reach(page, "idea_send")
    press(page, "Enter")
    expect(page.get_by_text("Kerrotaan aulassa, montako on jonossa.").first).to_be_visible()


def test_a_director_decides_and_closes_what_was_opened(own_page: Page) -> None:
    page, t = sign_in(own_page, LEADERSHIP), translator("fi")
    page.goto("/meeting")
    settled(page)
    reach(page, "meeting_open")
    press(page, "Enter")
    reach(page, "open_P03")
    press(page, "Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    press(page, "Escape")
    expect(dialog).to_have_count(0)
    reach(page, "open_P02")
    press(page, "Enter")
    expect(dialog).to_be_visible()
    reach(page, "decide_save")
    assert page.evaluate("() => !!document.activeElement.closest('[role=dialog]')"), "Tab stays in what was opened"
    press(page, "Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name=t("Decided in this meeting"))).to_be_visible()


def test_a_customer_searches_and_opens_a_story(page: Page) -> None:
    page.goto("/public")
    settled(page)
    reach(page, "story_search", FIELD)
    page.keyboard.type("takaisinsoitto")
    page.wait_for_timeout(800)
    settled(page)
    found = page.locator("[class*=st-key-told_]")
    expect(found.first).to_be_visible()
    assert re.search("takaisinsoit", found.first.inner_text(), re.IGNORECASE)

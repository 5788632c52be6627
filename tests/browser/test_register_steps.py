"""Registering a pilot in a real browser: how many interactions it takes, with the keyboard alone, with nothing lost."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import axe, settled, sign_in

LEAD = "u1"
MOST = 12
"""Interactions from a theme to a saved pilot: one is one click, or typing into one field."""
MOST_TABS = 80
"""Tabs from the first field to the button: all four cards and their folded parts."""
CHANGE = "Hoitaja soittaa kotiutuneelle kahden päivän kuluttua."
REASON = "epäselvät asiat selviävät heti"
FOCUSED = """() => {
  const at = document.activeElement, block = at.closest("[class*='st-key-register_']");
  return block ? [...block.classList].find(name => name.startsWith("st-key-")).slice(7) : "";
}"""


class Counted:
    """Does things on a page and counts them.

    Attributes:
        done: Interactions so far.
    """

    def __init__(self, page: Page) -> None:
        self._page, self.done = page, 0

    def click(self, target: Locator) -> None:
        """One click."""
        self.done += 1
        target.click()
        settled(self._page)

    def type(self, name: str, text: str) -> None:
        """Typing into the field with a key."""
        self.done += 1
        field(self._page, name).fill(text)
        field(self._page, name).blur()
        settled(self._page)


def field(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-{name} textarea, .st-key-{name} input").first


def button(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-{name} button").first


def opened(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


def saved(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"Voitte aloittaa maanantaina 30\.11\.2026")).first).to_be_visible()


def test_from_a_theme_to_a_saved_pilot_with_a_template_and_the_short_fields(own_page: Page) -> None:
    page = sign_in(own_page, LEAD)
    opened(page, "/theme?code=T09")
    steps = Counted(page)
    steps.click(page.locator("[class*=st-key-action_register] a").first)
    page.locator(".st-key-register_picture [data-testid=stVegaLiteChart]").wait_for()
    settled(page)
    assert not axe(page)
    steps.click(page.locator(".st-key-register_template input, .st-key-register_template [role=combobox]").first)
    steps.click(page.get_by_role("option", name=re.compile("Soitto kotiutumisen jälkeen")).first)
    expect(field(page, "register_change")).to_have_value(re.compile("___ päivän kuluttua"))
    steps.type("register_change", CHANGE)
    steps.type("register_reason", REASON)
    steps.type("register_resources", "Päivävuoron hoitaja.")
    steps.type("register_taken_part", "Kaksi potilasta luki ohjeen.")
    steps.type("register_hours", "6")
    steps.click(button(page, "register_save"))
    saved(page)
    assert steps.done <= MOST
    assert not axe(page)


def test_with_the_keyboard_alone(own_page: Page) -> None:
    """Tab goes through every field to the button and is caught nowhere; Enter saves."""
    page = sign_in(own_page, LEAD)
    opened(page, "/register?theme=T09")
    field(page, "register_change").focus()
    page.keyboard.type(CHANGE)
    reached: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        settled(page)
        at = page.evaluate(FOCUSED)
        if at == "register_reason" and at not in reached:
            page.keyboard.type(REASON)
        reached.append(at)
        if at == "register_save":
            break
    assert reached[-1] == "register_save", reached
    assert "register_reason" in reached
    page.keyboard.press("Enter")
    settled(page)
    saved(page)


def test_nothing_is_lost_by_another_language_or_another_page_and_emptying_is_undone(own_page: Page) -> None:
    page = sign_in(own_page, LEAD)
    opened(page, "/register?theme=T09")
    steps = Counted(page)
    steps.type("register_change", CHANGE)
    steps.type("register_hours", "41")
    expect(page.locator(".st-key-register_mandate")).to_contain_text("Jukka Rinne")
    page.get_by_text("Svenska", exact=True).first.click()
    expect(page.locator(".st-key-register_mandate")).to_contain_text("Behöver godkännas")
    settled(page)
    expect(field(page, "register_change")).to_have_value(CHANGE)
    expect(field(page, "register_hours")).to_have_value(re.compile("41"))
    page.get_by_role("link", name="Försök", exact=True).first.click()
    page.locator(".st-key-register_card_1").wait_for(state="detached")
    settled(page)
    page.get_by_role("link", name="Nytt försök", exact=True).first.click()
    page.locator(".st-key-register_change").wait_for()
    settled(page)
    expect(field(page, "register_change")).to_have_value(CHANGE)
    expect(field(page, "register_hours")).to_have_value(re.compile("41"))
    expect(field(page, "register_theme")).to_have_value(re.compile("T09"))
    steps.click(button(page, "register_empty"))
    steps.click(button(page, "register_undo"))
    expect(field(page, "register_change")).to_have_value(CHANGE)
    steps.click(button(page, "register_empty"))
    steps.click(button(page, "register_again"))
    expect(field(page, "register_change")).to_have_value("")
    expect(field(page, "register_hours")).to_have_value(re.compile("^0"))

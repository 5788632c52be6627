"""What every browser test does: sign in, wait until a page is drawn, look for accessibility faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Cookie, Page, expect, sync_playwright

from services.demo_sign_in import COOKIE
from tests.browser.chromium import ARGUMENTS, find

DESKTOP = (1280, 900)
PHONE = (390, 844)
Cookies = Callable[[str | None], Sequence[Cookie]]
"""From a demo person's code to what their browser remembers."""
LANGUAGE_TAGS = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PATIENCE = 30_000
"""Milliseconds a page may take on a busy machine."""


@dataclass(frozen=True)
class Fault:
    """One accessibility rule that a page breaks.

    Attributes:
        rule: Axe's name of the rule.
        impact: minor, moderate, serious or critical.
        elements: The elements at fault, as HTML.
    """

    rule: str
    impact: str
    elements: tuple[str, ...]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium.

    Raises:
        RuntimeError: If no browser is installed.
    """
    executable = find()
    if executable is None:
        raise RuntimeError("No Chromium or Chrome was found; 'make browser' installs one.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(
    browser: Browser,
    url: str,
    size: tuple[int, int],
    *,
    language: str = "fi-FI",
    cookies: Sequence[Cookie] = (),
    dark: bool = False,
) -> Iterator[Page]:
    """A fresh window of a person in Finland.

    Args:
        browser: The browser.
        url: What addresses beginning with a slash are relative to.
        size: Width and height in CSS pixels; a width under 600 is a touch screen.
        language: What the browser asks for.
        cookies: What it remembers from before, as `cookies_of` gives it; nothing at first.
        dark: Whether the person's system is set to dark.
    """
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        has_touch=width < 600,
        locale=language,
        timezone_id="Europe/Helsinki",
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(PATIENCE)
    context.add_cookies(list(cookies))
    try:
        yield context.new_page()
    finally:
        context.close()


def settled(page: Page) -> Page:
    """Wait until the app has run its script to the end and every picture is drawn."""
    page.wait_for_selector(SETTLED)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')")
    return page


def sign_in(page: Page, code: str) -> Page:
    """Sign in as a person of the demo county, and wait until the browser remembers it.

    Args:
        page: A window on the app.
        code: The person's code, such as u1.
    """
    page.goto("/")
    settled(page)
    page.locator(f".st-key-sign_in_{code} button").click()
    page.locator(".st-key-person").wait_for()
    deadline = time.monotonic() + PATIENCE / 1000
    while COOKIE not in {cookie["name"] for cookie in page.context.cookies()}:
        if time.monotonic() > deadline:
            raise AssertionError(f"After signing in as {code} the browser has no cookie {COOKIE!r}.")
        page.wait_for_timeout(50)
    return settled(page)


def cookies_of(browser: Browser, url: str, code: str) -> Sequence[Cookie]:
    """What a browser remembers after a person has signed in: a window given this is signed in already."""
    with window(browser, url, DESKTOP) as page:
        return sign_in(page, code).context.cookies()


def console_errors(page: Page) -> list[str]:
    """A list that fills with what the page's scripts complain about, from now on."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    return errors


def axe(page: Page, *, ignore: tuple[str, ...] = ()) -> list[Fault]:
    """Accessibility faults of the page as it stands, by the rules of WCAG 2.2 A and AA.

    Args:
        page: A settled page.
        ignore: Rules that the app cannot keep because a component it uses breaks them; each is a limitation to
            be named in the accessibility statement.
    """
    options = {
        "runOnly": {"type": "tag", "values": list(WCAG)},
        "rules": {rule: {"enabled": False} for rule in ignore},
    }
    found = Axe().run(page, options=options).response["violations"]
    return [Fault(v["id"], v["impact"] or "", tuple(node["html"] for node in v["nodes"])) for v in found]

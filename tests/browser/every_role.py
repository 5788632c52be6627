"""Who visits what in which language and on which screen.

`python -m tests.browser.every_role` visits the whole matrix (role x page x language x width x ground) and prints what
is wrong; with `--pairs` every role visits every page once, languages and widths turning. The test takes every page in
every language and at every width, roles turning.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlmodel import Session, col, select

from models.database import make_engine, make_write_engine
from models.decisions import Decision, Story
from models.feedback import Feedback
from models.ideas import Idea, Thanks
from models.migrate import upgrade
from models.pilots import LogEntry, Pilot
from models.walks import ServicePath, Walk, WalkStep
from pages.routes import all_routes
from services.demo.load import load_demo
from services.i18n import translator
from tests.browser.driving import LANGUAGE_TAGS, axe, console_errors, cookies_of, running_browser, settled, window
from tests.browser.leftovers import leftovers, shown
from tests.browser.routes import ADMIN, ANALYST, COACH, DIRECTOR, LEADERSHIP, STAFF, TEAM_LEAD, TRUSTEE, VISITS
from tests.browser.server import serving
from tests.databases import DEMO_TODAY, sqlite_url

ROLES = (None, STAFF, TEAM_LEAD, COACH, DIRECTOR, LEADERSHIP, TRUSTEE, ANALYST, ADMIN)
LANGUAGES = ("fi", "sv", "en")
SIZES = ((1280, 900), (640, 450), (390, 844))
"""A desktop, the same at 200 % zoom, a phone."""

PUBLIC = tuple(visit.address for visit in VISITS if visit.path in ("public", "accessibility"))
ALIKE = {code: {translator(code)("No access"), translator(code)("Sign in to Luotsi")} for code in LANGUAGES}


@dataclass(frozen=True)
class Look:
    """One page as somebody sees it.

    Attributes:
        person: Code of a demo person, None for a stranger.
        address: The page's address.
        language: fi, sv or en.
        size: Width and height in CSS pixels.
        dark: Whether their system is set to dark.
    """

    person: str | None
    address: str
    language: str
    size: tuple[int, int]
    dark: bool


def addresses() -> tuple[str, ...]:
    """Every page, as an address that shows something."""
    query = {visit.path: visit.query for visit in reversed(VISITS) if visit.query and "view=" not in visit.query}
    paths = [route.path for route in all_routes()]
    return tuple(f"/{path}" + (f"?{query[path]}" if path in query else "") for path in paths)


def everything() -> list[Look]:
    """The whole matrix."""
    return [Look(*each) for each in product(ROLES, addresses(), LANGUAGES, SIZES, (False, True))]


def pairs() -> list[Look]:
    """Every role on every page once; languages and widths turn, so that each page meets each of both.

    The further visits of routes.py (other views of a page) are made by the person they are best seen as, in every
    language.
    """
    found = [
        _turned(person, address, place, number)
        for number, address in enumerate(addresses())
        for place, person in enumerate(ROLES)
    ]
    further = [visit for visit in VISITS if visit.address not in addresses()]
    return found + [
        _turned(visit.person, visit.address, place, number)
        for number, visit in enumerate(further)
        for place in range(len(LANGUAGES))
    ]


def turns() -> list[Look]:
    """Every address in every language and at every width, once as the person it is best seen as, then as others."""
    best = {visit.address: visit.person for visit in reversed(VISITS)}
    return [
        _turned(best.get(address) if place == 0 else ROLES[(number + 4 * place) % len(ROLES)], address, place, number)
        for number, address in enumerate(dict.fromkeys((*addresses(), *best)))
        for place in range(len(LANGUAGES))
    ]


def _turned(person: str | None, address: str, place: int, number: int) -> Look:
    return Look(
        person,
        address,
        LANGUAGES[(place + number) % len(LANGUAGES)],
        SIZES[(place + number // len(LANGUAGES)) % len(SIZES)],
        (place + number) % 2 == 1,
    )


def written(url: str) -> str:
    """Everything people wrote, which is in whatever language they wrote it in."""
    engine = make_engine(url)
    with Session(engine) as session:
        texts = [text for text in session.exec(select(Feedback.text).where(col(Feedback.text).is_not(None))) if text]
        for column in (
            Idea.words,
            Idea.answer,
            Thanks.words,
            LogEntry.note,
            Decision.reason,
            Walk.as_whom,
            WalkStep.note,
        ):
            texts += [text for text in session.exec(select(column)) if text]
        for table in (Pilot, Story, ServicePath):
            for row in session.exec(select(table)):
                for value in row.model_dump().values():
                    texts += _strings(value)
    engine.dispose()
    return "\n".join(texts)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return []


def faults(page: Page, look: Look, errors: list[str], own_words: str, alike: set[str]) -> Iterator[str]:
    """What is wrong with a page, a line each.

    Args:
        page: The window.
        look: What is visited.
        errors: What its scripts complained about.
        own_words: Everything people wrote.
        alike: Pages that look the same wherever they appear (no access, sign in) and were looked at in this window.
    """
    page.goto(look.address)
    settled(page)
    page.wait_for_function("() => document.querySelectorAll('h1').length === 1", timeout=10_000)
    yield from (f"console: {error}" for error in errors)
    errors.clear()
    if page.locator("[data-testid=stException]").count():
        yield "an error"
    if page.locator("[class*=st-key-person]").count() != (1 if look.person else 0):
        yield "signed in as somebody else than planned"
    if look.person is None and look.address not in PUBLIC and not page.locator("[class*=st-key-sign_in_]").count():
        yield "a stranger is not asked to sign in"
    if page.evaluate("() => document.documentElement.lang") != look.language:
        yield "the document is said to be in another language"
    if page.locator("h1").inner_text() in ALIKE[look.language]:
        title = page.locator("h1").inner_text()
        if title in alike:
            return
        alike.add(title)
    page.wait_for_timeout(150)  # wide tables are made reachable a moment after they are drawn
    yield from (f"axe: {fault.rule} {fault.elements[0][:200]}" for fault in axe(page))
    if page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") > 0:
        yield "wider than the window"
    yield from (f"language: {text[:120]}" for text in leftovers(shown(page), look.language, written=own_words))


def visited(browser: Browser, url: str, looks: list[Look], own_words: str) -> list[str]:
    """Visit them, a window for each language and width; returns what is wrong."""
    troubles = []
    windows: dict[tuple[str, str, tuple[int, int], bool], list[Look]] = {}
    for look in looks:
        windows.setdefault((look.person or "", look.language, look.size, look.dark), []).append(look)
    signed_in = {person: cookies_of(browser, url, person) if person else () for person, *_ in windows}
    for (person, language, size, dark), of_window in windows.items():
        own = {"language": LANGUAGE_TAGS[language], "cookies": signed_in[person], "dark": dark}
        with window(browser, url, size, **own) as page:
            errors, alike = console_errors(page), set[str]()
            for look in of_window:
                name = f"{person or 'stranger'} {look.address} {language} {size[0]} px{' dark' if dark else ''}"
                troubles += [f"{name}: {fault}" for fault in faults(page, look, errors, own_words, alike)]
    return troubles


def main() -> int:
    """Visit the whole matrix, or a part of it; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.every_role", description=__doc__)
    parser.add_argument("--person", action="append", help="only these people, such as u7; stranger for nobody")
    parser.add_argument("--page", action="append", help="only addresses that begin so")
    parser.add_argument("--pairs", action="store_true", help="every role on every page once")
    asked = parser.parse_args()
    looks = [
        look
        for look in (pairs() if asked.pairs else everything())
        if (not asked.person or (look.person or "stranger") in asked.person)
        and (not asked.page or look.address.startswith(tuple(asked.page)))
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sqlite_url(folder / "demo.db")
        upgrade(url)
        engine = make_write_engine(url)
        with Session(engine) as session:
            load_demo(session, today=DEMO_TODAY)
        engine.dispose()
        with serving(url, folder, {"LUOTSI_TODAY": DEMO_TODAY.isoformat()}) as app, running_browser() as browser:
            troubles = visited(browser, app.url, looks, written(url))
    sys.stdout.write("".join(f"{trouble}\n" for trouble in troubles))
    sys.stdout.write(f"{len(looks)} visits, {len(troubles)} faults\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())

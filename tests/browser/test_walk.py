"""The whole loop in a real browser: a file comes in, a theme shows, a pilot is registered, logged, evaluated, decided,
and customers read what came of it. Time passes by serving the same database on later days."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from models.database import make_engine
from services import pilots, plans
from services.i18n import translator
from services.rows import key
from tests.browser import survey_files
from tests.browser.driving import DESKTOP, PHONE, settled, sign_in, window
from tests.browser.server import App, serving
from tests.databases import DEMO_TODAY, sqlite_url

LEAD, COACH, LEADER = "u1", "u10", "u7"
UNIT = "SAI3"
START = DEMO_TODAY + dt.timedelta(days=7)
IN_WEEK_TWO = START + dt.timedelta(days=8)
OVER = START + dt.timedelta(weeks=13)


class Calendar:
    """The same installation on different days.

    Attributes:
        url: Address of its database.
    """

    def __init__(self, database: Path, folder: Path) -> None:
        self.url, self._folder = sqlite_url(database), folder

    @contextmanager
    def on(self, day: dt.date) -> Iterator[App]:
        """The app as it is on a day."""
        folder = self._folder / day.isoformat()
        folder.mkdir()
        with serving(self.url, folder, {"LUOTSI_TODAY": day.isoformat()}) as app:
            yield app

    def comparisons(self, code: str) -> list[str]:
        """Codes of the units that a pilot is compared with."""
        engine = make_engine(self.url)
        with Session(engine) as session:
            pilot = pilots.by_code(session, code)
            units = [unit.code for unit in plans.current(session, key(pilot.id)).comparison_units]
        engine.dispose()
        return units


@pytest.fixture
def calendar(demo_template: Path, tmp_path: Path) -> Calendar:
    database = tmp_path / "walk.db"
    shutil.copyfile(demo_template, database)
    return Calendar(database, tmp_path)


def click(page: Page, name: str) -> None:
    page.locator(f".st-key-{name} button").first.click()
    settled(page)


def write(page: Page, name: str, text: str) -> None:
    box = page.locator(f".st-key-{name} textarea, .st-key-{name} input").first
    box.fill(text)
    box.blur()
    settled(page)


def import_file(page: Page, path: Path, rows: int) -> None:
    """Give a file to the import page, take the columns it suggests, confirm."""
    page.goto("/import")
    settled(page)
    page.locator("input[type=file]").first.set_input_files(path)
    page.locator(".st-key-import_go button").wait_for()
    click(page, "import_go")
    expect(page.get_by_role("status").first).to_contain_text(translator("fi").number(rows))


def test_from_a_customers_comment_to_what_customers_read(calendar: Calendar, browser: Browser, tmp_path: Path) -> None:
    with calendar.on(DEMO_TODAY) as app, window(browser, app.url, DESKTOP) as page:
        sign_in(page, LEAD)
        path = survey_files.comments(tmp_path / "palaute.csv", unit=UNIT, last=DEMO_TODAY)
        import_file(page, path, survey_files.COMMENTERS)

        page.goto("/theme?code=T09")
        settled(page)
        expect(page.get_by_text(survey_files.COMMENT).first).to_be_visible()

        page.goto("/register?theme=T09")
        settled(page)
        write(page, "register_change", "Hoitaja käy kotiutuslistan läpi potilaan kanssa ennen lähtöä.")
        write(page, "register_reason", "potilas tietää, mitä seuraavaksi tapahtuu")
        click(page, "register_save")
        expect(page.get_by_text(re.compile(rf"{START.day}\.{START.month}\.{START.year}")).first).to_be_visible()
        code = registered_pilot(page)

    with calendar.on(IN_WEEK_TWO) as app, window(browser, app.url, PHONE) as phone:
        sign_in(phone, LEAD)
        phone.goto(f"/pilot?code={code}")
        settled(phone)
        phone.goto(log_address(phone))
        settled(phone)
        expect(phone.get_by_text("2/12").first).to_be_visible()
        phone.get_by_role("radio", name="Kyllä", exact=True).or_(
            phone.get_by_role("button", name="Kyllä", exact=True)
        ).first.click()
        write(phone, "log_note", "Lista käytiin läpi kaikkien kanssa, puh. 040 123 4567 annettu.")
        click(phone, "log_save")
        phone.locator(".st-key-log_undo button").wait_for()

    with calendar.on(OVER) as app, window(browser, app.url, DESKTOP) as page:
        sign_in(page, COACH)
        levels = {UNIT: 9.8} | dict.fromkeys(calendar.comparisons(code), 8.8)
        path = survey_files.ratings(tmp_path / "arvosanat.csv", levels=levels, first=START, weeks=12)
        import_file(page, path, len(levels) * 12 * 20)
        page.goto(f"/pilot?code={code}")
        settled(page)
        expect(page.get_by_text("[puhelinnumero]").first).to_be_visible()
        click(page, "evaluate_now")
        page.locator(".st-key-pilot_verdict").wait_for()
        expect(page.locator(".st-key-pilot_verdict")).to_contain_text("laajen")

    with calendar.on(OVER + dt.timedelta(days=1)) as app:
        with window(browser, app.url, DESKTOP) as page:
            sign_in(page, LEADER)
            page.goto(f"/pilot?code={code}")
            settled(page)
            click(page, "decide_save")
            expect(page.locator("[class*=st-key-decision_]").first).to_contain_text("Katri Wallin")
        with window(browser, app.url, DESKTOP) as page:
            sign_in(page, LEAD)
            page.goto(f"/story?code={code}")
            settled(page)
            for part, words in (
                ("you_said", "Kotiin lähtiessä jatkohoito jäi epäselväksi."),
                ("we_tried", "Hoitaja kävi listan läpi kanssanne ennen lähtöä."),
                ("what_happened", "Suositteluarvosana nousi. Laajennamme."),
            ):
                write(page, f"story_{code}_{part}_fi", words)
            click(page, "story_save")
            expect(
                page.get_by_text(
                    translator("fi")("This story waits for another person's approval. It is not public yet.")
                )
            ).to_be_visible()
        with window(browser, app.url, DESKTOP) as page:
            sign_in(page, LEADER)
            page.goto(f"/story?code={code}")
            settled(page)
            click(page, "story_approve")
            page.locator(".st-key-story_withdraw button").wait_for()
        with window(browser, app.url, PHONE) as customer:
            customer.goto("/public")
            settled(customer)
            expect(customer.get_by_text("Hoitaja kävi listan läpi kanssanne ennen lähtöä.").first).to_be_visible()


def registered_pilot(page: Page) -> str:
    """The code of the pilot that was just registered, from the link the page offers."""
    address = page.locator("a[href*='pilot?code=K']").first.get_attribute("href") or ""
    found = re.search(r"code=(K\d+)", address)
    assert found, f"no link to a new pilot: {address!r}"
    return found.group(1)


def log_address(page: Page) -> str:
    """Where the pilot's QR code leads, from the link beside it."""
    address = page.locator(".st-key-pilot_qr a[href*='log?pilot=']").first.get_attribute("href") or ""
    return "/" + address.split("/")[-1]

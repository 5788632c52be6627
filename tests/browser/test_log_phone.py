"""Logging a week on a phone: under twenty seconds, at most four interactions, with one thumb."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Cookie, Locator, Page, expect
from sqlmodel import Session, select

from models.database import make_engine
from models.pilots import LogEntry, Pilot
from services.i18n import translator
from tests.browser.driving import LANGUAGE_TAGS, PHONE, axe, console_errors, settled, sign_in, window
from tests.browser.every_role import written
from tests.browser.leftovers import leftovers, shown
from tests.browser.server import App

PILOT, NURSE = "P17", "u5"
SECONDS, INTERACTIONS = 20, 4
FINGER = 48
"""Pixels a thumb hits."""
fi = translator("fi")


def logged(app: App, code: str = PILOT) -> list[LogEntry]:
    """The pilot's log as it is stored, undone entries too, in the order they came."""
    engine = make_engine(app.database_url)
    with Session(engine) as session:
        of_pilot = select(LogEntry).join(Pilot).where(Pilot.code == code).order_by(LogEntry.id)  # type: ignore[arg-type]
        found = list(session.exec(of_pilot).all())
    engine.dispose()
    return found


def code_of(app: App, code: str = PILOT) -> str:
    """Where the pilot's QR code leads."""
    engine = make_engine(app.database_url)
    with Session(engine) as session:
        token = session.exec(select(Pilot.log_token).where(Pilot.code == code)).one()
    engine.dispose()
    return f"/log?pilot={token}"


def choose(page: Page, field: str, number: int) -> None:
    """Tap an answer, counted from 0."""
    page.locator(f".st-key-{field} [role=radio]").nth(number).tap()


def begin_a_week(phone: Page, app: App, words: str) -> Locator:
    """Sign in as the nurse and fill the week in, up to the tap that saves it; the note's field."""
    sign_in(phone, NURSE)
    phone.goto(code_of(app))
    settled(phone)
    choose(phone, "happened", 0)
    note = phone.locator(".st-key-log_note textarea")
    note.fill(words)
    note.blur()
    phone.wait_for_timeout(1_500)  # the note is looked through when it is left: that run must be over
    settled(phone)
    return note


def chosen(page: Page, field: str) -> list[int]:
    """The answers of a field that are chosen."""
    options = page.locator(f".st-key-{field} [role=radio]")
    return [n for n in range(options.count()) if options.nth(n).get_attribute("aria-checked") == "true"]


def test_from_the_code_on_the_wall_to_saved_and_back(own_app: App, browser: Browser) -> None:
    before = len(logged(own_app))
    with window(browser, own_app.url, PHONE) as phone:
        errors = console_errors(phone)
        phone.goto(code_of(own_app))
        settled(phone)
        phone.locator(f".st-key-sign_in_{NURSE} button").tap()
        phone.locator(".st-key-log_save button").wait_for()
        phone.wait_for_function("() => fetch('./healthz').then(() => true)")  # the sign-in's cookie has come

        begun, taps = time.monotonic(), 1
        phone.goto(code_of(own_app))
        phone.locator(".st-key-log_save button").wait_for()
        for field, number in (("happened", 0), ("log_went", 3)):
            choose(phone, field, number)
            taps += 1
        phone.locator(".st-key-log_save button").tap()
        taps += 1
        expect(phone.get_by_text(fi("Thank you! Saved: {week}.").format(week="viikko 21/26"))).to_be_visible()
        seconds = time.monotonic() - begun
        print(f"logged in {taps} interactions, {seconds:.1f} s of the machine")  # noqa: T201
        assert taps <= INTERACTIONS
        assert seconds < SECONDS
        assert [(entry.happened, entry.work_went) for entry in logged(own_app)[before:]] == [("yes", 4)]
        expect(phone.locator("canvas, svg.marks").first).to_be_visible()
        assert axe(phone) == []

        phone.locator(".st-key-log_undo button").tap()
        phone.locator(".st-key-log_save button").wait_for()
        settled(phone)
        assert (chosen(phone, "happened"), chosen(phone, "log_went")) == ([0], [3])
        assert logged(own_app)[-1].undone_at is not None

        # Typed, and Save tapped straight away: the first tap saves, without the number.
        phone.locator(".st-key-log_note textarea").tap()
        phone.keyboard.type("Soita Matille numeroon 040 123 4567.")
        phone.locator(".st-key-log_save button").tap()
        phone.locator(".st-key-log_undo button").wait_for()
        expect(phone.get_by_text("[puhelinnumero]").first).to_be_visible()
        note = logged(own_app)[-1].note
        assert "[PHONE]" in note
        assert "4567" not in note
        assert len(logged(own_app)) == before + 2
        assert errors == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_reads_well_and_within_reach_of_a_thumb(
    app: App, browser: Browser, cookies: Callable[[str | None], Sequence[Cookie]], language: str
) -> None:
    t = translator(language)
    with window(browser, app.url, PHONE, language=LANGUAGE_TAGS[language], cookies=cookies(NURSE)) as phone:
        phone.goto(code_of(app))
        settled(phone)
        faces = phone.locator(".st-key-log_went [role=radio]")
        boxes = [faces.nth(n).bounding_box() for n in range(5)]
        assert len({round(box["y"]) for box in boxes if box}) == 1, "the faces stand in one row"
        answers = [phone.locator(".st-key-happened [role=radio]").nth(n).bounding_box() for n in range(3)]
        save = phone.locator(".st-key-log_save button")
        for box in [*boxes, *answers, save.bounding_box()]:
            assert box is not None
            assert min(box["width"], box["height"]) >= FINGER
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE[0]
            assert box["y"] + box["height"] <= PHONE[1], "nothing needs scrolling"
        names = [faces.nth(n).inner_text() for n in range(5)]
        assert [t("very badly") in names[0], t("very well") in names[4]] == [True, True]

        choose(phone, "log_went", 4)
        phone.locator(".st-key-log_note textarea").fill("Virtanen, 040 123 4567")
        phone.locator(".st-key-log_note textarea").blur()
        expect(phone.locator(".st-key-log_preview")).to_contain_text(t("[phone number]"))
        settled(phone)
        assert axe(phone) == []
        assert leftovers(shown(phone), language, written=written(app.database_url)) == []
        phone.set_viewport_size({"width": PHONE[0], "height": 500})  # the keyboard is up
        phone.locator(".stMain").evaluate("main => main.scrollTo(0, 0)")
        low = save.bounding_box()
        assert low is not None
        assert 0 < low["y"] + low["height"] <= 500, "Save stays within reach"

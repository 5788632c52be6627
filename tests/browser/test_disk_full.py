"""The disk is full while people work: what could not be saved is said, what is there is read, saving works again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from services.i18n import translator
from tests.browser.conftest import SETTINGS
from tests.browser.driving import PHONE, settled, window
from tests.browser.server import serving
from tests.browser.test_log_phone import begin_a_week, code_of, logged
from tests.small_disk import small_disk, sqlite_on

NOTE = "Lista käytiin läpi jokaisen kotiutujan kanssa."
fi = translator("fi")


@pytest.mark.slow
def test_a_week_is_saved_once_there_is_room(demo_template: Path, browser: Browser, tmp_path: Path) -> None:
    with (
        small_disk(megabytes=96) as disk,
        sqlite_on(disk, demo_template) as url,
        serving(url, tmp_path, SETTINGS) as app,
        window(browser, app.url, PHONE) as phone,
    ):
        before = len(logged(app))
        note = begin_a_week(phone, app, NOTE)

        disk.fill()
        phone.locator(".st-key-log_save button").tap()
        expect(phone.get_by_role("alert")).to_contain_text("palvelun tallennustila on täynnä")
        assert phone.get_by_role("heading", level=1).count() == 1
        assert len(logged(app)) == before
        phone.goto("/portfolio")  # reading goes on
        settled(phone)
        expect(phone.get_by_role("heading", level=1)).to_have_text(fi("Pilots"))
        assert phone.get_by_role("alert").count() == 0

        disk.make_room()
        phone.goto(code_of(app))
        expect(note).to_have_value(NOTE)
        settled(phone)
        phone.locator(".st-key-log_save button").tap()
        expect(phone.get_by_text(fi("Thank you! Saved: {week}.").partition("{")[0])).to_be_visible()
        assert [entry.note for entry in logged(app)[before:]] == [NOTE]

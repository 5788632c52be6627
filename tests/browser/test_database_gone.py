"""The record is gone while people work: they are told in their language, and go on where they were when it is back."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from services.i18n import translator
from tests.browser.driving import PHONE, axe, settled, window
from tests.browser.server import App
from tests.browser.test_log_phone import begin_a_week, logged

NOTE = "Lista käytiin läpi jokaisen kotiutujan kanssa."
fi = translator("fi")


def health(app: App) -> int:
    try:
        with urllib.request.urlopen(f"{app.url}/healthz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


@pytest.mark.slow
def test_a_week_is_saved_once_the_record_is_back(own_app: App, browser: Browser, tmp_path: Path) -> None:
    before = len(logged(own_app))
    record = Path(str(make_url(own_app.database_url).database))
    away = tmp_path / "away.db"
    with window(browser, own_app.url, PHONE) as phone:
        note = begin_a_week(phone, own_app, NOTE)

        record.rename(away)
        phone.locator(".st-key-log_save button").tap()
        alert = phone.get_by_role("alert")
        expect(alert).to_contain_text("Mitään tallentamaasi ei ole kadonnut")
        reference = re.search(r"\b[0-9a-f]{8}\b", alert.inner_text())
        assert reference, "support asks for it"
        log = own_app.log.read_text(encoding="utf-8")
        assert f"Reference {reference[0]} (gone)" in log
        assert "there is none" not in log, "a message may hold what somebody typed; the log has its kind and place only"
        expect(phone.get_by_role("heading", level=1)).to_have_text(fi("The record cannot be reached"))
        assert "Traceback" not in phone.content()
        assert health(own_app) == 503
        settled(phone)
        assert axe(phone) == []
        phone.locator(".st-key-try_again button").tap()
        settled(phone)
        expect(alert).to_be_visible()
        assert not record.exists()

        away.rename(record)
        assert health(own_app) == 200
        phone.locator(".st-key-try_again button").tap()
        expect(note).to_have_value(NOTE)
        settled(phone)
        expect(phone.locator(".st-key-happened [role=radio]").first).to_have_attribute("aria-checked", "true")
        assert len(logged(own_app)) == before
        phone.locator(".st-key-log_save button").tap()
        expect(phone.get_by_text(fi("Thank you! Saved: {week}.").partition("{")[0])).to_be_visible()
        assert [entry.note for entry in logged(own_app)[before:]] == [NOTE]
    assert health(own_app) == 200

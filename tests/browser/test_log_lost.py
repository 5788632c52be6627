"""What was typed into the weekly log outlives a reload, a lost connection and a server that starts anew."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from models.database import make_write_engine
from models.metrics import Metric
from models.pilots import Pilot
from models.plans import PilotPlan
from services.i18n import translator
from services.rows import key
from tests.browser.conftest import SETTINGS
from tests.browser.driving import PHONE, settled, sign_in, window
from tests.browser.line import line_to
from tests.browser.server import App, serving
from tests.browser.test_log_phone import NURSE, PILOT, choose, chosen, code_of, logged

NOTE = "Iltavuorossa lista jäi väliin, puh. 040 123 4567."
fi = translator("fi")


def kept(page: Page) -> str:
    return str(page.evaluate("() => JSON.stringify({...sessionStorage})"))


def field(page: Page) -> str:
    return page.locator(".st-key-log_note textarea").input_value()


def staff_count_errors(app: App) -> None:
    """Give the pilot a metric that staff enter."""
    engine = make_write_engine(app.database_url)
    with Session(engine) as session:
        metric = session.exec(select(Metric).where(Metric.code == "errors")).one()
        pilot = session.exec(select(Pilot).where(Pilot.code == PILOT)).one()
        for plan in session.exec(select(PilotPlan).where(PilotPlan.pilot_id == pilot.id)):
            plan.metric_id = key(metric.id)
        session.commit()
    engine.dispose()


def test_a_reload_keeps_it_and_signing_out_forgets_it(own_app: App, browser: Browser) -> None:
    staff_count_errors(own_app)
    with window(browser, own_app.url, PHONE) as phone:
        sign_in(phone, NURSE)
        phone.goto(code_of(own_app))
        settled(phone)
        choose(phone, "happened", 1)
        choose(phone, "log_went", 1)
        for _ in range(3):  # faster than any server answers
            phone.locator(".st-key-step_up_log_value button").tap()
        phone.locator(".st-key-log_note textarea").tap()
        phone.keyboard.type(NOTE)
        phone.reload()
        expect(phone.locator(".st-key-log_note textarea")).to_have_value(NOTE)
        expect(phone.locator(".st-key-log_preview")).to_contain_text("[puhelinnumero]")
        assert (chosen(phone, "happened"), chosen(phone, "log_went")) == ([1], [1])
        assert phone.locator(".st-key-log_value input").input_value() == "3"
        settled(phone)
        phone.locator(".st-key-person button").first.tap()
        phone.locator(".st-key-sign_out button").tap()
        phone.locator("[class*=st-key-sign_in_]").first.wait_for()
        assert "lista" not in kept(phone)
        phone.locator(f".st-key-sign_in_{NURSE} button").tap()
        phone.locator(".st-key-log_save button").wait_for()
        settled(phone)
        assert field(phone) == ""


def test_a_lost_connection_is_said_and_one_entry_is_saved(own_app: App, browser: Browser, tmp_path: Path) -> None:
    before = len(logged(own_app))
    with line_to(own_app) as line, window(browser, line.url, PHONE) as phone:
        sign_in(phone, NURSE)
        phone.goto(code_of(own_app))
        settled(phone)
        choose(phone, "happened", 1)
        phone.locator(".st-key-log_note textarea").tap()
        phone.keyboard.type(NOTE)

        line.cut()
        notice = phone.locator("#luotsi-connection")
        expect(notice).to_have_text(
            fi("The connection was lost. What you wrote is kept; we are trying again."), use_inner_text=True
        )
        phone.wait_for_timeout(5000)  # by now Streamlit would say so too, in English, over the page
        assert phone.locator("[role=dialog]").count() == 0
        assert field(phone) == NOTE
        assert len(logged(own_app)) == before

        again = tmp_path / "again"
        again.mkdir()
        with serving(own_app.database_url, again, SETTINGS | {"LUOTSI_DATA_DIR": str(tmp_path)}) as other:
            line.lead_to(other)  # the server started anew: it knows nothing of this window
            expect(notice).to_have_text(fi("The connection is back."))
            settled(phone)
            assert field(phone) == NOTE
            phone.reload()
            expect(phone.locator(".st-key-log_note textarea")).to_have_value(NOTE)
            expect(phone.locator(".st-key-log_preview")).to_be_visible()
            settled(phone)
            phone.locator(".st-key-log_save button").tap()
            phone.locator(".st-key-log_undo button").wait_for()
            assert [(entry.happened, "[PHONE]" in entry.note) for entry in logged(own_app)[before:]] == [
                ("partly", True)
            ]
            assert "lista" not in kept(phone)
            phone.reload()
            phone.locator(".st-key-log_save button").wait_for()
            settled(phone)
            assert field(phone) == ""
            assert len(logged(own_app)) == before + 1

            choose(phone, "happened", 0)
            line.hold()  # neither lost nor answering
            phone.locator(".st-key-log_save button").tap()
            expect(notice).to_have_text(fi("The connection is slow: not saved yet. What you wrote is kept."))
            assert len(logged(own_app)) == before + 1
            line.release()
            expect(phone.get_by_text(fi("Thank you! Saved: {week}.").format(week="viikko 21/26"))).to_be_visible()
            assert [entry.happened for entry in logged(own_app)[before:]] == ["partly", "yes"]

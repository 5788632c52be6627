"""A clear case is decided in at most five presses from the open meeting; the clock counts; the minutes are a file."""

from __future__ import annotations

import io
import re

from docx import Document
from playwright.sync_api import Page, expect

from services.i18n import translator
from tests.browser.driving import axe, settled, sign_in
from tests.browser.routes import LEADERSHIP

MOST = 5
CLEAR = "P02"


class Steps:
    """Counts what a person does: a press, or a field filled in."""

    def __init__(self, page: Page) -> None:
        self.page, self.taken = page, 0

    def press(self, name: str) -> None:
        """Press the button with a key."""
        self.taken += 1
        self.page.locator(f".st-key-{name} button").first.click()
        settled(self.page)


def test_a_clear_case_is_decided_and_stands_in_the_minutes(own_page: Page) -> None:
    page, t = sign_in(own_page, LEADERSHIP), translator("fi")
    page.goto("/meeting")
    settled(page)
    page.locator(".st-key-meeting_open button").click()
    clock = page.locator(".luotsi-clock b")
    expect(clock).to_have_text(re.compile(r"29:\d\d"))  # it counts without a rerun
    settled(page)

    steps = Steps(page)
    steps.press(f"open_{CLEAR}")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(t("What if we are wrong?"))).to_be_visible()
    assert axe(page) == []
    steps.press("decide_save")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name=t("Decided in this meeting"))).to_be_visible()
    assert steps.taken <= MOST

    page.locator(".st-key-meeting_end button").click()
    with page.expect_download() as download:
        page.locator(".st-key-minutes_docx button").click()
    assert download.value.suggested_filename.startswith("pöytäkirja-")
    written = Document(io.BytesIO(download.value.path().read_bytes()))
    assert any(paragraph.text.startswith(CLEAR) for paragraph in written.paragraphs)

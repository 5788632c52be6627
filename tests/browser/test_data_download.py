"""The analyst's files in a real browser: made when asked for, named after the table and the day."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.driving import settled, sign_in
from tests.browser.routes import ANALYST


@pytest.mark.slow
def test_a_file_is_downloaded_in_the_format_that_was_chosen(page: Page) -> None:
    sign_in(page, ANALYST)
    page.goto("/data")
    settled(page)
    with page.expect_download() as excel:
        page.get_by_role("button", name="Lataa luotsi-plans-2026-11-23.csv").click()
    assert excel.value.suggested_filename == "luotsi-plans-2026-11-23.csv"
    assert excel.value.path().read_bytes().startswith(b"\xef\xbb\xbfpilot;version;amendment;metric;")
    page.get_by_text("NDJSON").click()
    settled(page)
    with page.expect_download() as lines:
        page.get_by_role("button", name="Lataa luotsi-plans-2026-11-23.ndjson").click()
    assert lines.value.path().read_bytes().startswith(b'{"pilot": "P01"')

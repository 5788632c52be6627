"""What Streamlit itself says of a value out of range or a page that is not there, in the reader's language."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from services.i18n import translator
from tests.browser.driving import DESKTOP, settled, sign_in, window
from tests.browser.server import App


def test_a_number_out_of_range_and_an_unknown_page_are_explained(app: App, browser: Browser) -> None:
    fi = translator("fi")
    with window(browser, app.url, DESKTOP) as page:
        sign_in(page, "u1")
        page.goto("/walks?path=leikkaus&walk=yes")
        settled(page)
        field = page.locator("[class*=st-key-walk_leikkaus_1_minute_]")
        field.locator("input").fill("-5")
        field.locator("input").blur()
        said = fi("Number is below the allowed range. Please enter a value greater than or equal to {least}.").replace(
            "{least}", "0"
        )
        expect(field).to_contain_text(f"{fi('Error')}: {said}")
        field.locator("[data-testid=stTooltipErrorHoverTarget]").hover()
        expect(page.locator("[data-testid=stTooltipErrorContent]")).to_have_text(f"{fi('Error')}: {said}")
        page.goto("/nowhere")
        settled(page)
        expect(page.locator("body")).not_to_contain_text("Page not found")
        expect(page.locator("body")).not_to_contain_text("requested")

"""What was typed into a walk or an idea outlives a reload, and does not come back once it is saved."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from services.i18n import translator
from tests.browser.driving import PHONE, axe, settled, sign_in, window
from tests.browser.server import App
from tests.browser.test_log_phone import FINGER, choose, chosen

NURSE, DIRECTOR = "u1", "u10"
fi = translator("fi")


def field(page: Page, begins: str, kind: str = "input") -> Locator:
    return page.locator(f'[class*="st-key-{begins}"] {kind}')


def test_a_walk_outlives_a_reload_and_saves_once(own_app: App, browser: Browser) -> None:
    with window(browser, own_app.url, PHONE) as phone:
        sign_in(phone, NURSE)
        phone.goto("/walks?path=leikkaus&walk=yes")
        settled(phone)
        faces = phone.locator(".st-key-walk_leikkaus_0_feeling [role=radio]")
        boxes = [faces.nth(n).bounding_box() for n in range(5)]
        assert len({round(box["y"]) for box in boxes if box}) == 1, "the faces stand in one row"
        assert all(box and min(box["width"], box["height"]) >= FINGER for box in boxes)
        assert axe(phone) == []
        choose(phone, "walk_clock", 1)
        settled(phone)
        choose(phone, "walk_leikkaus_0_feeling", 3)
        choose(phone, "walk_leikkaus_1_feeling", 1)
        field(phone, "walk_whom").fill("yksin asuva 70-vuotias")
        field(phone, "walk_leikkaus_1_minute_hours").fill("2")
        field(phone, "walk_leikkaus_1_note").fill("Kukaan ei kertonut jonosta.")
        phone.reload()
        expect(field(phone, "walk_leikkaus_1_note")).to_have_value("Kukaan ei kertonut jonosta.")
        expect(field(phone, "walk_leikkaus_1_minute_hours")).to_have_value("2")
        expect(field(phone, "walk_whom")).to_have_value("yksin asuva 70-vuotias")
        settled(phone)
        assert [chosen(phone, f"walk_leikkaus_{place}_feeling") for place in (0, 1)] == [[3], [1]]
        phone.locator(".st-key-walk_save button").tap()
        expect(phone.get_by_text(fi("Thank you! Your walk is in the picture."))).to_be_visible()
        phone.goto("/walks?path=leikkaus&walk=yes")
        settled(phone)
        phone.wait_for_timeout(500)  # a draft would be back by now
        assert field(phone, "walk_leikkaus_1_note").input_value() == ""


def test_an_idea_outlives_a_reload_with_its_unit(own_app: App, browser: Browser) -> None:
    with window(browser, own_app.url, PHONE) as phone:
        sign_in(phone, DIRECTOR)
        phone.goto("/ideas")
        settled(phone)
        field(phone, "idea_words_", "textarea").first.fill("Kokeillaan kävelypalaveria.")
        field(phone, "idea_words_", "textarea").first.blur()
        phone.wait_for_timeout(1_500)  # the run that the words began must be over, or it closes the list
        settled(phone)
        field(phone, "idea_for_unit_").click()
        phone.get_by_role("option").nth(2).click()
        expect(field(phone, "idea_for_unit_")).not_to_have_value("")
        unit = field(phone, "idea_for_unit_").input_value()
        phone.reload()
        expect(field(phone, "idea_words_", "textarea").first).to_have_value("Kokeillaan kävelypalaveria.")
        expect(field(phone, "idea_for_unit_")).to_have_value(unit)
        phone.locator(".st-key-idea_send button").tap()
        expect(phone.get_by_text(fi("Thank you! Your idea is saved, and the team lead sees it."))).to_be_visible()
        phone.reload()
        settled(phone)
        phone.wait_for_timeout(500)
        assert field(phone, "idea_words_", "textarea").first.input_value() == ""

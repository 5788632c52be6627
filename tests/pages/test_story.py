"""A pilot's public story: written, approved by another, withdrawn, refused."""

from __future__ import annotations

from models.decisions import Story
from services import stories
from services.rows import key
from tests.pages.pilot_pages import REFUSED, errors, opened_page, pilot, record, widget, words

CODE = "P16"
"""A pilot of SAI3, led by Sari Lehto (u1); it has no story in the demo county."""


def stored() -> Story | None:
    with record() as session:
        return stories.story_of(session, key(pilot(CODE).id))


def write(what_happened: str = "Yhä useampi tietää, mitä tapahtuu.") -> None:
    page = opened_page("story", "u1", code=CODE)
    widget(page, "text_area", f"story_{CODE}_you_said_fi").input("Emme tienneet jatkosta.")
    widget(page, "text_area", f"story_{CODE}_we_tried_fi").input("Kävimme listan läpi.")
    widget(page, "text_area", f"story_{CODE}_what_happened_fi").input(what_happened)
    widget(page, "button", "story_save").click().run()
    assert not errors(page)


def test_it_begins_from_what_the_registration_says(demo_installation: str) -> None:
    page = opened_page("story", "u1", code=CODE)
    for part, text in (("you_said", pilot(CODE).customers_say), ("we_tried", pilot(CODE).change)):
        for language in ("fi", "sv", "en"):
            assert widget(page, "text_area", f"story_{CODE}_{part}_{language}").value == text[language]
    assert pilot(CODE).change["fi"].rstrip(".") in words(page)
    assert stored() is None


def test_another_person_publishes_what_the_team_wrote(demo_installation: str) -> None:
    write()
    assert stored().status == "draft"
    again = opened_page("story", "u1", code=CODE)
    assert not any(button.key == "story_approve" for button in again.button)
    page = opened_page("story", "u10", code=CODE)
    assert "Yhä useampi tietää, mitä tapahtuu." in words(page)
    widget(page, "button", "story_approve").click().run()
    assert stored().status == "approved"
    widget(page, "button", "story_withdraw").click().run()
    assert stored().status == "withdrawn"


def test_a_text_changed_after_it_was_opened_is_not_published(demo_installation: str) -> None:
    write()
    page = opened_page("story", "u7", code=CODE)
    write("Aivan toinen teksti.")
    widget(page, "button", "story_approve").click().run()
    assert stored().status == "draft"
    assert "Tekstiä muutettiin" in words(page)


def test_what_the_approver_typed_is_not_published_unseen(demo_installation: str) -> None:
    write()
    page = opened_page("story", "u10", code=CODE)
    widget(page, "text_area", f"story_{CODE}_we_tried_fi").input("Jotain muuta.").run()
    assert not any(button.key == "story_approve" for button in page.button)
    assert "tallentamattomia muutoksia" in words(page)


def test_personal_data_and_missing_finnish_are_refused_and_kept(demo_installation: str) -> None:
    page = opened_page("story", "u1", code=CODE)
    field = f"story_{CODE}_what_happened_fi"
    widget(page, "text_area", field).input("Soita numeroon 040 123 4567.")
    widget(page, "button", "story_save").click().run()
    assert len(errors(page)) == 2
    assert widget(page, "text_area", field).value == "Soita numeroon 040 123 4567."
    widget(page, "text_area", field).input("")
    widget(page, "button", "story_save").click().run()
    assert len(errors(page)) == 2
    assert stored() is None


def test_those_who_may_only_read(demo_installation: str) -> None:
    page = opened_page("story", "u9", code=CODE)
    assert not page.text_area
    assert not page.button
    assert errors(opened_page("story", "u11", code=CODE)) == [REFUSED]


def test_hints_for_plainer_words_are_given_and_refuse_nothing(demo_installation: str) -> None:
    page = opened_page("story", "u1", code=CODE)
    field = f"story_{CODE}_what_happened_fi"
    widget(page, "text_area", field).input("Pilotissa jalkautettiin uusi tapa. " + "sana " * 20 + ".").run()
    said = words(page)
    assert "Voisiko tämän sanoa selkeämmin?" in said
    assert "sanan ”Pilotissa” sijasta esimerkiksi ”kokeilu”" in said
    assert "virkkeessä ”sana sana" in said
    widget(page, "button", "story_save").click().run()
    assert not errors(page)
    assert stored() is not None


def test_missing_languages_are_told_to_the_approver_and_do_not_stop(demo_installation: str) -> None:
    write()
    page = opened_page("story", "u10", code=CODE)
    (warning,) = [element.value for element in page.warning]
    assert "ruotsiksi" in warning
    assert "englanniksi" in warning
    assert "suomeksi" not in warning
    widget(page, "button", "story_approve").click().run()
    assert stored().status == "approved"


def test_the_preview_shows_what_is_worked_out_and_offers_the_poster(demo_installation: str) -> None:
    page = opened_page("story", "u7", code="P01")
    said = words(page)
    assert "54 ihmistä kertoi tästä" in said
    assert "suoraan aineistosta" in said
    assert [button.key for button in page.get("download_button")] == ["poster_P01"]

"""Feedback by theme: numbers, filters, search, one theme, labels by hand."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.themes import AssignedBy, Theme, ThemeAssignment
from tests.pages.pilot_pages import REFUSED, errors, opened_page, record, widget, words


def said_by_hand() -> set[tuple[int, int, bool]]:
    with record() as session:
        query = select(ThemeAssignment).where(ThemeAssignment.assigned_by == AssignedBy.PERSON)
        return {(row.feedback_id, row.theme_id, row.applies) for row in session.exec(query).all()}


def number(link: str) -> int:
    return int(link.partition("]")[0].strip("[").replace("\xa0", ""))


def test_the_table_counts_answers_and_people(demo_installation: str) -> None:
    page = opened_page("themes", "u7")
    table = page.table[0].value
    assert list(table.columns) == [
        "Teema",
        "Vastauksia",
        "Viikoittain",
        "Muutos",
        "Tyytymättömiä (luottamusväli), vastauksia",
        "Tyytymättömien osuuden muutos",
        "Keneltä",
    ]
    counts = [number(value) for value in table["Vastauksia"]]
    assert counts == sorted(counts, reverse=True)
    assert "](/theme?code=T" in table["Teema"].iloc[0]
    assert all("/theme?code=T" in value and "#comments" in value for value in table["Vastauksia"])
    assert "tone=neg" in table["Tyytymättömiä (luottamusväli), vastauksia"].iloc[0]
    assert not any("Kiitokset" in name for name in table["Teema"]), "thanks have a view of their own"


def test_other_orders(demo_installation: str) -> None:
    page = opened_page("themes", "u7", order="share")
    assert widget(page, "selectbox", "order").value == "share"
    by_share = list(page.table[0].value["Teema"])
    widget(page, "selectbox", "order").set_value("rise")
    page.run()
    assert not page.exception
    assert sorted(by_share) == sorted(page.table[0].value["Teema"])
    assert by_share != list(page.table[0].value["Teema"])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("view", ["alerts", "map", "thanks", "gaps"])
def test_every_view_opens_in_every_language(demo_installation: str, view: str, language: str) -> None:
    page = opened_page("themes", "u7", language=language, view=view)
    assert page.query_params["view"] in (view, [view])
    assert errors(page) == []


def test_the_maps_numbers_are_links(demo_installation: str) -> None:
    page = opened_page("themes", "u7", view="map", colour="all")
    table = page.table[0].value
    links = [value for column in table.columns[1:] for value in table[column] if value != "–"]
    assert links
    assert all("](/theme?code=T" in value and "unit=" in value and value.endswith("#comments)") for value in links)
    months = opened_page("themes", "u1", view="map", columns="months")
    table = months.table[0].value
    assert any("weeks=2026-" in value for column in table.columns[1:] for value in table[column])


def test_nothing_fits_is_said_in_every_view(demo_installation: str) -> None:
    for view in ("list", "map", "thanks"):
        page = opened_page("themes", "u7", view=view, channel="internal", statutory="yes")
        assert len(page.info) == 1, view
        assert not page.table


def test_a_month_is_a_period_too(demo_installation: str) -> None:
    page = opened_page("theme", "u7", code="T01", weeks="2026-10")
    assert widget(page, "selectbox", "weeks").value == "2026-10"
    assert not page.exception


def test_an_expert_rates_and_the_gap_is_shown(demo_installation: str) -> None:
    page = opened_page("theme", "u7", code="T01")
    assert "Kukaan asiantuntija ei ole vielä arvioinut" in words(page)
    widget(page, "radio", "expert_value").set_value(5)
    widget(page, "text_input", "expert_note").set_value("Takaisinsoitto toimii.")
    widget(page, "button", "expert_save").click().run()
    assert not page.exception
    assert "Takaisinsoitto toimii" in words(page)
    assert "paremmaksi kuin asiakkaat" in words(page)
    gaps = opened_page("themes", "u7", view="gaps")
    assert "Puhelinpalvelu" in gaps.table[0].value["Teema"].iloc[0]
    nurse = opened_page("theme", "u4", code="T01")
    assert not [element for element in nurse.get("radio") if element.key == "expert_value"]


def test_the_comments_of_a_theme_by_words_and_tone(demo_installation: str) -> None:
    page = opened_page("theme", "u10", code="T01", weeks="52")
    assert any("sanoista" in caption.value or "ihmisen merkitsemä" in caption.value for caption in page.caption)
    widget(page, "text_input", "comment_words").set_value("xyzzy")
    page.run()
    assert "Tyhjennä haku" in words(page)
    unhappy = opened_page("theme", "u10", code="T01", weeks="52", tone="neg")
    assert widget(unhappy, "selectbox", "tone").value == "neg"


def test_filters_narrow_and_stay_in_the_address(demo_installation: str) -> None:
    page = opened_page("themes", "u7")
    everything = page.table[0].value["Vastauksia"].iloc[0]
    widget(page, "selectbox", "unit").set_value("AVO")
    page.run()
    assert page.query_params["unit"] in ("AVO", ["AVO"])
    assert page.table[0].value["Vastauksia"].iloc[0] != everything
    widget(page, "selectbox", "unit").set_value("SAI3")
    page.run()
    assert not page.table, "each theme was named by few people on one ward"
    assert "Puhutaan, mutta luvut puuttuvat" in words(page)
    assert "[Kohtaaminen ja kohtelu](/theme?code=T05&unit=SAI3#comments)" in words(page)
    shared = opened_page("themes", "u7", unit="SAI3", weeks="26")
    assert widget(shared, "selectbox", "unit").value == "SAI3"
    assert widget(shared, "selectbox", "weeks").value == "26"


def test_an_address_with_nonsense_falls_back(demo_installation: str) -> None:
    page = opened_page("themes", "u7", unit="NOWHERE", weeks="-3")
    assert widget(page, "selectbox", "unit").value == ""
    assert widget(page, "selectbox", "weeks").value == "12"


def test_a_team_lead_sees_only_the_own_unit(demo_installation: str) -> None:
    page = opened_page("themes", "u1", unit="AVO4")
    assert [option.strip() for option in widget(page, "selectbox", "unit").options] == ["Vuodeosasto 4B"]


def test_search_finds_every_word_or_says_there_is_none(demo_installation: str) -> None:
    page = opened_page("themes", "u7", weeks="52")
    widget(page, "text_input", "search").set_value("takaisinsoittoa")
    page.run()
    assert not page.table
    assert "takaisinsoittoa" in words(page).casefold()
    widget(page, "text_input", "search").set_value("takaisinsoittoa xyzzy")
    page.run()
    assert any("xyzzy" in notice.value for notice in page.info)


def test_trustees_are_refused(demo_installation: str) -> None:
    for module in ("themes", "theme"):
        page = opened_page(module, "u9", code="T01")
        assert errors(page) == [REFUSED]
        assert not page.table


def test_one_theme_with_its_pilots_and_comments(demo_installation: str) -> None:
    page = opened_page("theme", "u10", code="T01", weeks="52")
    assert page.title[0].value == "Puhelinpalvelu ja takaisinsoitto"
    said = words(page)
    assert "P01 " in said, "a pilot answers it"
    assert "avointa palautetta, uusin ensin" in said


def test_an_unknown_theme_is_one_sentence(demo_installation: str) -> None:
    assert (
        errors(opened_page("theme", "u10", code="T99")) == ["Teemaa T99 ei ole."]
        or len(errors(opened_page("theme", "u10", code="T99"))) == 1
    )


def test_a_label_is_corrected_by_a_click_and_taken_back(demo_installation: str) -> None:
    page = opened_page("theme", "u10", code="T01", weeks="52")
    pills = next(group for group in page.get("button_group") if str(group.key).startswith("themes_of_"))
    before, said = list(pills.value), said_by_hand()
    feedback_id = int(str(pills.key).removeprefix("themes_of_").partition("_")[0])
    with record() as session:
        other = session.exec(select(Theme).where(Theme.code == "T16")).one()
    assert other.id not in before
    pills.set_value([*before, other.id]).run()
    assert not page.exception
    assert said_by_hand() - said == {(feedback_id, other.id, True)}
    assert any("Lisätty avoimeen palautteeseen" in element.value for element in page.markdown)
    widget(page, "button", "label_undo").click().run()
    assert not page.exception
    assert said_by_hand() == said
    assert not any(button.key == "label_undo" for button in page.button)
    # A browser sends again what buttons in a closed box held last: under the old key it would label the comment anew.
    after = [str(group.key) for group in page.get("button_group")]
    assert str(pills.key) not in after
    assert f"themes_of_{feedback_id}_1" in after


def test_who_may_not_label_sees_no_way_to(demo_installation: str) -> None:
    page = opened_page("theme", "u7", code="T01", weeks="52")
    assert not [group for group in page.get("button_group") if str(group.key).startswith("themes_of_")]

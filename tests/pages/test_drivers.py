"""What matters most, where next, and the coming weeks: what they say, to whom, and where they lead."""

from __future__ import annotations

import pytest

from tests.pages.pilot_pages import REFUSED, errors, opened_page, widget, words


def test_no_single_theme_is_named_when_twelve_weeks_do_not_allow_one(demo_installation: str) -> None:
    page = opened_page("drivers", "u7")
    said = words(page)
    assert "Yhtä eniten vaikuttavaa teemaa ei voi nimetä" in said
    assert "Tästä näkee, mitkä asiat kulkevat yhdessä" in said
    table = page.table[0].value
    assert list(table.columns) == ["Nro", "Teema", "Vastauksia", "Vaikutus, pistettä", "Sija"]
    assert len(table) >= 10
    assert table["Vaikutus, pistettä"].iloc[0].startswith("−")
    assert "](/theme?code=T" in table["Teema"].iloc[0]
    assert "(/where-next)" in said
    assert "Mainittu liian harvoin" in said


def test_repeat_contacts_are_told_in_percentage_points_and_kept_in_the_address(demo_installation: str) -> None:
    page = opened_page("drivers", "u7", weeks="52")
    widget(page, "selectbox", "outcome").set_value("repeat_contact")
    page.run()
    assert not page.exception
    assert page.query_params["outcome"] in ("repeat_contact", ["repeat_contact"])
    table = page.table[0].value
    assert table["Vaikutus, prosenttiyksikköä"].iloc[0].startswith("+")
    more = page.table[1].value
    assert all(share.endswith("%") for share in more["On ensimmäisenä"])


def test_too_few_answers_are_one_sentence(demo_installation: str) -> None:
    page = opened_page("drivers", "u1", weeks="4")
    assert not page.table
    assert len(page.info) == 1
    assert errors(page) == []


def test_where_next_shows_every_factor_and_a_way_to_begin(demo_installation: str) -> None:
    page = opened_page("where_next", "u1")
    said = words(page)
    assert "Tyytymättömien määrää 13 viikon ajalta ei näytetä." in said
    assert said.count("”Ei näytetä”: luvun takana on alle 10 ihmistä") == 1
    assert "Kokeile tähän](/register?theme=T" in said
    assert "unit=SAI3" in said
    table = page.table[0].value
    assert set(table["Yksikkö"]) == {"Vuodeosasto 4B"}, "a team lead sees the own unit"
    scores = [float(value.replace(",", ".")) for value in table["Pisteet"]]
    assert scores == sorted(scores, reverse=True)


def test_leadership_sees_all_units_but_does_not_register(demo_installation: str) -> None:
    page = opened_page("where_next", "u7")
    assert len(set(page.table[0].value["Yksikkö"])) > 5
    assert "/register?" not in words(page)


def test_the_coming_weeks_and_how_well_it_went_before(demo_installation: str) -> None:
    page = opened_page("forecast", "u7", code="T01")
    said = words(page)
    assert "Seuraavien 8 viikon aikana on odotettavissa noin" in said
    assert "Jos samalla menetelmällä olisi ennustettu 31 aiemmalla viikolla" in said
    by_unit = page.table[1].value
    assert by_unit["Yksikkö"].iloc[0] == "Puhelin- ja digiasiakaspalvelu"
    assert widget(page, "selectbox", "code").value == "T01"


def test_few_answers_have_no_forecast(demo_installation: str) -> None:
    page = opened_page("forecast", "u1", code="T18")
    assert "Ennusteeseen tarvitaan" in words(page)
    assert not page.table


@pytest.mark.parametrize("module", ["drivers", "where_next", "forecast"])
def test_trustees_are_refused(demo_installation: str, module: str) -> None:
    page = opened_page(module, "u9")
    assert errors(page) == [REFUSED]
    assert not page.table


@pytest.mark.parametrize("module", ["drivers", "where_next", "forecast"])
def test_in_swedish_nothing_is_left_in_english(demo_installation: str, module: str) -> None:
    said = words(opened_page(module, "u7", language="sv"))
    for english in ("Theme", "answers", "weeks", "units", "Score", "What matters", "The coming"):
        assert english not in said

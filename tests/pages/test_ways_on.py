"""Where an address leads nowhere or a role may not go: a heading, one sentence, a link that leads on."""

from __future__ import annotations

import pytest

from tests.pages.pilot_pages import REFUSED, errors, opened_page


@pytest.mark.parametrize(
    ("module", "query", "heading", "sentence"),
    [
        ("pilot", {"code": "NOPE"}, "Kokeilu", "Kokeilua, jonka tunnus on NOPE, ei ole."),
        ("pilot", {}, "Kokeilu", "Osoitteessa ei ole kokeilua."),
        ("story", {"code": "NOPE"}, "Kokeilu", "Kokeilua, jonka tunnus on NOPE, ei ole."),
        ("story", {"code": ""}, "Kokeilu", "Osoitteessa ei ole kokeilua."),
        ("theme", {"code": "NOPE"}, "Palauteteema", "Teemaa, jonka tunnus on NOPE, ei ole."),
        ("theme", {"code": ""}, "Palauteteema", "Osoitteessa ei ole teemaa."),
        ("log", {"pilot": "wrong"}, "Viikkokirjaus", "Tämä koodi ei kuulu millekään kokeilulle."),
    ],
)
def test_an_address_that_names_nothing(
    demo_installation: str, module: str, query: dict[str, str], heading: str, sentence: str
) -> None:
    page = opened_page(module, "u1", **query)
    assert [title.value for title in page.title] == [heading]
    said = [element.value for element in (*page.error, *page.info)]
    assert len(said) == 1
    assert said[0].startswith(sentence)
    assert any("](/" in element.value for element in page.markdown)


@pytest.mark.parametrize(
    ("module", "person"),
    [
        ("import_data", "u4"),
        ("register", "u4"),
        ("themes", "u9"),
        ("theme", "u9"),
        ("log", "u9"),
        ("import_data", "u7"),
    ],
)
def test_a_role_that_may_not(demo_installation: str, module: str, person: str) -> None:
    page = opened_page(module, person, code="T01")
    assert [title.value for title in page.title] == ["Ei käyttöoikeutta"]
    assert errors(page) == [REFUSED]
    assert any("Etusivu" in element.value for element in page.markdown)
    assert not page.button

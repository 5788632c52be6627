"""The first page, by role."""

from __future__ import annotations

import pytest

from tests.pages.pilot_pages import changing, opened_page, words


def links(page: object) -> list[str]:
    """Labels of the links drawn as Markdown, as they are outside the frame."""
    return [element.value for element in page.markdown if element.value.startswith("[")]  # type: ignore[attr-defined]


def test_a_team_lead_sees_what_the_unit_hears_and_tries(demo_installation: str) -> None:
    page = opened_page("home", "u1")
    assert page.title[0].value == "Vuodeosasto 4B"
    said = words(page)
    assert "Mistä asiakkaat puhuvat eniten" in said
    assert "P16 Kotiutumisen muistilista" in said
    assert any("/register?theme=" in link for link in links(page)), "a way to try something"
    assert "Kiitokset" not in [heading.value.removeprefix("### ") for heading in page.markdown], "thanks are no problem"


def test_staff_find_the_log_of_their_pilot(demo_installation: str) -> None:
    page = opened_page("home", "u5")
    log = [link for link in links(page) if "/log?pilot=" in link]
    assert log
    assert not any("/register" in link for link in links(page)), "staff do not register pilots"


def test_leadership_sees_the_piles_and_what_waits(demo_installation: str) -> None:
    page = opened_page("home", "u7")
    piles = {metric.label: int(metric.value) for metric in page.metric}
    assert len(piles) == 6
    assert sum(piles.values()) == 24
    assert any("/portfolio" in link for link in links(page))
    assert any(link.startswith("[Päätä: P") for link in links(page))


def test_a_trustee_reads_pilots_but_no_comments(demo_installation: str) -> None:
    page = opened_page("home", "u9")
    said = words(page)
    assert any("/portfolio" in link for link in links(page))
    assert any("/public" in link for link in links(page))
    assert "Mistä asiakkaat puhuvat" not in said
    assert "Odottaa sinua" not in said


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_speaks_the_language(demo_installation: str, language: str) -> None:
    page = opened_page("home", "u7", language=language)
    assert page.title[0].value == {"sv": "Hela välfärdsområdet", "en": "The whole county"}[language]


def test_an_empty_county_says_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.people import create_person

    monkeypatch.setenv("DATABASE_URL", database_url)
    with changing() as session:
        create_person(session, code="boss", name="Boss", role="leadership")
    page = opened_page("home", "boss")
    assert "Kokeiluja ei ole vielä." in words(page)
    assert any("ei vielä kuulu mihinkään teemaan" in notice.value for notice in page.info)

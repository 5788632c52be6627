"""The first page, by role."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from models.pilots import Happened
from services import weekly_log
from services.record import database
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import changing, keyed, opened_page, person, pilot, widget, words


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


def test_staff_begin_with_their_week_and_one_big_button(demo_installation: str) -> None:
    page = opened_page("home", "u5")
    headers = [header.value for header in page.header]
    assert headers[:3] == ["Viikkosi", "Ideastasi tuli kokeilu", "Ideat"]
    assert headers.index("Kiitos teille kaikille") < headers.index("Mistä asiakkaat puhuvat eniten")
    log = [link for link in links(page) if link.startswith("[Kirjaa tämä viikko]")]
    assert len(log) == 1, "one way to log, not two"
    assert f"/log?pilot={pilot('P17').log_token}" in log[0]
    with changing() as session:
        weekly_log.record(
            session, pilot_id=key(pilot("P17").id), happened=Happened.YES, by=person("u5"), today=DEMO_TODAY
        )
    again = opened_page("home", "u5")
    assert "Olet kirjannut tämän viikon. Kiitos!" in words(again)
    assert not [link for link in links(again) if link.startswith("[Kirjaa tämä viikko]")]


def test_staff_without_a_running_pilot_are_asked_for_an_idea(demo_installation: str) -> None:
    assert "Hyvä hetki idealle" in words(opened_page("home", "u4"))


def test_staff_vote_on_the_first_page(demo_installation: str) -> None:
    page = opened_page("home", "u5")
    buttons = [button for button in page.button if str(button.key).startswith("vote_for_")]
    assert len(buttons) == 2, "the two newest"
    label = buttons[0].label
    buttons[0].click().run()
    assert widget(page, "button", buttons[0].key).label != label


def test_a_log_that_was_read_is_told_to_whoever_wrote_it(demo_installation: str) -> None:
    said = words(opened_page("home", "u4"))
    assert "Kirjauksesi vaikutti" in said
    assert "Kun kokeilua P08 Sama hoitaja -viikkolista arvioitiin" in said
    assert "Kirjauksesi vaikutti" not in words(opened_page("home", "u7")), "leadership logs nothing"


def test_thanks_are_read_sent_and_taken_back(demo_installation: str) -> None:
    page = opened_page("home", "u4")
    assert "Kiitos, että kerroitte avoimesti" in words(page)
    widget(page, "button", "thanks_send").click().run()
    assert any("Valitse yksikkö, jota kiität." in error.value for error in page.error)
    keyed(page, "selectbox", "thanks_unit_").set_value("SAI3")
    keyed(page, "text_area", "thanks_words_").input("Kiitos Maija Virtanen ja koko osasto kotiutusviestistä!")
    widget(page, "button", "thanks_send").click().run()
    assert not page.exception
    assert "Kiitoksesi on lähetetty: Vuodeosasto 4B." in words(page)
    theirs = opened_page("home", "u1")
    assert "koko osasto kotiutusviestistä" in words(theirs)
    assert "Virtanen" not in words(theirs)
    assert "työtovereilta: Kotihoito Etelä" in words(theirs)
    assert person("u4").name not in words(theirs)
    widget(page, "button", "undo_thanks").click().run()
    assert "kotiutusviestistä" not in words(opened_page("home", "u1"))


def test_leadership_begins_with_the_meeting(demo_installation: str) -> None:
    page = opened_page("home", "u7")
    assert page.header[0].value == "Seuraava kokous"
    assert any(link.startswith("[Avaa kokous](/meeting") for link in links(page))
    assert any("/overview" in link for link in links(page))
    warnings = " ".join(warning.value for warning in page.warning)
    assert "P03" in warnings
    assert "ohi sovitun päätöspäivän" in warnings
    assert any(link.startswith("[Hyväksy aloitus: P21") for link in links(page))
    assert any(link.startswith("[Tarkista, onko vaikutus säilynyt: P01") for link in links(page))


def test_a_team_lead_is_asked_to_answer_ideas(demo_installation: str) -> None:
    page = opened_page("home", "u2")
    assert any(link.startswith("[Vastaa ideaan: Kuvat puutteista") and "/ideas?idea=" in link for link in links(page))
    assert not any(link.startswith("[Vastaa ideaan") for link in links(opened_page("home", "u1")))


def test_a_trustee_reads_decisions_with_their_briefs_and_can_do_nothing(demo_installation: str) -> None:
    page = opened_page("home", "u9")
    assert "Viimeksi päätetty" in words(page)
    assert any("/brief?code=P13" in link for link in links(page))
    assert any("/overview" in link for link in links(page))
    assert list(page.button) == []
    assert not any(part in link for link in links(page) for part in ("/register", "/ideas", "/meeting", "/log"))


def test_an_analyst_finds_data_addresses_and_methods(demo_installation: str) -> None:
    page = opened_page("home", "u14")
    for part in ("/data", "/methods", "/healthz", "/api/v1/public/stories"):
        assert any(part in link for link in links(page)), part
    assert "python cli.py evaluate" in words(page)


def test_a_home_asks_the_record_the_same_however_many_pilots_there_are(demo_installation: str) -> None:
    """No query per pilot: the county's home asks hardly more often than one with a tenth of the pilots."""
    counted: list[str] = []
    event.listen(database().read_engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    opened_page("home", "u7")
    with_all = len(counted)
    counted.clear()
    opened_page("home", "u8")
    assert with_all - len(counted) <= 6, (with_all, len(counted))
    assert with_all < 70

"""You said, we tried: approved stories only, for anyone, in three languages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.decisions import Story, StoryStatus
from models.pilots import Pilot
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import changing, opened_page, widget, words


def test_anyone_reads_what_came_of_it_also_when_it_did_not_help(demo_installation: str) -> None:
    page = opened_page("public", "nobody")
    said = words(page)
    assert "Varasimme kaksi takaisinsoittovuoroa." in said
    assert "Auttoi: otimme käyttöön" in said
    assert "Ei auttanut: lopetimme ja opimme" in said
    assert "Julkaistu" in said


@pytest.mark.parametrize("status", [StoryStatus.DRAFT, StoryStatus.WITHDRAWN])
def test_only_approved_stories_are_shown(demo_installation: str, status: StoryStatus) -> None:
    with changing() as session:
        for story in session.exec(select(Story)).all():
            story.status = status
            session.add(story)
        session.commit()
    page = opened_page("public", "u7")
    assert "takaisinsoittovuoroa" not in words(page)
    assert "Yhtään kertomusta ei ole vielä julkaistu" in page.info[0].value


def test_search_and_filters(demo_installation: str) -> None:
    page = opened_page("public", "nobody")
    widget(page, "text_input", "story_search").set_value("ruokailu").run()
    assert "Palvelutalo Rantakoti" in words(page)
    assert "takaisinsoittovuoroa" not in words(page)
    widget(page, "text_input", "story_search").set_value("xyzzy").run()
    assert "Mikään kertomus ei vastaa hakua" in page.info[0].value
    unit = opened_page("public", "nobody", story_unit="AVO4")
    assert "1 kertomus" in words(unit)


@pytest.mark.parametrize(("language", "heading"), [("sv", "Ni sade, vi prövade"), ("en", "You said, we tried")])
def test_it_speaks_the_language(demo_installation: str, language: str, heading: str) -> None:
    assert opened_page("public", "nobody", language=language).title[0].value == heading


def test_words_of_a_story_are_not_read_as_markup(demo_installation: str) -> None:
    with changing() as session:
        story = session.exec(select(Story)).first()
        assert story is not None
        story.you_said = {"fi": "Katso [tästä](https://example.org) ja :red[punaista]"}
        session.add(story)
        session.commit()
    page = opened_page("public", "nobody")
    raw = "\n".join(element.value for element in page.markdown)
    assert "[tästä](https" not in raw
    assert "Katso" in raw


def test_a_promise_whose_day_has_passed_is_owned_up_to(demo_installation: str) -> None:
    with changing() as session:
        for story in session.exec(select(Story)).all():
            story.next_on = DEMO_TODAY - dt.timedelta(days=1)
            session.add(story)
        session.commit()
    said = words(opened_page("public", "nobody"))
    assert "Olemme myöhässä" in said
    assert "Kerromme lisää" not in said
    with changing() as session:
        for story in session.exec(select(Story)).all():
            story.next_on = DEMO_TODAY
            session.add(story)
        session.commit()
    said = words(opened_page("public", "nobody"))
    assert "Kerromme lisää viimeistään" in said
    assert "myöhässä" not in said


def test_a_link_opens_one_story(demo_installation: str) -> None:
    said = words(opened_page("public", "nobody", story="P09"))
    assert "Kokeilimme rauhallista tuntia." in said
    assert "takaisinsoittovuoroa" not in said


def test_one_story_is_opened_with_its_address_and_left_again(demo_installation: str) -> None:
    page = opened_page("public", "nobody")
    widget(page, "button", "only_P09").click().run()
    assert page.query_params["story"] == "P09"
    assert "takaisinsoittovuoroa" not in words(page)
    widget(page, "button", "no_print_all").click().run()
    assert "story" not in page.query_params
    assert len(page.subheader) == 3


@pytest.mark.parametrize("code", ["P02", "P01"])
def test_a_link_to_what_is_not_public_says_so(demo_installation: str, code: str) -> None:
    with changing() as session:
        story = session.exec(select(Story).join(Pilot).where(Pilot.code == "P01")).one()
        story.status = StoryStatus.WITHDRAWN
        session.add(story)
        session.commit()
    page = opened_page("public", "nobody", story=code)
    assert "ei ole julkinen" in page.info[0].value
    assert "takaisinsoittovuoroa" not in words(page)


def test_what_is_known_stands_beside_the_words(demo_installation: str) -> None:
    said = words(opened_page("public", "nobody", story="P01"))
    assert "54 ihmistä kertoi tästä" in said
    assert "noin 14 prosenttiyksikköä enemmän kuin ilman kokeilua, vertailuyksiköt huomioon ottaen." in said
    assert "Todellinen luku voi olla 6–21." in said
    few = words(opened_page("public", "nobody", story="P09"))
    assert "kertoi tästä" not in few, "too few people to speak of"


def test_stories_by_subject_and_by_unit(demo_installation: str) -> None:
    by_unit = opened_page("public", "nobody", story_order="unit")
    names = [header.value.replace("\\", "") for header in by_unit.header]
    assert names == sorted(names, key=str.casefold)
    assert {"Puhelin- ja digiasiakaspalvelu", "Palvelutalo Rantakoti"} < set(names)
    assert len(names) == len(by_unit.subheader) == 3
    by_theme = opened_page("public", "nobody", story_order="theme")
    assert len(by_theme.header) == 2
    assert len(by_theme.subheader) == 3


def test_ten_at_once_and_more_when_asked(demo_installation: str) -> None:
    with changing() as session:
        template = session.exec(select(Story)).first()
        assert template is not None
        told = {story.pilot_id for story in session.exec(select(Story)).all()}
        for pilot in session.exec(select(Pilot)).all():
            if pilot.id not in told:
                copy = template.model_dump(exclude={"id", "pilot_id"})
                session.add(Story(pilot_id=pilot.id, **copy))
        session.commit()
    page = opened_page("public", "nobody")
    assert len(page.subheader) == 10
    widget(page, "button", "no_print_more").click().run()
    assert len(page.subheader) == 20


def test_where_feedback_is_given(demo_installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Kerro se yksikölle, joka palveli sinua" in words(opened_page("public", "nobody"))
    monkeypatch.setenv("LUOTSI_FEEDBACK_URL", "https://palaute.example.fi/")
    page = opened_page("public", "nobody")
    assert "joka palveli sinua" not in words(page)
    (link,) = page.get("link_button")
    assert link.proto.url == "https://palaute.example.fi/"


def test_a_text_in_another_language_is_marked_as_it(demo_installation: str) -> None:
    with changing() as session:
        story = session.exec(select(Story).join(Pilot).where(Pilot.code == "P01")).one()
        story.you_said = {"fi": "Odotimme <b>turhaan</b>."}
        session.add(story)
        session.commit()
    page = opened_page("public", "nobody", language="sv", story="P01")
    bodies = [element.proto.body for element in page.get("html")]
    assert '<p lang="fi">Odotimme &lt;b&gt;turhaan&lt;/b&gt;.</p>' in bodies


def test_posters_are_offered_for_a_story_and_for_a_unit(demo_installation: str) -> None:
    page = opened_page("public", "nobody", story_unit="AVO4")
    assert {button.key for button in page.get("download_button")} == {"poster_unit_AVO4", "poster_P01"}

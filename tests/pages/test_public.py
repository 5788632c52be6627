"""You said, we tried: approved stories only, for anyone, in three languages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.decisions import Story, StoryStatus
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

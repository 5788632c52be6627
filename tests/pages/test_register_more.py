"""Around the four cards: templates, an idea, the mandate and its approval, one's own draft."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from models.base import validated
from models.ideas import Idea, IdeaStatus
from models.organisation import Unit
from models.pilots import Pilot, Status
from models.themes import Theme
from pages import register_draft
from services import mandate, pilots
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import changing, errors, opened_page, person, record, widget, words

CHANGE, REASON = "Soitamme perään seuraavana päivänä.", "epäselvät asiat selviävät heti"


def newest() -> Pilot:
    with record() as session:
        return session.exec(select(Pilot).order_by(col(Pilot.id).desc())).first()


def status_of(pilot: Pilot) -> Status:
    with record() as session:
        return pilots.pilot_row(session, pilot_id=key(pilot.id), today=DEMO_TODAY).status


def written(page: AppTest) -> AppTest:
    widget(page, "text_area", "register_change").input(CHANGE)
    widget(page, "text_area", "register_reason").input(REASON)
    return page


def saved(page: AppTest) -> AppTest:
    widget(page, "button", "register_save").click().run()
    return page


def test_a_template_fills_in_what_nobody_wrote_and_its_blanks_must_be_filled(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    widget(page, "selectbox", "register_template").set_value("discharge-call").run()
    filled = widget(page, "text_area", "register_change").value
    assert "___" in filled
    assert widget(page, "text_input", "register_title").value == "Soitto kotiutumisen jälkeen"
    assert "Seuratkaa tätä" in words(page)
    widget(page, "text_area", "register_reason").input(REASON)
    saved(page)
    assert any("tyhjät kohdat" in error for error in errors(page))
    widget(page, "selectbox", "register_template").set_value("discharge-list").run()
    assert "muistilistan" in widget(page, "text_area", "register_change").value
    own = "Hoitaja soittaa kahden päivän kuluttua."
    widget(page, "text_area", "register_change").input(own).run()
    widget(page, "selectbox", "register_template").set_value("discharge-call").run()
    assert widget(page, "text_area", "register_change").value == own
    assert "Kirjoittamanne jäi ennalleen: muutos." in words(page)
    widget(page, "button", "register_use_template").click().run()
    assert widget(page, "text_area", "register_change").value == filled


def test_an_idea_is_tried_and_its_proposer_hears_it(demo_installation: str) -> None:
    with changing() as session:
        unit = session.exec(select(Unit).where(Unit.code == "SAI3")).one()
        theme = session.exec(select(Theme).where(Theme.code == "T09")).one()
        idea = validated(
            Idea, unit_id=unit.id, theme_id=theme.id, words="Lista kotiutujan mukaan.", by_id=person("u5").id
        )
        session.add(idea)
        session.commit()
        number = key(idea.id)
    page = opened_page("register", "u1", idea=str(number))
    assert widget(page, "text_area", "register_change").value == "Lista kotiutujan mukaan."
    assert widget(page, "selectbox", "register_theme").value == "T09"
    widget(page, "text_area", "register_reason").input(REASON)
    saved(page)
    assert not errors(page)
    with record() as session:
        found = session.get(Idea, number)
        assert found is not None
        assert (IdeaStatus(found.status), found.pilot_id) == (IdeaStatus.TRIED, newest().id)
    again = opened_page("register", "u1", idea=str(number))
    assert "ei voi kokeilla tässä" in words(again)
    assert not widget(again, "text_area", "register_change").value


def test_beyond_the_mandate_it_is_said_before_saving_and_the_director_approves(demo_installation: str) -> None:
    page = written(opened_page("register", "u1", theme="T09"))
    page.run()
    assert "Voitte aloittaa maanantaina 30.11.2026." in words(page)
    widget(page, "number_input", "register_hours").set_value(40.0).run()
    assert "Voitte aloittaa" in words(page)
    widget(page, "number_input", "register_euros").set_value(501.0).run()
    assert "Tarvitsee hyväksynnän: Hankinnat maksavat 501 euroa" in words(page)
    assert "Jukka Rinne" in words(page)
    saved(page)
    assert not errors(page)
    assert "Aloitus odottaa hyväksyntää" in words(page)
    pilot = newest()
    assert status_of(pilot) is Status.IDEA
    lead = opened_page("pilot", "u1", code=pilot.code)
    assert "Aloitus odottaa hyväksyntää" in words(lead)
    assert not [button for button in lead.button if button.key == "pilot_start_approve"]
    director = opened_page("pilot", "u8", code=pilot.code)
    widget(director, "button", "pilot_start_approve").click().run()
    assert not errors(director)
    assert status_of(pilot) is Status.PLANNED
    assert "Aloitus odottaa hyväksyntää" not in words(director)


def test_a_start_that_passed_meanwhile_is_moved_by_the_approver(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = written(opened_page("register", "u1", theme="T09"))
    widget(page, "number_input", "register_hours").set_value(60.0)
    saved(page)
    pilot = newest()
    monkeypatch.setenv("LUOTSI_TODAY", (DEMO_TODAY + dt.timedelta(days=14)).isoformat())
    director = opened_page("pilot", "u8", code=pilot.code)
    assert "on jo mennyt" in words(director)
    widget(director, "button", "pilot_start_approve").click().run()
    with record() as session:
        row = pilots.pilot_row(session, pilot_id=key(pilot.id), today=DEMO_TODAY)
    assert (row.status, row.plan.start_on) == (Status.PLANNED, dt.date(2026, 12, 14))


def test_the_administrator_sets_the_limits(demo_installation: str) -> None:
    page = _limits("u12")
    widget(page, "number_input", "mandate_hours").set_value(8.0)
    widget(page, "button", "mandate_save").click().run()
    with record() as session:
        assert mandate.limits(session).hours == 8.0
    assert not _limits("u1").number_input


def _limits(code: str) -> AppTest:
    def script(code: str) -> None:
        from sqlmodel import select

        from models.people import Person
        from pages import mandate_limits
        from pages.context import opened
        from services.i18n import translator
        from services.record import database

        with database().reading() as session:
            found = session.exec(select(Person).where(Person.code == code)).one()
        with opened(person_id=found.id, t=translator("fi")) as ctx:
            mandate_limits.show(ctx)

    page = AppTest.from_function(script, kwargs={"code": code}, default_timeout=60).run()
    assert not page.exception
    return page


def test_the_next_person_at_the_computer_sees_no_draft(demo_installation: str) -> None:
    page = written(opened_page("register", "u1", theme="T09"))
    page.run()
    assert widget(page, "text_area", "register_change").value == CHANGE
    page.session_state[register_draft.OWNER] = person("u2").id
    page.run()
    assert not page.exception
    assert not widget(page, "text_area", "register_change").value


def test_emptying_the_cards_can_be_undone(demo_installation: str) -> None:
    page = written(opened_page("register", "u1", theme="T09"))
    page.run()
    widget(page, "button", "register_empty").click().run()
    assert not page.text_area
    widget(page, "button", "register_undo").click().run()
    assert widget(page, "text_area", "register_change").value == CHANGE
    widget(page, "button", "register_empty").click().run()
    widget(page, "button", "register_again").click().run()
    assert widget(page, "text_area", "register_change").value == ""

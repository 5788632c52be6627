"""The administrator's lists of people and units."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.organisation import Unit
from models.people import Person, Role
from tests.pages.pilot_pages import REFUSED, changing, errors, opened_page, person, record, widget, words

ADMIN, LEAD = "u12", "u1"


def unit(code: str) -> Unit:
    with record() as session:
        return session.exec(select(Unit).where(Unit.code == code)).one()


@pytest.mark.parametrize("module", ["people", "units"])
def test_only_administrators_see_them(demo_installation: str, module: str) -> None:
    assert errors(opened_page(module, LEAD)) == [REFUSED]
    assert errors(opened_page(module, LEAD, user="u2", unit="SAI3")) == [REFUSED]
    assert not errors(opened_page(module, ADMIN))


def test_somebody_is_looked_for(demo_installation: str) -> None:
    page = opened_page("people", ADMIN)
    assert "Katri Wallin" in words(page)
    widget(page, "text_input", "people_search").set_value("u7").run()
    assert page.header[0].value == "1 ihminen"
    widget(page, "text_input", "people_search").set_value("nobody at all").run()
    assert "Ketään ei löytynyt" in page.info[0].value


def test_somebodys_role_and_unit_are_changed(demo_installation: str) -> None:
    page = opened_page("people", ADMIN, user=LEAD)
    widget(page, "selectbox", f"one_{LEAD}_role").set_value(Role.COACH)
    widget(page, "selectbox", f"one_{LEAD}_unit").set_value(0)
    widget(page, "text_input", f"one_{LEAD}_email").set_value("Uusi@Example.fi")
    widget(page, "button", "people_save").click().run()
    found = person(LEAD)
    assert (found.role, found.unit_id, found.email) == (Role.COACH, None, "uusi@example.fi")


def test_what_is_wrong_is_said_at_its_field(demo_installation: str) -> None:
    page = opened_page("people", ADMIN, user=LEAD)
    widget(page, "selectbox", f"one_{LEAD}_unit").set_value(0)
    widget(page, "text_input", f"one_{LEAD}_name").set_value("Toinen Nimi")
    widget(page, "button", "people_save").click().run()
    assert any("on oltava yksikkö" in said for said in errors(page))
    assert widget(page, "text_input", f"one_{LEAD}_name").value == "Toinen Nimi", "nothing is lost"
    assert person(LEAD).name != "Toinen Nimi"


def test_an_account_is_closed_and_opened(demo_installation: str) -> None:
    page = opened_page("people", ADMIN, user=LEAD)
    widget(page, "button", "people_close").click().run()
    assert not person(LEAD).active
    assert "suljettu" in page.warning[0].value
    widget(page, "button", "people_open").click().run()
    assert person(LEAD).active


def test_one_does_not_close_ones_own(demo_installation: str) -> None:
    page = opened_page("people", ADMIN, user=ADMIN)
    widget(page, "button", "people_close").click().run()
    assert "omaa" in errors(page)[0]
    assert person(ADMIN).active


def test_a_name_with_marks_of_markdown_is_only_a_name(demo_installation: str) -> None:
    with changing() as session:
        row = session.exec(select(Person).where(Person.code == LEAD)).one()
        row.name = "**Bold** [x](http://x)"
        session.add(row)
        session.commit()
    assert opened_page("people", ADMIN, user=LEAD).title[0].value.startswith("\\*\\*Bold")


def test_there_is_nobody_by_that_name(demo_installation: str) -> None:
    assert "nobody" in opened_page("people", ADMIN, user="nobody").warning[0].value
    assert "NONE" in opened_page("units", ADMIN, unit="NONE").warning[0].value


def test_a_unit_is_renamed_and_moved(demo_installation: str) -> None:
    page = opened_page("units", ADMIN, unit="SAI3")
    form = "unit_names_SAI3"
    widget(page, "text_input", f"{form}_name_sv").set_value("Nytt namn")
    widget(page, "button", "unit_names_save").click().run()
    assert unit("SAI3").name["sv"] == "Nytt namn"
    top = unit("AVO1").parent_id
    widget(page, "selectbox", "unit_move_SAI3_parent").set_value(top)
    widget(page, "button", "unit_move_save").click().run()
    assert unit("SAI3").parent_id == top


def test_a_unit_with_people_is_not_closed(demo_installation: str) -> None:
    page = opened_page("units", ADMIN, unit="SAI3")
    widget(page, "button", "unit_close_save").click().run()
    assert errors(page)
    assert unit("SAI3").closed_on is None


def test_the_tree_shows_every_open_unit(demo_installation: str) -> None:
    said = words(opened_page("units", ADMIN))
    with record() as session:
        for code in session.exec(select(Unit.code)):
            assert code in said

"""The audit trail on its page: for administrators only, searched, and checked."""

from __future__ import annotations

import pytest

from models.base import validated
from models.people import Setting
from tests.pages.pilot_pages import changing, errors, opened_page, widget, words


def test_an_administrator_reads_the_trail_and_checks_it(demo_installation: str) -> None:
    with changing() as session:
        session.add(validated(Setting, key="greeting", value="Hei"))
        session.commit()
    page = opened_page("audit", "u12")
    assert not errors(page)
    newest = page.expander[0]
    assert newest.label.endswith("asennuksen asetus greeting: lisätty")
    assert "järjestelmä" in newest.markdown[0].value
    widget(page, "button", "audit_verify").click().run()
    assert not errors(page)
    assert "Loki on ehjä" in page.success[0].value


def test_what_nobody_did_is_said_and_the_search_narrows(demo_installation: str) -> None:
    page = opened_page("audit", "u12")
    before = page.header[0].value
    widget(page, "text_input", "audit_who").set_value("ei ketään tällaista").run()
    assert page.header[0].value == "0 merkintää"
    assert page.header[0].value != before
    assert "Tällaista merkintää ei ole" in page.info[0].value
    assert not page.expander


def test_a_trail_that_was_tampered_with_says_so(demo_installation: str) -> None:
    with changing() as session:
        connection = session.connection()
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'x' WHERE id = 1")
        session.commit()
    page = opened_page("audit", "u12")
    assert "audit_entry_no_update" in page.error[0].value
    widget(page, "button", "audit_verify").click().run()
    assert "Lokia on peukaloitu" in page.error[1].value
    assert "Merkintä 1 ei ole se, mikä kirjoitettiin" in words(page)


@pytest.mark.parametrize("code", ["u1", "u4", "u7", "u9", "u14"])
def test_nobody_else_sees_it(demo_installation: str, code: str) -> None:
    page = opened_page("audit", code)
    assert errors(page) == ["Roolisi ei anna oikeutta tähän."]
    assert not page.expander

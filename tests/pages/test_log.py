"""The weekly log: saved, redacted, undone, refused."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.people import Person
from models.pilots import LogEntry
from services import pilots
from services.permissions import reach
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import REFUSED, changing, errors, opened_page, person, pilot, record, widget, words

RUNNING = "P17"
"""A pilot of SAI5, where Emma Laine (u5) works."""


def entries(code: str) -> list[LogEntry]:
    with record() as session:
        return list(session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot(code).id)).all())


def log_of(code: str, who: str = "u5", **chosen: str) -> AppTest:
    """The log's page; the address keeps the answer to the first question, as after a reload in a browser."""
    return opened_page("log", who, pilot=pilot(code).log_token, **chosen)


def test_twenty_seconds_and_undo(demo_installation: str) -> None:
    before = len(entries(RUNNING))
    page = log_of(RUNNING, happened="Kyllä")
    assert any("viikko" in element.value for element in page.markdown)
    widget(page, "segmented_control", "log_went").set_value(4)
    widget(page, "text_area", "log_note").input("Soita Matti Virtaselle numeroon 040 123 4567.")
    widget(page, "button", "log_save").click().run()
    assert not errors(page)
    saved = entries(RUNNING)[-1]
    assert len(entries(RUNNING)) == before + 1
    assert (saved.happened, saved.work_went, saved.by_id) == ("yes", 4, person("u5").id)
    assert "040" not in saved.note
    assert "[PHONE]" in saved.note
    assert "Kiitos!" in words(page)
    assert "[puhelinnumero]" in words(page)
    widget(page, "button", "log_undo").click().run()
    assert entries(RUNNING)[-1].undone_at is not None
    assert not any(button.key == "log_undo" for button in page.button)


def test_an_entry_can_be_undone_after_a_reload(demo_installation: str) -> None:
    page = log_of(RUNNING, happened="Osin")
    widget(page, "button", "log_save").click().run()
    again = log_of(RUNNING)
    assert "Olet jo kirjannut tämän viikon: osin." in words(again)
    widget(again, "button", "log_undo").click().run()
    assert entries(RUNNING)[-1].undone_at is not None


def test_nothing_chosen_is_said_and_the_note_is_kept(demo_installation: str) -> None:
    before = len(entries(RUNNING))
    page = log_of(RUNNING)
    widget(page, "text_area", "log_note").input("Hyvä viikko.")
    widget(page, "button", "log_save").click().run()
    assert any("Valitse kyllä, osin tai ei." in error for error in errors(page))
    assert widget(page, "text_area", "log_note").value == "Hyvä viikko."
    assert len(entries(RUNNING)) == before


def test_without_a_code_the_units_own_pilots_are_listed(demo_installation: str) -> None:
    page = opened_page("log", "u5")
    with record() as session:
        mine = reach(session, person("u5"))
        running = [
            row.pilot.log_token
            for row in pilots.list_pilots(session, today=DEMO_TODAY, unit_ids=mine)
            if row.status.value in ("running", "awaiting_decision", "scaling")
        ]
    assert running
    said = words(page).replace("%2D", "-")
    assert all(f"pilot={token}" in said for token in running)


@pytest.mark.parametrize("who", ["u4", "u9"])
def test_others_are_refused(demo_installation: str, who: str) -> None:
    page = log_of(RUNNING, who)
    assert errors(page) == [REFUSED]
    assert not page.text_area


def test_an_unknown_code(demo_installation: str) -> None:
    page = opened_page("log", "u5", pilot="nothing")
    assert len(errors(page)) == 1
    assert not page.text_area


def test_before_its_start_a_pilot_has_nothing_to_log(demo_installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with record() as session:
        start = pilots.pilot_row(session, pilot_id=key(pilot("P22").id), today=DEMO_TODAY).plan.start_on
    monkeypatch.setenv("LUOTSI_TODAY", (start - dt.timedelta(days=1)).isoformat())
    page = log_of("P22", "u10")
    assert errors(page)  # a coach does not log
    with changing() as session:
        moved = session.get(Person, person("u5").id)
        moved.unit_id = pilot("P22").unit_id
        session.add(moved)
        session.commit()
    page = log_of("P22")
    assert f"Tämä kokeilu alkaa {start.day}.{start.month}.{start.year}" in words(page)
    assert not page.text_area


def test_after_the_end_the_thanks_name_the_week(demo_installation: str) -> None:
    page = log_of("P08", "u4", happened="Kyllä")
    widget(page, "button", "log_save").click().run()
    assert not errors(page)
    assert "Kiitos! Tallennettu: viikko alkaen 23.11.2026." in words(page)

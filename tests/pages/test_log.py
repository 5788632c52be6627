"""The weekly log: saved, redacted, undone, refused."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.base import now, week_of
from models.metrics import Metric
from models.people import Person
from models.pilots import Happened, LogEntry
from pages import log_weeks as pictured
from services import log_weeks, pilots, plans, weekly_log
from services.permissions import reach
from services.rows import key
from services.staff_views import LEAST_STAFF
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import REFUSED, changing, errors, opened_page, person, pilot, record, widget, words

RUNNING = "P17"
"""A pilot of SAI5, where Emma Laine (u5) works."""


def entries(code: str) -> list[LogEntry]:
    with record() as session:
        return list(session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot(code).id)).all())


def log_of(code: str, who: str = "u5", *, language: str = "fi") -> AppTest:
    """The log's page, as the pilot's QR code opens it."""
    return opened_page("log", who, language=language, pilot=pilot(code).log_token)


def answer(page: AppTest, happened: Happened, went: int | None = None) -> AppTest:
    """Tap the answers."""
    widget(page, "segmented_control", "happened").set_value(happened)
    if went is not None:
        widget(page, "segmented_control", "log_went").set_value(went)
    return page


def save(page: AppTest) -> AppTest:
    """Tap Save."""
    widget(page, "button", "log_save").click().run()
    return page


def keys(page: AppTest) -> list[str]:
    """The buttons on the page."""
    return [button.key for button in page.button]


def forget_last_week(code: str) -> None:
    """As if nobody had logged the pilot last week."""
    with changing() as session:
        for entry in session.exec(select(LogEntry).where(LogEntry.pilot_id == pilot(code).id)).all():
            if entry.week == week_of(DEMO_TODAY) - 1:
                entry.undone_at = now()
                session.add(entry)
        session.commit()


def test_twenty_seconds_and_undo(demo_installation: str) -> None:
    before = len(entries(RUNNING))
    page = answer(log_of(RUNNING), Happened.YES, 4)
    assert any("viikko" in element.value for element in page.markdown)
    widget(page, "text_area", "log_note").input("Soita Matti Virtaselle numeroon 040 123 4567.")
    save(page)
    assert not errors(page)
    saved = entries(RUNNING)[-1]
    assert len(entries(RUNNING)) == before + 1
    assert (saved.happened, saved.work_went, saved.by_id) == ("yes", 4, person("u5").id)
    assert "040" not in saved.note
    assert "[PHONE]" in saved.note
    assert "Kiitos!" in words(page)
    assert "[puhelinnumero]" in words(page)
    assert "Kirjaus luetaan, kun kokeilua arvioidaan 29.11.2026." in words(page)
    widget(page, "button", "log_undo").click().run()
    assert entries(RUNNING)[-1].undone_at is not None
    assert "log_undo" not in keys(page)


def test_undo_gives_the_answers_back_to_be_corrected(demo_installation: str) -> None:
    page = answer(log_of(RUNNING), Happened.PARTLY, 2)
    widget(page, "text_area", "log_note").input("Puhelu numeroon 040 123 4567 auttoi.")
    save(page)
    first = entries(RUNNING)[-1].note
    widget(page, "button", "log_undo").click().run()
    assert widget(page, "segmented_control", "happened").value == Happened.PARTLY
    assert widget(page, "segmented_control", "log_went").value == 2
    assert widget(page, "text_area", "log_note").value == "Puhelu numeroon [puhelinnumero] auttoi."
    save(answer(page, Happened.YES))
    again = entries(RUNNING)[-1]
    assert (again.happened, again.work_went, again.note, again.undone_at) == ("yes", 2, first, None)


def test_what_will_be_removed_is_shown_before_saving(demo_installation: str) -> None:
    page = log_of(RUNNING)
    note = widget(page, "text_area", "log_note")
    note.input("Lista *toimi* hyvin.").run()
    assert "Tallennetaan näin" not in words(page)
    note.input("Soittakaa 040 123 4567.").run()
    assert "Tallennetaan näin: Soittakaa [puhelinnumero]." in words(page)


def test_saving_the_same_twice_is_one_entry(demo_installation: str) -> None:
    before = len(entries(RUNNING))
    for _ in range(2):  # the second from a window that never heard of the first
        save(answer(log_of(RUNNING), Happened.YES, 5))
    assert len(entries(RUNNING)) == before + 1


def test_each_save_has_a_draft_of_its_own(demo_installation: str) -> None:
    def drafts(page: AppTest) -> list[str]:
        return re.findall(r'data-luotsi-saved="(\w[^"]*)"', " ".join(element.body for element in page.get("html")))

    page = answer(log_of(RUNNING), Happened.YES)
    assert drafts(page) == []
    with record() as session:
        before = log_weeks.times_logged(session, key(pilot(RUNNING).id), person("u5"))
    save(page)
    token, week = pilot(RUNNING).log_token, week_of(DEMO_TODAY)
    assert drafts(page) == [f"draft_log_{token}_{week}_{before}"]


def test_last_week_can_be_logged_while_nobody_has(demo_installation: str) -> None:
    assert not [control for control in log_of(RUNNING).get("segmented_control") if control.key == "log_week"]
    forget_last_week(RUNNING)
    last = week_of(DEMO_TODAY) - 1
    page = log_of(RUNNING)
    widget(page, "segmented_control", "log_week").set_value(last).run()
    assert widget(page, "segmented_control", "happened").label == "Toteutuiko muutos viime viikolla?"
    save(answer(page, Happened.YES))
    assert entries(RUNNING)[-1].week == last
    assert "viikko 20/26" in words(page)
    widget(page, "button", "log_more").click().run()
    assert widget(page, "segmented_control", "happened").label == "Toteutuiko muutos tällä viikolla?"
    save(answer(page, Happened.NO))
    assert entries(RUNNING)[-1].week == last + 1
    assert "log_more" not in keys(page)


def test_an_entry_can_be_undone_after_a_reload(demo_installation: str) -> None:
    save(answer(log_of(RUNNING), Happened.PARTLY))
    again = log_of(RUNNING)
    assert "Olet jo kirjannut tämän viikon: osin." in words(again)
    widget(again, "button", "log_undo").click().run()
    assert entries(RUNNING)[-1].undone_at is not None


def test_nothing_chosen_is_said_and_the_note_is_kept(demo_installation: str) -> None:
    before = len(entries(RUNNING))
    page = log_of(RUNNING)
    widget(page, "text_area", "log_note").input("Hyvä viikko.")
    save(page)
    assert any("Valitse kyllä, osin tai ei." in error for error in errors(page))
    assert widget(page, "text_area", "log_note").value == "Hyvä viikko."
    assert len(entries(RUNNING)) == before


def test_without_a_code_the_units_own_pilots_are_listed(demo_installation: str) -> None:
    for page, who in ((opened_page("log", "u3"), "u3"), (opened_page("log", "u5", view="list"), "u5")):
        with record() as session:
            mine = reach(session, person(who))
            running = [
                row.pilot.log_token
                for row in pilots.list_pilots(session, today=DEMO_TODAY, unit_ids=mine)
                if row.status.value in ("running", "awaiting_decision", "scaling")
            ]
        assert running
        said = words(page).replace("%2D", "-")
        assert all(f"pilot={token}" in said for token in running)
        assert not page.text_area


def test_who_has_one_pilot_needs_no_code(demo_installation: str) -> None:
    page = opened_page("log", "u5")
    before = len(entries(RUNNING))
    save(answer(page, Happened.YES))
    assert len(entries(RUNNING)) == before + 1
    assert "view=list" in words(page)


def test_a_number_that_staff_enter_begins_at_nothing(demo_installation: str) -> None:
    with changing() as session:
        plan = plans.current(session, key(pilot(RUNNING).id)).plan
        metric = session.exec(select(Metric).where(Metric.code == "errors")).one()
        session.add(session.merge(plan.sqlmodel_update({"metric_id": metric.id})))
        session.commit()
    page = log_of(RUNNING)
    number = widget(page, "number_input", "log_value")
    assert (number.value, number.min) == (None, 0.0)
    for step, shown in (
        ("step_up_log_value", 1),
        ("step_up_log_value", 2),
        ("step_down_log_value", 1),
        ("step_down_log_value", 0),
        ("step_down_log_value", 0),
    ):
        widget(page, "button", step).click().run()
        assert widget(page, "number_input", "log_value").value == shown
    save(answer(page, Happened.YES))
    assert not errors(page)
    with record() as session:
        assert weekly_log.value_of(session, entries(RUNNING)[-1]) == 0


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


def test_a_pilot_that_has_ended_asks_nothing_and_keeps_its_weeks(demo_installation: str) -> None:
    page = log_of("P08", "u4")
    assert not errors(page)
    assert not [element for element in page.get("button_group") if element.key == "happened"]
    with record() as session:
        end = pilots.pilot_row(session, pilot_id=key(pilot("P08").id), today=DEMO_TODAY).plan.end_on
    assert f"Kokeilu päättyi {end.day}.{end.month}.{end.year}, päätös on tulossa." in words(page)
    assert page.get("vega_lite_chart")


def test_in_the_week_after_its_end_the_last_week_is_asked_for(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with record() as session:
        end = pilots.pilot_row(session, pilot_id=key(pilot("P17").id), today=DEMO_TODAY).plan.end_on
    monkeypatch.setenv("LUOTSI_TODAY", (end + dt.timedelta(days=3)).isoformat())
    page = log_of(RUNNING)
    assert widget(page, "segmented_control", "happened").label == "Toteutuiko muutos viime viikolla?"
    save(answer(page, Happened.YES))
    assert not errors(page)
    assert entries(RUNNING)[-1].week == week_of(end)
    assert "viikko 26/26" in words(page)


def test_a_change_that_is_scaled_is_logged_beside_its_pilot(demo_installation: str) -> None:
    with changing() as session:
        moved = session.get(Person, person("u5").id)
        moved.unit_id = pilot("P10").unit_id
        session.add(moved)
        session.commit()
        fidelity = weekly_log.fidelity(session, key(pilot("P10").id))
    page = log_of("P10")
    assert "muutos jatkuu kokeilun jälkeen, viikko alkaen 23.11.2026" in words(page)
    save(answer(page, Happened.NO))
    assert not errors(page)
    assert "Kiitos! Tallennettu: viikko alkaen 23.11.2026." in words(page)
    assert "Kokeilu kesti 14 viikkoa." in words(page)
    with record() as session:
        assert weekly_log.fidelity(session, key(pilot("P10").id)) == fidelity


def test_how_somebody_elses_work_went_is_not_told(demo_session: Session) -> None:
    row = next(row for row in pilots.list_pilots(demo_session, today=DEMO_TODAY) if row.pilot.code == "P08")
    logged = list(weekly_log.entries(demo_session, key(row.pilot.id)))
    loggers = {entry.by_id for entry in logged}
    assert 0 < len(loggers) < LEAST_STAFF
    assert {week.work_went for week in pictured.weeks(row, logged, viewer_id=None, today=DEMO_TODAY)} == {None}
    one = next(iter(loggers))
    own = {entry.week for entry in logged if entry.by_id == one and entry.work_went is not None}
    assert (
        sum(week.work_went is not None for week in pictured.weeks(row, logged, viewer_id=one, today=DEMO_TODAY))
        == len(own)
        > 0
    )
    for number in range(LEAST_STAFF):
        logged.append(LogEntry(pilot_id=1, week=logged[0].week, happened=Happened.YES, work_went=3, by_id=900 + number))
    together = pictured.weeks(row, logged, viewer_id=None, today=DEMO_TODAY)
    assert [week.number for week in together if week.work_went is not None] == [1]
    open_still = pictured.weeks(row, logged, viewer_id=None, today=row.plan.start_on + dt.timedelta(weeks=1))
    assert {week.work_went for week in open_still} == {None}, "a sixth answer in the same week would be told"

"""Registering a pilot: filled in, saved, refused with nothing lost, without a theme, without the right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.base import validated, week_of
from models.feedback import FeedbackScore
from models.organisation import Unit
from models.people import Person, Role
from models.pilots import Pilot
from services import pilots, plans
from services.rows import key
from tests.databases import DEMO_TODAY, sqlite_url
from tests.pages.pilot_pages import REFUSED, changing, errors, keyed, opened_page, record, widget, words


def newest() -> Pilot:
    with record() as session:
        return session.exec(select(Pilot).order_by(col(Pilot.id).desc())).first()


def test_a_lead_confirms_what_is_filled_in(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    assert keyed(page, "text_area", "register_say_T09").value
    assert keyed(page, "number_input", "register_smallest").value > 0
    assert keyed(page, "multiselect", "register_guardrails").value
    assert len(keyed(page, "multiselect", "register_comparisons").value) >= 2
    widget(page, "text_area", "register_change").input("Soitamme perään seuraavana päivänä.")
    widget(page, "text_area", "register_reason").input("epäselvät asiat selviävät heti")
    widget(page, "button", "register_save").click().run()
    assert not errors(page)
    stored = newest()
    assert f"pilot?code={stored.code}" in words(page)
    assert "Voitte aloittaa maanantaina 30.11.2026." in words(page)
    assert stored.change == {"fi": "Soitamme perään seuraavana päivänä."}
    assert stored.prediction["fi"].endswith("koska epäselvät asiat selviävät heti")
    with record() as session:
        row = pilots.pilot_row(session, pilot_id=key(stored.id), today=DEMO_TODAY)
        whole = plans.current(session, key(stored.id))
    assert (row.unit.code, row.theme.code, row.status.value) == ("SAI3", "T09", "planned")
    assert (whole.plan.start_on.isoformat(), whole.plan.end_on.isoformat()) == ("2026-11-30", "2027-02-21")
    assert whole.plan.trigger_to is not None
    assert len(whole.comparison_units) >= 2
    assert [metric.code for metric, _ in whole.guardrails]


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(demo_installation: str) -> None:
    before = newest().id
    page = opened_page("register", "u1", theme="T09")
    widget(page, "text_area", "register_reason").input("asiat selviävät")
    widget(page, "text_area", "register_resources").input("Hoitaja A")
    widget(page, "button", "register_save").click().run()
    assert newest().id == before
    at_field, by_button = errors(page)
    assert at_field in by_button
    assert "Ei vielä tallennettu, mutta mitään ei ole kadonnut. **2 Mitä muutatte?**" in by_button
    assert widget(page, "text_area", "register_reason").value == "asiat selviävät"
    assert widget(page, "text_area", "register_resources").value == "Hoitaja A"
    widget(page, "text_area", "register_change").input("Soitamme perään.")
    widget(page, "button", "register_save").click().run()
    assert not errors(page)
    assert newest().resources == {"fi": "Hoitaja A"}


@pytest.mark.parametrize(
    ("kind", "beginning", "value"),
    [("number_input", "register_smallest", 0.0), ("date_input", "register_start", DEMO_TODAY.replace(day=1))],
)
def test_a_plan_that_cannot_be_evaluated_is_refused(
    demo_installation: str, kind: str, beginning: str, value: object
) -> None:
    before = newest().id
    page = opened_page("register", "u1", theme="T09")
    widget(page, "text_area", "register_change").input("Soitamme perään.")
    widget(page, "text_area", "register_reason").input("asiat selviävät")
    keyed(page, kind, beginning).set_value(value)
    page.run()
    widget(page, "button", "register_save").click().run()
    assert len(errors(page)) == 2
    assert newest().id == before


def test_half_a_trigger_window_is_refused(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    widget(page, "text_area", "register_change").input("Soitamme perään.")
    widget(page, "text_area", "register_reason").input("asiat selviävät")
    window = widget(page, "date_input", "register_trigger")
    window.set_value((window.value[0],)).run()
    widget(page, "button", "register_save").click().run()
    assert any("ensimmäinen ja viimeinen päivä" in error for error in errors(page))


def test_another_metric_brings_its_own_proposals(demo_installation: str) -> None:
    page = opened_page("register", "u3", theme="T01")
    metric = keyed(page, "selectbox", "register_metric")
    first = keyed(page, "number_input", "register_smallest").value
    metric.set_value("cb2h").run()
    assert keyed(page, "number_input", "register_smallest").key.startswith("register_smallest_cb2h")
    assert keyed(page, "number_input", "register_smallest").value == 5.0  # percentage points
    assert first != 5.0


def test_staff_may_not_register(demo_installation: str) -> None:
    page = opened_page("register", "u4")
    assert errors(page) == [REFUSED]
    assert not page.button


@pytest.fixture
def bare_installation(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with one unit and one coach, and nothing else."""
    path = tmp_path / "bare.db"
    shutil.copyfile(sqlite_template, path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url(path))
    monkeypatch.setenv("LUOTSI_TODAY", DEMO_TODAY.isoformat())
    with changing() as session:
        session.add(validated(Unit, code="A1", level="unit", name={"fi": "Asema"}))
        session.add(validated(Person, code="coach", name="Valmentaja", role=Role.COACH))
        session.commit()


def test_without_a_theme_there_is_nothing_to_begin_from(bare_installation: None) -> None:
    page = opened_page("register", "coach")
    assert "Palauteteemoja ei ole vielä" in words(page)
    assert not page.button


def test_units_are_proposed_with_reasons_and_may_be_changed(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    proposed = keyed(page, "multiselect", "register_comparisons")
    assert 2 <= len(proposed.value) <= 8
    said = words(page)
    assert "Ehdotuksena ovat yksiköt" in said
    assert "Taso on ollut suunnilleen sama kuin teillä" in said
    kept = proposed.value[:2]
    proposed.set_value(kept).run()
    assert keyed(page, "multiselect", "register_comparisons").value == kept
    assert not page.exception


def test_the_weeks_that_a_change_takes_are_worked_out(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    said = words(page)
    assert re.search(r"Teillä on noin \d+ vastausta viikossa\. (Muutos .+ näkyy noin \d+ viikossa|Pienintä)", said)
    smallest = keyed(page, "number_input", "register_smallest")
    smallest.set_value(2.0).run()
    large = words(page)
    assert re.search(r"Muutos 2,00.* näkyy noin \d+ viikossa\. Suunnittelemanne 12 viikkoa riittävät siihen", large)
    keyed(page, "number_input", "register_smallest").set_value(0.01).run()
    assert "ei saada täällä näkyviin vuodessa" in words(page)
    keyed(page, "button", "register_choice_larger").click().run()
    assert "Suunnittelemanne 12 viikkoa riittävät siihen" in words(page)
    larger = keyed(page, "number_input", "register_smallest").value
    assert keyed(page, "number_input", "register_target").value - 0.3 > larger, "the prediction is worked out from it"


def test_a_unit_alone_is_told_so(demo_installation: str) -> None:
    page = opened_page("register", "u1", theme="T09")
    keyed(page, "multiselect", "register_comparisons").set_value([]).run()
    assert "enintään ”jatka seurantaa”" in words(page)
    assert "Teillä on noin" in words(page)


@pytest.mark.parametrize(("shift", "said"), [(-2.0, "poikkeuksellisen huonoja"), (2.0, "poikkeuksellisen hyviä")])
def test_unusual_last_weeks_are_warned_of(demo_installation: str, shift: float, said: str) -> None:
    """The unit's last six weeks of answers are made worse or better for the test."""
    with changing() as session:
        unit = session.exec(select(Unit).where(Unit.code == "SAI3")).one()
        rows = session.exec(
            select(FeedbackScore).where(
                FeedbackScore.unit_id == unit.id,
                FeedbackScore.item == "recommend",
                col(FeedbackScore.week) >= week_of(DEMO_TODAY) - 6,
            )
        ).all()
        assert rows
        for row in rows:
            row.value = min(max(row.value + shift, row.low), row.high)
            session.add(row)
        session.commit()
    page = opened_page("register", "u1", theme="T09")
    keyed(page, "selectbox", "register_metric").set_value("nps_mean").run()
    text = words(page)
    assert said in text
    assert "itsestään" in text

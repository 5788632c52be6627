"""The whole picture: four views, kept in the address, beside their numbers; read by trustees, refused to machines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.base import validated
from models.people import Person, Role
from services import learned, portfolio, portfolio_map, quadrant
from tests.databases import DEMO_TODAY, sqlite_url
from tests.pages.pilot_pages import changing, errors, opened_page, person, record, widget, words


@pytest.mark.parametrize(
    ("view", "language"), [("funnel", "fi"), ("quadrant", "fi"), ("map", "fi"), ("learned", "fi"), ("funnel", "sv")]
)
def test_a_trustee_reads_every_view(demo_installation: str, view: str, language: str) -> None:
    page = opened_page("overview", "u9", language=language, view=view)
    assert not errors(page)
    assert page.session_state["view"] == view
    assert "](/theme?" not in words(page), "trustees see no feedback, so nothing leads there"


def test_the_funnel_stands_beside_its_numbers(demo_installation: str) -> None:
    page = opened_page("overview", "u7")
    [chart] = page.get("vega_lite_chart")
    assert "Asiakkaat puhuvat siitä – Vakiintunut käytäntö" in chart.proto.alt
    numbers = next(table.value for table in page.table if "Teemat" in table.value)
    themes = [int(cell) for cell in numbers["Teemat"]]
    assert len(themes) == 6
    assert themes == sorted(themes, reverse=True)
    assert "avoimista palautteista" in words(page)
    assert "](/theme?code=" in words(page)


def test_area_and_period_stay_in_the_address(demo_installation: str) -> None:
    page = opened_page("overview", "u7", place="PEL", period="26")
    numbers = next(table.value for table in page.table if "Teemat" in table.value)
    whole = next(table.value for table in opened_page("overview", "u7").table if "Teemat" in table.value)
    assert int(numbers["Teemat"].iloc[2]) < int(whole["Teemat"].iloc[2])
    widget(page, "selectbox", "period").set_value("13").run()
    assert page.query_params["period"] == "13"


def test_every_evaluated_pilot_is_in_the_quadrant_or_named_beside_it(demo_installation: str) -> None:
    with record() as session:
        found = quadrant.both_axes(session, portfolio.rows(session, today=DEMO_TODAY))
    for axis, measured in (("hours", False), ("measured", True)):
        page = opened_page("overview", "u9", view="quadrant", upwards=axis)
        [table] = page.table
        missing = [both for both in found if both.missing(measured=measured) is not None]
        assert len(table.value) == len(found) - len(missing)
        said = words(page)
        for both in missing:
            assert f"pilot?code={both.row.row.pilot.code}): " in said
    assert "ajasta tai kustannuksesta ei tiedetä mitään" in said


def test_the_map_names_what_is_loud_and_untried(demo_installation: str) -> None:
    with record() as session:
        cells = portfolio_map.portfolio_map(session, today=DEMO_TODAY, by=person("u7"))
        loudest = portfolio_map.gaps(cells)[0]
    said = words(opened_page("overview", "u7", view="map"))
    assert f"{loudest.unhappy} tyytymätöntä asiakasta" in said
    page = opened_page("overview", "u7", view="map", columns="units")
    [chart] = page.get("vega_lite_chart")
    assert "Ensihoito" in chart.proto.spec


def test_what_was_learned_is_as_large_as_what_is_in_use(demo_installation: str) -> None:
    page = opened_page("overview", "u9", view="learned")
    with record() as session:
        rows = portfolio.rows(session, today=DEMO_TODAY)
    shown = [element.value.replace("\\", "") for element in page.subheader]
    for row in (*learned.established(rows), *learned.learned(rows)):
        assert any(row.row.pilot.code in heading for heading in shown)
    assert "Opimme" in [element.value for element in page.header]
    assert "melu tuli keittiöstä" in words(page)
    assert [element.value for element in page.metric][1] == "2/2"


@pytest.mark.parametrize("view", ["funnel", "quadrant", "map", "learned"])
def test_a_county_without_anything(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    path = tmp_path / "bare.db"
    shutil.copyfile(sqlite_template, path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url(path))
    with changing() as session:
        session.add(validated(Person, code="leader", name="Johtaja", role=Role.LEADERSHIP))
        session.commit()
    page = opened_page("overview", "leader", view=view)
    assert page.info
    assert not page.get("vega_lite_chart")


def test_a_machine_user_is_refused(demo_installation: str) -> None:
    assert len(errors(opened_page("overview", "u11"))) == 1

"""The table of docs/small-numbers.md, page by page: no number of few people in words, cells or charts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from services.settings import ROOT
from services.small_numbers import LEAST_CUSTOMERS, few
from tests.pages.pilot_pages import opened_page, words

FEW_PEOPLE = re.compile(r"(?<![\d,.–-])[1-9]\xa0?\s?(?:ihminen|ihmistä|tyytymätöntä asiakasta)")
SHARE = re.compile(r"\), (\d+)/(\d+)")
DOCUMENT = ROOT / "docs" / "small-numbers.md"


def count(cell: object) -> int | None:
    """The number that a cell shows, plain or as a link; None where it shows none."""
    text = str(cell).strip("[").partition("]")[0].replace("\xa0", "")
    return int(text) if text.isdigit() else None


def shares(page: AppTest) -> list[tuple[int, int]]:
    return [(int(part), int(of)) for table in page.table for part, of in SHARE.findall(table.value.to_csv())]


@pytest.mark.parametrize("person", ["u1", "u7"])
def test_the_list_of_themes_tells_of_ten_people_or_more(demo_installation: str, person: str) -> None:
    for weeks in ("12",) if person == "u1" else ("4", "12"):
        page = opened_page("themes", person, weeks=weeks)
        assert not FEW_PEOPLE.search(words(page))
        if not page.table:
            assert "Puhutaan, mutta luvut puuttuvat" in words(page)
            continue
        table = page.table[0].value
        counts = [count(cell) for cell in table["Vastauksia"]]
        assert all(number is not None and number >= LEAST_CUSTOMERS for number in counts)
        for part, of in shares(page):
            assert not few(part)
            assert not few(of - part)
        if "ei näytetä" in table.to_csv():
            assert words(page).count("”Ei näytetä”: ") == 1, "it is explained once"


@pytest.mark.parametrize(
    ("person", "code"), [("u1", "T12"), ("u7", "T01"), pytest.param("u7", "T18", marks=pytest.mark.slow)]
)
def test_a_themes_page_tells_of_ten_people_or_more(demo_installation: str, person: str, code: str) -> None:
    page = opened_page("theme", person, code=code)
    said = words(page)
    assert not FEW_PEOPLE.search(said)
    assert not re.search(r"ahkerin vastaaja antoi \d", said, re.IGNORECASE), "how much one person said is not told"
    for table in page.table:
        for name in ("Vastauksia", "Ihmisiä"):
            if name in table.value.columns and "Sävy" not in table.value.columns:
                assert not [cell for cell in table.value[name] if few(count(cell) or 0)]
    told = "Toistaiseksi alle 10 ihmistä" not in said and "Ihmisten määrää ei näytetä" not in said
    assert told == any("Palautekanava" in table.value.columns for table in page.table)
    for part, of in shares(page):
        assert not few(part), (part, of)


@pytest.mark.parametrize(
    ("person", "columns"), [("u7", "areas"), pytest.param("u7", "units", marks=pytest.mark.slow), ("u1", "months")]
)
def test_no_cell_of_the_map_is_of_few_people_in_picture_or_table(
    demo_installation: str, person: str, columns: str
) -> None:
    page = opened_page("themes", person, view="map", columns=columns)
    cells = [str(cell) for column in page.table[0].value.columns[1:] for cell in page.table[0].value[column]]
    assert any("ei näytetä" in cell for cell in cells)
    drawn = [row for row in chart_rows(page) if "told" in row and "place" in row]
    assert len(drawn) == len(cells)
    assert all((row["told"] == "ei näytetä") == (row["value"] is None) or not row["value"] for row in drawn)
    assert sum(row["told"] == "ei näytetä" for row in drawn) == sum("ei näytetä" in cell for cell in cells)


@pytest.mark.parametrize("person", ["u9"])
def test_the_overviews_map_tells_of_ten_unhappy_customers_or_more(demo_installation: str, person: str) -> None:
    for columns in ("areas", "units"):
        page = opened_page("overview", person, view="map", columns=columns)
        assert not FEW_PEOPLE.search(words(page))
        unhappy = [row["unhappy"] for row in chart_rows(page) if "unhappy" in row]
        assert unhappy
        assert not [number for number in unhappy if number is not None and few(number)]


def test_where_next_and_the_forecast_tell_of_ten_people_or_more(demo_installation: str) -> None:
    said = words(opened_page("where_next", "u7"))
    assert "ei näytetä" in said
    assert not re.search(r"13 viikossa: [1-9] \(", said)
    page = opened_page("forecast", "u7", code="T01")
    for table in page.table:
        if "Viimeiset 8 viikkoa" in table.value.columns:
            assert not [cell for cell in table.value["Viimeiset 8 viikkoa"] if few(count(cell) or 0)]
    known = [row["answers"] for row in chart_rows(page) if row.get("kind") == "Vastauksia tähän asti"]
    assert not [number for number in known if few(number)]


def test_a_pilots_weeks_of_few_answers_are_in_neither_picture_nor_table(demo_installation: str) -> None:
    for code in ("P05", "P24"):
        page = opened_page("pilot", "u7", code=code)
        for table in page.table:
            if "Vastauksia" in table.value.columns:
                assert not [cell for cell in table.value["Vastauksia"] if few(count(cell) or 0)]
        weeks = next(table.value for table in page.table if "Odotettu ilman muutosta" in table.value.columns)
        hidden = (weeks["Vastauksia"] == "ei näytetä").sum()
        assert hidden > 0
        assert sum(row.get("told") == "ei näytetä" for row in chart_rows(page)) == hidden, "a cross a week"
        assert "Rasti merkitsee viikkoa, jolta on alle 10 vastausta." in words(page)
        answers = [row["answers"] for row in chart_rows(page) if "answers" in row and "value" in row]
        assert not [number for number in answers if number is not None and few(number)]


def test_the_document_names_every_file_that_decides(tmp_path: Path) -> None:
    said = DOCUMENT.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:services|pages|charts)/[\w./]+\.py)`", said):
        assert (ROOT / path).is_file(), path
    assert f"fewer than {LEAST_CUSTOMERS} customers" in said


def chart_rows(page: AppTest) -> list[dict[str, object]]:
    """Everything that the page's charts hold, what a tooltip would show included."""
    found: list[dict[str, object]] = []
    for chart in page.get("vega_lite_chart"):
        proto = chart.proto
        for data in [proto.data.data, *(named.data.data for named in proto.datasets)]:
            if data:
                found += pa.ipc.open_stream(data).read_all().to_pylist()
        todo: list[object] = [json.loads(proto.spec)]
        while todo:
            part = todo.pop()
            if isinstance(part, dict):
                values = part.get("values")
                found += [row for row in values if isinstance(row, dict)] if isinstance(values, list) else []
                todo += part.values()
            elif isinstance(part, list):
                todo += part
    return found

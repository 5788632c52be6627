"""No cell of a file is a formula, and the text is still there: as a spreadsheet reads it, and as polars does."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services import exports
from services.exports import Format
from services.exports_schema import Table, Value, date, flag, integer, number, text
from services.intake.refused import Reject, write_rejects
from services.safe_cells import plain_text, safe_cell

BEGINNINGS = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−%|'\"’” \u00a0\u200b\ufeff\u3000"
TEXTS = st.builds(
    str.__add__, st.text(st.sampled_from(BEGINNINGS), max_size=4), st.text(st.characters(codec="utf-8"), max_size=12)
).filter(lambda text: "\x00" not in text)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TABLE = Table(
    name="made",
    title="",
    about="",
    columns=(text("words", ""), number("amount", ""), integer("answers", ""), date("day", ""), flag("yes", "")),
    rows=lambda session, scope: iter(()),
)


@pytest.mark.parametrize(
    "told",
    ["=1+1", "+358", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1", "'=1+1", '"=1+1"', "  =1", "\u00a0=1", "\ufeff=1", "＝1",
     "－1", "\u3000＠x", "’=1", "\u200b=1", "\x0b=1", "−1", "%0A", "|calc"],
)  # fmt: skip
def test_what_could_be_a_formula_gets_an_apostrophe(told: str) -> None:
    assert safe_cell(told) == f"'{told}"
    assert plain_text(safe_cell(told)) == told


@pytest.mark.parametrize("told", ["", "Kiitos", "5 - 3 = 2", "'s-Hertogenbosch", "a=1", "(–)", "2026-11-25"])
def test_other_texts_stay_as_they_are(told: str) -> None:
    assert safe_cell(told) == told == plain_text(told)


@given(told=TEXTS)
@example(told="'")
@example(told="''=1")
def test_no_text_begins_like_a_formula_and_every_text_comes_back(told: str) -> None:
    cell = safe_cell(told)
    assert not cell.lstrip().lstrip("\ufeff\u200b").startswith(FORMULA)
    assert cell in (told, f"'{told}")
    assert plain_text(cell) == told


@given(told=st.lists(TEXTS, min_size=1, max_size=5), amount=st.floats(-1e9, 1e9), answers=st.integers(-5, 10**6))
def test_a_csv_export_holds_texts_and_numbers_and_no_formula(told: list[str], amount: float, answers: int) -> None:
    rows: list[tuple[Value, ...]] = [(words, amount, answers, "2026-11-25", True) for words in told]
    for how, mark in ((Format.CSV, ","), (Format.EXCEL, ";")):
        file = io.BytesIO()
        exports.write(file, TABLE, iter(rows), how)
        read = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""), delimiter=mark))[1:]
        assert [plain_text(row[0]) for row in read] == told
        assert all(float(row[1].replace(",", ".")) == pytest.approx(amount, rel=1e-9, abs=1e-9) for row in read)
        assert {row[2] for row in read} == {str(answers)}
        assert {tuple(row[3:]) for row in read} == {("2026-11-25", "1")}


def test_polars_and_a_spreadsheet_read_the_same_back(tmp_path: Path) -> None:
    told = [
        "=1+1",
        "+358 40",
        "-2",
        "@SUM(A1)",
        "'=1",
        " =HYPERLINK(1)",
        "＝1",
        "Kiitos; tämä, auttoi",
        'Hän sanoi "ei"',
    ]
    rows: list[tuple[Value, ...]] = [(words, -0.5, 12, "2026-11-25", False) for words in told]
    file = io.BytesIO()
    exports.write(file, TABLE, iter(rows), Format.CSV)
    frame = pl.read_csv(io.BytesIO(file.getvalue()), try_parse_dates=True)
    assert [plain_text(words) for words in frame["words"]] == told
    assert frame["amount"].to_list() == [-0.5] * len(told)
    assert frame["answers"].to_list() == [12] * len(told)
    assert frame["day"].to_list() == [dt.date(2026, 11, 25)] * len(told)
    book = Workbook()
    for row in csv.reader(io.StringIO(file.getvalue().decode())):
        book.active.append(row)
    book.save(tmp_path / "opened.xlsx")
    cells = [row[0] for row in load_workbook(tmp_path / "opened.xlsx").active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [plain_text(str(cell.value)) for cell in cells] == told
    book.active["A1"] = "=1+1"
    assert book.active["A1"].data_type == "f", "the spreadsheet does take such a text for a formula"


def test_parquet_and_ndjson_hold_the_text_itself() -> None:
    for how in (Format.PARQUET, Format.NDJSON):
        file = io.BytesIO()
        exports.write(file, TABLE, iter([("=1+1", 1.0, 2, "2026-11-25", True)]), how)
        data = io.BytesIO(file.getvalue())
        frame = pl.read_parquet(data) if how is Format.PARQUET else pl.read_ndjson(data)
        assert frame["words"].to_list() == ["=1+1"]


def test_a_file_of_rejects_holds_no_formula(tmp_path: Path) -> None:
    written = write_rejects(
        [Reject(2, "＝col", " =1+1", "The value {value} is no day.", {"value": "x"})], tmp_path / "r"
    )
    row = list(csv.reader(io.StringIO(written.read_text(encoding="utf-8-sig")), delimiter=";"))[1]
    assert row == ["2", "'＝col", "' =1+1", "The value x is no day."]

"""Exports: what is small is left out and cannot be worked out, formulas do nothing, columns stay, reach counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time

import polars as pl
import pytest
from sqlmodel import Session, col, select

from models.base import validated
from models.feedback import Feedback
from models.people import Person, Role
from models.themes import Theme
from services import exports
from services.errors import NotAllowed, NotFound
from services.exports import Format
from services.exports_schema import HIDDEN, Kind
from services.i18n import translator
from tests.services.conftest import World

TONES = ("negative", "neutral", "positive")


def person(session: Session, code: str) -> Person:
    return session.exec(select(Person).where(Person.code == code)).one()


def analyst(world: World, unit_id: int | None = None) -> Person:
    found = Person(code="analyst", name="Analyst", role=Role.ANALYST, unit_id=unit_id)
    world.session.add(found)
    world.session.commit()
    return found


def read(session: Session, name: str, by: Person) -> list[dict[str, str]]:
    data = exports.export(session, exports.table(name), Format.CSV, by=by).decode()
    return list(csv.DictReader(io.StringIO(data)))


def test_the_columns_and_their_order_stay(demo_session: Session) -> None:
    """Other people's programs read these files: a column is added at the end or not at all."""
    first = {table.name: [column.name for column in table.columns] for table in exports.tables()}
    assert list(first) == [
        "pilots",
        "plans",
        "evaluations",
        "decisions",
        "adoption",
        "ideas",
        "measurements",
        "themes-weekly",
        "themes-quarterly",
        "weekly-log",
        "units",
        "metrics",
    ]
    assert first["measurements"] == ["metric", "unit", "week", "population", "n", "mean", "sd", "count", HIDDEN]
    assert first["decisions"] == [
        "decision",
        "pilot",
        "evaluation",
        "decided_on",
        "recommended",
        "choice",
        "overrides",
        "approved_on",
        "in_force",
        "current",
        "review_on",
        "scale_to",
    ]
    assert first["themes-weekly"][2:] == ["week", "answers", *TONES, HIDDEN, "tones_suppressed"]


@pytest.mark.parametrize("name", [table.name for table in exports.tables() if table.name != "measurements"])
def test_every_row_has_the_columns_values_of_their_kind(demo_session: Session, name: str) -> None:
    table = exports.table(name)
    lines = list(exports.rows(demo_session, table, by=person(demo_session, "u14")))
    allowed = {
        Kind.TEXT: str,
        Kind.INTEGER: int,
        Kind.NUMBER: (int, float),
        Kind.DATE: str,
        Kind.FLAG: bool,
    }
    for row in lines:
        assert len(row) == len(table.columns)
        for value, column in zip(row, table.columns, strict=True):
            assert value is None or isinstance(value, allowed[column.kind]), (column.name, value)
            if column.kind is Kind.DATE and value is not None:
                assert dt.date.fromisoformat(str(value))
    assert lines or name in ("adoption", "ideas")


def test_nobodys_words_or_names_leave(demo_session: Session) -> None:
    by = person(demo_session, "u14")
    comments = demo_session.exec(select(Feedback.text).where(col(Feedback.text).is_not(None)).limit(200)).all()
    names = demo_session.exec(select(Person.name)).all()
    for table in exports.tables():
        if table.name == "measurements":
            continue
        written = exports.export(demo_session, table, Format.NDJSON, by=by).decode()
        assert not [text for text in comments if text and len(text) > 20 and text in written], table.name
        assert not [name for name in names if " " in name and name in written], table.name


def test_who_may_not_export_gets_nothing_and_others_only_their_reach(world: World) -> None:
    with pytest.raises(NotAllowed):
        exports.export(world.session, exports.table("units"), Format.CSV, by=world.nurse)
    with pytest.raises(NotAllowed):
        exports.export(world.session, exports.table("units"), Format.CSV, by=None)
    with pytest.raises(NotFound):
        exports.table("salaries")
    assert [row["unit"] for row in read(world.session, "units", world.director)] == ["SAI", "SAI3", "SAI4"]
    assert len(read(world.session, "units", analyst(world))) == 4


@pytest.mark.parametrize("start", ["=1+1", "+358", "-2", "@SUM", "\tx"])
def test_a_text_is_no_formula(world: World, start: str) -> None:
    world.session.add(validated(Theme, code="T77", name={"fi": "x"}))
    world.ward.name = {"fi": start}
    world.session.add(world.ward)
    world.session.commit()
    by = analyst(world)
    for how in (Format.EXCEL, Format.CSV):
        lines = exports.export(world.session, exports.table("units"), how, by=by).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(lines), delimiter=";" if how is Format.EXCEL else ","))
        assert [row["name_fi"] for row in rows if row["unit"] == "SAI3"] == ["'" + start]
    ndjson = exports.export(world.session, exports.table("units"), Format.NDJSON, by=by).decode().splitlines()
    assert json.loads(ndjson[2])["name_fi"] == start


def test_the_same_rows_in_every_format(demo_session: Session) -> None:
    by, table = person(demo_session, "u14"), exports.table("plans")
    excel = exports.export(demo_session, table, Format.EXCEL, by=by)
    assert excel.startswith(b"\xef\xbb\xbfpilot;version;")
    assert b";0,08;" in excel
    lines = [json.loads(line) for line in exports.export(demo_session, table, Format.NDJSON, by=by).splitlines()]
    frame = pl.read_parquet(io.BytesIO(exports.export(demo_session, table, Format.PARQUET, by=by)))
    assert frame.columns == [column.name for column in table.columns]
    assert frame.schema["start_on"] == pl.Date
    assert frame.schema["randomised"] == pl.Boolean
    assert frame["smallest_change"].to_list() == [line["smallest_change"] for line in lines]
    assert [day.isoformat() for day in frame["start_on"]] == [line["start_on"] for line in lines]
    assert excel.count(b"\r\n") == len(lines) + 1


def test_the_dictionary_names_every_column_in_every_language() -> None:
    for language in ("fi", "sv", "en"):
        rows = list(exports.dictionary(translator(language)))
        assert [(row[0], row[2]) for row in rows] == [
            (table.name, column.name) for table in exports.tables() for column in table.columns
        ]
        assert all(row[-1] for row in rows)
    assert exports.dictionary_file(translator("fi"), Format.EXCEL).startswith(b"\xef\xbb\xbftable;place;")


def test_the_measurements_of_the_demo_county_take_seconds(demo_session: Session) -> None:
    by = person(demo_session, "u14")
    began = time.process_time()
    lines = list(exports.rows(demo_session, exports.table("measurements"), by=by))
    assert time.process_time() - began < 6.0  # half of it on a free machine
    assert len(lines) > 10_000
    hidden = [row for row in lines if row[-1]]
    assert hidden
    assert all(value is None for row in hidden for value in row[4:8])
    weekly = {row[:4] for row in lines}
    assert len(weekly) == len(lines), "a row a measure, unit, week and group"


def test_one_decision_a_pilot_is_the_current_one(demo_session: Session) -> None:
    table = exports.table("decisions")
    names = [column.name for column in table.columns]
    lines = [
        dict(zip(names, line, strict=True))
        for line in exports.rows(demo_session, table, by=person(demo_session, "u14"))
    ]
    current = [line["pilot"] for line in lines if line["current"]]
    assert sorted(current) == sorted({line["pilot"] for line in lines if line["in_force"]})
    assert all(line["in_force"] for line in lines if line["current"])

"""Files for analysts to take away: CSV, Parquet and NDJSON from one documented schema, small numbers left out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

import polars as pl
from sqlmodel import Session, col, select

from models.base import LANGUAGES
from models.metrics import Metric
from models.people import Person
from services import exports_decided, exports_pilots, exports_weekly
from services.errors import NotFound
from services.exports_schema import Column, Kind, Row, Scope, Table, Value, flag, header, integer, number, text
from services.i18n import N_, Translator
from services.organisation import all_units
from services.permissions import May, reach, require
from services.rows import key
from services.safe_cells import safe_cell

IN_MEMORY = 8_000_000
SLICE = 20_000
POLARS: dict[Kind, type[pl.DataType]] = {
    Kind.TEXT: pl.String,
    Kind.INTEGER: pl.Int64,
    Kind.NUMBER: pl.Float64,
    Kind.DATE: pl.String,
    Kind.FLAG: pl.Boolean,
}


class Format(StrEnum):
    """How a file is written."""

    EXCEL = "excel"
    CSV = "csv"
    PARQUET = "parquet"
    NDJSON = "ndjson"


FORMATS: dict[Format, str] = {
    Format.EXCEL: N_("CSV for Excel: semicolons, decimal commas"),
    Format.CSV: N_("CSV: commas, decimal points"),
    Format.PARQUET: "Parquet",
    Format.NDJSON: "NDJSON",
}
SUFFIX: dict[Format, str] = {Format.EXCEL: "csv", Format.CSV: "csv", Format.PARQUET: "parquet", Format.NDJSON: "ndjson"}
MIME: dict[Format, str] = {
    Format.EXCEL: "text/csv",
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.NDJSON: "application/x-ndjson",
}


def _units(session: Session, scope: Scope) -> Iterator[Row]:
    units = all_units(session)
    codes = {unit.id: unit.code for unit in units}
    for unit in units:
        if scope.holds(key(unit.id)):
            names = (unit.name.get(language, "") for language in LANGUAGES)
            yield (
                unit.code,
                *names,
                unit.level,
                codes.get(unit.parent_id),
                unit.oid,
                unit.customer_type.value,
                unit.takes_pilots,
            )


def _metrics(session: Session, scope: Scope) -> Iterator[Row]:
    for metric in session.exec(select(Metric).order_by(col(Metric.code))):
        names = (metric.name.get(language, "") for language in LANGUAGES)
        yield (
            metric.code,
            *names,
            metric.kind.value,
            metric.direction.value,
            metric.family.value,
            metric.unit_text.get("en", ""),
            metric.scale_low,
            metric.scale_high,
            metric.item,
            metric.is_guardrail,
        )


_NAMES = (
    text("name_fi", N_("Its name in Finnish.")),
    text("name_sv", N_("Its name in Swedish.")),
    text("name_en", N_("Its name in English.")),
)
KEYS: tuple[Table, ...] = (
    Table(
        name="units",
        title=N_("Units"),
        about=N_("What the codes of units mean, and which unit is below which."),
        columns=(
            text("unit", N_("Code of the unit.")),
            *_NAMES,
            text("level", N_("Its level in the organisation.")),
            text("parent", N_("Code of the unit above it.")),
            text("oid", N_("Its identifier in the national register.")),
            text("customer_type", N_("Customers outside the organisation, or colleagues.")),
            flag("takes_pilots", N_("Whether it can try something itself.")),
        ),
        rows=_units,
    ),
    Table(
        name="metrics",
        title=N_("Measures"),
        about=N_("What is measured, how, and which way is better."),
        columns=(
            text("metric", N_("Code of the measure.")),
            *_NAMES,
            text("kind", N_("How its values behave: score, nps, proportion, count, duration, cost.")),
            text("direction", N_("Which way is better: increase or decrease.")),
            text("family", N_("Where it belongs: national survey, own, process, safety, staff, cost.")),
            text("unit_of_measurement", N_("Its unit of measurement; empty for shares.")),
            number("scale_low", N_("Lowest value of its scale.")),
            number("scale_high", N_("Highest value of its scale.")),
            text("item", N_("Survey item that feeds it, where answers do.")),
            flag("is_guardrail", N_("Whether it is proposed as one that must not get worse.")),
        ),
        rows=_metrics,
    ),
)


def tables() -> tuple[Table, ...]:
    """Every table there is to take away."""
    return (*exports_pilots.TABLES, *exports_decided.TABLES, *exports_weekly.TABLES, *KEYS)


def table(name: str) -> Table:
    """The table with a name.

    Raises:
        NotFound: There is none.
    """
    found = next((one for one in tables() if one.name == name), None)
    if found is None:
        raise NotFound("There is no table with the name {name}.", name=name)
    return found


def file_name(name: str, how: Format, day: dt.date) -> str:
    """What a file is called.

    >>> file_name("pilots", Format.EXCEL, dt.date(2026, 11, 25))
    'luotsi-pilots-2026-11-25.csv'
    """
    return f"luotsi-{name}-{day.isoformat()}.{SUFFIX[how]}"


def rows(session: Session, found: Table, *, by: Person | None) -> Iterator[Row]:
    """A table's rows within a person's reach.

    Raises:
        NotAllowed: The person may not take data away.
    """
    person = require(session, by, May.EXPORT)
    return found.rows(session, Scope(unit_ids=reach(session, person)))


def export(session: Session, found: Table, how: Format, *, by: Person | None) -> bytes:
    """A whole file. Rows are read and written as they come; what is large waits on the disk.

    Raises:
        NotAllowed: The person may not take data away.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        write(file, found, rows(session, found, by=by), how)  # type: ignore[arg-type]
        file.seek(0)
        return file.read()


def write(file: BinaryIO, found: Table, lines: Iterator[Row], how: Format) -> None:
    """Write a table's rows to a file."""
    if how is Format.PARQUET:
        _write_parquet(file, found, lines)
    elif how is Format.NDJSON:
        for row in lines:
            named = dict(zip(header(found), row, strict=True))
            file.write(json.dumps(named, ensure_ascii=False).encode() + b"\n")
    else:
        _write_csv(file, found, lines, how)


def _write_csv(file: BinaryIO, found: Table, lines: Iterator[Row], how: Format) -> None:
    excel = how is Format.EXCEL
    out = io.TextIOWrapper(file, encoding="utf-8-sig" if excel else "utf-8", newline="", write_through=True)
    writer = csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow(header(found))
    for row in lines:
        writer.writerow([cell(value, column, comma=excel) for value, column in zip(row, found.columns, strict=True)])
    out.detach()


def cell(value: Value, column: Column, *, comma: bool) -> str:
    """A value as a CSV file holds it; a text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> cell("=SUM(A1)", text("title", ""), comma=True), cell(-0.5, number("effect", ""), comma=True)
    ("'=SUM(A1)", '-0,5')
    """
    if value is None:
        return ""
    if column.kind is Kind.FLAG:
        return "1" if value else "0"
    if column.kind is Kind.NUMBER and isinstance(value, int | float):
        written = f"{value:.10g}"
        return written.replace(".", ",") if comma else written
    written = str(value)
    return safe_cell(written) if column.kind is Kind.TEXT else written


def _write_parquet(file: BinaryIO, found: Table, lines: Iterator[Row]) -> None:
    schema = {column.name: POLARS[column.kind] for column in found.columns}
    parts = [pl.DataFrame(schema=schema)]
    part: list[Row] = []
    for row in lines:
        part.append(row)
        if len(part) == SLICE:
            parts.append(pl.DataFrame(part, schema=schema, orient="row"))
            part = []
    parts.append(pl.DataFrame(part, schema=schema, orient="row"))
    dates = [column.name for column in found.columns if column.kind is Kind.DATE]
    pl.concat(parts).with_columns(pl.col(dates).str.to_date()).write_parquet(file)


DICTIONARY = Table(
    name="dictionary",
    title=N_("Data dictionary"),
    about=N_("A row a column of every table: what it says, and in which unit."),
    columns=(
        text("table", N_("Name of the table.")),
        integer("place", N_("Place of the column in the file, from 1.")),
        text("column", N_("Name of the column.")),
        text("type", N_("text, integer, number, date (2026-11-23) or flag (1 or 0).")),
        text("unit", N_("Unit of measurement.")),
        text("meaning", N_("What it says.")),
    ),
    rows=lambda session, scope: iter(()),
)


def dictionary(t: Translator) -> Iterator[Row]:
    """Every column of every table with its meaning in a language."""
    for one in tables():
        for place, column in enumerate(one.columns, start=1):
            yield one.name, place, column.name, column.kind.value, column.unit, t(column.meaning)


def dictionary_file(t: Translator, how: Format) -> bytes:
    """The data dictionary as a file."""
    file = io.BytesIO()
    write(file, DICTIONARY, dictionary(t), how)
    return file.getvalue()

"""Evaluate one pilot from a file: CSV or Parquet in, an evaluation out, no database."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
import polars as pl

from services.intake.encodings import encoding_of
from services.intake.refused import RefusedFile
from stats.errors import DataError, PlanError
from stats.evaluation import Answers, Evaluation, evaluate
from stats.messages import N_
from stats.metric import Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_answers, from_weeks
from stats.plan import Plan

RAW = ("unit", "date", "value")
AGGREGATED = ("unit", "week", "n")
LONGEST_SHOWN = 100
DELIMITERS = (";", "\t", ",")
PARQUET_MAGIC = b"PAR1"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan", re.IGNORECASE)

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file's cells by column.

    Attributes:
        columns: Column name to its cells.
        rows: The row number a person sees for each record: the line of a CSV, counting from 1 for a Parquet file.
        decimal_comma: A comma in a number is a decimal point.
    """

    columns: Mapping[str, Sequence[object]]
    rows: Sequence[int]
    decimal_comma: bool


def evaluate_file(data: Path, plan: Path, *, as_of: date | None = None) -> Evaluation:
    """Read the data and the plan and evaluate the pilot.

    Raises:
        DataError: The data or the plan cannot be used; the sentence names file, row, column and value.
    """
    fixed = read_plan(plan)
    table = _named(data, lambda: _read(data))
    panel = _named(data, lambda: _panel(table, fixed.kind))
    answers = _answers(table) if _is_raw(table) else None
    return _named(data, lambda: evaluate(panel, fixed, as_of=as_of, answers=answers))


def read_plan(path: Path) -> Plan:
    """Read a plan's JSON file.

    Raises:
        PlanError: The file is missing, is not JSON, or a field is wrong.
    """
    try:
        content = json.loads(_bytes(path).decode("utf-8-sig"), object_pairs_hook=_each_once)
    except UnicodeDecodeError as error:
        raise PlanError(N_("{file} is not UTF-8 text."), file=path.name) from error
    except json.JSONDecodeError as error:
        raise PlanError(
            N_("{file} is not JSON: line {line}, column {column}: {why}."),
            file=path.name, line=error.lineno, column=error.colno, why=error.msg,
        ) from error  # fmt: skip
    except (RecursionError, ValueError) as error:  # nested without end, or a number of thousands of digits
        if isinstance(error, DataError):
            raise type(error)(N_("{file}: {why}"), file=path.name, why=error.message) from error
        raise PlanError(N_("{file} is no plan: it is nested too deep or holds too long a number."),
                        file=path.name) from error  # fmt: skip
    return _named(path, lambda: Plan.from_dict(cast("Mapping[str, object]", content)))


def read_panel(path: Path, kind: Kind) -> Panel:
    """Read a panel: aggregated (unit, week, n and mean, sd or count) or raw rows (unit, date, value).

    Raises:
        DataError: The file is missing, empty or of another form, or a value is not allowed.
    """
    table = _named(path, lambda: _read(path))
    return _named(path, lambda: _panel(table, kind))


def _read(path: Path) -> Table:
    content = _bytes(path)
    if not content.strip():
        raise DataError(N_("The file is empty."))
    if content.startswith(PARQUET_MAGIC):
        return _read_parquet(content)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise DataError(N_("The file is neither CSV text nor Parquet."))
    try:
        text = content.decode(encoding_of(path))
    except RefusedFile as error:
        raise DataError(error.text, **error.values) from error
    if "\0" in text:
        raise DataError(N_("The file is neither CSV text nor Parquet."))
    return _read_csv(text)


def _read_csv(text: str) -> Table:
    if not text.strip():
        raise DataError(N_("The file is empty."))
    head = text.lstrip().splitlines()[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    records: list[list[str]] = []
    rows: list[int] = []
    last = 0
    try:
        for record in reader:
            last = reader.line_num
            if not any(cell.strip() for cell in record):
                continue
            if not names:
                names = [cell.strip().lower() for cell in record]
                continue
            if len(record) != len(names):
                raise DataError(
                    N_("Row {row} has {found} values; the header has {expected} columns."),
                    row=reader.line_num, found=len(record), expected=len(names),
                )  # fmt: skip
            records.append([cell.strip() for cell in record])
            rows.append(reader.line_num)
    except csv.Error as error:
        raise DataError(N_("Row {row} cannot be read as CSV: {why}."), row=last + 1, why=str(error)) from error
    _check_header(names)
    columns = {name: [record[k] for record in records] for k, name in enumerate(names) if name}
    return Table(columns=columns, rows=rows, decimal_comma=delimiter != ",")


def _read_parquet(content: bytes) -> Table:
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError as error:
        raise DataError(N_("The file is a damaged Parquet file.")) from error
    names = [name.strip().lower() for name in frame.columns]
    _check_header(names)
    columns = {name: frame.get_column(column).to_list() for name, column in zip(names, frame.columns, strict=True)}
    return Table(columns=columns, rows=range(1, frame.height + 1), decimal_comma=False)


def _check_header(names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if name and times > 1:
            raise DataError(N_("The column '{column}' comes twice."), column=name)


def _panel(table: Table, kind: Kind) -> Panel:
    columns = table.columns
    if not table.rows:
        raise DataError(N_("The file has a header but no rows."))
    if _is_raw(table):
        _require(columns, RAW)
        return from_answers(
            kind=kind, unit=_texts(table, "unit"), date=_days(table, "date"), value=_numbers(table, "value"),
            rows=table.rows,
        )  # fmt: skip
    _require(columns, AGGREGATED)
    _require(columns, ("count",) if kind.counted else ("mean",))
    return from_weeks(
        kind=kind,
        unit=_texts(table, "unit"),
        week=_days(table, "week"),
        n=_numbers(table, "n"),
        mean=_optional(table, "mean"),
        sd=_optional(table, "sd"),
        count=_optional(table, "count"),
        rows=table.rows,
    )


def _is_raw(table: Table) -> bool:
    return "value" in table.columns and "n" not in table.columns


def _answers(table: Table) -> Answers:
    """The rows of a file that `_panel` has accepted as single answers."""
    return Answers(
        unit=np.array(_texts(table, "unit"), dtype=object),
        day=np.array([day.strip()[:10] for day in _days(table, "date")], dtype="datetime64[D]"),
        value=_numbers(table, "value"),
    )


def _require(columns: Mapping[str, object], names: Sequence[str]) -> None:
    for name in names:
        if name not in columns:
            raise DataError(
                N_(
                    "The column '{column}' is missing; needed are unit, week, n and mean (sd) or count, "
                    "or unit, date, value. The file has: {found}."
                ),
                column=name,
                found=list(columns),
            )


def _optional(table: Table, name: str) -> Floats | None:
    return _numbers(table, name) if name in table.columns else None


def _texts(table: Table, name: str) -> list[str]:
    return ["" if cell is None else str(cell) for cell in table.columns[name]]


def _days(table: Table, name: str) -> list[str]:
    return [
        cell.date().isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)
        for cell in table.columns[name]
    ]


def _numbers(table: Table, name: str) -> Floats:
    """Cells to numbers; a blank is NaN."""
    out = np.empty(len(table.rows))
    for k, cell in enumerate(table.columns[name]):
        if cell is None or cell == "":
            out[k] = np.nan
            continue
        written = str(cell).replace(",", ".") if table.decimal_comma else str(cell)
        if not _NUMBER.fullmatch(written):
            raise DataError(
                N_("Row {row}, column '{column}': '{value}' is not allowed; allowed is a number."),
                row=table.rows[k], column=name, value=_shortened(str(cell)),
            )  # fmt: skip
        out[k] = float(written)
    return out


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object of which no field comes twice."""
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise PlanError(N_("The plan's field '{field}' comes twice."), field=name)
    return dict(pairs)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            N_("{file} cannot be read: {why}."), file=str(path), why=error.strerror or "unknown error"
        ) from error


def _named(path: Path, work: Callable[[], Result]) -> Result:
    """Do the work; a refusal names the file."""
    try:
        return work()
    except DataError as error:
        if "{file}" in error.message.text:
            raise
        raise type(error)(N_("{file}: {why}"), file=path.name, why=error.message) from error

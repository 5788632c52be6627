"""Files made at random as an importer meets them, each from its seed: CSV, XLSX and JSON, whole or damaged."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import openpyxl

from benchmarks._fuzz_cells import blank, row
from benchmarks._fuzz_damage import damaged

ENCODINGS = (
    *("utf-8",) * 4,
    *("utf-8-sig",) * 3,
    "utf-16",
    "utf-16",
    "cp1252",
    "cp1252",
    "latin-1",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp437",
)
KNOWN_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")
SHARE_DAMAGED = 0.35
ODD_VALUES = (
    None, True, [], {}, [1, 2], {"fi": "a", "sv": "b"}, 1e400, -1, 10**400, "\ud800", "\udfff\ud83d", "a\x00b", [[1]],
    float("nan"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file, and what is known of it without reading it.

    Attributes:
        path: The file.
        kind: What it is imported as.
        mapping: Which column is what, as JSON; None to have it guessed.
        rows: How many rows it has; None when that cannot be said: it is damaged, or not a table in every eye.
        form: How it was made, in a word, for the report.
    """

    path: Path
    kind: Literal["feedback", "measurements"]
    mapping: dict[str, Any] | None
    rows: int | None
    form: str


@dataclass(frozen=True)
class _Table:
    kind: Literal["feedback", "measurements"]
    header: list[str]
    rows: list[list[str]]
    mapping: dict[str, Any] | None


def make(seed: int, folder: Path) -> Made:
    """Make the file of a seed."""
    rng = random.Random(seed)
    table = _table(rng)
    form = rng.choice(("csv", "csv", "csv", "xlsx", "json", "json"))
    content, rows = {"csv": _csv, "xlsx": _xlsx, "json": _json}[form](rng, table)
    if rng.random() < SHARE_DAMAGED:
        content, rows, form = damaged(rng, content, form), None, f"damaged {form}"
    suffix = form[-4:].strip() if rng.random() < 0.9 else rng.choice(("txt", "dat", "CSV", "xls"))
    path = folder / f"{rng.choice(('vienti', 'palaute ä', 'x', 'a;b', '{nimi}'))}-{seed}.{suffix}"
    path.write_bytes(content)
    return Made(path=path, kind=table.kind, mapping=table.mapping, rows=rows, form=form)


def _table(rng: random.Random) -> _Table:
    share = rng.choice((0.0, 0.02, 0.1, 0.4))
    count = rng.choice((1, 2, 5, 12, 30))
    mapping: dict[str, Any] | None
    if rng.random() < 0.65:
        holds = ["date", "unit", "score", "text", "id", "more"]
        header = [
            rng.choice(("Vastausaika", "Pvm", "date")), rng.choice(("Yksikkö", "unit")),
            "Kuinka todennäköisesti suosittelisit", rng.choice(("Avoin palaute", "Kommentti")), "Tunniste", "Muuta",
        ]  # fmt: skip
        mapping = {
            "kind": "feedback", "date": header[0], "unit": header[1], "channel": {"constant": "web"},
            "scores": [{"column": header[2], "item": "recommend", "low": 0, "high": 10}], "text": [header[3]],
            **({"external_id": header[4]} if rng.random() < 0.5 else {}),
        }  # fmt: skip
        kind: Literal["feedback", "measurements"] = "feedback"
    else:
        value = rng.choice(("mean", "count"))
        holds = ["date", "unit", f"metric of {value}s", "n", value, "sd" if value == "mean" else "more"]
        header = [
            "Päivä",
            "Yksikkö",
            "Mittari",
            "n",
            *(("keskiarvo", "hajonta") if value == "mean" else ("lkm", "Muuta")),
        ]
        mapping = {
            "kind": "measurements", "date": header[0], "unit": header[1], "metric": header[2], "n": header[3],
            value: header[4], **({"sd": header[5]} if value == "mean" else {}),
        }  # fmt: skip
        kind = "measurements"
    rows = [row(rng, holds, share) for _ in range(count)]
    if rng.random() < 0.2:
        rows += [list(rng.choice(rows)) for _ in range(3)]  # repeats
    if rng.random() < 0.06:
        header[rng.randrange(len(header))] = rng.choice(("", "Pvm", header[0], "1", "x" * 500, "a\nb", "{x}"))
    return _Table(kind, header, rows, mapping if rng.random() < 0.6 else None)


def _csv(rng: random.Random, table: _Table) -> tuple[bytes, int | None]:
    encoding, known = rng.choice(ENCODINGS), True
    delimiter = rng.choice((";", ";", ",", "\t", "|"))
    ending = rng.choice(("\n", "\r\n", "\r\n", "\r"))
    text = io.StringIO(newline="")
    breaks = any("\n" in cell or "\r" in cell for cells in table.rows for cell in cells)  # some are not seen to need it
    quoting = csv.QUOTE_ALL if breaks else rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    if rng.random() < 0.1:
        writer.writerow(["Raportti 1.11.2026"])
    writer.writerow(table.header)
    for cells in table.rows:
        if rng.random() < 0.03:
            text.write(ending)  # a blank line
        writer.writerow(cells)
    written = text.getvalue()
    if rng.random() < 0.05:
        written, known = written.replace(ending, "\n", rng.randrange(4)), False  # mixed endings
    if rng.random() < 0.05:
        lines = written.split(ending)
        at = rng.randrange(len(lines))
        lines[at] = rng.choice((lines[at] + delimiter * 3 + "x", lines[at][: len(lines[at]) // 2], lines[at] + '"'))
        written, known = ending.join(lines), False  # ragged
    if rng.random() < 0.3:
        written = written.removesuffix(ending)
    known = known and encoding in KNOWN_ENCODINGS
    content = written.encode(
        encoding, errors="replace" if encoding in ("cp1252", "latin-1", "cp437") else "surrogatepass"
    )
    if encoding == "utf-16-be" and rng.random() < 0.5:
        content = codecs.BOM_UTF16_BE + content
    return content, _counted(table) if known else None


def _xlsx(rng: random.Random, table: _Table) -> tuple[bytes, int | None]:
    book = openpyxl.Workbook()
    sheet = book.active
    if rng.random() < 0.2:
        sheet.title = rng.choice(("Ohje", "Tyhjä", "ä & <b>"))
        sheet = book.create_sheet("Vastaukset")
    known = True
    if rng.random() < 0.1:
        sheet.append(["Raportti"])
    first = sheet.max_row if sheet["A1"].value else 0
    for at, cells in enumerate([table.header, *table.rows], first + 1):
        for column, cell in enumerate(cells, 1):
            if not all(char in "\t\n\r" or 31 < ord(char) < 0xFFFE or ord(char) > 0xFFFF for char in cell):
                cell, known = "?", False  # XML knows no such character
            sheet.cell(at, column).value = cell if at == first + 1 else _typed(rng, cell)
    if rng.random() < 0.1:
        sheet.merge_cells(start_row=first + 1, end_row=first + 2, start_column=3, end_column=4)
        known = False
    if rng.random() < 0.05:
        sheet.cell(rng.choice((60_000, 1_048_576)), rng.choice((1, 30))).value = "far"
        known = False
    if rng.random() < 0.1:
        book.create_sheet("Toinen").append(["a", "b", "c"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), _counted(table) if known else None


def _typed(rng: random.Random, cell: str) -> object:
    """A cell as a spreadsheet would keep it: a number, a day, a truth, a formula or the text."""
    if rng.random() < 0.3:
        try:
            return float(cell) if "e" not in cell and "n" not in cell else cell
        except ValueError:
            pass
    if cell == "2.11.2026" and rng.random() < 0.7:
        return rng.choice((dt.datetime(2026, 11, 2, 9, 30), dt.date(2026, 11, 2)))  # noqa: DTZ001
    if rng.random() < 0.02:
        return rng.choice(
            (True, False, dt.time(9, 30), dt.timedelta(days=2), "=1+1", "=SUM(A1:A2)", "#N/A", 1e300, -0.0)
        )
    return cell


def _json(rng: random.Random, table: _Table) -> tuple[bytes, int | None]:
    known = len(set(table.header)) == len(table.header) and all(table.header)
    records: list[Any] = []
    for cells in table.rows:
        record: Any = {name: _value(rng, cell) for name, cell in zip(table.header, cells, strict=True)}
        if rng.random() < 0.01:
            record, known = rng.choice(({}, [1], "x", None, {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}})), False
        if isinstance(record, dict) and not any(record.values()):
            known = False
        records.append(record)
    shape = rng.choice(("array", "array", "lines", "wrapped"))
    ascii_only = rng.random() < 0.5
    if shape == "lines":
        written = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    else:
        whole: Any = records if shape == "array" else {"count": len(records), "results": records}
        written = json.dumps(whole, ensure_ascii=ascii_only, indent=rng.choice((None, 2)))
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"))
    content = written.encode(encoding, errors="replace" if encoding == "cp1252" else "surrogatepass")
    return content, len(records) if known and encoding != "cp1252" else None


def _value(rng: random.Random, cell: str) -> object:
    if rng.random() < 0.2:
        try:
            return json.loads(cell)
        except ValueError:
            pass
    if rng.random() < 0.01:
        return rng.choice(ODD_VALUES)
    return cell


def _counted(table: _Table) -> int:
    """Rows that say anything."""
    return sum(not blank(cells) for cells in table.rows)

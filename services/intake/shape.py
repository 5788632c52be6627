"""What a file looks like before anyone says what its columns mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.i18n import N_
from services.intake.refused import RefusedFile, Reject, presentable

MEGABYTE = 1_000_000
DEFAULT_LIMIT = 100 * MEGABYTE
MOST_ROWS = 5_000_000
MOST_COLUMNS = 16_384
"""As many as a spreadsheet has."""
_HEADER_WITHIN = 30
_SAMPLES = 5
_NUMERIC = re.compile(r"^[\s\d.,:;/+-]+$")


@dataclass(frozen=True)
class ColumnShape:
    """A column of a file.

    Attributes:
        name: Its header; "(column 4)" when the header cell is blank.
        samples: Up to five different values, redacted.
    """

    name: str
    samples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FileShape:
    """How a file is to be read.

    Attributes:
        path: The file.
        format: "csv", "xlsx" or "json".
        encoding: Of a CSV or JSON file: utf-8, utf-8-sig, utf-16, utf-16-le or cp1252.
        delimiter: Of a CSV file: one of ; , tab |.
        sheet: Of an XLSX file: the sheet's name.
        header_row: The header's row number, from 1; 0 for JSON, whose records are numbered from 1.
        columns: The columns in their order.
    """

    path: Path
    format: Literal["csv", "xlsx", "json"]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int
    columns: tuple[ColumnShape, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file, column by column.

    Attributes:
        numbers: Each row's number in the file.
        columns: Each column's cells as text, "" for a blank one.
        broken: Rows that do not fit the table, each with the reason.
    """

    numbers: list[int]
    columns: dict[str, list[str]]
    broken: list[Reject]


def sniff(path: Path, *, limit: int = DEFAULT_LIMIT) -> FileShape:
    """Find out how a CSV, XLSX or JSON file is to be read.

    Args:
        path: The file.
        limit: The most bytes taken.

    Raises:
        RefusedFile: It is empty, too large, no table, without data rows, protected, damaged, or of an unknown encoding,
            or two columns have one name.
    """
    from services.intake.delimited import sniff_delimited
    from services.intake.json_file import is_json, sniff_json
    from services.intake.workbook import is_workbook, sniff_workbook

    if not path.is_file():
        raise RefusedFile(N_("There is no file {file}."), file=path.name)
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise RefusedFile(
            N_("{file} cannot be read: {why}."), file=path.name, why=error.strerror or type(error).__name__
        ) from error
    if size == 0:
        raise RefusedFile(N_("{file} is empty."), file=path.name)
    if size > limit:
        raise RefusedFile(
            N_("{file} has {size} MB, but at most {limit} MB are taken at once; divide it, by month for instance."),
            file=path.name,
            size=round(size / MEGABYTE, 1),
            limit=round(limit / MEGABYTE, 1),
        )
    if is_workbook(path):
        return sniff_workbook(path, limit=limit)
    return sniff_json(path) if is_json(path) else sniff_delimited(path)


def read_chunks(shape: FileShape) -> Iterator[Chunk]:
    """The rows of a file in chunks; blank rows are left out, since they are no rows.

    Raises:
        RefusedFile: The file turns out to be damaged, or to have too many rows.
    """
    from services.intake.delimited import read_delimited
    from services.intake.json_file import read_json
    from services.intake.workbook import read_workbook

    readers = {"csv": read_delimited, "xlsx": read_workbook, "json": read_json}
    rows = 0
    for chunk in readers[shape.format](shape):
        rows += len(chunk.numbers) + len(chunk.broken)
        if rows > MOST_ROWS:
            raise RefusedFile(
                N_("{file} has more than {most} rows; divide it, by month for instance."),
                file=shape.path.name,
                most=MOST_ROWS,
            )
        yield chunk


def about_rows(shape: FileShape) -> int:
    """About how many rows a file has, without reading their cells: for a progress bar."""
    if shape.format == "xlsx":
        from services.intake.workbook import height

        return height(shape)
    if shape.format == "json":
        from services.intake.json_file import about_records

        return about_records(shape)
    with shape.path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(lines - shape.header_row, 1)


def header_of(path: Path, rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, tuple[ColumnShape, ...]]:
    """Find the header among the first rows and describe its columns.

    The header is the first row as wide as the rows below it whose cells are names, not numbers; titles above
    it are narrower.

    Args:
        path: The file, for messages.
        rows: Row numbers and cells of the first rows.

    Raises:
        RefusedFile: There is no header, nothing below it, or a name twice.
    """
    first = [(number, [cell.strip() for cell in cells]) for number, cells in rows]
    filled = [(number, cells) for number, cells in first if any(cells)]
    if not filled:
        raise RefusedFile(N_("{file} is empty."), file=path.name)
    width = max(_width(cells) for _, cells in filled)
    if width > MOST_COLUMNS:
        raise RefusedFile(
            N_("{file} has {columns} columns, at most {most} are taken."),
            file=path.name,
            columns=width,
            most=MOST_COLUMNS,
        )
    at = next((index for index, (_, cells) in enumerate(filled[:_HEADER_WITHIN]) if _is_header(cells, width)), None)
    if at is None or width < 2:
        raise RefusedFile(N_("{file} is not a table: no row of column names was found."), file=path.name)
    number, names = filled[at]
    below = [cells for _, cells in filled[at + 1 :]]
    if not below:
        raise RefusedFile(N_("{file} has column names in row {row} but no rows below."), file=path.name, row=number)
    if sum(_width(cells) > 1 for cells in below) < len(below) / 2:
        raise RefusedFile(N_("{file} is not a table: its rows do not fall into columns."), file=path.name)
    columns: list[ColumnShape] = []
    for index, name in enumerate(names):
        samples = tuple(dict.fromkeys(cells[index] for cells in below if len(cells) > index and cells[index]))
        if name or samples:
            shown = tuple(presentable(sample) for sample in samples[:_SAMPLES])
            columns.append(ColumnShape(name or f"(column {index + 1})", shown))
    for name, times in Counter(column.name for column in columns).items():
        if times > 1:
            raise RefusedFile(
                N_("{file} has two columns named {column} in row {row}; give each its own name."),
                file=path.name,
                column=name,
                row=number,
            )
    return number, tuple(columns)


def _width(cells: Sequence[str]) -> int:
    """Cells up to the last one with content."""
    return max((index + 1 for index, cell in enumerate(cells) if cell), default=0)


def _is_header(cells: Sequence[str], width: int) -> bool:
    named = [cell for cell in cells if cell]
    return len(named) >= max(2, 0.6 * width) and sum(bool(_NUMERIC.match(cell)) for cell in named) <= len(named) / 4

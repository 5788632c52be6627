"""CSV files: with ; , tab or |, read in chunks so that a large file takes little memory."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from services.i18n import N_
from services.intake.encodings import encoding_of
from services.intake.refused import WRONG_WIDTH, RefusedFile, Reject
from services.intake.shape import Chunk, FileShape, header_of

DELIMITERS = (";", "\t", ",", "|")
CHUNK_ROWS = 5_000
_SNIFFED_ROWS = 200
_FEWEST_COLUMNS = 5
LONGEST_LINE = 2_000_000
"""Characters of a line: far more than a row of a table ever has, and few enough to be cut into cells at once."""


def sniff_delimited(path: Path) -> FileShape:
    """How a CSV file is to be read.

    Raises:
        RefusedFile: It is no table, or in no known encoding.
    """
    encoding = encoding_of(path)
    trials = {}
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as file:
            rows: list[tuple[int, list[str]]] = []
            broken = False
            try:
                for number, cells in enumerate(islice(_Records(file, delimiter), _SNIFFED_ROWS), 1):
                    if cells:
                        rows.append((number, cells))
            except _LongLineError as error:
                raise _too_long(path) from error
            except csv.Error:  # what came before it still shows the shape; reading the file tells the row
                broken = True
        if len(rows) > 1 or not broken:
            trials[delimiter] = rows
    if not trials:
        raise RefusedFile(N_("{file} is not a table: a quotation mark is never closed."), file=path.name)
    delimiter = max(trials, key=lambda candidate: _regularity(trials[candidate]))
    header_row, columns = header_of(path, trials[delimiter])
    return FileShape(
        path=path, format="csv", encoding=encoding, delimiter=delimiter, header_row=header_row, columns=columns
    )


def read_delimited(shape: FileShape) -> Iterator[Chunk]:
    """The rows below the header.

    Raises:
        RefusedFile: A quotation mark is never closed, or a cell is huge.
    """
    with shape.path.open(encoding=shape.encoding, newline="") as file:
        reader = _Records(file, shape.delimiter)
        number = shape.header_row
        try:
            header = next(islice(reader, shape.header_row - 1, None))
            reader.width = len(header)
            positions = _positions(header, shape.names)
            while rows := list(islice(reader, CHUNK_ROWS)):
                yield _chunk(rows, number, positions, len(header))
                number += len(rows)
        except _UnclosedError as error:
            raise RefusedFile(
                N_("{file} cannot be read from row {row} on: a quotation mark is opened there and never closed."),
                file=shape.path.name,
                row=reader.done + 1,
            ) from error
        except _LongLineError as error:
            raise _too_long(shape.path) from error
        except csv.Error as error:
            raise RefusedFile(
                N_("{file} has a cell of more than {most} characters in row {row}."),
                file=shape.path.name,
                row=reader.done + 1,
                most=csv.field_size_limit(),
            ) from error


class _LongLineError(Exception):
    """A line is longer than any row of a table."""


def _too_long(path: Path) -> RefusedFile:
    return RefusedFile(
        N_("{file} has a line of more than {most} characters; it is no table of answers."),
        file=path.name,
        most=LONGEST_LINE,
    )


class _UnclosedError(csv.Error):
    """A quotation mark is opened and never closed, so that a cell holds the rows after it."""


class _Records:
    """The records of a CSV file, refused where a cell has swallowed the rows after it.

    Python's reader takes an open quotation mark for a cell that goes on to the end of the file, or to the next
    quotation mark, without a word. So a record of several lines is looked at again: the last one must close, and
    none of its lines may be a row of its own. (In a table of few columns a line of text easily has as many commas.)

    Attributes:
        width: Columns of the table, once known.
        done: Records read.
    """

    def __init__(self, file: IO[str], delimiter: str) -> None:
        self.width = 0
        self.done = 0
        self._delimiter = delimiter
        self._ended = False
        self._lines: list[str] = []
        self._reader = csv.reader(self._kept(file), delimiter=delimiter)

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._lines.clear()
        try:
            cells = next(self._reader)
        except csv.Error as error:
            if len(self._lines) > 1:
                raise _UnclosedError from error
            raise
        if self._is_open() or (self.width >= _FEWEST_COLUMNS and any(map(self._is_a_row, self._lines[1:]))):
            raise _UnclosedError
        self.done += 1
        return cells

    def _kept(self, file: IO[str]) -> Iterator[str]:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise _LongLineError
            kept = line.replace("\0", "")
            self._lines.append(kept)
            yield kept
        self._ended = True

    def _is_open(self) -> bool:
        """Whether the record ends with the file and not with its own last cell."""
        if not self._ended:
            return False
        try:
            list(csv.reader(self._lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False

    def _is_a_row(self, line: str) -> bool:
        """A line with as many cells as the table; one with an odd quotation mark closes or opens a cell itself."""
        return line.count('"') % 2 == 0 and len(next(csv.reader([line], delimiter=self._delimiter))) == self.width


def _positions(header: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    written = [name.strip() or f"(column {index + 1})" for index, name in enumerate(header)]
    first = {name: index for index, name in reversed(list(enumerate(written)))}
    return {name: first[name] for name in names}


def _chunk(rows: list[list[str]], before: int, positions: dict[str, int], width: int) -> Chunk:
    numbers: list[int] = []
    kept: list[list[str]] = []
    broken: list[Reject] = []
    for number, cells in enumerate(rows, before + 1):
        if len(cells) != width:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                broken.append(Reject(number, "", "", WRONG_WIDTH, {"found": len(cells), "expected": width}))
                continue
            cells = (cells + [""] * width)[:width]
        elif not any(cells):
            continue
        numbers.append(number)
        kept.append(cells)
    return Chunk(numbers, {name: [cells[at] for cells in kept] for name, at in positions.items()}, broken)


def _regularity(rows: list[tuple[int, list[str]]]) -> tuple[float, int]:
    """How table-like rows are with a delimiter: the share of rows of the commonest width, then that width."""
    widths = Counter(len(cells) for _, cells in rows)
    if not widths:
        return (0.0, 0)
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
    return (count / len(rows) if width > 1 else 0.0, width)

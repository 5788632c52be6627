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
CHUNK_ROWS = 20_000
_SNIFFED_ROWS = 200


def sniff_delimited(path: Path) -> FileShape:
    """How a CSV file is to be read.

    Raises:
        RefusedFile: It is no table, or in no known encoding.
    """
    encoding = encoding_of(path)
    trials = {}
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as file:
            try:
                rows = [
                    (n, cells) for n, cells in enumerate(islice(_reader(file, delimiter), _SNIFFED_ROWS), 1) if cells
                ]
            except csv.Error:
                continue
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
        RefusedFile: A quotation mark is never closed.
    """
    with shape.path.open(encoding=shape.encoding, newline="") as file:
        reader = _reader(file, shape.delimiter)
        number = shape.header_row
        try:
            header = next(islice(reader, shape.header_row - 1, None))
            positions = _positions(header, shape.names)
            while rows := list(islice(reader, CHUNK_ROWS)):
                yield _chunk(rows, number, positions, len(header))
                number += len(rows)
        except csv.Error as error:
            raise RefusedFile(
                N_("{file} cannot be read after row {row}: a quotation mark is probably never closed."),
                file=shape.path.name,
                row=number,
            ) from error


def _reader(file: IO[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter, doublequote=True)


def _positions(header: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    written = [name.strip() or f"(column {index + 1})" for index, name in enumerate(header)]
    return {name: written.index(name) for name in names}


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

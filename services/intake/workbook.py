"""XLSX files: the first sheet that holds a table, without running any formula."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import fastexcel

from services.i18n import N_
from services.intake.cells import is_formula
from services.intake.package import check as package_check
from services.intake.package import check_texts
from services.intake.refused import RefusedFile
from services.intake.shape import Chunk, FileShape, header_of

if TYPE_CHECKING:
    import polars as pl

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SNIFFED_ROWS = 200
_CHUNK_ROWS = 5_000
_MOST_CELLS = 30_000_000
_FAR_CELL = re.compile(rb'\br="([A-Z]{2,3}[0-9]{1,7}|[A-Z][0-9]{6,7})"[^>]*[^/>]>(?=[^<]|<[^/])')
_LONGEST_TAG = 256
_BROKEN = (
    ElementTree.ParseError,
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,  # a packing or version this Python does not know, or an encrypted part
    UnicodeDecodeError,  # a part's name
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def is_workbook(path: Path) -> bool:
    """Whether a file is a spreadsheet program's own, by its first bytes."""
    with path.open("rb") as file:
        return file.read(8).startswith((_OLD_OFFICE, _ZIP))


def sniff_workbook(path: Path, *, limit: int) -> FileShape:
    """How an XLSX file is to be read.

    Args:
        path: The file.
        limit: The most bytes of a file; unpacked, eight times as many.

    Raises:
        RefusedFile: It is protected, damaged, of another kind, or holds no table.
    """
    _check_package(path, limit)
    refusal: RefusedFile | None = None
    for sheet in _opened(path).sheet_names:
        _check_extent(path, sheet, limit)
        rows = _cells(path, sheet, n_rows=_SNIFFED_ROWS)
        if rows is None:
            continue
        first = ((number, [cell or "" for cell in cells]) for number, cells in enumerate(rows.iter_rows(), 1))
        try:
            header_row, columns = header_of(path, first)
        except RefusedFile as error:
            refusal = refusal or error
            continue
        return FileShape(path=path, format="xlsx", sheet=sheet, header_row=header_row, columns=columns)
    raise refusal or RefusedFile(N_("{file} is empty."), file=path.name)


def read_workbook(shape: FileShape) -> Iterator[Chunk]:
    """The rows below the header.

    A formula's cell holds the number or day it last showed. One that showed text, or was never computed, is
    handed on as the formula, so that it is rejected and not read as something else.

    Raises:
        RefusedFile: The file is damaged.
    """
    rows = _cells(shape.path, shape.sheet)
    if rows is None:
        return
    header = [(name or "").strip() or f"(column {at + 1})" for at, name in enumerate(rows.row(shape.header_row - 1))]
    first = {name: at for at, name in reversed(list(enumerate(header)))}
    positions = {name: first[name] for name in shape.names}
    formulas = _formulas(shape.path, shape.sheet)
    for start in range(shape.header_row, rows.height, _CHUNK_ROWS):
        part = rows.slice(start, _CHUNK_ROWS)
        columns = {name: [cell or "" for cell in part.to_series(at).to_list()] for name, at in positions.items()}
        for (row, at), formula in formulas.items():
            if start < row <= start + part.height and at < len(header) and header[at] in columns:
                columns[header[at]][row - 1 - start] = formula
        filled = [any(cells) for cells in zip(*columns.values(), strict=True)]
        numbers = [start + 1 + index for index, any_cell in enumerate(filled) if any_cell]
        if len(numbers) < part.height:
            columns = {
                name: [cell for cell, keep in zip(cells, filled, strict=True) if keep]
                for name, cells in columns.items()
            }
        yield Chunk(numbers, columns, [])


def height(shape: FileShape) -> int:
    """Rows of the sheet, the header and blank ones included."""
    return int(_opened(shape.path).load_sheet(shape.sheet, header_row=None, n_rows=0).total_height)


def _check_package(path: Path, limit: int) -> None:
    with path.open("rb") as file:
        head = file.read(8192)
        if head.startswith(_OLD_OFFICE):
            protected = _ENCRYPTED in head + file.read()
            if protected:
                raise RefusedFile(
                    N_("{file} is protected by a password; save it without one and try again."), file=path.name
                )
            raise RefusedFile(N_("{file} is an old .xls file; save it as .xlsx or CSV."), file=path.name)
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
        package_check(path, limit)
    except _BROKEN as error:
        raise _damaged(path) from error
    if "xl/workbook.xml" not in names:
        raise RefusedFile(N_("{file} is not a table: it is no .xlsx workbook and no CSV file."), file=path.name)


def _check_extent(path: Path, sheet: str, limit: int) -> None:
    """Refuse a sheet with a cell far outside its table: the reader keeps room for every cell in between."""
    row, column = 99_999, 25
    try:
        with zipfile.ZipFile(path) as package:
            member = _member(package, sheet)
        check_texts(path, "xl/sharedStrings.xml", member, limit)
        with zipfile.ZipFile(path) as package, package.open(member) as file:
            tail = b""
            while block := file.read(1 << 20):
                for cell in _FAR_CELL.findall(tail + block):
                    place = _place(cell.decode())
                    row, column = max(row, place[0]), max(column, place[1])
                tail = block[-_LONGEST_TAG:]
    except _BROKEN as error:
        raise _damaged(path) from error
    if row * (column + 1) > _MOST_CELLS:
        raise RefusedFile(
            N_(
                "{file}: the sheet {sheet} reaches to row {row} and column {column}, too far to read; delete what "
                "stands outside the table."
            ),
            file=path.name,
            sheet=sheet,
            row=row,
            column=column + 1,
        )


def _opened(path: Path) -> Any:
    try:
        return fastexcel.read_excel(path)
    except Exception as error:  # the reader's own errors are many, and all mean the same here
        raise _damaged(path) from error


def _cells(path: Path, sheet: str, n_rows: int | None = None) -> pl.DataFrame | None:
    """A sheet's cells as text from its first row and column on; None when it has none."""
    try:
        loaded = fastexcel.read_excel(path).load_sheet(
            sheet, header_row=None, dtypes="string", skip_rows=0, n_rows=n_rows
        )
        frame: pl.DataFrame = loaded.to_polars()
    except Exception as error:  # as above
        raise _damaged(path) from error
    return frame if frame.height and frame.width else None


def _damaged(path: Path) -> RefusedFile:
    return RefusedFile(N_("{file} is damaged and cannot be opened; save it again as .xlsx or CSV."), file=path.name)


def _formulas(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Formulas whose cell shows no number: (row from 1, column from the first used one) -> "=formula"."""
    found: dict[tuple[int, int], str] = {}
    leftmost = None
    try:
        with zipfile.ZipFile(path) as package:
            member = _member(package, sheet)
            if not _mentions(package, member, b"<f"):
                return {}
            with package.open(member) as file:
                for _, element in ElementTree.iterparse(file):
                    if element.tag == f"{_MAIN}c":
                        row, column = _place(element.get("r", ""))
                        if any(part.text for part in element.iter() if part.tag in (f"{_MAIN}v", f"{_MAIN}t")):
                            leftmost = column if leftmost is None else min(leftmost, column)
                        formula = element.find(f"{_MAIN}f")
                        if formula is not None and not _shows_a_number(element):
                            found[row, column] = _as_written(formula.text)
                    elif element.tag == f"{_MAIN}row":
                        element.clear()
    except _BROKEN as error:
        raise _damaged(path) from error
    return {(row, column - (leftmost or 0)): formula for (row, column), formula in found.items()}


def _as_written(formula: str | None) -> str:
    written = f"={formula}"
    return written if formula and is_formula(written) else f"=FORMULA({formula or ''})"


def _mentions(package: zipfile.ZipFile, member: str, what: bytes) -> bool:
    with package.open(member) as file:
        tail = b""
        while block := file.read(1 << 20):
            if what in tail + block:
                return True
            tail = block[-len(what) :]
    return False


def _shows_a_number(cell: ElementTree.Element) -> bool:
    return cell.get("t", "n") in ("n", "b", "d") and bool(cell.findtext(f"{_MAIN}v"))


def _member(package: zipfile.ZipFile, sheet: str) -> str:
    """Where in the package a sheet is kept."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    for item in book.iter(f"{_MAIN}sheet"):
        if item.get("name") == sheet:
            target = targets[item.get(_RELATION)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _place(reference: str) -> tuple[int, int]:
    """B7 -> (7, 1)."""
    match = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if match is None:
        raise KeyError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1

"""A file that describes many pilots, Parquet or CSV, read by column."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv  # type: ignore[import-untyped]

from services.intake.encodings import encoding_of
from services.intake.refused import RefusedFile
from stats.errors import DataError
from stats.messages import N_, Message

PARQUET_MAGIC = b"PAR1"
DELIMITERS = (";", "\t", ",")


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchFile:
    """A table as it was read: of a CSV every cell is text, blank cells are null.

    Attributes:
        path: Where it was read from.
        frame: The columns that were asked for and found, named in lower case.
        decimal_comma: A comma in a number is a decimal point.
        csv_text: The text of a CSV; None for Parquet.
    """

    path: Path
    frame: pl.DataFrame
    decimal_comma: bool = False
    csv_text: str | None = None

    def row(self, record: int) -> int:
        """The row number a person sees for a record: its line in a CSV, counting from 1 in a Parquet file."""
        if self.csv_text is None:
            return record + 1
        lines = (line for line, _ in _records(self.csv_text))
        next(lines)
        for _ in range(record):
            next(lines)
        return next(lines)

    def refusal(self, text: str, **values: object) -> DataError:
        """A refusal that names the file."""
        return refusal(self.path, text, **values)


def refusal(path: Path, text: str, **values: object) -> DataError:
    """A refusal that names the file it is about."""
    return DataError(N_("{file}: {why}"), file=path.name, why=Message(text, values))


def read_table(path: Path, *, required: Sequence[str], optional: Sequence[str]) -> BatchFile:
    """Read some columns of a file; others are left out.

    Args:
        path: A Parquet file, or CSV text in any encoding an import takes.
        required: Columns the file must have.
        optional: Columns that are read when they are there.

    Raises:
        DataError: The file is missing, empty or of another form, or lacks a required column.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(PARQUET_MAGIC))
    except OSError as error:
        raise DataError(
            N_("{file} cannot be read: {why}."), file=str(path), why=error.strerror or "unknown error"
        ) from error
    wanted = (*required, *optional)
    if head == PARQUET_MAGIC:
        table = _read_parquet(path, wanted)
    elif head and path.suffix.lower() in (".parquet", ".pq"):
        raise refusal(path, N_("The file is neither CSV text nor Parquet."))
    else:
        table = _read_csv(path, wanted)
    for name in required:
        if name not in table.frame.columns:
            raise refusal(
                path, N_("The column '{column}' is missing; needed are {needed}."), column=name, needed=list(required)
            )
    if table.frame.height == 0:
        raise refusal(path, N_("The file has a header but no rows."))
    return table


def _read_parquet(path: Path, wanted: Sequence[str]) -> BatchFile:
    try:
        found = _chosen(path, list(pl.read_parquet_schema(path)), wanted)
        frame = pl.read_parquet(path, columns=list(found))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise refusal(path, N_("The file is a damaged Parquet file.")) from error
    return BatchFile(path=path, frame=frame.rename(found))


def _chosen(path: Path, columns: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """The columns that are wanted, by their names in the file, with the names they are known by."""
    known = [name.strip().lower() for name in columns]
    for name, times in Counter(known).items():
        if name in wanted and times > 1:
            raise refusal(path, N_("The column '{column}' comes twice."), column=name)
    return {column: name for column, name in zip(columns, known, strict=True) if name in wanted}


def _read_csv(path: Path, wanted: Sequence[str]) -> BatchFile:
    try:
        text = path.read_bytes().decode(encoding_of(path))
    except RefusedFile as error:
        raise DataError(error.text, **error.values) from error
    if "\0" in text:
        raise refusal(path, N_("The file is neither CSV text nor Parquet."))
    header = next((cells for _, cells in _records(text)), None)
    if header is None:
        raise refusal(path, N_("The file is empty."))
    places = [str(place) for place in range(len(header))]
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pyarrow.csv.ReadOptions(column_names=places, block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(delimiter=_delimiter(text), newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(places, pa.string())),
        )
    except pa.ArrowInvalid as error:
        raise _fault(path, text, len(header)) from error
    cells = pl.DataFrame(pl.from_arrow(table)).select(pl.all().str.strip_chars().replace("", None))
    records = cells.filter(~pl.all_horizontal(pl.all().is_null())).slice(1)
    names = _chosen(path, header, wanted)
    frame = records.select(
        pl.col(place).alias(names[column])
        for place, column in zip(places, header, strict=True)
        if column in names
    )  # fmt: skip
    return BatchFile(path=path, frame=frame, decimal_comma=_delimiter(text) != ",", csv_text=text)


def _delimiter(text: str) -> str:
    head = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The last line and the cells of every record that holds anything; the first is the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    for record in reader:
        cells = [cell.strip() for cell in record]
        if any(cells):
            yield reader.line_num, cells


def _fault(path: Path, text: str, columns: int) -> DataError:
    """What is wrong with a CSV that cannot be read: the first record that does not fit."""
    last = 0
    try:
        for last, cells in _records(text):
            if len(cells) != columns:
                return refusal(
                    path, N_("Row {row} has {found} values; the header has {expected} columns."),
                    row=last, found=len(cells), expected=columns,
                )  # fmt: skip
        why = "its records differ in form"
    except csv.Error as error:
        why = str(error)
    return refusal(path, N_("Row {row} cannot be read as CSV: {why}."), row=last + 1, why=why)

"""Columns of a batch file as arrays of one type; a cell that does not fit is refused by row, column and value."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import polars as pl

from services.batch_files import BatchFile
from stats.messages import N_, Message
from stats.panel import Floats, Weeks

Mask = npt.NDArray[np.bool_]

LARGEST = 1e12
LONGEST_SHOWN = 100
_NUMBER = r"(?i)^(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan)$"
_MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_YES, _NO = ("true", "1"), ("false", "0")


def refuse(table: BatchFile, bad: Mask, column: str, allowed: str) -> None:
    """Refuse the first bad record, if there is one, with the cell as it stands in the file.

    Args:
        table: The file.
        bad: (R,) True where the record is not allowed.
        column: The column at fault.
        allowed: What is allowed there, in words; a msgid.

    Raises:
        DataError: A record is bad.
    """
    if not bad.any():
        return
    record = int(np.argmax(bad))
    raise table.refusal(
        N_("Row {row}, column '{column}': {value} is not allowed; allowed is {allowed}."),
        row=table.row(record), column=column, value=shown(table, record, column), allowed=Message(allowed),
    )  # fmt: skip


def shown(table: BatchFile, record: int, column: str) -> str:
    """A cell the way a sentence shows it."""
    cell = table.frame[column][record]
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or (isinstance(cell, str) and not cell):
        return "a blank"
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (int, dt.date)):
        return str(cell)
    if isinstance(cell, float):
        return f"{cell:g}"
    if table.frame[column].dtype.is_nested():
        return "a list"
    text = str(cell)
    return f"'{text}'" if len(text) <= LONGEST_SHOWN else f"'{text[: LONGEST_SHOWN - 1]}…'"


def names(table: BatchFile, column: str, allowed: str) -> pl.Series:
    """(R,) names as categories, none blank; whole numbers are names too."""
    text = _text(table, column, allowed)
    found = text.cast(pl.Categorical)
    if (found.unique().cast(pl.String).str.strip_chars() == "").any():
        refuse(table, (text.str.strip_chars() == "").to_numpy(), column, allowed)
    return found


def choices(table: BatchFile, column: str, allowed: list[str], told: str) -> npt.NDArray[np.int64]:
    """(R,) index into the allowed words of each cell."""
    text = _text(table, column, told)
    refuse(table, (~text.is_in(allowed)).to_numpy(), column, told)
    return text.cast(pl.Enum(allowed)).to_physical().to_numpy().astype(np.int64)


def numbers(table: BatchFile, column: str) -> Floats:
    """(R,) numbers, NaN for a blank; all NaN when the file has no such column."""
    if column not in table.frame.columns:
        return np.full(table.frame.height, np.nan)
    cells = table.frame[column]
    if _is_text(cells):
        text = cells.cast(pl.String).replace("", None)
        written = text.str.replace(",", ".", literal=True) if table.decimal_comma else text
        refuse(table, (~written.str.contains(_NUMBER)).fill_null(False).to_numpy(), column, N_("a number"))
        cells = written.str.to_lowercase()
    elif not (cells.dtype.is_numeric() or cells.dtype == pl.Null):
        refuse(table, cells.is_not_null().to_numpy(), column, N_("a number"))
        cells = pl.Series([None] * len(cells), dtype=pl.Float64)
    return np.asarray(cells.cast(pl.Float64).fill_null(float("nan")).to_numpy(), dtype=np.float64)


def bounded(table: BatchFile, column: str, values: Floats, where: Mask | None = None) -> None:
    """Refuse numbers so large that sums of them would lose what matters."""
    with np.errstate(invalid="ignore"):
        bad = np.isfinite(values) & (np.abs(values) > LARGEST)
    refuse(table, bad if where is None else bad & where, column, N_("a number of at most 1e12 in size"))


def days(table: BatchFile, column: str) -> Weeks:
    """(R,) days, NaT for a blank; all NaT when the file has no such column. Of a moment its day is taken."""
    if column not in table.frame.columns:
        return np.full(table.frame.height, np.datetime64("NaT"), dtype="datetime64[D]")
    cells = table.frame[column]
    if isinstance(cells.dtype, pl.Datetime):
        cells = cells.dt.date()
    elif _is_text(cells):
        text = cells.cast(pl.String).str.strip_chars().replace("", None)
        cells = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        cells = cells.set(~text.str.contains(_MOMENT), None)
        refuse(table, (cells.is_null() & text.is_not_null()).to_numpy(), column, N_("a date, YYYY-MM-DD"))
    elif cells.dtype != pl.Date:
        refuse(table, cells.is_not_null().to_numpy(), column, N_("a date, YYYY-MM-DD"))
        cells = pl.Series([None] * len(cells), dtype=pl.Date)
    return cells.to_numpy().astype("datetime64[D]")


def flags(table: BatchFile, column: str, *, blank: bool | None = None) -> Mask:
    """(R,) true or false: a boolean, 1 or 0, or these in words.

    Args:
        table: The file.
        column: The column.
        blank: What a blank or a missing column means; None when there must be an answer.
    """
    if column not in table.frame.columns:
        return np.full(table.frame.height, bool(blank))
    cells = table.frame[column]
    if cells.dtype != pl.Boolean:
        nested = cells.dtype.is_nested() or cells.dtype == pl.Binary
        text = pl.Series([None] * len(cells), dtype=pl.String) if nested else cells.cast(pl.String)
        word = text.str.strip_chars().str.to_lowercase().replace("", None)
        read = pl.select(
            pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False).otherwise(None)
        ).to_series()
        said = cells.is_not_null() & (text != "").fill_null(True)
        refuse(table, (read.is_null() & said).to_numpy(), column, N_("true or false"))
        cells = read
    if blank is None:
        refuse(table, cells.is_null().to_numpy(), column, N_("true or false"))
    return np.asarray(cells.fill_null(bool(blank)).to_numpy(), dtype=np.bool_)


def _is_text(cells: pl.Series) -> bool:
    return cells.dtype in (pl.String, pl.Categorical, pl.Enum)


def _text(table: BatchFile, column: str, allowed: str) -> pl.Series:
    cells = table.frame[column]
    if not (_is_text(cells) or cells.dtype.is_integer()):
        refuse(table, np.ones(len(cells), dtype=np.bool_), column, allowed)
    refuse(table, cells.is_null().to_numpy(), column, allowed)
    return cells.cast(pl.String)

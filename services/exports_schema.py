"""What an export is: a table with documented columns, and the reach of who takes it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from services.small_numbers import LEAST_CUSTOMERS as LEAST_CUSTOMERS
from services.small_numbers import LEAST_STAFF as LEAST_STAFF
from services.small_numbers import shown as shown

HIDDEN = "suppressed"
"""The column that says that a row's figures are left out, because too few people are behind them."""

Value = str | int | float | bool | None
Row = tuple[Value, ...]


class Kind(StrEnum):
    """How a column's values are written."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of an export.

    Attributes:
        name: Its name in the file; the same for ever.
        kind: How its values are written; dates as 2026-11-23, flags as 0 and 1.
        meaning: What it says, a msgid.
        unit: The unit of measurement, in plain ASCII; "" for none.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose data are taken away.

    Attributes:
        unit_ids: Units within the person's reach; None for the whole county.
    """

    unit_ids: frozenset[int] | None

    def holds(self, unit_id: int) -> bool:
        """Whether a unit is within reach."""
        return self.unit_ids is None or unit_id in self.unit_ids


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table to take away.

    Attributes:
        name: Part of its file's name.
        title: What it is called, a msgid.
        about: What a row is and where it comes from, a msgid.
        columns: In the order of the file.
        rows: Reads its rows, one after the other.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Session, Scope], Iterator[Row]]


def text(name: str, meaning: str) -> Column:
    """A column of words or codes."""
    return Column(name=name, kind=Kind.TEXT, meaning=meaning)


def number(name: str, meaning: str, unit: str = "") -> Column:
    """A column of numbers with decimals."""
    return Column(name=name, kind=Kind.NUMBER, meaning=meaning, unit=unit)


def integer(name: str, meaning: str, unit: str = "") -> Column:
    """A column of whole numbers."""
    return Column(name=name, kind=Kind.INTEGER, meaning=meaning, unit=unit)


def date(name: str, meaning: str) -> Column:
    """A column of days."""
    return Column(name=name, kind=Kind.DATE, meaning=meaning)


def flag(name: str, meaning: str) -> Column:
    """A column of yes and no."""
    return Column(name=name, kind=Kind.FLAG, meaning=meaning)


def header(table: Table) -> Sequence[str]:
    """The names of a table's columns in the order of its file."""
    return [column.name for column in table.columns]

"""Columns of cells into columns of values, each different cell read once; what cannot be read is noted by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from services.i18n import N_
from services.intake.cells import is_empty, is_formula
from services.intake.mapping import Source
from services.intake.refused import CellError, Reject
from services.intake.shape import Chunk

Value = TypeVar("Value")


@dataclass(frozen=True)
class KnownUnit:
    """A unit as files may name it.

    Attributes:
        code: Its code, which rows refer to.
        oid: Its OID, if it has one.
        names: Its names in any language.
        open: Whether the person who imports may import for it.
    """

    code: str
    oid: str | None = None
    names: Collection[str] = ()
    open: bool = True


@dataclass
class Reading:
    """A chunk being read: its cells, and the rejects so far.

    Attributes:
        chunk: The cells.
        rejects: Reasons, in the order they were found.
    """

    chunk: Chunk
    rejects: list[Reject] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rejects += self.chunk.broken

    @property
    def rows(self) -> int:
        """Rows of the chunk that fit the table."""
        return len(self.chunk.numbers)

    def cells(self, column: str) -> list[str]:
        """A column's cells."""
        return self.chunk.columns[column]

    def read(self, column: str, parse: Callable[[str], Value | None]) -> list[Value | None]:
        """Read a column; None where a cell is blank or, with a reject noted, cannot be taken."""
        values: list[Value | None] = []
        known: dict[str, Value | None] = {}
        errors: dict[str, CellError] = {}
        for index, cell in enumerate(self.cells(column)):
            if cell not in known:
                try:
                    known[cell] = self._parsed(cell, parse)
                except CellError as error:
                    known[cell], errors[cell] = None, error
            if cell in errors:
                self.rejects.append(Reject.of(self.chunk.numbers[index], column, cell, errors[cell]))
            values.append(known[cell])
        return values

    def source(self, source: Source | None, parse: Callable[[str], Value | None]) -> list[Value | None]:
        """Read the column a source names, or repeat its constant; words of the source's own list come first.

        Raises:
            CellError: The constant cannot be taken.
        """
        if source is None:
            return [None] * self.rows
        meanings = {word.strip().casefold(): meaning for word, meaning in source.values.items()}

        def translated(cell: str) -> Value | None:
            return parse(meanings.get(cell.strip().casefold(), cell))

        if source.column is not None:
            return self.read(source.column, translated)
        return [translated(source.constant or "")] * self.rows

    def required(self, source: Source, values: Sequence[Value | None]) -> None:
        """Note rows whose cell is blank though every row needs it."""
        if source.column is None:
            return
        rejected = {(reject.row, reject.column) for reject in self.rejects}
        for index, value in enumerate(values):
            if value is None and (self.chunk.numbers[index], source.column) not in rejected:
                self.reject(index, source.column, "", N_("The cell is blank, but every row needs it."))

    def reject(self, index: int, column: str, value: str, text: str, /, **values: object) -> None:
        """Note a reason against a row of the chunk."""
        self.rejects.append(Reject.of(self.chunk.numbers[index], column, value, CellError(text, **values)))

    def kept(self) -> list[int]:
        """Indices of the rows without a reason against them."""
        rejected = {reject.row for reject in self.rejects}
        return [index for index, number in enumerate(self.chunk.numbers) if number not in rejected]

    @staticmethod
    def _parsed(cell: str, parse: Callable[[str], Value | None]) -> Value | None:
        if is_formula(cell):
            raise CellError(N_("The cell holds a formula, {value}; only values are taken."), value=cell.strip())
        return None if is_empty(cell) else parse(cell)


def unit_reader(units: Iterable[KnownUnit]) -> Callable[[str], str]:
    """A reader of unit cells: code, OID or name in any language, whatever the letter case."""
    known: dict[str, str] = {}
    ambiguous: set[str] = set()
    units = list(units)
    closed = {unit.code for unit in units if not unit.open}
    for unit in units:
        for name in {_folded(name) for name in (unit.code, unit.oid or "", *unit.names) if name}:
            if known.setdefault(name, unit.code) != unit.code:
                ambiguous.add(name)

    def read(cell: str) -> str:
        folded = _folded(cell)
        if folded in ambiguous:
            raise CellError(N_("{value} is the name of several units; use the unit's code or OID."), value=cell.strip())
        if folded not in known:
            raise CellError(N_("{value} is not a unit's code, OID or name."), value=cell.strip())
        if known[folded] in closed:
            raise CellError(N_("You may not import for the unit {value}."), value=cell.strip())
        return known[folded]

    return read


def chooser(names: Mapping[str, str], text: str) -> Callable[[str], str]:
    """A reader of cells that must be one of some names.

    Args:
        names: Codes by case-folded name.
        text: The reason when a cell is none, with {value}.
    """

    def read(cell: str) -> str:
        folded = _folded(cell)
        if folded not in names:
            raise CellError(text, value=cell.strip())
        return names[folded]

    return read


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

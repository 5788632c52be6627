"""A file refused as a whole, and rows refused one by one, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import BadInput
from services.i18n import N_
from services.safe_cells import safe_cell
from themes.redaction import redact

_LONGEST_VALUE = 100


_LONGEST_TOLD = 400


class RefusedFile(BadInput):
    """A file that cannot be read as a table of rows; nothing of it was taken.

    What the file says of itself, such as its column names, is told on one line and not at any length.
    """

    def __init__(self, text: str, *, field: str = "", **values: object) -> None:
        super().__init__(
            text, field=field, **{key: _told(item) if isinstance(item, str) else item for key, item in values.items()}
        )


def _told(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_TOLD else line[: _LONGEST_TOLD - 1] + "…"


class CellError(ValueError):
    """A cell that cannot be taken.

    Attributes:
        text: An English sentence with {placeholders}, a gettext msgid.
        values: What the placeholders stand for.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in values.items()
        }
        super().__init__(text.format(**self.values))

    def refusing_the_file(self) -> RefusedFile:
        """The same sentence against the whole file, when a constant of the mapping cannot be taken."""
        return RefusedFile(self.text, field="", **self.values)


@dataclass(frozen=True)
class Reject:
    """One reason why a row was not taken.

    Attributes:
        row: The row's number in the file, as a spreadsheet shows it.
        column: The column's name; "" when the reason is the row as a whole.
        value: The cell's content, redacted and shortened.
        text: The reason, an English msgid.
        values: What the placeholders in the reason stand for.
    """

    row: int
    column: str
    value: str
    text: str
    values: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, row: int, column: str, value: str, error: CellError) -> Reject:
        """A reject of a cell; what it says is redacted, since a wrong column can hold anything."""
        return cls(
            row,
            column,
            presentable(value),
            error.text,
            {key: presentable(item) if isinstance(item, str) else item for key, item in error.values.items()},
        )

    @property
    def reason(self) -> str:
        """The reason in English."""
        return self.text.format(**self.values)


def presentable(value: str) -> str:
    """A cell's content that may be shown and kept: redacted, on one line, shortened.

    >>> presentable("Maija Virtanen 010190-999W")
    '[NAME] [HETU]'
    """
    text = " ".join(redact(value).text.split())
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def write_rejects(rejects: Iterable[Reject], path: Path) -> Path:
    """Write rejects as a CSV file that a spreadsheet opens safely: no cell can start a formula.

    Columns row, column, value, reason; semicolons and a byte order mark, as Excel in Finland expects.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["row", "column", "value", "reason"])
        for reject in rejects:
            writer.writerow([reject.row, *(safe_cell(item) for item in (reject.column, reject.value, reject.reason))])
    return path


WRONG_WIDTH = N_("The row has {found} cells, but the table has {expected} columns.")

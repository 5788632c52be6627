"""What an import would do to a file's first rows: nothing is stored."""

from __future__ import annotations

import csv
import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlmodel import Session, select

from models.metrics import Metric
from models.people import Person
from services.import_profiles import AnyMapping
from services.intake.columns import KnownUnit, unit_reader
from services.intake.distinct import distinct_words, safe_to_show
from services.intake.feedback_file import read_feedback
from services.intake.mapping import FeedbackMapping, check_columns
from services.intake.measurement_file import KnownMetric, read_measurements
from services.intake.parsed import Parsed
from services.intake.refused import CellError, Reject
from services.intake.shape import FileShape, read_chunks
from services.intake.vocabulary import CHANNELS, known_word
from services.organisation import all_units
from services.permissions import May, reach, require
from services.settings import Settings

ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The first rows as they would be stored, and what stands against the others.

    Attributes:
        parsed: What reading them gave; `rejects` name the rows of the whole file.
        whole: Whether these rows are all there are.
    """

    parsed: Parsed
    whole: bool


def preview(session: Session, *, shape: FileShape, mapping: AnyMapping, by: Person, settings: Settings) -> Preview:
    """Read the first rows of a file the way an import would.

    Args:
        session: Reads units and metrics.
        shape: The file, sniffed.
        mapping: Which column is what.
        by: The person; rows of units out of their reach are rejected, as in the import.
        settings: The day and the key of the respondents' hashes.

    Raises:
        RefusedFile: The file lacks a column of the mapping, or a constant of it cannot be taken.
        NotAllowed: The person may not import.
    """
    require(session, by, May.IMPORT)
    check_columns(mapping, shape.names, shape.path.name)
    with tempfile.TemporaryDirectory(prefix="luotsi-") as folder:
        head = Path(folder) / f"{shape.path.stem}.csv"
        numbers, broken, whole = _write_head(shape, head)
        if isinstance(mapping, FeedbackMapping):
            parsed = read_feedback(
                head,
                mapping,
                units=_units(session, by),
                today=settings.today(),
                salt=settings.respondent_salt,
            )
        else:
            parsed = read_measurements(
                head, mapping, units=_units(session, by), metrics=_metrics(session), today=settings.today()
            )
    found = [dataclasses.replace(reject, row=numbers.get(reject.row, reject.row)) for reject in parsed.rejects]
    rejects = sorted([*found, *broken], key=lambda reject: reject.row)
    return Preview(parsed=dataclasses.replace(parsed, rows=parsed.rows + len(broken), rejects=rejects), whole=whole)


def _write_head(shape: FileShape, path: Path) -> tuple[dict[int, int], list[Reject], bool]:
    """Copy the first rows as a plain CSV file: which row each was, rows that fit no table, whether that was all."""
    numbers: dict[int, int] = {}
    broken: list[Reject] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(shape.names)
        for chunk in read_chunks(shape):
            broken += chunk.broken
            for at, number in enumerate(chunk.numbers):
                if len(numbers) == ROWS:
                    return numbers, [reject for reject in broken if reject.row <= number], False
                writer.writerow([chunk.columns[name][at] for name in shape.names])
                numbers[len(numbers) + 2] = number
    return numbers, broken, True


def _units(session: Session, by: Person) -> Iterator[KnownUnit]:
    within = reach(session, by)
    for unit in all_units(session):
        yield KnownUnit(unit.code, unit.oid, tuple(unit.name.values()), open=within is None or unit.id in within)


def _metrics(session: Session) -> Iterator[KnownMetric]:
    for metric in session.exec(select(Metric)):
        yield KnownMetric(
            metric.code, metric.kind, tuple(metric.name.values()), low=metric.scale_low, high=metric.scale_high
        )


def words_not_known(session: Session, *, shape: FileShape, column: str, field: Literal["unit", "channel"]) -> list[str]:
    """Words of a column that are no unit's, or no channel's; those with personal data in them are left out.

    Args:
        session: Reads units.
        shape: The file.
        column: The column.
        field: What it is to name.
    """
    if field == "unit":
        read = unit_reader(KnownUnit(unit.code, unit.oid, tuple(unit.name.values())) for unit in all_units(session))
    else:

        def read(cell: str) -> str:
            return known_word(cell, CHANNELS)

    found = []
    for word in distinct_words(shape, column):
        try:
            read(word)
        except CellError:
            if safe_to_show(word):
                found.append(word)
    return found

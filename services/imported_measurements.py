"""Accepted measurements into the record: new ones, repeats left out, corrections beside what they supersede."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.base import now, week_of
from models.imports import ImportBatch
from models.metrics import Measurement, MeasurementSource, Metric
from models.people import Person
from services.bulk import in_lists, insert_rows
from services.i18n import N_
from services.intake.parsed import Parsed
from services.intake.refused import CellError, Reject
from services.organisation import all_units
from services.rows import key
from services.series import current_measurements

CORRECTED = N_("Another value in a later file.")

_Place = tuple[int, int, Any, str]
_Key = tuple[str, str, Any, str]
_Numbers = tuple[float, float | None, float | None, float | None]


@dataclass(frozen=True)
class StoredMeasurements:
    """What became of the accepted rows.

    Attributes:
        imported: File rows that brought something new.
        rejects: Rows whose value contradicts an earlier row of the file.
    """

    imported: int
    rejects: list[Reject]


def insert_measurements(
    session: Session, parsed: Parsed, *, batch: ImportBatch, by: Person | None
) -> StoredMeasurements:
    """Insert measurements in the caller's transaction.

    A value equal to the one in force for its unit, metric, day and group is a repeat. One that differs supersedes it.
    Within the file, either could be right: the later one is rejected, and its row with it.
    Single values (n = 1 with a mean) stand beside each other: a day can have many.
    """
    units = {unit.code: key(unit.id) for unit in all_units(session)}
    metrics = {metric.code: key(metric.id) for metric in session.exec(select(Metric))}
    standing = _standing(session, parsed, units, metrics)
    rows: list[dict[str, Any]] = []
    brought: set[int] = set()
    rejects = _contradictions(parsed)
    contradicting = {reject.row for reject in rejects}
    given: set[tuple[_Place, _Numbers]] = set()
    for row in parsed.values.iter_rows(named=True):
        place = (metrics[row["metric"]], units[row["unit"]], row["on_date"], row["population"])
        numbers = (row["n"], row["mean"], row["sd"], row["count"])
        if row["row"] in contradicting or (place, numbers) in given:
            continue
        if not _single(numbers):
            given.add((place, numbers))
        there = standing[place]
        if there.left[numbers] > 0:
            there.left[numbers] -= 1
            continue
        superseded = None if _single(numbers) else there.correctable()
        brought.add(row["row"])
        rows.append(
            {
                "metric_id": place[0],
                "unit_id": place[1],
                "on_date": place[2],
                "week": week_of(place[2]),
                "population": place[3],
                **dict(zip(("n", "mean", "sd", "count"), numbers, strict=True)),
                "source": MeasurementSource.IMPORT,
                "batch_id": batch.id,
                "supersedes_id": superseded,
                "retracted": False,
                "reason": CORRECTED if superseded else "",
                "by_id": by.id if by else None,
                "at": now(),
            }
        )
    insert_rows(session, Measurement, rows)
    return StoredMeasurements(len(brought), rejects)


def _contradictions(parsed: Parsed) -> list[Reject]:
    """Rows that give another aggregate than an earlier row for the same unit, metric, day and group."""
    first: dict[_Key, tuple[int, _Numbers]] = {}
    rejects = []
    for row in parsed.values.iter_rows(named=True):
        numbers = (row["n"], row["mean"], row["sd"], row["count"])
        if _single(numbers):
            continue
        place = (row["metric"], row["unit"], row["on_date"], row["population"])
        earlier, said = first.setdefault(place, (row["row"], numbers))
        if said != numbers:
            error = CellError(
                N_("Row {row} has another value of {metric} for the same unit and day."),
                row=earlier,
                metric=row["metric"],
            )
            rejects.append(Reject.of(row["row"], "", "", error))
    return rejects


class _Standing:
    """Values in force in one place: how often each, and the ids of those a correction may supersede."""

    def __init__(self) -> None:
        self.left: Counter[_Numbers] = Counter()
        self._aggregates: list[tuple[int, _Numbers]] = []

    def add(self, row_id: int, numbers: _Numbers) -> None:
        self.left[numbers] += 1
        if not _single(numbers):
            self._aggregates.append((row_id, numbers))

    def correctable(self) -> int | None:
        """The one aggregate in force, once; with none or several there is nothing to correct."""
        if len(self._aggregates) != 1:
            return None
        row_id, numbers = self._aggregates.pop()
        self.left[numbers] = 0
        return row_id


def _standing(
    session: Session, parsed: Parsed, units: dict[str, int], metrics: dict[str, int]
) -> defaultdict[_Place, _Standing]:
    found: defaultdict[_Place, _Standing] = defaultdict(_Standing)
    if parsed.values.is_empty():
        return found
    first, last = parsed.values["on_date"].min(), parsed.values["on_date"].max()
    for part in in_lists(sorted({metrics[code] for code in parsed.values["metric"].unique()})):
        query = current_measurements().where(
            col(Measurement.metric_id).in_(part),
            col(Measurement.unit_id).in_([units[code] for code in parsed.values["unit"].unique()]),
            col(Measurement.on_date).between(first, last),
        )
        for row in session.exec(query):
            place = (row.metric_id, row.unit_id, row.on_date, row.population)
            found[place].add(key(row.id), (row.n, row.mean, row.sd, row.count))
    return found


def _single(numbers: _Numbers) -> bool:
    n, mean, _, _ = numbers
    return n == 1 and mean is not None

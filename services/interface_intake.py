"""Rows that other systems send in: checked and stored as those of files are, but all of them or none."""

from __future__ import annotations

import hashlib
import json
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from models.imports import ImportBatch, ImportKind
from models.metrics import Metric
from models.people import Person
from services import idempotency, settings
from services.errors import ServiceError
from services.idempotency import Kept, Once
from services.import_batches import close_batch, open_batch
from services.import_texts import assign_themes, mark_repeats
from services.imported_feedback import insert_feedback
from services.imported_measurements import insert_measurements
from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.measurement_file import KnownMetric, read_measurements
from services.intake.parsed import Parsed
from services.intake.refused import Reject
from services.intake.texts import cleaning
from services.interface_fields import (
    MEASUREMENT_MAPPING,
    Cells,
    feedback_cells,
    feedback_mapping,
    measurement_cells,
)
from services.organisation import all_units
from services.permissions import May, reach, require
from services.rows import key
from services.theme_facts import refresh

CREATED, NOTHING_NEW = 201, 200


class RowsRefused(ServiceError):
    """Rows that cannot be taken; nothing was stored.

    Attributes:
        rejects: Why, by row and field.
        rows: How many rows there were.
        known: What a field may hold, where that is a list of codes.
    """

    def __init__(self, rejects: Iterable[Reject], *, rows: int, known: Mapping[str, Sequence[str]]) -> None:
        self.rejects = tuple(sorted(rejects, key=lambda reject: (reject.row, reject.column)))
        self.rows = rows
        self.known = known
        wrong = len({reject.row for reject in self.rejects})
        super().__init__("{wrong} of {rows} rows cannot be taken; nothing was stored.", wrong=wrong, rows=rows)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Rows that can be stored, all of them.

    Attributes:
        kind: What they are.
        parsed: The rows, read.
        digest: SHA-256 of what was read.
        known: What a field may hold, where that is a list of codes.
    """

    kind: ImportKind
    parsed: Parsed
    digest: str
    known: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a request was answered.

    Attributes:
        kept: The answer.
        again: Whether it is the answer to an earlier sending of the same request.
    """

    kept: Kept
    again: bool = False


def prepare_feedback(session: Session, rows: Sequence[Mapping[str, Any]], *, by: Person) -> Prepared:
    """Check answers as those of a file; comments are redacted here, and their originals go no further.

    Args:
        session: Reads the record: nobody waits meanwhile.
        rows: The answers, shaped as the interface's document says.
        by: The system that sends them.

    Raises:
        RowsRefused: At least one row cannot be taken.
        NotAllowed: The system may not bring rows in.
    """
    require(session, by, May.IMPORT)
    configured = settings.load()
    cells, rejects = feedback_cells(session, rows)
    units = _units(session, by)

    def read(path: Path) -> Parsed:
        with cleaning(processes=1) as cleaner:
            return read_feedback(
                path,
                feedback_mapping(rows),
                units=units,
                today=configured.today(),
                salt=configured.respondent_salt,
                cleaner=cleaner,
            )

    return _prepared(ImportKind.FEEDBACK, cells, rejects, read, known={"unit": _codes(units)})


def prepare_measurements(session: Session, rows: Sequence[Mapping[str, Any]], *, by: Person) -> Prepared:
    """Check measurements as those of a file.

    Args:
        session: Reads the record.
        rows: The measurements, shaped as the interface's document says.
        by: The system that sends them.

    Raises:
        RowsRefused: At least one row cannot be taken.
        NotAllowed: The system may not bring rows in.
    """
    require(session, by, May.IMPORT)
    units = _units(session, by)
    metrics = _metrics(session)

    def read(path: Path) -> Parsed:
        return read_measurements(path, MEASUREMENT_MAPPING, units=units, metrics=metrics, today=settings.load().today())

    known = {"unit": _codes(units), "metric": sorted(metric.code for metric in metrics)}
    return _prepared(ImportKind.MEASUREMENTS, *measurement_cells(rows), read, known=known)


def answered(session: Session, once: Once | None, *, by: Person) -> Received | None:
    """The answer to an earlier sending of the same request; None when it is to be carried out.

    Raises:
        Reused: The request's key came before with another body.
    """
    kept = idempotency.found(session, once, by=by) if once is not None else None
    return Received(kept=kept, again=True) if kept else None


def store(session: Session, prepared: Prepared, *, by: Person, once: Once | None = None) -> Received:
    """Store rows, all of them or none, as those of a file. What was stored before is counted as a duplicate.

    Ids of answers belong to the system that sends them. A measurement that differs from the stored one of its unit,
    metric, day and group supersedes it.

    Args:
        session: A writing session; committed here, or nothing is stored.
        prepared: The rows.
        by: The system that sends them.
        once: What makes this the same request as an earlier one; None when its sender did not say.

    Raises:
        RowsRefused: A row contradicts what is stored or another row.
        Reused: The request's key came before with another body.
        NotAllowed: The system may not bring rows in.
    """
    require(session, by, May.IMPORT)
    if earlier := answered(session, once, by=by):
        return earlier
    if once is not None:
        idempotency.forget_old(session)
    parsed = prepared.parsed
    batch = _opened(session, prepared, by)
    imported, rejects = _inserted(session, prepared, batch, by)
    if rejects:
        session.rollback()
        raise RowsRefused(rejects, rows=parsed.rows, known=prepared.known)
    answer = {
        "import": key(batch.id),
        "rows": parsed.rows,
        "imported": imported,
        "duplicates": parsed.rows - imported,
        "rejected": 0,
    }
    kept = Kept(status=CREATED if imported else NOTHING_NEW, answer=answer)
    if once is not None:
        idempotency.keep(session, once, by=by, status=kept.status, answer=answer)
    folder = settings.load().data_dir / "rejects"
    close_batch(session, batch, rows=parsed.rows, imported=imported, rejects=[], folder=folder)
    return Received(kept=kept)


def _inserted(session: Session, prepared: Prepared, batch: ImportBatch, by: Person) -> tuple[int, list[Reject]]:
    if prepared.kind is ImportKind.MEASUREMENTS:
        measured = insert_measurements(session, prepared.parsed, batch=batch, by=by)
        return measured.imported, measured.rejects
    stored = insert_feedback(session, prepared.parsed, batch_id=key(batch.id), source=f"api: {by.code}"[:120])
    assign_themes(session, stored.texts)
    mark_repeats(session, stored.texts)
    refresh(session, [text.feedback_id for text in stored.texts])
    return stored.imported, stored.rejects


def _prepared(
    kind: ImportKind,
    cells: Cells,
    rejects: list[Reject],
    read: Callable[[Path], Parsed],
    *,
    known: Mapping[str, Sequence[str]],
) -> Prepared:
    """The rows, written as a file and read as one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        written = json.dumps(cells).encode("ascii")
        path.write_bytes(written)
        parsed = read(path)
    if rejects or parsed.rejects:
        # A row whose scores are refused here reads as one without any: that is no second reason.
        named = {reject.row for reject in rejects}
        further = [reject for reject in parsed.rejects if reject.column or reject.row not in named]
        raise RowsRefused([*rejects, *further], rows=len(cells), known=known)
    return Prepared(kind=kind, parsed=parsed, digest=hashlib.sha256(written).hexdigest(), known=known)


def _opened(session: Session, prepared: Prepared, by: Person) -> ImportBatch:
    """The record of the import. Unlike a file the same rows may come again, so its hash covers a number of its own."""
    name = uuid.uuid4().hex
    digest = hashlib.sha256(f"{prepared.digest} {name}".encode()).hexdigest()
    path = Path(f"api-{by.code}-{name[:8]}.json")
    return open_batch(session, kind=prepared.kind, path=path, sha256=digest, profile_id=None, by=by)


def _units(session: Session, by: Person) -> list[KnownUnit]:
    """Every unit as rows may name it; those out of the system's reach are known but closed."""
    within = reach(session, by)
    return [
        KnownUnit(unit.code, unit.oid, tuple(unit.name.values()), open=within is None or unit.id in within)
        for unit in all_units(session)
    ]


def _codes(units: Sequence[KnownUnit]) -> list[str]:
    return sorted(unit.code for unit in units if unit.open)


def _metrics(session: Session) -> list[KnownMetric]:
    """Every metric as rows may name it."""
    return [
        KnownMetric(row.code, row.kind, tuple(row.name.values()), low=row.scale_low, high=row.scale_high)
        for row in session.exec(select(Metric))
    ]

"""What an import leaves behind: its record with counts and hash, its rejects, and the way back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.base import now, validated
from models.feedback import Feedback
from models.imports import ImportBatch, ImportKind
from models.metrics import Measurement
from models.organisation import Unit
from models.people import Person
from models.pilots import LogEntry
from services.bulk import overwrite_what_goes
from services.errors import BadInput, Conflict
from services.intake.refused import Reject, write_rejects
from services.organisation import all_units
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh

_KEPT_REJECTS = 1000


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What became of a file's rows.

    Attributes:
        rows: Rows in the file.
        imported: Rows stored now.
        duplicates: Rows that were stored before.
        rejected: Rows that could not be taken.
        rejects_file: Where the reasons are, by row; None when every row was taken.
        batch_id: The record of the import, to undo it.
    """

    rows: int
    imported: int
    duplicates: int
    rejected: int
    rejects_file: Path | None
    batch_id: int

    def as_json(self) -> dict[str, int | str | None]:
        """The result as the command line prints it."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
        }


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_if_imported(session: Session, path: Path, sha256: str) -> None:
    """Refuse a file whose content is in force already.

    Raises:
        Conflict: It was imported and not undone.
    """
    before = session.exec(select(ImportBatch).where(ImportBatch.sha256 == sha256, col(ImportBatch.undone_at).is_(None)))
    if batch := before.first():
        raise Conflict(
            "{file} was imported already on {date} as {name} (import {id}); undo that import to take it again.",
            file=path.name,
            date=batch.at.date(),
            name=batch.file_name,
            id=batch.id,
        )


def refuse_if_nothing_fits(path: Path, *, rows: int, accepted: int, rejects: Sequence[Reject]) -> None:
    """Refuse a file of which no row can be taken: the mapping or the file is wrong, not the rows.

    Raises:
        BadInput: Every row was rejected.
    """
    if accepted == 0 and rejects:
        first = rejects[0]
        raise BadInput(
            "{file}: none of the {rows} rows can be taken. The first reason: row {row}, column {column}: {reason}",
            file=path.name,
            rows=rows,
            row=first.row,
            column=first.column or "-",
            reason=first.reason,
        )


def open_batch(
    session: Session, *, kind: ImportKind, path: Path, sha256: str, profile_id: int | None, by: Person | None
) -> ImportBatch:
    """Put the record of an import into the caller's transaction, still without counts."""
    batch = validated(
        ImportBatch,
        kind=kind,
        file_name=path.name.encode(errors="replace").decode()[-255:],
        sha256=sha256,
        profile_id=profile_id,
        rows=0,
        imported=0,
        duplicates=0,
        rejected=0,
        by_id=by.id if by else None,
    )
    session.add(batch)
    session.flush()
    return batch


def close_batch(
    session: Session, batch: ImportBatch, *, rows: int, imported: int, rejects: list[Reject], folder: Path
) -> ImportResult:
    """Complete the record, write the rejects file, commit. Rows that are neither imported nor rejected are repeats."""
    rejected = len({reject.row for reject in rejects})
    batch.rows, batch.imported, batch.rejected = rows, imported, rejected
    batch.duplicates = rows - imported - rejected
    batch.rejects = list(_as_json(rejects[:_KEPT_REJECTS]))
    session.add(batch)
    session.flush()
    if batch.id is None:
        raise ValueError("The batch has not been stored.")
    written = folder / f"import-{batch.id}-rejects.csv" if rejects else None
    try:
        if written:
            folder.mkdir(parents=True, exist_ok=True)
            write_rejects(rejects, written)
        session.commit()
    except BaseException:  # no place for the file, or none for the rows: neither stays
        if written:
            written.unlink(missing_ok=True)
        raise
    return ImportResult(
        rows=rows,
        imported=imported,
        duplicates=batch.duplicates,
        rejected=rejected,
        rejects_file=written,
        batch_id=batch.id,
    )


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What an import's answers are about.

    Attributes:
        first: Day of the earliest answer.
        unit: Code of their unit, or of the lowest branch above all their units.
    """

    first: dt.date
    unit: str


def extent_of(session: Session, batch: int) -> Extent | None:
    """The days and the units of an import's answers; None when it has none, as one of measurements."""
    found = session.exec(
        select(Feedback.unit_id, sa.func.min(Feedback.given_on)).where(Feedback.batch_id == batch).group_by(
            col(Feedback.unit_id)
        )
    ).all()  # fmt: skip
    if not found:
        return None
    units = {key(unit.id): unit for unit in all_units(session)}
    above = [_upwards(units, unit_id) for unit_id, _ in found]
    common = next(node for node in above[0] if all(node in line for line in above))
    return Extent(first=min(day for _, day in found), unit=units[common].code)


def _upwards(units: Mapping[int, Unit], unit_id: int) -> list[int]:
    """A unit and the branches above it, up to the top."""
    line = [unit_id]
    while (parent := units[line[-1]].parent_id) is not None:
        line.append(parent)
    return line


def list_imports(session: Session) -> Sequence[ImportBatch]:
    """Every import, the newest first, undone ones included."""
    return session.exec(select(ImportBatch).order_by(col(ImportBatch.id).desc())).all()


def undo_import(session: Session, *, batch: int, by: Person | None) -> ImportBatch:
    """Take an import back as a whole: its rows go, its record stays with who undid it and when.

    Args:
        session: A writing session.
        batch: The import's number.
        by: The person, or None for the operator at the terminal.

    Raises:
        NotFound: There is no such import.
        Conflict: It was undone before, or later rows rest on its rows.
        NotAllowed: The person may not import, or not for all units of the import.
    """
    found = get(session, ImportBatch, batch)
    model: type[Feedback] | type[Measurement] = Feedback if found.kind == ImportKind.FEEDBACK else Measurement
    if by is not None:
        require(session, by, May.IMPORT)
        for unit_id in session.exec(select(model.unit_id).where(model.batch_id == batch).distinct()):
            require(session, by, May.IMPORT, unit_id=unit_id)
    if found.undone_at is not None:
        raise Conflict("Import {id} was undone on {date}.", id=batch, date=found.undone_at.date())
    if model is Measurement:
        _refuse_if_built_upon(session, batch)
    waiting = _next_firsts(session, batch) if model is Feedback else []
    overwrite_what_goes(session)
    session.execute(sa.delete(model).where(col(model.batch_id) == batch))
    refresh(session, waiting)
    found.undone_at, found.undone_by_id = now(), by.id if by else None
    session.add(found)
    session.commit()
    return found


def _next_firsts(session: Session, batch: int) -> list[int]:
    """Answers that repeated one of the batch, now that it goes: the earliest of each group is first from now on."""
    gone = aliased(Feedback)
    repeats = session.exec(
        select(Feedback)
        .join(gone, col(gone.id) == Feedback.repeats_id)
        .where(gone.batch_id == batch, sa.func.coalesce(Feedback.batch_id, 0) != batch)
        .order_by(col(Feedback.given_on), col(Feedback.id))
    ).all()
    firsts: dict[int | None, int] = {}
    for answer in repeats:
        first = firsts.setdefault(answer.repeats_id, key(answer.id))
        answer.repeats_id = None if first == answer.id else first
        session.add(answer)
    session.flush()
    return list(firsts.values())


def _refuse_if_built_upon(session: Session, batch: int) -> None:
    later = aliased(Measurement)
    correction = session.exec(
        select(later.batch_id)
        .join(Measurement, col(Measurement.id) == later.supersedes_id)
        .where(Measurement.batch_id == batch, sa.func.coalesce(later.batch_id, 0) != batch)
    ).first()
    logged = session.exec(
        select(LogEntry.id)
        .join(Measurement, col(Measurement.id) == LogEntry.measurement_id)
        .where(Measurement.batch_id == batch)
    ).first()
    if correction is not None or logged is not None:
        raise Conflict(
            "Import {id} cannot be undone: later rows correct its values. Undo the later import first.", id=batch
        )


def _as_json(rejects: Iterable[Reject]) -> Iterable[dict[str, object]]:
    for reject in rejects:
        values = {
            key: item if isinstance(item, int | float | str) else str(item) for key, item in reject.values.items()
        }
        yield {
            "row": reject.row,
            "column": reject.column,
            "value": reject.value,
            "reason": reject.text,
            "values": values,
        }

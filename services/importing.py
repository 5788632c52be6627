"""Files of answers and measurements into the record: one file, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.imports import ImportBatch, ImportKind
from models.metrics import Metric
from models.people import Person
from services import settings
from services.errors import BadInput
from services.import_batches import (
    ImportResult,
    close_batch,
    file_digest,
    open_batch,
    refuse_if_imported,
    refuse_if_nothing_fits,
)
from services.import_profiles import AnyMapping, mapping_of, profile_named
from services.import_texts import assign_themes, mark_repeats
from services.imported_feedback import insert_feedback
from services.imported_measurements import insert_measurements
from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, MeasurementMapping
from services.intake.measurement_file import KnownMetric, read_measurements
from services.intake.parsed import Parsed
from services.intake.refused import Reject
from services.intake.shape import MEGABYTE, sniff
from services.organisation import all_units
from services.permissions import May, reach, require
from services.rows import key

Progress = Callable[[int], None]
Mapping = TypeVar("Mapping", FeedbackMapping, MeasurementMapping)


def import_feedback(
    session: Session,
    *,
    path: Path,
    by: Person | None,
    mapping: FeedbackMapping | None = None,
    profile: str | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Take in a file of answers: redacted, labelled by the keyword rules, repeats of a comment marked.

    Rows stored before are counted as duplicates: the same id from the same source, or without an id the same
    content. Rows that cannot be taken are written to a rejects file.

    Args:
        session: A writing session; committed here, or nothing is stored.
        path: A CSV or XLSX file.
        by: The person, or None for the operator at the terminal.
        mapping: Which column is what.
        profile: Instead of a mapping, the name of a saved one. With neither, headers and samples decide.
        progress: Called with the number of rows read since the last call.

    Raises:
        BadInput: The file or the mapping cannot be used, or no row can be taken.
        Conflict: The file was imported already.
        NotFound: There is no such profile.
        NotAllowed: The person may not import.
    """
    with _Import(session, path, ImportKind.FEEDBACK, by) as job:
        taken, source = job.mapping(FeedbackMapping, mapping, profile)
        parsed = read_feedback(
            path,
            taken,
            units=job.units(),
            today=job.settings.today(),
            salt=job.settings.respondent_salt,
            limit=job.limit,
            progress=progress,
        )
        batch = job.opened(parsed)
        stored = insert_feedback(session, parsed, batch_id=key(batch.id), source=source)
        assign_themes(session, stored.texts)
        mark_repeats(session, stored.texts)
        return job.closed(batch, parsed, imported=stored.imported, rejects=stored.rejects)


def import_measurements(
    session: Session,
    *,
    path: Path,
    by: Person | None,
    mapping: MeasurementMapping | None = None,
    profile: str | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Take in a file of measurements; one that differs from the stored one of its unit, metric and day supersedes it.

    Args:
        session: A writing session; committed here, or nothing is stored.
        path: A CSV or XLSX file.
        by: The person, or None for the operator at the terminal.
        mapping: Which column is what.
        profile: Instead of a mapping, the name of a saved one. With neither, headers and samples decide.
        progress: Called with the number of rows read since the last call.

    Raises:
        BadInput: The file or the mapping cannot be used, or no row can be taken.
        Conflict: The file was imported already.
        NotFound: There is no such profile.
        NotAllowed: The person may not import.
    """
    with _Import(session, path, ImportKind.MEASUREMENTS, by) as job:
        taken, _ = job.mapping(MeasurementMapping, mapping, profile)
        parsed = read_measurements(
            path,
            taken,
            units=job.units(),
            metrics=job.metrics(),
            today=job.settings.today(),
            limit=job.limit,
            progress=progress,
        )
        batch = job.opened(parsed)
        stored = insert_measurements(session, parsed, batch=batch, by=by)
        return job.closed(batch, parsed, imported=stored.imported, rejects=stored.rejects)


class _Import:
    """One file on its way in; what it put into the transaction is rolled back unless it comes to its end."""

    def __init__(self, session: Session, path: Path, kind: ImportKind, by: Person | None) -> None:
        self.settings = settings.load()
        self.limit = self.settings.max_upload_mb * MEGABYTE
        self._session = session
        self._path = path
        self._kind = kind
        self._by = require(session, by, May.IMPORT) if by is not None else None
        self._profile_id: int | None = None
        self._sha256 = ""

    def __enter__(self) -> _Import:
        sniff(self._path, limit=self.limit)
        self._sha256 = file_digest(self._path)
        refuse_if_imported(self._session, self._path, self._sha256)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Literal[False]:
        if error is not None:
            self._session.rollback()
        if isinstance(error, IntegrityError):  # someone imported the same file in the meantime
            refuse_if_imported(self._session, self._path, self._sha256)
        return False

    def mapping(self, wanted: type[Mapping], given: Mapping | None, profile: str | None) -> tuple[Mapping, str]:
        """The mapping to use, and a name for the source that the file's ids belong to."""
        if given is not None and profile is not None:
            raise BadInput("Give a mapping or the name of a profile, not both.", field="profile")
        source = f"columns of {self._kind}"
        taken: AnyMapping
        if profile is not None:
            saved = profile_named(self._session, profile, self._kind)
            self._profile_id = saved.id
            taken, source = mapping_of(saved), saved.name
        else:
            shape = sniff(self._path, limit=self.limit)
            taken = given or guess_mapping(shape, self._kind.value)
            source = "columns: " + ", ".join(shape.names)
        if not isinstance(taken, wanted):
            raise BadInput("The profile {profile} is for {kind}.", profile=profile or "-", kind=taken.kind)
        return taken, source[:120]

    def units(self) -> Iterator[KnownUnit]:
        """Every unit as files may name it; those out of the person's reach are known but closed."""
        within = reach(self._session, self._by) if self._by is not None else None
        for unit in all_units(self._session):
            yield KnownUnit(unit.code, unit.oid, tuple(unit.name.values()), open=within is None or unit.id in within)

    def metrics(self) -> Iterator[KnownMetric]:
        """Every metric as files may name it."""
        for metric in self._session.exec(select(Metric)):
            yield KnownMetric(
                metric.code, metric.kind, tuple(metric.name.values()), low=metric.scale_low, high=metric.scale_high
            )

    def opened(self, parsed: Parsed) -> ImportBatch:
        """The record of the import, in the transaction."""
        refuse_if_nothing_fits(self._path, rows=parsed.rows, accepted=parsed.accepted, rejects=parsed.rejects)
        return open_batch(
            self._session,
            kind=self._kind,
            path=self._path,
            sha256=self._sha256,
            profile_id=self._profile_id,
            by=self._by,
        )

    def closed(self, batch: ImportBatch, parsed: Parsed, *, imported: int, rejects: list[Reject]) -> ImportResult:
        """The record with its counts, committed."""
        together = sorted([*parsed.rejects, *rejects], key=lambda reject: reject.row)
        folder = self.settings.data_dir / "rejects"
        return close_batch(self._session, batch, rows=parsed.rows, imported=imported, rejects=together, folder=folder)

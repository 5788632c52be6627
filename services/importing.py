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
from services.errors import BadInput, Conflict
from services.import_batches import (
    ImportResult,
    close_batch,
    file_digest,
    open_batch,
    refuse_if_imported,
    refuse_if_nothing_fits,
)
from services.import_profiles import AnyMapping, mapping_of, named_profile
from services.import_progress import Progress, Step
from services.import_texts import assign_themes, mark_repeats
from services.imported_feedback import insert_feedback
from services.imported_measurements import insert_measurements
from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, MeasurementMapping
from services.intake.measurement_file import KnownMetric, read_measurements
from services.intake.parsed import Parsed
from services.intake.ready_made import ReadyMade, recognised
from services.intake.refused import Reject
from services.intake.shape import MEGABYTE, FileShape, about_rows, sniff
from services.intake.texts import cleaning
from services.organisation import all_units
from services.permissions import May, permitted, reach
from services.rows import key
from services.theme_facts import refresh

Mapping = TypeVar("Mapping", FeedbackMapping, MeasurementMapping)


def import_feedback(
    session: Session,
    *,
    path: Path,
    by: Person | None,
    mapping: FeedbackMapping | None = None,
    profile: str | None = None,
    unit: str | None = None,
    progress: Progress | None = None,
    processes: int | None = 1,
) -> ImportResult:
    """Take in a file of answers: redacted, labelled by the keyword rules, repeats of a comment marked.

    Rows stored before are counted as duplicates: the same id from the same source, or without an id the same
    content. Rows that cannot be taken are written to a rejects file.

    Args:
        session: A writing session; committed here, or nothing is stored.
        path: A CSV, XLSX or JSON file.
        by: The person, or None for the operator at the terminal.
        mapping: Which column is what.
        profile: Instead of a mapping, the name of a saved or ready-made one. With neither, the file's form decides.
        unit: Code of the unit that every row is about, where the file names none; not beside a mapping.
        progress: Called as the import goes on.
        processes: How many processes may work on texts; None for one a core. Only a process that serves no pages
            may ask for more than itself.

    Raises:
        BadInput: The file or the mapping cannot be used, or no row can be taken.
        Conflict: The file was imported already.
        NotFound: There is no such profile.
        NotAllowed: The person may not import.
    """
    with _Import(session, path, ImportKind.FEEDBACK, by, progress) as job, cleaning(processes=processes) as cleaner:
        taken, source = job.mapping(FeedbackMapping, mapping, profile, unit)
        units = job.known_units()
        job.lets_others_write()
        parsed = read_feedback(
            path,
            taken,
            units=units,
            today=job.settings.today(),
            salt=job.settings.respondent_salt,
            limit=job.limit,
            progress=job.told(Step.READING),
            cleaner=cleaner,
        )
        batch = job.opened(parsed)
        job.begins(Step.STORING, parsed.accepted)
        stored = insert_feedback(session, parsed, batch_id=key(batch.id), source=source)
        texts = stored.texts
        job.begins(Step.THEMES, len(texts))
        assign_themes(session, texts, told=lambda done: job.tell(Step.THEMES, done, len(texts)))
        job.begins(Step.REPEATS, len(texts))
        mark_repeats(session, texts, told=lambda done: job.tell(Step.REPEATS, done, len(texts)))
        job.begins(Step.COUNTING, len(texts))
        refresh(session, [text.feedback_id for text in texts])
        job.tell(Step.COUNTING, len(texts), len(texts))
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
        path: A CSV, XLSX or JSON file.
        by: The person, or None for the operator at the terminal.
        mapping: Which column is what.
        profile: Instead of a mapping, the name of a saved one. With neither, headers and samples decide.
        progress: Called as the import goes on.

    Raises:
        BadInput: The file or the mapping cannot be used, or no row can be taken.
        Conflict: The file was imported already.
        NotFound: There is no such profile.
        NotAllowed: The person may not import.
    """
    with _Import(session, path, ImportKind.MEASUREMENTS, by, progress) as job:
        taken, _ = job.mapping(MeasurementMapping, mapping, profile)
        units, metrics = job.known_units(), job.known_metrics()
        job.lets_others_write()
        parsed = read_measurements(
            path,
            taken,
            units=units,
            metrics=metrics,
            today=job.settings.today(),
            limit=job.limit,
            progress=job.told(Step.READING),
        )
        batch = job.opened(parsed)
        job.begins(Step.STORING, parsed.accepted)
        stored = insert_measurements(session, parsed, batch=batch, by=by)
        return job.closed(batch, parsed, imported=stored.imported, rejects=stored.rejects)


class _Import:
    """One file on its way in; what it put into the transaction is rolled back unless it comes to its end."""

    def __init__(
        self, session: Session, path: Path, kind: ImportKind, by: Person | None, progress: Progress | None
    ) -> None:
        self.settings = settings.load()
        self.limit = self.settings.max_upload_mb * MEGABYTE
        self._session = session
        self._path = path
        self._kind = kind
        self._by = permitted(session, by, May.IMPORT)
        self._profile_id: int | None = None
        self._sha256 = ""
        self._units: list[KnownUnit] = []
        self._metrics: list[KnownMetric] | None = None
        self._progress = progress
        self._shape: FileShape | None = None

    def __enter__(self) -> _Import:
        self.lets_others_write()
        self._shape = sniff(self._path, limit=self.limit)
        self._sha256 = file_digest(self._path)
        refuse_if_imported(self._session, self._path, self._sha256)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Literal[False]:
        if error is not None:
            self._session.rollback()
        if isinstance(error, IntegrityError):  # someone imported the same file in the meantime
            refuse_if_imported(self._session, self._path, self._sha256)
        return False

    def mapping(
        self, wanted: type[Mapping], given: Mapping | None, profile: str | None, unit: str | None = None
    ) -> tuple[Mapping, str]:
        """The mapping to use, and a name for the source that the file's ids belong to."""
        if given is not None and (profile is not None or unit is not None):
            raise BadInput("Give a mapping or the name of a profile, not both.", field="profile")
        assert self._shape is not None
        form: ReadyMade | None = None
        if profile is not None:
            found = named_profile(self._session, profile, self._kind)
            if not isinstance(found, ReadyMade):
                self._profile_id = found.id
                return _wanted(wanted, mapping_of(found), profile), found.name[:120]
            form = found
        taken = given or guess_mapping(self._shape, self._kind.value, form=form, unit=unit)
        known = recognised(self._shape) if self._kind is ImportKind.FEEDBACK else None
        source = known.name if known and known.own_ids else "columns: " + ", ".join(self._shape.names)
        return _wanted(wanted, taken, profile), source[:120]

    def begins(self, step: Step, of: int) -> None:
        """Tell that a step begins."""
        self.tell(step, 0, of)

    def tell(self, step: Step, done: int, of: int) -> None:
        """Tell how far a step is."""
        if self._progress:
            self._progress(step, done, of)

    def told(self, step: Step) -> Callable[[int], None]:
        """Counts rows up, and tells how far the step is in the file."""
        assert self._shape is not None
        total, done = about_rows(self._shape) if self._progress else 0, 0

        def count(rows: int) -> None:
            nonlocal done
            done += rows
            self.tell(step, done, max(total, done))

        self.tell(step, 0, total)
        return count

    def lets_others_write(self) -> None:
        """End the turn while the file is read, which takes long; `opened` takes another and looks again."""
        self._session.commit()
        self._session.expire_all()

    def known_units(self) -> list[KnownUnit]:
        """Every unit as files may name it; those out of the person's reach are known but closed."""
        self._units = list(self._units_now())
        return self._units

    def known_metrics(self) -> list[KnownMetric]:
        """Every metric as files may name it."""
        self._metrics = list(self._metrics_now())
        return self._metrics

    def _units_now(self) -> Iterator[KnownUnit]:
        within = reach(self._session, self._by) if self._by is not None else None
        for unit in all_units(self._session):
            yield KnownUnit(unit.code, unit.oid, tuple(unit.name.values()), open=within is None or unit.id in within)

    def _metrics_now(self) -> Iterator[KnownMetric]:
        for metric in self._session.exec(select(Metric)):
            yield KnownMetric(
                metric.code, metric.kind, tuple(metric.name.values()), low=metric.scale_low, high=metric.scale_high
            )

    def opened(self, parsed: Parsed) -> ImportBatch:
        """The record of the import, in the transaction that stores its rows.

        Raises:
            BadInput: No row can be taken.
            Conflict: Since the file was begun, somebody imported it, or changed the units or metrics it names.
            NotAllowed: The person may not import any more.
        """
        refuse_if_nothing_fits(self._path, rows=parsed.rows, accepted=parsed.accepted, rejects=parsed.rejects)
        permitted(self._session, self._by, May.IMPORT)
        refuse_if_imported(self._session, self._path, self._sha256)
        if self._units != list(self._units_now()) or self._metrics not in (None, list(self._metrics_now())):
            raise Conflict(
                "The units or metrics were changed while {file} was read; import it again.", file=self._path.name
            )
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


def _wanted(wanted: type[Mapping], taken: AnyMapping, profile: str | None) -> Mapping:
    if not isinstance(taken, wanted):
        raise BadInput("The profile {profile} is for {kind}.", profile=profile or "-", kind=taken.kind)
    return taken

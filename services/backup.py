"""A backup: one file with the data of one moment and a label that says what is in it.

The file is a ZIP of two parts, so that the data can be had out of it without this program: `luotsi.db`, a whole SQLite
database, or `luotsi.dump`, a dump of pg_dump's custom format; and `manifest.json`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.base import now
from services import backup_manifest, backup_postgres, backup_sqlite
from services.backup_manifest import Facts, Manifest
from services.errors import Conflict
from services.settings import ZONE
from services.version import VERSION
from services.written import NotWritten

MANIFEST = "manifest.json"
CHUNK = 1 << 20
Progress = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made.

    Attributes:
        file: Where it is.
        size: Its length in bytes.
        manifest: Its label.
    """

    file: Path
    size: int
    manifest: Manifest


def make(url: str, to: Path, *, replace: bool = False, progress: Progress | None = None) -> Made:
    """Back the record up, as it stands at one moment, while others go on writing.

    Args:
        url: The database.
        to: The file; or a folder, in which the file gets a name with the moment in it.
        replace: Whether a file that is there may be replaced; it stays until the new one is whole.
        progress: Called with how many bytes have been kept.

    Raises:
        Conflict: The file is there already, or the database is not migrated.
        BadInput: A program of PostgreSQL is missing.
        NotWritten: It cannot be written or read; what was there before is still there.
    """
    file = to / f"luotsi-{dt.datetime.now(ZONE):%Y%m%d-%H%M%S}.backup" if to.is_dir() else to
    if file.exists() and not replace:
        raise Conflict("{file} is there already; choose another name, or replace it with --replace.", file=file)
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}.part")
    raw = part.with_suffix(".raw")
    try:
        with _told_as_not_written(file):
            engine, found = _dumped(url, raw)
            if not found.revision:
                raise Conflict("The database holds no tables yet. Run `python cli.py migrate` first.")
            manifest = _packed(raw, part, engine=engine, found=found, progress=progress)
            os.replace(part, file)
            backup_sqlite.on_disk(file.parent)
            return Made(file=file, size=file.stat().st_size, manifest=manifest)
    finally:
        part.unlink(missing_ok=True)
        backup_sqlite.forget(raw)


def _dumped(url: str, raw: Path) -> tuple[str, Facts]:
    if url.startswith("sqlite"):
        source = backup_sqlite.path_of(url)
        if not source.is_file():
            raise NotWritten(f"{source} is not there, so there is nothing to back up.")
        backup_sqlite.copy(source, raw)
        with backup_sqlite.asked(raw) as connection:
            return "sqlite", backup_manifest.facts(connection)
    backup_sqlite.private_file(raw)
    return "postgresql", backup_postgres.dump(url, raw, ask=backup_manifest.facts)


def _packed(raw: Path, part: Path, *, engine: str, found: Facts, progress: Progress | None) -> Manifest:
    """Both parts into the file, on the disk when this returns."""
    sqlite = engine == "sqlite"
    name = backup_sqlite.NAME if sqlite else backup_postgres.NAME
    digest, size = hashlib.sha256(), 0
    backup_sqlite.private_file(part)
    with part.open("r+b") as file:
        # pg_dump has compressed already
        kind = zipfile.ZIP_DEFLATED if sqlite else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", compression=kind, compresslevel=1) as archive:
            with raw.open("rb") as source, archive.open(_entry(name, kind), "w", force_zip64=True) as target:
                for chunk in _chunks(source):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
                    if progress:
                        progress(len(chunk))
            manifest = Manifest(
                engine=engine,
                version=VERSION,
                made_at=now(),
                facts=found,
                data=name,
                size=size,
                sha256=digest.hexdigest(),
            )
            archive.writestr(_entry(MANIFEST, zipfile.ZIP_STORED), backup_manifest.written(manifest))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _entry(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=now().timetuple()[:6])
    entry.compress_type = kind
    entry.external_attr = 0o600 << 16
    return entry


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


@contextmanager
def _told_as_not_written(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{file} cannot be written: {error.strerror or type(error).__name__}.") from error

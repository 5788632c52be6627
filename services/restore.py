"""A backup back into place: everything is checked on a copy of its own first, and then takes the place at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import struct
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlmodel import Session

from models.migrate import HERE, newest_revision, upgrade
from services import audit, backup_manifest, backup_postgres, backup_sqlite
from services.backup import CHUNK, MANIFEST, Progress
from services.backup_manifest import REVISION_TABLE, Facts, Manifest
from services.errors import BadInput, Conflict
from services.settings import ZONE
from services.written import NotWritten

UNCOUNTED = frozenset({REVISION_TABLE, "job_run", "work_lease"})
"""Tables whose rows do not keep a database from being empty."""
_SMALLEST_MANIFEST, _LARGEST_MANIFEST = 2, 1 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, LookupError, ValueError, OSError)
"""What reading a damaged ZIP raises: at a place that is none, even the system."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A backup that was restored.

    Attributes:
        manifest: Its label.
        revision: The revision the database is at now.
        kept: Where what was there before is kept: a file, or a database of the server; "" when there was nothing.
        faults: What is wrong with the audit trail in it; empty when that is whole.
    """

    manifest: Manifest
    revision: str
    kept: str
    faults: tuple[str, ...]


def restore(url: str, backup: Path, *, replace: bool = False, progress: Progress | None = None) -> Restored:
    """Put a backup in the place of the record.

    Args:
        url: The database.
        backup: The backup.
        replace: Whether a record that is there may be replaced; it is kept under another name.
        progress: Called with how many bytes have been read.

    Raises:
        BadInput: The file is damaged, of another engine, or of a later version.
        Conflict: There is a record and it was not said that it may be replaced.
        NotWritten: It cannot be written; what was there is untouched.
    """
    sqlite = url.startswith("sqlite")
    target = backup_sqlite.path_of(url) if sqlite else Path(tempfile.gettempdir()) / "luotsi"
    copied = target.with_name(f".{target.name}.{uuid.uuid4().hex}.restored")
    try:
        if not replace and _holds_anything(url):
            raise Conflict(
                "The database is not empty. Say --replace to put the backup in its place; what is there now is kept "
                "under another name."
            )
        copied.parent.mkdir(parents=True, exist_ok=True)
        manifest = unpack(backup, engine="sqlite" if sqlite else "postgresql", into=copied, progress=progress)
        put = _into_file if sqlite else _into_server
        kept, faults = put(url, copied, manifest, backup)
        return Restored(manifest=manifest, revision=newest_revision() or "", kept=kept, faults=faults)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise NotWritten(f"{backup} cannot be restored: {why}. Nothing was changed.") from error
    finally:
        backup_sqlite.forget(copied)


def unpack(backup: Path, *, engine: str, into: Path, progress: Progress | None = None) -> Manifest:
    """Take the data out of a backup into a new private file, if they are what the label says to the last byte.

    Args:
        backup: The backup.
        engine: sqlite or postgresql: what it must be of.
        into: The file for the data; it must not be there.
        progress: Called with how many bytes have been read.

    Raises:
        BadInput: The backup is damaged, of another engine, or of a later version.
        OSError: The file cannot be written.
    """
    with _opened(backup) as archive:
        manifest = _manifest(archive, backup, engine=engine)
        digest, size = hashlib.sha256(), 0
        backup_sqlite.private_file(into)
        with into.open("r+b") as target:
            for chunk in _chunks(archive, manifest, backup):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
                if progress:
                    progress(len(chunk))
            target.flush()
            os.fsync(target.fileno())
    if (size, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise BadInput("{file} is damaged: its data are not what its manifest says.", file=backup)
    return manifest


@contextmanager
def _opened(backup: Path) -> Iterator[zipfile.ZipFile]:
    if not backup.is_file():
        raise BadInput("There is no file {file}.", file=backup)
    try:
        archive = zipfile.ZipFile(backup)
    except DAMAGED as error:
        raise BadInput("{file} is not a whole backup: it is cut short, damaged or something else.", file=backup) from (
            error
        )
    with archive:
        yield archive


def _manifest(archive: zipfile.ZipFile, backup: Path, *, engine: str) -> Manifest:
    try:
        size = archive.getinfo(MANIFEST).file_size
        content = archive.read(MANIFEST) if _SMALLEST_MANIFEST <= size <= _LARGEST_MANIFEST else b""
    except DAMAGED as error:
        raise BadInput("{file} is damaged: its manifest cannot be read.", file=backup) from error
    manifest = backup_manifest.read(content, file=str(backup))
    if manifest.engine != engine:
        raise BadInput(
            "{file} is a backup of {theirs}, and DATABASE_URL names {ours}.",
            file=backup,
            theirs=manifest.engine,
            ours=engine,
        )
    if manifest.facts.revision not in _known_revisions():
        raise BadInput(
            "{file} is at revision {revision}, which this version does not know. It was made by version {version}.",
            file=backup,
            revision=manifest.facts.revision,
            version=manifest.version,
        )
    return manifest


@lru_cache(maxsize=1)
def _known_revisions() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(HERE)).walk_revisions())


def _chunks(archive: zipfile.ZipFile, manifest: Manifest, backup: Path) -> Iterator[bytes]:
    left = manifest.size
    try:
        with archive.open(manifest.data) as source:
            while left >= 0 and (chunk := source.read(CHUNK)):
                left -= len(chunk)
                yield chunk
    except DAMAGED as error:
        raise BadInput("{file} is damaged: its data cannot be read.", file=backup) from error


def _holds_anything(url: str) -> bool:
    if url.startswith("sqlite"):
        path = backup_sqlite.path_of(url)
        if not path.exists() or not path.stat().st_size:
            return False
        with backup_sqlite.asked(path) as connection:
            return backup_manifest.holds_anything(connection, UNCOUNTED)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return backup_manifest.holds_anything(connection, UNCOUNTED)


def _into_file(url: str, copied: Path, manifest: Manifest, backup: Path) -> tuple[str, tuple[str, ...]]:
    target = backup_sqlite.path_of(url)
    if not backup_sqlite.whole(copied):
        raise BadInput("{file} is damaged: SQLite finds faults in its data.", file=backup)
    with backup_sqlite.asked(copied) as connection:
        _same(manifest.facts, backup_manifest.facts(connection), backup)
        faults = _faults(connection)
    upgrade(f"sqlite:///{copied.resolve()}")
    backup_sqlite.in_one_file(copied)
    if not target.exists() or not target.stat().st_size:
        backup_sqlite.forget(target)  # a log left beside it would be read into the restored file
        copied.replace(target)
        backup_sqlite.on_disk(target.parent)
        return "", faults
    kept = ""
    if _holds_anything(url):
        old = target.with_name(f"{target.name}.before-{_moment()}")
        backup_sqlite.copy(target, old)
        kept = str(old)
    backup_sqlite.copy_into(copied, target)
    return kept, faults


def _into_server(url: str, copied: Path, manifest: Manifest, backup: Path) -> tuple[str, tuple[str, ...]]:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        server = backup_postgres.server_version(connection)
    with backup_postgres.beside(url) as restored:
        backup_postgres.load(restored, copied, server=server)
        engine = sa.create_engine(restored, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            _same(manifest.facts, backup_manifest.facts(connection), backup)
            faults = _faults(connection)
        upgrade(restored)
        keep = f"before_{_moment()}" if _holds_anything(url) else None
        return backup_postgres.take_the_place(url, restored, keep_as=keep) or "", faults


def _same(expected: Facts, found: Facts, backup: Path) -> None:
    if differ := backup_manifest.differences(expected, found):
        raise BadInput(
            "{file} is damaged: it holds something else than its manifest says ({what}).",
            file=backup,
            what=", ".join(differ[:3]),
        )


def _faults(connection: sa.Connection) -> tuple[str, ...]:
    """What is wrong with the audit trail in the backup; the heads published outside are for `verify-audit`."""
    if backup_manifest.AUDIT_TABLE not in sa.inspect(connection).get_table_names():
        return ()
    with Session(bind=connection) as session:
        return tuple(str(fault) for fault in audit.verify(session).faults)


def _moment() -> str:
    return f"{dt.datetime.now(ZONE):%Y%m%d_%H%M%S_%f}"

"""SQLite's own online copy: one consistent moment of the record, while others go on writing."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from services.written import NotWritten

NAME = "luotsi.db"
PATIENCE = 60.0
"""Seconds that a copy waits for somebody else's lock."""


def path_of(url: str) -> Path:
    """The file that an address names.

    Raises:
        NotWritten: It names none: a database in memory.
    """
    name = sa.make_url(url).database
    if not name or name == ":memory:":
        raise NotWritten("This database lives in memory only: there is no file to back up or to restore.")
    return Path(name)


def private_file(path: Path) -> None:
    """Make an empty file that only its owner reads.

    Raises:
        OSError: It is there already, or cannot be made.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def copy(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment into a new file of its own, without a log beside it.

    Raises:
        NotWritten: It cannot be read or written, or it is damaged.
    """
    try:
        private_file(target)
    except OSError as error:
        raise NotWritten(f"{target} cannot be written: {_why(error)}.") from error
    try:
        with closing(_opened(source)) as reading, closing(_opened(target)) as writing:
            writing.execute("PRAGMA synchronous=OFF")  # on the disk once, below
            _copied(reading, writing)
            writing.execute("PRAGMA journal_mode=DELETE")
            found = writing.execute("PRAGMA quick_check(1)").fetchone()[0]
        on_disk(target)
    except (sqlite3.Error, OSError) as error:
        forget(target)
        raise NotWritten(f"{source} cannot be copied: {_why(error)}.") from error
    if found != "ok":
        forget(target)
        raise NotWritten(f"{source} is damaged: {found}. The backups made before are the ones to go by.")


def on_disk(path: Path) -> None:
    """Have the disk keep what is in a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_into(source: Path, target: Path) -> None:
    """Put a database in the place of another that may be in use, as one transaction: the whole of it or nothing.

    Raises:
        NotWritten: It cannot be; the target is as it was.
    """
    try:
        with closing(_opened(source)) as reading, closing(_opened(target)) as writing:
            writing.execute("PRAGMA synchronous=FULL")
            _copied(reading, writing)
    except (sqlite3.Error, OSError) as error:
        raise NotWritten(f"{target} cannot be replaced: {_why(error)}. Nothing was changed.") from error
    target.chmod(0o600)


def _copied(reading: sqlite3.Connection, writing: sqlite3.Connection) -> None:
    """All pages in one step, so that a writer meanwhile does not start it again."""
    until = time.monotonic() + PATIENCE

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("another process keeps it locked")

    reading.backup(writing, pages=-1, progress=waited)


def whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong in a file, references between tables included."""
    try:
        with closing(_opened(path)) as connection:
            sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            return sound and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    except sqlite3.Error:
        return False


@contextmanager
def asked(path: Path) -> Iterator[sa.Connection]:
    """A connection that reads a file and leaves it as it is."""
    engine = sa.create_engine("sqlite://", creator=lambda: _opened(path), poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def in_one_file(path: Path) -> None:
    """Fold the log beside a database into it."""
    with closing(_opened(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def forget(path: Path) -> None:
    """Delete a database with what lies beside it."""
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there: SQLite would make one that is not."""
    address = path.resolve().as_uri() + "?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _why(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return told.rstrip(".") or type(error).__name__

"""What an unexpected error means for the person it meets: nothing of what they did is half done in any case.

Every write is one transaction, so what failed is as if it had not been tried; what differs is what to do now.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_SQLITE_GONE = ("unable to open database file", "disk i/o error", "file is not a database")
_SQLITE_FULL = ("database or disk is full", "attempt to write a readonly database")
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


class Failure(StrEnum):
    """Kinds of failure that a person is told apart."""

    GONE = "gone"
    """The record cannot be reached: neither read nor written."""
    FULL = "full"
    """It can be read, but there is no room to write."""
    BUSY = "busy"
    """Others write; the turn did not come in time."""
    OTHER = "other"
    """A fault of this program."""


def failure_of(error: BaseException) -> Failure:
    """Which kind of failure an error is, looked for through everything it came from.

    >>> failure_of(sqlite3.OperationalError("database or disk is full"))
    <Failure.FULL: 'full'>
    >>> failure_of(KeyError("x"))
    <Failure.OTHER: 'other'>
    """
    for cause in _causes(error):
        if isinstance(cause, NoConnectionFree):
            return Failure.BUSY
        if isinstance(cause, DBAPIError) and cause.connection_invalidated:
            return Failure.GONE
        if isinstance(cause, OSError) and cause.errno in _NO_SPACE:
            return Failure.FULL
        found = _of_sqlite(cause) if isinstance(cause, sqlite3.Error) else _of_postgres(cause)
        if found is not None:
            return found
    return Failure.OTHER


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        original = cause.orig if isinstance(cause, DBAPIError) else None
        waiting += [cause.__context__, cause.__cause__, original]


def _of_sqlite(error: sqlite3.Error) -> Failure | None:
    said = str(error).lower()
    if any(words in said for words in _SQLITE_FULL):
        return Failure.FULL
    if any(words in said for words in _SQLITE_GONE):
        return Failure.GONE
    return Failure.BUSY if "locked" in said else None


def _of_postgres(error: BaseException) -> Failure | None:
    if not isinstance(error, psycopg.Error):
        return None
    if isinstance(error, psycopg.errors.DiskFull | psycopg.errors.ReadOnlySqlTransaction):
        return Failure.FULL
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.TooManyConnections):
        return Failure.BUSY
    # Errors of a connection, not of a statement, carry no state; the server's own about itself begin with 57P.
    if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "57P")[:3] in ("57P", "08", "080", "58"):
        return Failure.GONE
    return None

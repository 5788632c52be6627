"""Errors of both engines and of the disk, told apart by what a person can do about them."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from models.database import Database, database_at
from services.failures import Failure, failure_of


def wrapped(error: Exception) -> Exception:
    """As SQLAlchemy raises what a driver raised."""
    kind = (
        OperationalError if isinstance(error, sqlite3.OperationalError | psycopg.OperationalError) else ProgrammingError
    )
    return kind("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (wrapped(sqlite3.OperationalError("unable to open database file")), Failure.GONE),
        (wrapped(sqlite3.OperationalError("disk I/O error")), Failure.GONE),
        (wrapped(sqlite3.OperationalError("database or disk is full")), Failure.FULL),
        (wrapped(sqlite3.OperationalError("attempt to write a readonly database")), Failure.FULL),
        (wrapped(sqlite3.OperationalError("database is locked")), Failure.BUSY),
        (wrapped(sqlite3.OperationalError("no such table: unit")), Failure.OTHER),
        (wrapped(psycopg.OperationalError("connection refused")), Failure.GONE),
        (wrapped(psycopg.errors.AdminShutdown("terminating connection")), Failure.GONE),
        (wrapped(psycopg.errors.CannotConnectNow("the database system is starting up")), Failure.GONE),
        (wrapped(psycopg.errors.DiskFull("could not extend file")), Failure.FULL),
        (wrapped(psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT")), Failure.FULL),
        (wrapped(psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")), Failure.BUSY),
        (wrapped(psycopg.errors.TooManyConnections("sorry, too many clients already")), Failure.BUSY),
        (wrapped(psycopg.errors.UndefinedTable("relation does not exist")), Failure.OTHER),
        (NoConnectionFree("QueuePool limit reached"), Failure.BUSY),
        (OSError(errno.ENOSPC, "No space left on device"), Failure.FULL),
        (FileNotFoundError(errno.ENOENT, "No such file"), Failure.OTHER),
        (ValueError("the secret detail"), Failure.OTHER),
    ],
)
def test_each_is_told_apart(error: Exception, failure: Failure) -> None:
    assert failure_of(error) is failure


def written_badly() -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError as full:
        raise ValueError("could not be written") from full


def test_it_is_found_behind_what_was_made_of_it() -> None:
    with pytest.raises(ValueError, match="could not be written") as error:
        written_badly()
    assert failure_of(error.value) is Failure.FULL


def write_though_another_writes(database: Database) -> None:
    with database.write_engine.connect() as one, database.write_engine.connect() as other:
        one.exec_driver_sql("SELECT 1")
        raw = other.connection.driver_connection
        assert raw is not None
        if other.dialect.name == "sqlite":
            raw.execute("PRAGMA busy_timeout=50")
        else:
            raw.execute("SET lock_timeout = '50ms'")
            raw.commit()
        other.exec_driver_sql("SELECT 1")


def test_what_the_engines_really_raise(database_url: str) -> None:
    """A turn that does not come, and a server that is not there."""
    database = database_at(database_url)
    with pytest.raises(sa.exc.DBAPIError) as busy:
        write_though_another_writes(database)
    assert failure_of(busy.value) is Failure.BUSY
    database.dispose()
    nowhere = database_at("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(sa.exc.OperationalError) as gone:
        nowhere.read_engine.connect()
    assert failure_of(gone.value) is Failure.GONE

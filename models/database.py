"""Engines for the record: SQLite in one file, or PostgreSQL, chosen by the address."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import event
from sqlmodel import Session

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "recursive_triggers=ON",
)


class WithoutNull(StrDumper):
    """A text for PostgreSQL, which knows no null character and refuses what holds one: an address may (?code=%00)."""

    def dump(self, obj: str) -> Buffer | None:
        """The text without it."""
        return super().dump(obj.replace("\0", ""))


def make_engine(url: str) -> sa.Engine:
    """An engine for reading: deferred transactions, so that readers never wait for each other.

    Args:
        url: An SQLAlchemy address, `sqlite:///path` or `postgresql+psycopg://...`.
    """
    return _engine(url, begin="BEGIN")


def make_write_engine(url: str) -> sa.Engine:
    """An engine for writing. On SQLite every transaction takes the write lock at its start (BEGIN IMMEDIATE):
    a deferred one silently loses updates when two read, then write."""
    return _engine(url, begin="BEGIN IMMEDIATE")


def _engine(url: str, *, begin: str) -> sa.Engine:
    if not sa.make_url(url).get_backend_name().startswith("sqlite"):
        engine = sa.create_engine(url, pool_pre_ping=True)
        event.listen(engine, "connect", lambda connection, _: connection.adapters.register_dumper(str, WithoutNull))
        return engine
    engine = sa.create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Database:
    """The record at one address, with an engine for reading and one for writing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.read_engine = make_engine(url)
        self.write_engine = make_write_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never commits."""
        with Session(self.read_engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one service call; what the service did not commit is rolled back."""
        with Session(self.write_engine, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.read_engine.dispose()
        self.write_engine.dispose()


@lru_cache(maxsize=8)
def database_at(url: str) -> Database:
    """The database at an address; engines are made once a process."""
    return Database(url)

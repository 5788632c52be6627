"""Engines for the record: SQLite in one file, or PostgreSQL, chosen by the address.

Writers take turns on both: a transaction of the writing engine begins with the one lock that all of them want, so what
it reads stays true until it has written. Readers never wait for anybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import event
from sqlmodel import Session

from models.sqlite_file import keep_to_it

PATIENCE = 60
"""Seconds that a writer waits for its turn before it gives up."""
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={PATIENCE * 1000}",
    "foreign_keys=ON",
    "recursive_triggers=ON",
)
WRITERS = 0x4C756F747369
"""The number of the advisory lock that PostgreSQL's writers take in turn: the name of the product in ASCII."""
POSTGRES_WRITERS = {
    "lock_timeout": f"{PATIENCE}s",
    # A writer whose machine is gone must not keep the turn: the server asks after it from half a minute of silence on.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Settings of a connection that writes."""
REACHED_WITHIN = {
    "connect_timeout": 5,
    # A server whose machine is gone is noticed, so that nobody waits for it without end.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How a PostgreSQL is waited for, in seconds, the last in milliseconds; an address may say otherwise."""


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
    return _sqlite(url, begin="BEGIN") if _is_sqlite(url) else _postgres(url)


def make_write_engine(url: str) -> sa.Engine:
    """An engine for writing: its transactions come one after the other, on all machines and in all processes together.

    On SQLite each takes the write lock at its start (BEGIN IMMEDIATE), on PostgreSQL an advisory lock. Without it two
    that read, then write, silently lose an update. Who has waited for PATIENCE gets an OperationalError.

    Args:
        url: An SQLAlchemy address.
    """
    if _is_sqlite(url):
        return _sqlite(url, begin="BEGIN IMMEDIATE")
    engine = _postgres(url, options=" ".join(f"-c {name}={value}" for name, value in POSTGRES_WRITERS.items()))
    event.listen(engine, "begin", _await_turn)
    return engine


def _await_turn(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name().startswith("sqlite")


def _postgres(url: str, *, options: str = "") -> sa.Engine:
    address = sa.make_url(url)
    options = f"{address.query.get('options', '')} {options}".strip()
    arguments: dict[str, Any] = {k: v for k, v in REACHED_WITHIN.items() if k not in address.query}
    if options:
        arguments["options"] = options
    engine = sa.create_engine(address, pool_pre_ping=True, connect_args=arguments)
    event.listen(engine, "connect", lambda connection, _: connection.adapters.register_dumper(str, WithoutNull))
    return engine


def _sqlite(url: str, *, begin: str) -> sa.Engine:
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
        for engine in (self.read_engine, self.write_engine):
            keep_to_it(engine)

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

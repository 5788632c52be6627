"""Many rows at once, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from models import audit_trail

Item = TypeVar("Item")
_SLICE = 10_000
_MOST_IN_A_LIST = 500


def insert_rows(session: Session, model: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns, through the table: the class starts a statement at every other NULL."""
    statement, inserted = sa.insert(_table(model)), 0
    for part in slices(rows, _SLICE):
        session.connection().execute(statement, [dict(row) for row in part])
        inserted += len(part)
    if inserted:
        audit_trail.many(session, "insert", str(model.__tablename__), rows=inserted)


def new_ids(session: Session, model: type[SQLModel], count: int) -> Sequence[int]:
    """Ids for rows about to be inserted, from the sequence, or the next ones under SQLite's write lock."""
    table = _table(model)
    if session.get_bind().dialect.name == "postgresql":
        found = session.connection().execute(
            sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
            {"name": table.name, "count": count},
        )
        return [int(row[0]) for row in found]
    last = session.connection().execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    return range(last + 1, last + 1 + count)


def in_lists(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in lists short enough for IN (...) on every engine."""
    return slices(items, _MOST_IN_A_LIST)


def slices(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items in lists of at most a size.

    >>> list(slices("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    waiting = iter(items)
    while part := list(islice(waiting, size)):
        yield part


def overwrite_what_goes(session: Session) -> None:
    """Have SQLite overwrite in the file what this session deletes, so that words are not left in free pages."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA secure_delete = ON"))


def _table(model: type[SQLModel]) -> sa.Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]

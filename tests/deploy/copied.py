"""The demo county from its SQLite file into a PostgreSQL: seconds, where loading it there takes a minute."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import SQLModel

import models.tables  # noqa: F401  every table must be known
from models.database import make_engine


def copy_rows(source_url: str, target_url: str) -> None:
    """Every row of a migrated database into another that is migrated too.

    Args:
        source_url: The SQLite file.
        target_url: The PostgreSQL, for a superuser: rows come in any order, so nothing is checked on the way.
    """
    source, target = make_engine(source_url), sa.create_engine(target_url)
    with source.connect() as given, target.begin() as taken:
        taken.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in SQLModel.metadata.sorted_tables:
            taken.execute(sa.delete(table))  # what a migration put there
            rows = given.execute(sa.select(table)).mappings().all()
            for some in _in_pieces(rows):
                taken.execute(sa.insert(table), some)
            for column in table.primary_key:
                if isinstance(column.type, sa.Integer) and not column.foreign_keys:
                    _count_on(taken, table.name, column.name)
    source.dispose()
    target.dispose()


def _in_pieces(rows: Iterable[sa.RowMapping], size: int = 5000) -> Iterable[list[dict[str, object]]]:
    piece: list[dict[str, object]] = []
    for row in rows:
        piece.append(dict(row))
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def _count_on(connection: sa.Connection, table: str, column: str) -> None:
    """The next number is one that no row has."""
    named = {"table": f'"{table}"', "column": column}
    sequence = connection.scalar(sa.text("SELECT pg_get_serial_sequence(:table, :column)"), named)
    if sequence:
        free = f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"'
        connection.execute(
            sa.text(f"SELECT setval(CAST(:sequence AS regclass), ({free}), false)"), {"sequence": sequence}
        )

"""The demo county from an SQLite file into a PostgreSQL that has its tables, row for row: loading it takes longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlmodel import SQLModel

import models.tables  # noqa: F401  the metadata must be whole


def copy_rows(source: sa.Engine, target: sa.Engine) -> int:
    """Copy every row of every table, and let the numbers of new rows go on after them; how many were copied."""
    copied = 0
    with source.connect() as reading, target.begin() as writing:
        driver = writing.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        for table in SQLModel.metadata.sorted_tables:
            rows = reading.execute(table.select().order_by(*table.primary_key.columns)).all()
            into = [_into(column, target.dialect) for column in table.columns]
            names = psycopg.sql.SQL(", ").join(psycopg.sql.Identifier(column.name) for column in table.columns)
            command = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(psycopg.sql.Identifier(table.name), names)
            with driver.cursor() as cursor, cursor.copy(command) as copy:
                for row in rows:
                    copy.write_row([write(value) for write, value in zip(into, row, strict=True)])
            copied += len(rows)
            for column in table.primary_key.columns:
                sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
                if writing.execute(sa.select(sequence)).scalar_one() is not None:
                    last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                    writing.execute(sa.select(sa.func.setval(sequence, last, False)))
    return copied


def _into(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any]:
    """What the models' type makes of a value on its way into the database."""
    processor = column.type.dialect_impl(dialect).bind_processor(dialect)
    return processor if processor is not None else lambda value: value

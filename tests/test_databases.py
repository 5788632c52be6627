"""The fixtures keep their promises: a real PostgreSQL, and a migrated database of its own for every test."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from models.migrate import newest_revision
from tests.postgres import Postgres, running_postgres


def test_it_is_postgresql(postgres: Postgres) -> None:
    with postgres.database() as (_, url):
        engine = create_engine(url)
        with engine.connect() as connection:
            assert str(connection.scalar(text("SELECT version()"))).startswith("PostgreSQL")
        engine.dispose()


def test_copies_are_apart_and_gone_afterwards(postgres: Postgres) -> None:
    with postgres.database() as (template, template_url):
        engine = create_engine(template_url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE thing (id int)"))
        engine.dispose()
        with postgres.database(template=template) as (first, url), postgres.database(template=template) as (_, other):
            for address, rows in ((url, 1), (other, 0)):
                engine = create_engine(address)
                with engine.begin() as connection:
                    if rows:
                        connection.execute(text("INSERT INTO thing VALUES (1)"))
                    assert connection.scalar(text("SELECT count(*) FROM thing")) == rows
                engine.dispose()
    engine = create_engine(postgres.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname = :n"), {"n": first}) == 0
    engine.dispose()


def test_another_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "sqlite:///x.db")
    with pytest.raises(RuntimeError, match="must be a postgresql:// address"), running_postgres():
        pass


@pytest.mark.parametrize("attempt", [1, 2])
def test_every_test_has_a_migrated_database_of_its_own(session: Session, attempt: int) -> None:
    revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    assert revision == newest_revision()
    session.execute(text("CREATE TABLE left_behind (attempt int)"))  # fails when an earlier test's database is reused
    session.commit()


def test_both_engines_are_exercised(engine: Engine, request: pytest.FixtureRequest) -> None:
    assert engine.dialect.name == request.node.callspec.params["database_url"]

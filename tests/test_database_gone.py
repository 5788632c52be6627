"""The record is gone while the service runs: it says so, writes nowhere else, and goes on when the record is back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.base import validated
from models.database import Database, database_at
from models.organisation import Unit
from services.failures import Failure, failure_of
from tests.api.test_serving import client
from tests.databases import sqlite_url
from tests.deploy.roles import Server, own_server


def keep(database: Database, code: str) -> None:
    with database.writing() as session:
        session.add(validated(Unit, code=code, level="unit", name={"fi": code}, takes_pilots=True))
        session.commit()


def codes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Unit.code).order_by(Unit.code)))


def assert_gone(database: Database) -> None:
    for use in (codes, lambda record: keep(record, "LOST")):
        with pytest.raises(sa.exc.OperationalError) as error:
            use(database)
        assert failure_of(error.value) is Failure.GONE


@pytest.fixture
def record(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    path = tmp_path / "luotsi.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(sqlite_url(path))
    yield database, path
    database.dispose()


def test_a_file_that_was_moved_is_neither_used_nor_made_anew(record: tuple[Database, Path], tmp_path: Path) -> None:
    database, path = record
    keep(database, "A")
    away = tmp_path / "away.db"
    path.rename(away)
    before = away.read_bytes()
    assert_gone(database)
    assert not path.exists()
    assert away.read_bytes() == before
    away.rename(path)
    keep(database, "B")
    assert codes(database) == ["A", "B"]


def test_a_file_that_was_replaced_is_the_one_that_is_used(record: tuple[Database, Path], tmp_path: Path) -> None:
    """As by a restore: what is saved afterwards must not go into the file that is no longer there."""
    database, path = record
    keep(database, "A")
    database.dispose()  # its journal is in the file now
    kept = tmp_path / "kept.db"
    shutil.copyfile(path, kept)
    keep(database, "B")
    assert codes(database) == ["A", "B"]
    for journal in tmp_path.glob("luotsi.db-*"):
        journal.unlink()
    kept.replace(path)
    assert codes(database) == ["A"]
    keep(database, "C")
    fresh = Database(sqlite_url(path))
    assert codes(fresh) == ["A", "C"]
    fresh.dispose()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_server() as running:
        yield running


@pytest.mark.slow
def test_a_server_that_stops_and_comes_back(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.migrate import upgrade

    upgrade(server.url("luotsi_owner"))
    server.give_rights()
    monkeypatch.setenv("DATABASE_URL", server.url("luotsi"))
    database = database_at(server.url("luotsi"))
    ask = client()
    keep(database, "A")
    assert ask("/healthz").status == 200
    server.stop()
    assert_gone(database)
    answer = ask("/healthz")
    assert (answer.status, answer.json()["status"]) == (503, "failing")
    server.start()
    assert codes(database) == ["A"]
    keep(database, "B")
    assert ask("/healthz").status == 200
    database.dispose()


def test_health_says_that_the_file_is_gone(
    record: tuple[Database, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, path = record
    monkeypatch.setenv("DATABASE_URL", database.url)
    ask = client()
    assert ask("/healthz").status == 200
    path.rename(tmp_path / "away.db")
    assert (ask("/healthz").status, ask("/healthz").json()["database"]) == (503, "OperationalError")
    for address in ("/api/v1/public/stories", "/public/feed.json"):
        refused = ask(address)
        assert (refused.status, refused.headers["content-type"]) == (503, "application/problem+json"), address
        assert refused.headers["retry-after"]
    (tmp_path / "away.db").rename(path)
    assert ask("/healthz").status == 200

"""Backups: one moment of the record in one file, and back again, or not at all."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from models.database import Database
from models.migrate import upgrade
from models.people import Setting
from services import backup, backup_manifest, backup_postgres, restore
from services.errors import BadInput, Conflict
from services.written import NotWritten
from tests.databases import sqlite_url
from tests.postgres import Postgres
from tests.services.conftest import World
from tests.services.kept_safe import everything, use_the_tests_tools


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    use_the_tests_tools(monkeypatch)


@pytest.fixture
def another_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same engine, without any table."""
    if database_url.startswith("sqlite"):
        yield sqlite_url(tmp_path / "another.db")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.database() as (_, url):
            yield url


def put(url: str, **values: str) -> None:
    """Store settings, or change them."""
    with closing_of(url) as database, database.writing() as session:
        for key, value in values.items():
            session.merge(Setting(key=key, value=value))
        session.commit()


def closing_of(url: str) -> closing[Database]:
    database = Database(url)
    database.close = database.dispose  # type: ignore[attr-defined]
    return closing(database)  # type: ignore[type-var]


def setting(url: str, key: str) -> str | None:
    with closing_of(url) as database, database.reading() as session:
        found = session.get(Setting, key)
        return found.value if found else None


def test_every_row_comes_back(database_url: str, another_url: str, world: World, tmp_path: Path) -> None:
    world.answer(world.ward, day=dt.date(2026, 11, 2), score=9, text="Hyvä ja ystävällinen palvelu")
    made = backup.make(database_url, tmp_path / "kept.backup")
    assert made.manifest.facts.rows["person"] == 6
    assert made.manifest.facts.audit_entries > 0
    assert os.stat(made.file).st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*kept*")] == ["kept.backup"], "nothing is left beside it"

    done = restore.restore(another_url, made.file)

    assert done.kept == ""
    assert everything(another_url) == everything(database_url)


@pytest.mark.slow
def test_triggers_guard_the_restored_trail_too(
    database_url: str, another_url: str, world: World, tmp_path: Path
) -> None:
    restore.restore(another_url, backup.make(database_url, tmp_path / "kept.backup").file)
    engine = sa.create_engine(another_url, poolclass=sa.pool.NullPool)
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'nobody'")


def test_a_backup_is_one_moment_while_others_write(database_url: str, another_url: str, tmp_path: Path) -> None:
    put(database_url, left="0", right="0")
    stop, written = threading.Event(), [0]

    def write() -> None:
        with closing_of(database_url) as database:
            while not stop.is_set():
                with database.writing() as session:
                    number = str(written[0] + 1)
                    session.merge(Setting(key="left", value=number))
                    session.flush()
                    session.merge(Setting(key="right", value=number))
                    session.merge(Setting(key=f"filler-{number}", value="x" * 3000))
                    session.commit()
                    written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written[0] < 3:
            pass
        first = written[0]
        made = [backup.make(database_url, tmp_path / f"{number}.backup") for number in range(3)]
        last = written[0]
    finally:
        stop.set()
        writer.join()
    assert last > first, "nobody wrote meanwhile"
    moments = []
    for one in made:
        restore.restore(another_url, one.file, replace=True)
        left = int(setting(another_url, "left") or -1)
        assert setting(another_url, "right") == str(left)
        assert one.manifest.facts.rows["setting"] == left + 2
        moments.append(left)
    assert moments == sorted(moments)
    assert first <= moments[0]


def test_a_record_is_replaced_only_when_told_and_then_kept(database_url: str, another_url: str, tmp_path: Path) -> None:
    put(database_url, which="backed up")
    made = backup.make(database_url, tmp_path / "kept.backup")
    upgrade(another_url)
    put(another_url, which="in the way")
    with pytest.raises(Conflict, match="--replace"):
        restore.restore(another_url, made.file)
    assert setting(another_url, "which") == "in the way"

    done = restore.restore(another_url, made.file, replace=True)

    assert setting(another_url, "which") == "backed up"
    address = sa.make_url(another_url)
    old = address.set(database=done.kept).render_as_string(hide_password=False)
    assert setting(old, "which") == "in the way"
    if not old.startswith("sqlite"):
        with backup_postgres._maintenance(another_url) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')


def test_people_who_are_connected_meanwhile_see_the_restored_record(database_url: str, tmp_path: Path) -> None:
    put(database_url, which="then")
    made = backup.make(database_url, tmp_path / "kept.backup")
    put(database_url, which="now")
    with closing_of(database_url) as database:
        with database.reading() as session:
            assert session.get_one(Setting, "which").value == "now"
        done = restore.restore(database_url, made.file, replace=True)
        with database.reading() as session:
            assert session.get_one(Setting, "which").value == "then"
        with database.writing() as session:
            session.merge(Setting(key="which", value="after"))
            session.commit()
    assert setting(database_url, "which") == "after"
    if not database_url.startswith("sqlite"):
        with backup_postgres._maintenance(database_url) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')


@pytest.mark.slow
def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(
    empty_database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    upgrade(empty_database_url, "0003")
    engine = sa.create_engine(empty_database_url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('which', 'early')")
    made = backup.make(empty_database_url, tmp_path / "early.backup")
    assert (made.manifest.facts.revision, made.manifest.facts.audit_entries) == ("0003", 0)

    done = restore.restore(empty_database_url, made.file, replace=True)

    assert done.revision > "0003"
    assert setting(empty_database_url, "which") == "early"
    if not empty_database_url.startswith("sqlite"):
        with backup_postgres._maintenance(empty_database_url) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_there_stays(database_url: str, tmp_path: Path) -> None:
    put(database_url, which="first")
    file = tmp_path / "kept.backup"
    backup.make(database_url, file)
    before = file.read_bytes()
    with pytest.raises(Conflict, match="is there already"):
        backup.make(database_url, file)
    assert file.read_bytes() == before
    put(database_url, which="second")
    assert backup.make(database_url, file, replace=True).file == file
    assert file.read_bytes() != before
    assert backup.make(database_url, tmp_path).file.parent == tmp_path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_machine_needs_no_folder_yet(database_url: str, tmp_path: Path) -> None:
    put(database_url, which="backed up")
    made = backup.make(database_url, tmp_path / "kept.backup")
    fresh = sqlite_url(tmp_path / "srv" / "luotsi" / "luotsi.db")
    restore.restore(fresh, made.file)
    assert setting(fresh, "which") == "backed up"
    assert (tmp_path / "srv" / "luotsi" / "luotsi.db").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "srv" / "luotsi").iterdir() if "restored" in path.name] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_restore_that_breaks_off_leaves_what_was_there(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database_url, which="backed up")
    made = backup.make(database_url, tmp_path / "kept.backup")
    put(database_url, which="in use")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore, "unpack", full)
    with pytest.raises(NotWritten, match=r"No space left on device\. Nothing was changed"):
        restore.restore(database_url, made.file, replace=True)
    assert setting(database_url, "which") == "in use"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_pg_dump_one_sentence_says_what_to_install(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOTSI_PG_BIN", str(tmp_path))
    with pytest.raises(BadInput, match=r"No pg_dump of version \d+ or newer was found .*postgresql-client-\d+"):
        backup.make(database_url, tmp_path / "kept.backup")
    assert list(tmp_path.iterdir()) == []
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho pg_dump '(PostgreSQL)' 9.6\n")
    old.chmod(0o700)
    with pytest.raises(BadInput, match=r"pg_dump \(9\)"):
        backup.make(database_url, tmp_path / "kept.backup")


@pytest.mark.slow
def test_a_broken_trail_is_told_and_restored_all_the_same(
    database_url: str, another_url: str, world: World, tmp_path: Path
) -> None:
    with Session(sa.create_engine(database_url, poolclass=sa.pool.NullPool)) as session:
        session.execute(sa.text("DELETE FROM audit_detail WHERE entry_id = 1"))
        session.commit()
    done = restore.restore(another_url, backup.make(database_url, tmp_path / "kept.backup").file)
    assert len(done.faults) == 1
    assert "entry 1 " in done.faults[0]


def test_an_empty_database_says_so(empty_database_url: str, tmp_path: Path) -> None:
    with pytest.raises((Conflict, NotWritten)):
        backup.make(empty_database_url, tmp_path / "kept.backup")
    assert not (tmp_path / "kept.backup").exists()


def test_what_differs_is_named() -> None:
    one = backup_manifest.Facts(revision="1", rows={"a": 1, "b": 2}, audit_entries=1, audit_hash="x")
    other = backup_manifest.Facts(revision="1", rows={"a": 1, "b": 3, "c": 0}, audit_entries=1, audit_hash="x")
    assert backup_manifest.differences(one, one) == []
    assert backup_manifest.differences(one, other) == ["b", "c"]

"""Many who read, then write, the same thing at once: no update may be lost on either engine.

`python -m benchmarks.lost_updates` is the whole of it: 2 processes x 4 threads x 500 turns.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from benchmarks import lost_updates
from models import database as databases
from models.database import Database, make_engine
from models.people import Setting
from tests.databases import sqlite_url


@pytest.mark.parametrize(
    ("what", "times"),
    [("number", 60), pytest.param("plan", 4, marks=pytest.mark.slow), pytest.param("week", 4, marks=pytest.mark.slow)],
)
def test_nothing_is_lost(database_url: str, what: str, times: int) -> None:
    lost_updates.seed(database_url)
    found = lost_updates.counted(database_url, what, times=times)
    assert found.errors == []
    assert found.arrived == found.turns == 8 * times
    assert found.whole


def test_a_writer_waits_for_the_one_before_it_and_reads_what_that_left(database_url: str) -> None:
    database = Database(database_url)
    read: list[str] = []

    def add_one() -> None:
        with database.writing() as session:
            row = session.get_one(Setting, "n")
            read.append(row.value)

    with database.writing() as session:
        session.add(Setting(key="n", value="0"))
        session.commit()
    with database.writing() as session:
        session.get_one(Setting, "n").value = "1"
        other = threading.Thread(target=add_one)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive(), "the second writer did not wait for its turn"
        with database.reading() as reader:
            assert reader.get_one(Setting, "n").value == "0"  # a reader waits for nobody
        session.commit()
    other.join(timeout=30)
    database.dispose()
    assert read == ["1"]


def test_who_has_waited_too_long_gives_up_and_can_come_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "SQLITE_PRAGMAS", (*databases.SQLITE_PRAGMAS, "busy_timeout=200"))
    monkeypatch.setitem(databases.POSTGRES_WRITERS, "lock_timeout", "200ms")
    database = Database(database_url)
    with database.writing() as session:
        session.add(Setting(key="n", value="0"))
        session.flush()
        with pytest.raises(OperationalError), database.writing() as second:
            second.get(Setting, "n")
        session.commit()
    with database.writing() as again:
        assert again.get_one(Setting, "n").value == "0"
    database.dispose()


def test_a_reading_session_that_writes_after_another_did_is_stopped_not_silently_lost(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """The trap itself: with a deferred BEGIN the second writer's snapshot is stale. It must fail, never overwrite."""
    path = tmp_path / "trap.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(sqlite_url(path))
    with Session(engine) as session:
        session.add(Setting(key="n", value="0"))
        session.commit()
    with Session(engine) as first, Session(engine) as second:
        mine, theirs = first.get(Setting, "n"), second.get(Setting, "n")
        assert mine is not None
        assert theirs is not None
        mine.value = "1"
        first.commit()
        theirs.value = "1"
        with pytest.raises(OperationalError, match="locked"):
            second.commit()
    engine.dispose()

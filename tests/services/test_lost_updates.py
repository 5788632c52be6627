"""Two processes that read, then write, the same row: no update may be lost on either engine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models.database import make_engine, make_write_engine
from models.people import Setting
from tests.databases import sqlite_url

ROOT = Path(__file__).parents[2]
PROCESSES, TIMES = 2, 150


def test_writing_sessions_lose_nothing(database_url: str) -> None:
    engine = make_write_engine(database_url)
    with Session(engine) as session:
        session.add(Setting(key="n", value="0"))
        session.commit()
    command = [sys.executable, "-m", "tests.services.count_up", database_url, str(TIMES)]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(PROCESSES)]
    assert [worker.wait(timeout=120) for worker in workers] == [0] * PROCESSES
    with Session(engine) as session:
        row = session.get(Setting, "n")
    engine.dispose()
    assert row is not None
    assert int(row.value) == PROCESSES * TIMES


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

"""Two processes that read, then write, the same row: no update may be lost on either engine."""

from __future__ import annotations

import multiprocessing

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models.database import make_engine, make_write_engine
from models.people import Setting

PROCESSES, TIMES = 2, 150


def _count_up(url: str, writing: bool) -> None:
    engine = make_write_engine(url) if writing else make_engine(url)
    for _ in range(TIMES):
        with Session(engine) as session:
            row = session.exec(sa.select(Setting).where(Setting.key == "n").with_for_update()).scalar_one()  # type: ignore[call-overload]
            row.value = str(int(row.value) + 1)
            session.add(row)
            session.commit()
    engine.dispose()


def _run(url: str, *, writing: bool) -> tuple[int, list[int | None]]:
    engine = make_write_engine(url)
    with Session(engine) as session:
        session.merge(Setting(key="n", value="0"))
        session.commit()
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_count_up, args=(url, writing)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    with Session(engine) as session:
        row = session.get(Setting, "n")
    engine.dispose()
    assert row is not None
    return int(row.value), [worker.exitcode for worker in workers]


def test_writing_sessions_lose_nothing(database_url: str) -> None:
    assert _run(database_url, writing=True) == (PROCESSES * TIMES, [0, 0])


def test_a_reading_session_that_writes_after_another_did_is_stopped_not_silently_lost(
    sqlite_template, tmp_path
) -> None:
    """The trap itself: with a deferred BEGIN the second writer's snapshot is stale. It must fail, never overwrite."""
    import shutil

    import pytest

    from tests.databases import sqlite_url

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

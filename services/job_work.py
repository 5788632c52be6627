"""What a job is given and gives back, and how one process at a time has it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from models.database import Database
from services import work_lease
from services.settings import Settings

BEAT_EVERY = work_lease.GONE_AFTER.total_seconds() / 6


class TakenOver(Exception):
    """Another process has taken the job: this one had been silent for too long."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a job is given.

    Attributes:
        database: The record.
        settings: How the installation is set up.
        today: The day it is.
        moment: The moment it is.
        go_on: To be called between two steps, with how many are done and how many there are; raises TakenOver.
    """

    database: Database
    settings: Settings
    today: dt.date
    moment: dt.datetime
    go_on: Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a job gives back.

    Attributes:
        counts: What was done, in numbers.
        said: What is not set up or what failed, in a sentence; "" for nothing.
        set_up: Whether there was anything to do it with.
        failed: Whether some of it failed, though the rest was done.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    said: str = ""
    set_up: bool = True
    failed: bool = False


@contextmanager
def lease(database: Database, name: str) -> Iterator[Callable[[int, int], None] | None]:
    """Have a job to oneself, saying so every quarter of a minute however long a step takes.

    Yields:
        What is called between two steps; None when another process has the job.
    """
    work = f"job:{name}"
    with database.writing() as session:
        owner = work_lease.take(session, work, total=0)
    if owner is None:
        yield None
        return
    stopped, lost = threading.Event(), threading.Event()
    at = [0, 0]

    def beat() -> None:
        while not stopped.wait(BEAT_EVERY):
            try:
                with database.writing() as session:
                    if not work_lease.beat(session, work, owner, done=at[0], total=at[1]):
                        lost.set()
                        return
                    session.commit()
            except sa.exc.OperationalError:
                continue  # the job itself may be writing for long: the next beat says it

    def go_on(done: int, total: int) -> None:
        at[:] = [done, total]
        if lost.is_set():
            raise TakenOver

    beating = threading.Thread(target=beat, daemon=True, name=work)
    beating.start()
    try:
        yield go_on
    finally:
        stopped.set()
        beating.join()
        with database.writing() as session:
            work_lease.give_back(session, work, owner)

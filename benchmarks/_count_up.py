"""Threads that read something and write it back one further, again and again, each time in a transaction of its own.

python -m benchmarks._count_up DATABASE_URL WHAT THREADS TIMES DAY

WHAT is what is counted: a bare row, or something that a service of the product reads, then writes. What went wrong is
printed as a JSON list of sentences.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import threading
from collections.abc import Callable

from sqlmodel import Session, select

import models.tables  # noqa: F401  every table must be known before the first write
from models.database import Database
from models.people import Person, Setting
from models.pilots import Happened, LogEntry
from models.plans import PilotPlan
from services import plans, weekly_log

STEP = 1 / 1024
"""What a plan's smallest change grows by: a fraction that adds up without rounding."""


def number(session: Session, _: dt.date) -> None:
    """One more in a setting."""
    row = get_setting(session)
    row.value = str(int(row.value) + 1)
    session.add(row)
    session.commit()


def plan(session: Session, today: dt.date) -> None:
    """The plan of the only pilot, amended: its smallest change is a step larger than in the version in force."""
    pilot_id = session.exec(select(PilotPlan.pilot_id)).first()
    assert pilot_id is not None
    before = plans.as_input(plans.current(session, pilot_id))
    after = dataclasses.replace(before, smallest_change=before.smallest_change + STEP)
    plans.amend_plan(session, pilot_id=pilot_id, plan=after, reason="Askel.", by=somebody(session, "lead"), today=today)


def week(session: Session, today: dt.date) -> None:
    """The week of the only pilot, logged anew: its number is one more than the number logged last."""
    pilot_id = session.exec(select(PilotPlan.pilot_id)).first()
    assert pilot_id is not None
    last: LogEntry | None = (weekly_log.entries(session, pilot_id) or [None])[-1]
    value = 0.0 if last is None else weekly_log.value_of(session, last) or 0.0
    weekly_log.record(
        session,
        pilot_id=pilot_id,
        happened=Happened.YES,
        by=somebody(session, "nurse"),
        today=today,
        value=value + 1,
    )


WHAT: dict[str, Callable[[Session, dt.date], None]] = {"number": number, "plan": plan, "week": week}


def get_setting(session: Session) -> Setting:
    """The row that is counted up."""
    return session.exec(select(Setting).where(Setting.key == "n")).one()


def somebody(session: Session, code: str) -> Person:
    """The person with a user name."""
    return session.exec(select(Person).where(Person.code == code)).one()


def count_up(url: str, what: str, *, threads: int, times: int, today: dt.date) -> list[str]:
    """Take a number of turns in each of some threads; what went wrong."""
    database = Database(url)
    wrong: list[str] = []

    def turns() -> None:
        for _ in range(times):
            try:
                with database.writing() as session:
                    WHAT[what](session, today)
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

    running = [threading.Thread(target=turns) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    database.dispose()
    return wrong


if __name__ == "__main__":
    address, what, threads, times, day = sys.argv[1:]
    found = count_up(address, what, threads=int(threads), times=int(times), today=dt.date.fromisoformat(day))
    print(json.dumps(found))

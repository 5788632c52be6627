"""When somebody was last there is stored beside the pages: soon, seldom, and without anybody waiting for it."""

from __future__ import annotations

import datetime as dt

import pytest

from models.database import Database
from models.people import Person, Role, Setting
from models.sessions import SignInKind, SignInSession
from services import sessions
from services.people import DEMO_MARK
from services.rows import get, key
from services.session_activity import Activity
from services.sign_in_settings import load

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def seconds(number: int) -> dt.datetime:
    return NOW + dt.timedelta(seconds=number)


@pytest.fixture
def begun(database_url: str) -> tuple[Database, int]:
    database = Database(database_url)
    with database.writing() as session:
        session.add(Setting(key=DEMO_MARK, value="x"))
        person = Person(code="x", name="X", role=Role.TRUSTEE, is_demo=True)
        session.add(person)
        session.flush()
        row = sessions.begin(session, person_id=key(person.id), kind=SignInKind.DEMO, settings=load(), now=NOW)
        session.commit()
        return database, key(row.id)


def last_seen(database: Database, number: int) -> float:
    with database.reading() as session:
        return (get(session, SignInSession, number).seen_at - NOW).total_seconds()


def test_it_is_stored_at_most_once_a_minute(begun: tuple[Database, int]) -> None:
    database, number = begun
    activity, found = Activity(), []
    for moment in (61, 90, 120, 121):
        activity.seen(database, number, now=seconds(moment))
        activity.stored()
        found.append(last_seen(database, number))
    database.dispose()
    assert found == [61, 61, 61, 121]


def test_nobody_waits_for_a_long_write(begun: tuple[Database, int]) -> None:
    database, number = begun
    activity = Activity()
    with database.writing() as session:
        session.add(Person(code="busy", name="Busy", role=Role.TRUSTEE))
        session.flush()  # holds the turn to write
        activity.seen(database, number, now=seconds(61))
        assert last_seen(database, number) == 0
        session.commit()
    activity.stored()
    assert last_seen(database, number) == 61
    database.dispose()


def test_a_record_that_is_gone_is_logged_and_the_next_one_is_stored(
    begun: tuple[Database, int], caplog: pytest.LogCaptureFixture
) -> None:
    database, number = begun
    activity, gone = Activity(), Database("sqlite:////nowhere/at/all.db")
    activity.seen(gone, number, now=seconds(61))
    activity.seen(database, number, now=seconds(61))
    activity.stored()
    assert "could not be stored" in caplog.text
    assert last_seen(database, number) == 61
    database.dispose()

"""A full disk: nothing is saved by halves, the error says what it is, and everything goes on once there is room."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from models.base import validated, week_of
from models.database import database_at
from models.decisions import Choice, Decision, Evaluation, Verdict
from models.feedback import Feedback
from models.imports import ImportBatch
from models.people import Person
from models.pilots import Happened, LogEntry, Pilot
from models.plans import PilotPlan
from services import audit, decisions, import_jobs, importing, pilots, weekly_log
from services.failures import Failure, failure_of
from services.intake.mapping import FeedbackMapping, Source
from tests.databases import ENGINES
from tests.services.conftest import TODAY, World
from tests.small_disk import SmallDisk, postgres_on, small_disk, sqlite_on

ROWS = 6_000
MOST = 400
"""Small writes that find room in pages which are there already, before one needs another page."""


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(megabytes=48) as mounted:
        yield mounted


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, disk: SmallDisk) -> Iterator[str]:
    """A migrated record on the small disk."""
    if request.param == "sqlite":
        with sqlite_on(disk, request.getfixturevalue("sqlite_template")) as url:
            yield url
    else:
        server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
        with postgres_on(disk, server, template) as url:
            yield url


@pytest.fixture
def installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of the installation on another disk."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LUOTSI_TODAY", TODAY.isoformat())
    return tmp_path / "data"


def some_words(seed: int, characters: int = 1900) -> str:
    """Text that no engine can press together."""
    letters = random.Random(seed)
    return " ".join("".join(letters.choices("aeikmnost", k=7)) for _ in range(characters // 8))


def answers(path: Path, rows: int, *, wrong: int = 0) -> Path:
    """A file of answers to import, some of whose rows cannot be taken."""
    lines = ["id;date;unit;recommend;comment"]
    for number in range(rows):
        day = TODAY.replace(day=1 + number % 20) if number >= wrong else "yesterday"
        lines.append(f"{number};{day};SAI3;{number % 11};{some_words(number, 160)}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def count(session: Session, table: type[SQLModel]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def flushed_out(session: Session) -> None:
    """Empty SQLite's journal, whose pages a small write could use again."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        session.connection().exec_driver_sql("BEGIN")
        session.rollback()


def until_full(session: Session, write: Callable[[int], object]) -> int:
    """Write until there is no room; how many writes there was room for."""
    for number in range(MOST):
        try:
            write(number)
        except Exception as error:
            if failure_of(error) is not Failure.FULL:
                raise
            session.rollback()
            return number
    raise AssertionError(f"{MOST} writes found room on a full disk.")


def pilot_of(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def whole(session: Session) -> None:
    """The record is sound, and its audit trail has no gap."""
    if session.get_bind().dialect.name == "sqlite":
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert audit.verify(session).faults == ()


def all_or_nothing(session: Session, disk: SmallDisk, write: Callable[[int], object], table: type[SQLModel]) -> None:
    """What was written until the disk was full is there, the write that found no room is not, and the next one is."""
    stored = until_full(session, write)
    assert count(session, table) == stored
    whole(session)
    disk.make_room()
    write(MOST)
    assert count(session, table) == stored + 1
    whole(session)


def test_an_import_comes_in_whole_or_not_at_all(
    world: World, disk: SmallDisk, installation: Path, tmp_path: Path, database_url: str
) -> None:
    path = answers(tmp_path / "answers.csv", ROWS, wrong=3)
    database = database_at(database_url)
    disk.fill()
    with pytest.raises(Exception, match=r".") as full, database.writing() as session:
        importing.import_feedback(session, path=path, by=world.lead)
    assert failure_of(full.value) is Failure.FULL
    with database.reading() as session:
        assert (count(session, Feedback), count(session, ImportBatch)) == (0, 0)
    assert list(installation.rglob("*rejects.csv")) == []
    disk.make_room()
    with database.writing() as session:
        result = importing.import_feedback(session, path=path, by=world.lead)
    assert (result.imported, result.rejected) == (ROWS - 3, 3)
    with database.reading() as session:
        assert count(session, Feedback) == ROWS - 3
        whole(session)
    database.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_rejects_without_room_stop_the_import(
    world: World, disk: SmallDisk, installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record's journal and its pages have room, the folder for the rejects has none."""
    folder = disk.folder / "data"
    folder.mkdir()
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(folder))
    monkeypatch.setenv("LUOTSI_RESPONDENT_SALT", "a salt")
    path = answers(tmp_path / "answers.csv", 400, wrong=200)
    disk.fill()
    with pytest.raises(Exception, match=r".") as full:
        importing.import_feedback(world.session, path=path, by=world.lead)
    assert failure_of(full.value) is Failure.FULL
    assert list(folder.rglob("*.csv")) == []
    assert count(world.session, ImportBatch) == 0
    disk.make_room()
    assert importing.import_feedback(world.session, path=path, by=world.lead).rejected == 200
    assert len(list(folder.rglob("*.csv"))) == 1


def test_a_log_entry_is_saved_or_not(world: World, disk: SmallDisk, installation: Path) -> None:
    session, pilot = world.session, pilot_of(world)
    running = TODAY.fromordinal(TODAY.toordinal() + 8)
    flushed_out(session)
    disk.fill()

    def log(number: int) -> LogEntry:
        return weekly_log.record(
            session,
            pilot_id=pilot.id or 0,
            happened=Happened.YES,
            by=world.nurse,
            today=running,
            week=week_of(running),
            note=some_words(number),
        )

    all_or_nothing(session, disk, log, LogEntry)


def test_a_decision_is_recorded_or_not(world: World, disk: SmallDisk, installation: Path) -> None:
    session, pilot = world.session, pilot_of(world)
    plan = session.exec(select(PilotPlan).where(PilotPlan.pilot_id == pilot.id)).one()
    result = validated(
        Evaluation,
        pilot_id=pilot.id,
        plan_id=plan.id,
        as_of=plan.end_on,
        inputs_hash="a" * 64,
        code_version="test",
        verdict=Verdict.STOP,
        rule="a rule",
        result={},
    )
    session.add(result)
    session.commit()
    flushed_out(session)
    disk.fill()

    def decide(number: int) -> Decision:
        return decisions.record_decision(
            session,
            evaluation_id=result.id or 0,
            choice=Choice.STOP,
            by=world.director,
            today=plan.decide_on,
            reason=some_words(number),
        )

    all_or_nothing(session, disk, decide, Decision)


def test_an_upload_without_room_leaves_nothing_behind(disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    monkeypatch.setenv("LUOTSI_RESPONDENT_SALT", "a salt")
    column = Source(column="any")
    mapping = FeedbackMapping(date=column, unit=column, channel=column, text=(column,))
    disk.fill()
    with pytest.raises(OSError, match="No space left") as full:
        import_jobs.start(
            content=b"x" * 1_000_000, name="answers.csv", mapping=mapping, profile=None, by=Person(id=1, code="lead")
        )
    assert failure_of(full.value) is Failure.FULL
    assert [path.name for path in disk.folder.iterdir()] == ["ballast"]

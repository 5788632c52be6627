"""A file is read while others write; what they changed meanwhile is looked at before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models import database as databases
from models.base import validated
from models.database import Database
from models.feedback import Feedback
from models.imports import ImportBatch
from models.organisation import Unit
from models.people import Person, Role, Setting
from services.errors import Conflict, NotAllowed
from services.import_progress import Step
from services.importing import import_feedback
from services.intake.mapping import FeedbackMapping, mapping_from

MAPPING = mapping_from(
    {"kind": "feedback", "date": "Pvm", "unit": "Yksikkö", "channel": {"constant": "web"}, "text": ["Kommentti"]}
)
assert isinstance(MAPPING, FeedbackMapping)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("Pvm;Yksikkö;Kommentti\n2.11.2026;A1;Kiitos paljon.\n3.11.2026;A1;Odotin kauan.\n", "utf-8")
    return path


@pytest.fixture
def record(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LUOTSI_TODAY", "2026-11-23")
    monkeypatch.setattr(databases, "SQLITE_PRAGMAS", (*databases.SQLITE_PRAGMAS, "busy_timeout=1000"))
    monkeypatch.setitem(databases.POSTGRES_WRITERS, "lock_timeout", "1s")
    database = Database(database_url)
    with database.writing() as session:
        session.add(validated(Unit, code="A1", level="unit", name={"fi": "Osasto"}))
        session.add(validated(Person, code="admin", name="Ada", role=Role.ADMIN))
        session.commit()
    return database


def imported_while(record: Database, file: Path, meanwhile: Callable[[Session], object]) -> int:
    """Import the file, and do something else in another session once it has been read."""
    done = False

    def told(step: Step, rows: int, _of: int) -> None:
        nonlocal done
        if step is Step.READING and rows and not done:
            done = True
            with record.writing() as other:
                meanwhile(other)
                other.commit()

    with record.writing() as session:
        admin = session.exec(select(Person)).one()
        result = import_feedback(session, path=file, by=admin, mapping=MAPPING, progress=told)
    assert done
    return result.imported


def stored(record: Database) -> tuple[int, int]:
    """How many answers and imports there are."""
    with record.reading() as session:
        return len(session.exec(select(Feedback)).all()), len(session.exec(select(ImportBatch)).all())


def test_others_write_while_a_file_is_read(record: Database, file: Path) -> None:
    assert imported_while(record, file, lambda other: other.add(Setting(key="k", value="v"))) == 2
    with record.reading() as session:
        assert session.get(Setting, "k") is not None
    assert stored(record) == (2, 1)
    record.dispose()


def test_a_file_that_another_imports_meanwhile_is_taken_once(record: Database, file: Path) -> None:
    with pytest.raises(Conflict, match="imported already"):
        imported_while(record, file, lambda other: import_feedback(other, path=file, by=None, mapping=MAPPING))
    assert stored(record) == (2, 1)
    record.dispose()


def test_units_that_change_meanwhile_stop_it(record: Database, file: Path) -> None:
    def rename(other: Session) -> None:
        unit = other.exec(select(Unit)).one()
        unit.code = "B2"
        other.add(unit)

    with pytest.raises(Conflict, match="were changed while answers"):
        imported_while(record, file, rename)
    assert stored(record) == (0, 0)
    record.dispose()


def test_who_may_not_import_any_more_does_not(record: Database, file: Path) -> None:
    def leave(other: Session) -> None:
        person = other.exec(select(Person)).one()
        person.active = False
        other.add(person)

    with pytest.raises(NotAllowed):
        imported_while(record, file, leave)
    assert stored(record) == (0, 0)
    record.dispose()

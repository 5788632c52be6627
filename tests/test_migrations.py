"""The migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.adoption import AdoptionState
from models.audit import AuditEntry
from models.database import make_engine, make_write_engine
from models.decisions import Choice, Verdict
from models.migrate import configuration, current_revision, differences, newest_revision, upgrade
from models.people import Setting
from models.pilots import Happened
from services import adoption, audit, decisions, ideas, meetings, pilots, stories, weekly_log
from services.importing import import_feedback
from services.intake.mapping import FeedbackMapping, mapping_from
from services.rows import key
from tests.services.conftest import TODAY, stored_world
from tests.services.test_decisions import DECIDED, REVIEW, evaluated

ROOT = Path(__file__).parents[1]


def test_an_upgraded_database_is_what_the_models_say(empty_database_url: str) -> None:
    assert differences(empty_database_url) != []
    upgrade(empty_database_url)
    assert differences(empty_database_url) == []
    engine = make_engine(empty_database_url)
    assert current_revision(engine) == newest_revision()
    engine.dispose()


def test_what_was_stored_before_the_second_revision_is_still_there_after_it(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0001")
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO unit (id, code, level, name, customer_type, takes_pilots)"
            " VALUES (1, 'U1', 'unit', '{}', 'external', true)",
            "INSERT INTO theme (id, code, name, keywords, controllable, praise, created_at)"
            " VALUES (1, 'T1', '{}', '[]', true, false, '2026-11-01 00:00:00')",
            "INSERT INTO feedback (id, source, unit_id, given_on, week, channel, solicited, customer_type, text,"
            " statutory_decision, is_demo, stored_at)"
            " VALUES (1, 's', 1, '2026-11-02', 2966, 'web', true, 'external', 'Hyvä', false, false,"
            " '2026-11-02 00:00:00')",
            "INSERT INTO feedback_score (feedback_id, item, unit_id, week, value, low, high)"
            " VALUES (1, 'recommend', 1, 2966, 9, 0, 10)",
            "INSERT INTO theme_assignment (id, feedback_id, theme_id, assigned_by, model_version, confidence, matched,"
            " applies, at) VALUES (1, 1, 1, 'rule', 'k', 1, 'hyvä', true, '2026-11-02 00:00:00')",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()

    upgrade(empty_database_url)

    assert differences(empty_database_url) == []
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        for table in ("unit", "theme", "feedback", "feedback_score", "theme_assignment"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 1, table
        assert connection.execute(sa.text("SELECT examples FROM theme")).scalar_one() in ("[]", [])
    for wrong in (
        "UPDATE feedback SET sentiment = 'bad'",
        "INSERT INTO metric (id, code, name, kind, direction, family, unit_text, manual, is_guardrail, theme_id)"
        " VALUES (1, 'm', '{}', 'score', 'increase', 'own', '{}', false, false, 1)",
    ):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.exec_driver_sql(wrong)
    engine.dispose()


def test_people_and_decisions_before_the_third_revision_are_still_there_and_analysts_may_come(
    empty_database_url: str,
) -> None:
    upgrade(empty_database_url, "0002")
    engine = make_write_engine(empty_database_url)
    person = "INSERT INTO person (id, code, name, role, active, is_demo) VALUES ({}, 'p{}', 'P', '{}', true, false)"
    with engine.begin() as connection:
        connection.exec_driver_sql(person.format(1, 1, "leadership"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(person.format(2, 2, "analyst"))
    engine.dispose()

    upgrade(empty_database_url)

    assert differences(empty_database_url) == []
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(person.format(2, 2, "analyst"))
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 2
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(person.format(3, 3, "nobody"))
    engine.dispose()


def test_rows_stored_before_the_audit_trail_are_still_there_after_it_and_after_going_back(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LUOTSI_TODAY", TODAY.isoformat())
    engine = make_write_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        _a_county_at_work(session, tmp_path)
    before = _rows(engine)
    assert sum(bool(rows) for rows in before.values()) >= 20
    engine.dispose()

    command.downgrade(configuration(database_url), "0003")
    engine = make_write_engine(database_url)
    at_0003 = _rows(engine)
    engine.dispose()
    assert "audit_entry" not in at_0003
    assert {name: before[name] for name in at_0003} == at_0003

    upgrade(database_url)
    assert differences(database_url) == []
    engine = make_write_engine(database_url)
    after = _rows(engine)
    assert {name: after[name] for name in at_0003} == at_0003
    assert not any(rows for name, rows in after.items() if name not in at_0003)
    _trail_is_guarded(engine)
    engine.dispose()


def _a_county_at_work(session: Session, folder: Path) -> None:
    """Rows of most kinds, through the services: answers, a pilot with its plan, a log, a decision, an idea, a story."""
    world = stored_world(session)
    path = folder / "answers.csv"
    path.write_text("Pvm;Yksikkö;Kommentti\n2.11.2026;SAI3;Puhelin ei vastaa.\n3.11.2026;SAI3;Kiitos!\n", "utf-8")
    source = {
        "kind": "feedback",
        "date": "Pvm",
        "unit": "Yksikkö",
        "channel": {"constant": "web"},
        "text": ["Kommentti"],
    }
    mapping = mapping_from(source)
    assert isinstance(mapping, FeedbackMapping)
    import_feedback(session, path=path, by=None, mapping=mapping)
    pilot = pilots.register_pilot(
        session, fields=world.fields(), plan=world.plan(metric_id=world.errors.id), by=world.lead, today=TODAY
    )
    started = TODAY + dt.timedelta(days=9)
    weekly_log.record(session, pilot_id=key(pilot.id), happened=Happened.YES, by=world.nurse, today=started, value=3)
    evaluation = evaluated(world, pilot, Verdict.SCALE)
    decision = decisions.record_decision(
        session,
        evaluation_id=key(evaluation.id),
        choice=Choice.SCALE,
        by=world.director,
        today=DECIDED,
        review_on=REVIEW,
        scale_to=[key(world.other_ward.id)],
    )
    adoption.set_state(
        session,
        decision_id=key(decision.id),
        unit_id=key(world.other_ward.id),
        state=AdoptionState.IN_USE,
        by=world.director,
    )
    idea = ideas.propose(session, unit_id=key(world.ward.id), words="Tulkki puhelimeen.", by=world.nurse)
    ideas.vote(session, idea_id=key(idea.id), by=world.lead)
    meetings.open_meeting(session, by=world.director)
    said = {"fi": "Emme päässeet läpi."}
    stories.write_story(
        session, pilot_id=key(pilot.id), you_said=said, we_tried=said, what_happened=said, what_next={}, by=world.lead
    )


def _rows(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows as the database itself gives them."""
    with engine.connect() as connection:
        names = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)
            for name in names
        }


def _trail_is_guarded(engine: sa.Engine) -> None:
    """Nothing that is in the audit trail can be changed, taken out or replaced."""
    with Session(engine) as session:
        assert audit.missing_triggers(session.connection()) == frozenset()
        session.add(Setting(key="k", value="v"))
        session.commit()
        entry = session.exec(select(AuditEntry)).first()
        assert entry is not None
    columns = ", ".join(column.name for column in AuditEntry.__table__.columns)  # type: ignore[attr-defined]
    refused = ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "UPDATE audit_detail SET salt = 'x'"]
    if engine.dialect.name == "sqlite":
        refused.append(f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry")
    else:
        refused += ["TRUNCATE audit_entry CASCADE", "TRUNCATE audit_detail"]
    for statement in refused:
        with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with Session(engine) as session:
        assert audit.verify(session).faults == ()


@pytest.mark.slow
def test_two_replicas_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    code = "import sys; from models.migrate import upgrade; upgrade(sys.argv[1])"
    starting = [subprocess.Popen([sys.executable, "-c", code, empty_database_url], cwd=ROOT) for _ in range(2)]
    assert [replica.wait(timeout=120) for replica in starting] == [0, 0]
    assert differences(empty_database_url) == []


def test_every_revision_can_be_taken_back(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    command.downgrade(configuration(empty_database_url), "base")
    engine = make_write_engine(empty_database_url)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()
    upgrade(empty_database_url)
    assert differences(empty_database_url) == []

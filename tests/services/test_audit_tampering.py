"""The audit trail is guarded by the database, and what gets past the guards is found."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from models.base import validated
from models.people import Person, Role
from services import audit
from services.permissions import May, require
from tests.services.small_county import stored_county
from tests.services.test_audit import entries, stored, told


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(session: Session, statement: str) -> None:
    stored(session, "greeting", "Hei")
    with pytest.raises(DatabaseError, match="only ever added to"):
        session.connection().exec_driver_sql(statement)
    session.rollback()
    assert len(entries(session)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_put_an_entry_in_anothers_place(session: Session) -> None:
    stored(session, "greeting", "Hei")
    for number in (1, 5):
        with pytest.raises(DatabaseError, match="only ever added to"):
            session.connection().exec_driver_sql(
                "INSERT OR REPLACE INTO audit_entry SELECT "
                f"{number}, at, actor, role, allowed_by, action, subject, key, before, after, previous, hash"
                " FROM audit_entry"
            )
        session.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entry", "audit_detail"])
def test_postgresql_refuses_to_empty_the_trail(session: Session, table: str) -> None:
    stored(session, "greeting", "Hei")
    with pytest.raises(DatabaseError, match="only ever added to"):
        session.connection().exec_driver_sql(f"TRUNCATE {table} CASCADE")
    session.rollback()
    assert len(entries(session)) == 1


def without_guards(session: Session) -> sa.Connection:
    """The session's connection, as somebody has it who owns the database."""
    connection = session.connection()
    for trigger in sorted(audit.TRIGGERS[connection.dialect.name]):
        table = trigger.partition("_no_")[0].partition("_in_")[0]
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on}")
    return connection


def test_a_missing_trigger_is_named(session: Session) -> None:
    assert audit.missing_triggers(session.connection()) == frozenset()
    connection = without_guards(session)
    assert audit.missing_triggers(connection) == audit.TRIGGERS[connection.dialect.name]


def test_any_byte_of_any_entry_that_was_changed_is_found(session: Session) -> None:
    """Every position of every value of a middle entry and of its detail, one at a time."""
    unit = stored_county(session)["A1"]
    lead = validated(Person, code="lead", name="Leena Lehto", role=Role.TEAM_LEAD, unit_id=unit.id)
    session.add(lead)
    session.commit()
    require(session, lead, May.LOG, unit_id=unit.id)
    row = stored(session, "greeting", "Hei")
    row.value = "Moi"
    session.add(row)
    session.commit()
    stored(session, "last", "1")
    assert audit.verify(session).faults == ()
    number = len(entries(session)) - 1
    connection = without_guards(session)
    tried = 0
    for table, id_name in (("audit_entry", "id"), ("audit_detail", "entry_id")):
        values = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {id_name} = {number}").mappings().one()
        for name, value in values.items():
            for place in range(len(str(value))):
                if isinstance(value, int):
                    continue
                old = value[place]
                other = value[:place] + ("b" if old != "b" else "c") + value[place + 1 :]
                quoted = '"' + name + '"'
                change = sa.text(f"UPDATE {table} SET {quoted} = :value WHERE {id_name} = {number}")
                connection.execute(change, {"value": other})
                session.expire_all()
                assert audit.verify(session).faults, (table, name, place)
                connection.execute(change, {"value": value})
                tried += 1
    session.expire_all()
    assert audit.verify(session).faults == ()
    assert tried > 350


def test_an_entry_taken_out_or_put_elsewhere_is_found(session: Session) -> None:
    for number in range(4):
        stored(session, f"k{number}", "1")
    connection = without_guards(session)
    connection.exec_driver_sql("DELETE FROM audit_detail WHERE entry_id = 2")
    session.expire_all()
    assert told(session) == ["The detail of entry 2 is missing, and no entry says that it was erased."]
    connection.exec_driver_sql("DELETE FROM audit_entry WHERE id = 2")
    session.expire_all()
    assert "Entry 2 is missing; the next one is 3." in told(session)


def test_a_chain_cut_short_is_found_by_its_published_heads(session: Session, tmp_path: Path) -> None:
    stored(session, "k1", "1")
    stored(session, "k2", "1")
    assert audit.publish_head(session, tmp_path).entries == 2
    audit.publish_head(session, tmp_path)
    heads = list(audit.published(tmp_path / audit.HEADS))
    assert [head.entries for head in heads] == [2]
    assert audit.verify(session, heads).faults == ()
    connection = without_guards(session)
    connection.exec_driver_sql("DELETE FROM audit_detail WHERE entry_id = 2")
    connection.exec_driver_sql("DELETE FROM audit_entry WHERE id = 2")
    session.expire_all()
    assert audit.verify(session).faults == ()
    (fault,) = audit.verify(session, heads).faults
    assert str(fault).startswith("The published entry 2 ")

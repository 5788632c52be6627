"""The audit trail: nothing changes without an entry, and no entry changes without being found."""

from __future__ import annotations

import datetime as dt
import json
import threading

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

import models.tables  # noqa: F401
from models.audit import TECHNICAL, AuditDetail, AuditEntry
from models.base import validated
from models.database import make_write_engine
from models.feedback import Channel, Feedback
from models.organisation import CustomerType, Unit
from models.people import Person, Role, Setting
from services import audit, audit_log
from services.bulk import insert_rows
from services.permissions import May, require
from services.rows import key
from services.text_removal import erase_text
from tests.services.small_county import stored_county


def entries(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all())


def detail(session: Session, entry: AuditEntry) -> tuple[object, object]:
    found = session.get_one(AuditDetail, entry.id)
    return json.loads(found.before or "null"), json.loads(found.after or "null")


def told(session: Session) -> list[str]:
    return [str(fault) for fault in audit.verify(session).faults]


def stored(session: Session, name: str, value: str) -> Setting:
    row = Setting(key=name, value=value)
    session.add(row)
    session.commit()
    return row


def answer(session: Session, unit: Unit, text: str) -> Feedback:
    row = validated(
        Feedback,
        unit_id=key(unit.id),
        given_on=dt.date(2026, 11, 2),
        week=2966,
        channel=Channel.WEB,
        solicited=True,
        customer_type=CustomerType.EXTERNAL,
        text=text,
    )
    session.add(row)
    session.commit()
    return row


def test_every_table_is_audited_or_said_to_be_technical() -> None:
    assert set(SQLModel.metadata.tables) | {"alembic_version"} > TECHNICAL
    assert not TECHNICAL & {
        "decision",
        "pilot_plan",
        "measurement",
        "theme_assignment",
        "evaluation",
        "person",
        "story",
    }


def test_every_audited_table_has_a_name_in_words() -> None:
    assert set(SQLModel.metadata.tables) - TECHNICAL <= set(audit_log.SUBJECTS)


def test_a_row_made_changed_and_deleted_leaves_three_entries(session: Session) -> None:
    row = stored(session, "greeting", "Hei")
    row.value = "Moi"
    session.add(row)
    session.commit()
    session.delete(row)
    session.commit()
    made, changed, deleted = entries(session)
    assert [(e.id, e.action, e.subject, e.key) for e in (made, changed, deleted)] == [
        (1, "insert", "setting", "greeting"),
        (2, "update", "setting", "greeting"),
        (3, "delete", "setting", "greeting"),
    ]
    assert detail(session, made) == (None, {"key": "greeting", "value": "Hei"})
    assert detail(session, changed) == ({"value": "Hei"}, {"value": "Moi"})
    assert detail(session, deleted) == ({"key": "greeting", "value": "Moi"}, None)
    assert made.before == ""
    assert deleted.after == ""
    assert len(changed.before) == len(changed.after) == 64
    assert audit.verify(session).faults == ()


def test_what_was_not_read_before_it_changed_is_read_for_the_trail(session: Session) -> None:
    row = stored(session, "greeting", "Hei")
    session.expire(row)
    row.value = "Moi"
    session.commit()
    assert detail(session, entries(session)[-1]) == ({"value": "Hei"}, {"value": "Moi"})


def test_a_value_set_to_what_it_was_leaves_no_entry(session: Session) -> None:
    row = stored(session, "greeting", "Hei")
    row.value = "Hei"
    session.add(row)
    session.commit()
    assert len(entries(session)) == 1


def test_the_entry_says_who_with_which_role_and_right(session: Session) -> None:
    unit = stored_county(session)["A1"]
    lead = validated(Person, code="lead", name="Leena Lehto", role=Role.TEAM_LEAD, unit_id=unit.id)
    session.add(lead)
    session.commit()
    require(session, lead, May.LOG, unit_id=unit.id)
    stored(session, "greeting", "Hei")
    entry = entries(session)[-1]
    assert (entry.actor, entry.role, entry.allowed_by) == ("lead", "team_lead", "log")
    assert "Leena" not in session.get_one(AuditDetail, entries(session)[-2].id).after


def test_what_is_rolled_back_leaves_no_entry(session: Session) -> None:
    session.add(Setting(key="greeting", value="Hei"))
    session.flush()
    session.rollback()
    stored(session, "other", "1")
    with session.begin_nested() as savepoint:
        session.add(Setting(key="gone", value="1"))
        session.flush()
        savepoint.rollback()
    with session.begin_nested():
        session.add(Setting(key="kept", value="1"))
    session.commit()
    assert [entry.key for entry in entries(session)] == ["other", "kept"]


def test_many_rows_at_once_leave_one_entry_with_their_number(session: Session) -> None:
    insert_rows(session, Setting, [{"key": f"k{i}", "value": "v"} for i in range(25)])
    session.execute(sa.update(Setting).where(col(Setting.key) < "k2").values(value="secret"))
    session.execute(sa.delete(Setting))
    session.commit()
    inserted, updated, deleted = entries(session)
    assert [(e.action, e.key) for e in (inserted, updated, deleted)] == [("insert", ""), ("update", ""), ("delete", "")]
    assert detail(session, inserted) == (None, {"rows": 25})
    assert "secret" not in session.get_one(AuditDetail, updated.id).after
    assert detail(session, deleted)[0] == {"rows": 25, "statement": "DELETE FROM setting"}


def test_an_export_or_a_sign_in_can_be_noted(session: Session) -> None:
    audit.note(session, by=None, action="export", subject="measurements", detail={"rows": 3}, right=May.EXPORT)
    session.commit()
    (entry,) = entries(session)
    assert (entry.action, entry.subject, entry.allowed_by) == ("export", "measurements", "export")
    assert detail(session, entry) == (None, {"rows": 3})


def test_peoples_words_are_not_in_the_trail_and_erasing_them_keeps_the_chain_whole(session: Session) -> None:
    unit = stored_county(session)["A1"]
    row = answer(session, unit, "Odotin kaksi tuntia käytävällä")
    assert not session.exec(select(AuditDetail).where(col(AuditDetail.after).contains("käytäv"))).all()
    made = entries(session)[-1]
    assert "digest" in session.get_one(AuditDetail, made.id).after

    erase_text(session, feedback_id=key(row.id), by=None, reason="asked for")

    assert session.get(AuditDetail, made.id) is None
    forgotten = [entry for entry in entries(session) if entry.action == "forget"]
    assert [(entry.subject, entry.key) for entry in forgotten] == [("feedback", str(row.id))]
    found = audit.verify(session)
    assert found.faults == ()
    assert found.forgotten == 1


def test_two_who_write_at_once_make_one_chain(database_url: str) -> None:
    engine = make_write_engine(database_url)

    def write(who: int) -> None:
        for number in range(25):
            with Session(engine) as session:
                session.add(Setting(key=f"{who}-{number}", value="1"))
                session.commit()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        found = audit.verify(session)
    engine.dispose()
    assert found.faults == ()
    assert found.head.entries == 100

"""A file taken away is on the audit trail: who, which, how many rows, its digest."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlmodel import Session, col, select

from models.audit import AuditDetail, AuditEntry
from models.people import Person
from services import exports
from services.errors import NotAllowed
from services.exports import Format
from services.exports_taken import take_away
from services.record import database


def exported(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(AuditEntry.action == "export").order_by(col(AuditEntry.id))))


def test_every_file_taken_away_leaves_a_note(demo_installation: str) -> None:
    with database().reading() as session:
        analyst = session.exec(select(Person).where(Person.code == "u14")).one()
        before = len(exported(session))
    made = take_away(exports.table("pilots"), Format.CSV, person_id=analyst.id)
    with database().reading() as session:
        notes = exported(session)
        assert len(notes) == before + 1
        assert (notes[-1].actor, notes[-1].subject, notes[-1].allowed_by) == ("u14", "pilots", "export")
        said = json.loads(session.exec(select(AuditDetail).where(AuditDetail.entry_id == notes[-1].id)).one().after)
    assert said["sha256"] == hashlib.sha256(made).hexdigest()
    assert (said["format"], said["rows"], said["bytes"]) == ("csv", made.count(b"\r\n") - 1, len(made))


def test_who_may_not_export_leaves_no_file_and_no_note(demo_installation: str) -> None:
    with database().reading() as session:
        nurse = session.exec(select(Person).where(Person.code == "u4")).one()
        before = len(exported(session))
    for person_id in (nurse.id, None):
        with pytest.raises(NotAllowed):
            take_away(exports.table("pilots"), Format.CSV, person_id=person_id)
    with database().reading() as session:
        assert len(exported(session)) == before

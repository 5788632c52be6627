"""The audit trail as people and monitors use it: noting what is no change of a row, checking, publishing, reading."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models import audit_trail
from models.audit import AuditDetail, AuditEntry
from models.audit_trail import FORGET, Acting, Change
from models.audit_words import FIRST, digest, hashed
from models.base import now
from models.people import Person
from services.bulk import in_lists
from services.errors import BadInput
from services.i18n import N_
from services.permissions import May

HEADS = "audit-heads.jsonl"
"""The file, beside the installation's secret, in which the newest hash is published, a line each time."""
TRIGGERS: dict[str, frozenset[str]] = {
    "sqlite": frozenset(
        {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_in_order", "audit_detail_no_update"}
    ),
    "postgresql": frozenset(
        {
            "audit_entry_no_update",
            "audit_entry_no_delete",
            "audit_entry_no_truncate",
            "audit_detail_no_update",
            "audit_detail_no_truncate",
        }
    ),
}
_PART = 1000
SQL_ENTRY, SQL_DETAIL = SQLModel.metadata.tables["audit_entry"], SQLModel.metadata.tables["audit_detail"]


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of the chain.

    Attributes:
        entries: How many entries there are, which is the last one's number.
        hash: The last one's hash.
    """

    entries: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with the trail, as a sentence that a page can translate.

    Attributes:
        text: An English sentence with {placeholders}, a gettext msgid.
        values: What the placeholders stand for.
    """

    text: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a check of the whole trail found.

    Attributes:
        head: The end of the chain.
        published: How many published heads were compared with it.
        forgotten: Entries whose detail was forgotten, as another entry says.
        faults: What is wrong; empty when the trail is whole.
    """

    head: Head
    published: int
    forgotten: int
    faults: tuple[Fault, ...]


def note(
    session: Session,
    *,
    by: Person | None,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    right: May | None = None,
    key: str = "",
) -> None:
    """Put on the trail what is no change of a row: an export, a sign-in, a refusal. The caller commits.

    Args:
        session: The caller's writing session.
        by: Who did it; None for nobody known.
        action: What was done, such as export.
        subject: What to, such as the name of the exported table.
        detail: What else matters; never people's words or names.
        right: What allowed it.
        key: Which one of the subject.
    """
    acting = Acting.of(by, right.value if right else "")
    audit_trail.add(session, Change(acting=acting, action=action, subject=subject, key=key, after=dict(detail)))


def forget(session: Session, subject: str, keys: Sequence[object]) -> int:
    """Delete the details of some rows' entries, with the salts of their digests; the chain stays whole.

    What this transaction itself changes in these rows is not kept either. Flush before calling it.

    Args:
        session: The caller's writing session; the caller commits.
        subject: Their table.
        keys: Their primary keys.

    Returns:
        How many details went.
    """
    gone = 0
    for part in in_lists(str(key) for key in keys):
        query = select(AuditEntry.id, AuditEntry.key).where(
            AuditEntry.subject == subject, col(AuditEntry.key).in_(part), AuditEntry.action != FORGET
        )
        entries = {int(number or 0): row_key for number, row_key in session.exec(query)}
        if entries:
            delete = sa.delete(SQL_DETAIL).where(SQL_DETAIL.c.entry_id.in_(entries))
            gone += session.connection().execute(delete).rowcount
        waiting = {change.key for change in audit_trail.waiting(session) if change.subject == subject}
        for row_key in sorted(set(entries.values()) | (waiting & set(part))):
            audit_trail.add(session, audit_trail.noted(session, FORGET, subject, row_key))
    return gone


def head(session: Session) -> Head:
    """The end of the chain now."""
    last = session.exec(select(AuditEntry.id, AuditEntry.hash).order_by(col(AuditEntry.id).desc()).limit(1)).first()
    return Head(entries=last[0] or 0, hash=last[1]) if last else Head(entries=0, hash=FIRST)


def publish_head(session: Session, folder: Path) -> Head:
    """Write the end of the chain into the file outside the database, if it has moved since the last time.

    Raises:
        OSError: The file cannot be written.
    """
    at = head(session)
    path = folder / HEADS
    if at.entries and at != _last_published(path):
        line = json.dumps({"entries": at.entries, "hash": at.hash, "at": now().isoformat(timespec="seconds")})
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    return at


def published(path: Path) -> Iterator[Head]:
    """The published heads, oldest first.

    Raises:
        BadInput: A line of the file is none.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                parts = json.loads(line)
                yield Head(entries=int(parts["entries"]), hash=str(parts["hash"]))
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput("{file}: line {line} is not a published head.", file=path.name, line=number) from error


def _last_published(path: Path) -> Head | None:
    return next(iter(deque(published(path), maxlen=1)), None)


def verify(session: Session, heads: Sequence[Head] = (), *, most: int = 20) -> Found:
    """Follow the whole chain: numbers without a gap, every hash, every digest, every published head.

    Args:
        session: A reading session.
        heads: What was published.
        most: How many faults are told.
    """
    faults: list[Fault] = []
    expected = {(at.entries, at.hash) for at in heads}
    reached: set[tuple[int, str]] = set()
    number, previous, forgotten = 0, FIRST, 0
    excused = _forgotten_keys(session)
    query = (
        sa.select(SQL_ENTRY, SQL_DETAIL.c.salt, SQL_DETAIL.c.before.label("was"), SQL_DETAIL.c.after.label("is"))
        .join(SQL_DETAIL, SQL_DETAIL.c.entry_id == SQL_ENTRY.c.id, isouter=True)
        .order_by(SQL_ENTRY.c.id)
    )
    rows: Any = session.connection().execute(query, execution_options={"yield_per": _PART})
    for entry in rows.mappings():
        number += 1
        if len(faults) < most:
            faults += _faults(entry, number=number, previous=previous, excused=excused)
        forgotten += entry["salt"] is None
        number, previous = entry["id"], entry["hash"]
        if (number, previous) in expected:
            reached.add((number, previous))
    for entries, hash_ in sorted(expected - reached):
        values = {"number": entries, "hash": hash_[:12]}
        faults.append(Fault(N_("The published entry {number} ({hash}) is not in the chain."), values))
    lost = session.exec(
        select(sa.func.count()).select_from(AuditDetail).where(col(AuditDetail.entry_id).not_in(select(AuditEntry.id)))
    ).one()
    if lost:
        faults.append(Fault(N_("Details without an entry: {count}."), {"count": lost}))
    end = Head(entries=number, hash=previous)
    return Found(head=end, published=len(expected), forgotten=forgotten, faults=tuple(faults[:most]))


def _forgotten_keys(session: Session) -> dict[tuple[str, str], int]:
    """Rows whose details were forgotten, and up to which entry."""
    query = select(AuditEntry.subject, AuditEntry.key, sa.func.max(AuditEntry.id)).where(AuditEntry.action == FORGET)
    found = session.exec(query.group_by(AuditEntry.subject, AuditEntry.key))
    return {(subject, key): last or 0 for subject, key, last in found}


def _faults(
    entry: Mapping[str, Any], *, number: int, previous: str, excused: Mapping[tuple[str, str], int]
) -> Iterator[Fault]:
    told = {"number": entry["id"]}
    if entry["id"] != number:
        yield Fault(N_("Entry {number} is missing; the next one is {next}."), {"number": number, "next": entry["id"]})
    elif entry["previous"] != previous:
        yield Fault(N_("Entry {number} does not follow the one before it."), told)
    if hashed(entry) != entry["hash"]:
        yield Fault(N_("Entry {number} is not what was written: its hash differs."), told)
    if entry["salt"] is not None:
        for side, detail in (("before", entry["was"]), ("after", entry["is"])):
            if digest(entry["salt"], detail) != entry[side]:
                yield Fault(N_("The detail of entry {number} is not what was written: its digest differs."), told)
    elif number > excused.get((entry["subject"], entry["key"]), 0):
        yield Fault(N_("The detail of entry {number} is missing, and no entry says that it was erased."), told)


def missing_triggers(connection: sa.Connection) -> frozenset[str]:
    """Triggers that guard the trail and are not there."""
    name = connection.dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    return TRIGGERS[name] - set(connection.execute(sa.text(query)).scalars())

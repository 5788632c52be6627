"""Keeps the audit trail: every change that goes through a session leaves an entry in the same transaction.

Changes are gathered while the session flushes and written as its last act before the commit. Writers take turns
(models/database.py), so the chain has no gap; a number is its entry's key, so it has no fork either.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction
from sqlmodel import SQLModel

from models.audit import TECHNICAL
from models.audit_words import FIRST, digest, hashed, written
from models.base import now
from models.people import Person

FORGET = "forget"
"""The action that says that a row's details were forgotten."""

_ACTING, _WAITING, _UNREAD = "audit_acting", "audit_waiting", "audit_unread"


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Who acts in a session.

    Attributes:
        actor: Their user name; "" for the machinery.
        role: Their role.
        allowed_by: The right that they use.
    """

    actor: str = ""
    role: str = ""
    allowed_by: str = ""

    @classmethod
    def of(cls, person: Person | None, allowed_by: str = "") -> "Acting":
        """A person as they are now; the machinery when there is none."""
        if person is None:
            return cls(allowed_by=allowed_by)
        return cls(actor=person.code, role=str(person.role), allowed_by=allowed_by)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change on its way into the trail.

    Attributes:
        acting: Who made it.
        action: insert, update, delete, or what else was done.
        subject: The table, or what else it was done to.
        key: The row's primary key; "" for many rows at once.
        before: What changed, as it was.
        after: What changed, as it is.
        within: The savepoint it was made in: rolled back, the change has not been.
    """

    acting: Acting
    action: str
    subject: str
    key: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    within: SessionTransaction | None = None


def acts(session: Session, acting: Acting) -> None:
    """Say who makes the changes that follow in a session."""
    session.info[_ACTING] = acting


def add(session: Session, change: Change) -> None:
    """Put a change on the trail; it is written when the session commits, and not at all when it does not."""
    session.info.setdefault(_WAITING, []).append(change)


def waiting(session: Session) -> Sequence[Change]:
    """Changes that the session will write when it commits."""
    return tuple(session.info.get(_WAITING, ()))


def noted(
    session: Session,
    action: str,
    subject: str,
    key: str = "",
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """A change by whoever acts in the session now."""
    return Change(
        acting=session.info.get(_ACTING, Acting()),
        action=action,
        subject=subject,
        key=key,
        before=before or {},
        after=after or {},
        within=session.get_nested_transaction(),
    )


def _is_audited(table: str) -> bool:
    return table not in TECHNICAL


@event.listens_for(Session, "before_flush")
def _flushing(session: Session, *_: object) -> None:
    """Read what is about to be changed without having been read."""
    unread = session.info[_UNREAD] = {}
    for row in (*session.dirty, *session.deleted):
        state: Any = sa.inspect(row)
        if not _is_audited(state.mapper.local_table.name):
            continue
        names = [attribute.key for attribute in state.mapper.column_attrs]
        if row in session.deleted:
            missing = [name for name in names if name not in state.dict]
        else:
            changed = {name: state.attrs[name].history for name in names}
            missing = [name for name, past in changed.items() if past.has_changes() and not past.deleted]
        if missing:
            table = state.mapper.local_table
            same = [column == value for column, value in zip(state.mapper.primary_key, state.identity, strict=True)]
            unread[state] = session.connection().execute(sa.select(table).where(*same)).mappings().first() or {}


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _: UOWTransaction) -> None:
    for action, rows in (("insert", session.new), ("update", session.dirty), ("delete", session.deleted)):
        for row in rows:
            if isinstance(row, SQLModel) and _is_audited(str(row.__tablename__)):
                _row(session, action, row)


def _row(session: Session, action: str, row: SQLModel) -> None:
    state: Any = sa.inspect(row)
    subject = str(row.__tablename__)
    columns = [attribute.key for attribute in state.mapper.column_attrs]
    key = ",".join(str(getattr(row, column.key)) for column in state.mapper.primary_key)
    unread = session.info.get(_UNREAD, {}).get(state, {})
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if action == "update":
        for name in columns:
            changed = state.attrs[name].history
            if changed.has_changes():
                before[name] = changed.deleted[0] if changed.deleted else unread.get(name)
                after[name] = changed.added[0] if changed.added else None
        if before == after:
            return
    elif action == "delete":
        before.update({name: state.dict.get(name, unread.get(name)) for name in columns})
    else:
        after.update({name: state.dict.get(name) for name in columns})
    add(session, noted(session, action, subject, key, before=before, after=after))


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> Any:
    """A statement over many rows: one entry with their number and the statement without its values."""
    if not (state.is_update or state.is_delete or state.is_insert) or state.is_select:
        return None
    table = getattr(getattr(state.statement, "table", None), "name", "")
    if not _is_audited(table):
        return None
    result = state.invoke_statement()
    action = "update" if state.is_update else "delete" if state.is_delete else "insert"
    rows = getattr(result, "rowcount", -1)
    if rows:
        many(state.session, action, table, rows=rows, what=str(state.statement))
    return result


def many(session: Session, action: str, table: str, *, rows: int, what: str = "") -> None:
    """Put a change of many rows at once on the trail."""
    if _is_audited(table):
        values = {"rows": rows, **({"statement": what} if what else {})}
        if action == "delete":
            add(session, noted(session, action, table, before=values))
        else:
            add(session, noted(session, action, table, after=values))


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[_WAITING] = [change for change in waiting(session) if not _is_within(change.within, transaction)]
    elif transaction.parent is None:
        session.info.pop(_WAITING, None)


def _is_within(savepoint: SessionTransaction | None, transaction: SessionTransaction) -> bool:
    while savepoint is not None and savepoint is not transaction:
        savepoint = savepoint.parent
    return savepoint is transaction


@event.listens_for(Session, "before_commit")
def _committing(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    changes = session.info.pop(_WAITING, [])
    if changes:
        _append(session.connection(), changes)


def _append(connection: sa.Connection, changes: Sequence[Change]) -> None:
    entries, details = SQLModel.metadata.tables["audit_entry"], SQLModel.metadata.tables["audit_detail"]
    last = connection.execute(sa.select(entries.c.id, entries.c.hash).order_by(entries.c.id.desc()).limit(1)).first()
    number, previous = (last.id, last.hash) if last else (0, FIRST)
    at = now().isoformat(timespec="microseconds")
    rows, kept = [], []
    forgotten = {(change.subject, change.key) for change in changes if change.action == FORGET}
    for change in sorted(changes, key=lambda change: change.action == FORGET):
        number, salt = number + 1, secrets.token_hex(16)
        before = written(change.before, subject=change.subject, salt=salt)
        after = written(change.after, subject=change.subject, salt=salt)
        row = {
            "id": number,
            "at": at,
            "actor": change.acting.actor,
            "role": change.acting.role,
            "allowed_by": change.acting.allowed_by,
            "action": change.action,
            "subject": change.subject,
            "key": change.key[:200],
            "before": digest(salt, before),
            "after": digest(salt, after),
            "previous": previous,
        }
        row["hash"] = previous = hashed(row)
        rows.append(row)
        if change.action == FORGET or (change.subject, change.key) not in forgotten:
            kept.append({"entry_id": number, "salt": salt, "before": before, "after": after})
    connection.execute(sa.insert(entries), rows)
    if kept:
        connection.execute(sa.insert(details), kept)

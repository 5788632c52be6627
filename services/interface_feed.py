"""Rows told in the order they changed, a page at a time: a reader that follows loses nothing and gets nothing twice.

The interface keeps what it tells. Before a page it compares that with the record; what differs gets a new moment of
change, later than every moment told before, since writers take turns. So a row that changes while somebody reads moves
behind them, and a row that is gone is told as gone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now
from models.database import Database
from models.interface import InterfaceFeed, InterfaceRow
from services import audit
from services.bulk import in_lists, insert_rows
from services.interface_cursor import Place
from services.interface_rows import Feed, Told

MOST = 1000
USUAL = 100
LOOKED_AT_EVERY = 60.0
"""Seconds after which rows are worked out anew though nobody has changed anything: days pass, models read comments."""
_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class FeedRows:
    """One page.

    Attributes:
        rows: The rows, the one that changed longest ago first; without fields where one is gone.
        more: Whether there are further ones now.
        end: The last row's place, or the place asked after; None at the beginning of nothing.
    """

    rows: tuple[InterfaceRow, ...]
    more: bool
    end: Place | None


@dataclass(frozen=True, kw_only=True)
class _Changes:
    """What the record says otherwise than the interface.

    Attributes:
        told: Rows that are new or differ, with their digests.
        gone: Keys of rows that are no more.
    """

    told: tuple[tuple[Told, str], ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Look:
    """When this process last compared, and how long the audit trail was then: every change of the record is on it."""

    entries: int
    at: float


_looks: dict[tuple[str, str], _Look] = {}
_turns: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)


def bring_up_to_date(database: Database, feed: Feed) -> None:
    """Have the rows told say what the record says; nobody who writes waits while the record is read.

    Where another process was faster, its rows are compared with the record again. After a few times that, the rows are
    as new as that process's.
    """
    name = (database.url, feed.name)
    with _turns[name]:
        for _ in range(_TRIES):
            with database.reading() as session:
                entries = audit.head(session).entries
                look = _looks.get(name)
                if look and look.entries == entries and time.monotonic() - look.at < LOOKED_AT_EVERY:
                    return
                version = _version(session, feed)
                changes = _changes(session, feed)
            if changes is None or _applied(database, feed, changes, version):
                _looks[name] = _Look(entries=entries, at=time.monotonic())
                return


def read(
    database: Database,
    feed: Feed,
    *,
    unit_ids: Collection[int] | None,
    since: dt.datetime | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> FeedRows:
    """The rows after a place; the record is looked at where they begin and before they are said to end.

    Args:
        database: The record.
        feed: The subject.
        unit_ids: Only these units' rows; None for all.
        since: Only rows changed at this moment or later.
        after: Where the page before ended.
        limit: The most rows.
    """

    def looked() -> FeedRows:
        with database.reading() as session:
            return page(session, feed, unit_ids=unit_ids, since=since, after=after, limit=limit)

    if after is not None and (found := looked()).more:
        return found
    bring_up_to_date(database, feed)
    return looked()


def page(
    session: Session,
    feed: Feed,
    *,
    unit_ids: Collection[int] | None,
    since: dt.datetime | None = None,
    after: Place | None = None,
    limit: int = USUAL,
) -> FeedRows:
    """The rows after a place.

    Args:
        session: Reads the record.
        feed: The subject.
        unit_ids: Only these units' rows; None for all.
        since: Only rows changed at this moment or later.
        after: Where the page before ended.
        limit: The most rows.
    """
    at, row_key = col(InterfaceRow.changed_at), col(InterfaceRow.key)
    query = select(InterfaceRow).where(InterfaceRow.feed == feed.name).order_by(at, row_key).limit(limit + 1)
    if unit_ids is not None:
        whose = col(InterfaceRow.unit_id)
        query = query.where(sa.or_(whose.is_(None), whose.in_(unit_ids)))
    if since is not None:
        query = query.where(at >= since)
    if after is not None:
        query = query.where(sa.or_(at > after.at, sa.and_(at == after.at, row_key > after.key)))
    found = session.exec(query).all()
    shown = tuple(found[:limit])
    end = Place(at=shown[-1].changed_at, key=shown[-1].key) if shown else after
    return FeedRows(rows=shown, more=len(found) > limit, end=end)


def _version(session: Session, feed: Feed) -> int:
    state = session.get(InterfaceFeed, feed.name)
    return state.version if state else 0


def _changes(session: Session, feed: Feed) -> _Changes | None:
    """What differs; None when nothing does."""
    stored = dict(
        session.exec(select(InterfaceRow.key, InterfaceRow.digest).where(InterfaceRow.feed == feed.name)).all()
    )
    told: list[tuple[Told, str]] = []
    for row in feed.rows(session):
        digest = _digest(row)
        if stored.pop(row[0], None) != digest:
            told.append((row, digest))
    gone = tuple(row_key for row_key, digest in stored.items() if digest)
    return _Changes(told=tuple(told), gone=gone) if told or gone else None


def _digest(row: Told) -> str:
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def _applied(database: Database, feed: Feed, changes: _Changes, version: int) -> bool:
    """Put the changes in; False when somebody else was faster, so that they may be old already."""
    with database.writing() as session:
        state = session.get(InterfaceFeed, feed.name)
        if (state.version if state else 0) != version:
            return False
        moment = now()
        if state is None:
            state = InterfaceFeed(name=feed.name, version=0, changed_at=moment)
        else:
            moment = max(moment, state.changed_at + dt.timedelta(microseconds=1))
        state.version, state.changed_at = version + 1, moment
        session.add(state)
        session.flush()
        _write(session, feed, changes, moment)
        session.commit()
        return True


def _write(session: Session, feed: Feed, changes: _Changes, moment: dt.datetime) -> None:
    table: Any = InterfaceRow.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    for part in in_lists(changes.gone):
        mine = (table.c.feed == feed.name) & table.c.key.in_(part)
        connection.execute(sa.update(table).where(mine).values(row=None, digest="", changed_at=moment))
    for part in in_lists(row[0] for row, _ in changes.told):
        connection.execute(sa.delete(table).where((table.c.feed == feed.name) & table.c.key.in_(part)))
    insert_rows(
        session,
        InterfaceRow,
        (
            {
                "feed": feed.name,
                "key": row_key,
                "unit_id": unit_id,
                "row": fields,
                "digest": digest,
                "changed_at": moment,
            }
            for (row_key, unit_id, fields), digest in changes.told
        ),
    )

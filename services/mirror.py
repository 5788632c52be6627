"""A mirror of the record for analysts: Parquet files by month, without anybody's words.

Months that are sealed are written once; the open ones every time. A sealed month is written again only when something
in it has changed all the same: a correction, an import taken back, a late file. That is seen by sums over the month's
rows, so a mirror never differs silently from the record.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlmodel import Session

from models.base import now
from models.database import Database
from services import audit
from services.errors import BadInput, Conflict
from services.job_work import lease
from services.mirror_tables import MirrorTable, tables
from services.written import NotWritten, written_whole

FORMAT = 1
STATE = "mirror.json"
FILE = "data.parquet"
OPEN_FOR = dt.timedelta(days=35)
"""How long after its end a month is still open: files come late."""
_ROWS = 50_000
Progress = Callable[[int], object]


@dataclass
class Mirrored:
    """What was done for one table.

    Attributes:
        months: Months that the mirror holds now.
        written: Months written this time.
        rows: Rows written this time.
        removed: Months that hold nothing any more.
    """

    months: int = 0
    written: int = 0
    rows: int = 0
    removed: int = 0


@dataclass
class _State:
    """What the mirror's own file says: per table and month, the sums it was written at."""

    months: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def mirror(
    database: Database, folder: Path, *, today: dt.date, everything: bool = False, progress: Progress | None = None
) -> dict[str, Mirrored]:
    """Bring the mirror up to the record.

    Args:
        database: The record.
        folder: Where the mirror is, or is to be.
        today: The day it is.
        everything: Whether to write every month anew.
        progress: Called with how many rows have been written.

    Raises:
        BadInput: The folder holds something else.
        Conflict: Another process is at it.
        NotWritten: A file cannot be written; what was there before is still there.
    """
    with lease(database, "mirror") as go_on:
        if go_on is None:
            raise Conflict("Another process writes the mirror now.")
        with _told_as_not_written(folder), database.reading() as session:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            state = _State() if everything else _read(folder)
            _one_moment(session)
            found = {}
            for table in tables():
                found[table.name] = _mirror(session, table, folder, state, today, progress)
                go_on(len(found), len(tables()))
        with database.writing() as session:
            rows = {name: one.rows for name, one in found.items()}
            audit.note(session, by=None, action="export", subject="mirror", detail={"rows": rows})
            session.commit()
        return found


def _mirror(
    session: Session, table: MirrorTable, folder: Path, state: _State, today: dt.date, progress: Progress | None
) -> Mirrored:
    done = Mirrored()
    known = state.months.setdefault(table.name, {})
    current = _sums(session, table)
    for month in sorted(set(known) - set(current)):
        (folder / table.name / f"month={month}" / FILE).unlink(missing_ok=True)
        del known[month]
        done.removed += 1
    for month, sums in sorted(current.items()):
        first = dt.date.fromisoformat(f"{month}-01")
        file = folder / table.name / f"month={month}" / FILE
        sealed = _after(first) + OPEN_FOR <= today
        if not (sealed and known.get(month) == sums and file.exists()):
            known.pop(month, None)
            done.rows += _write(session, table, file, first, progress)
            done.written += 1
            known[month] = sums
            _keep(folder, state)
    done.months = len(current)
    _keep(folder, state)
    return done


def _sums(session: Session, table: MirrorTable) -> dict[str, list[str]]:
    """Per month what tells whether it has changed, as texts that both engines write alike."""
    year, month = sa.extract("year", table.day), sa.extract("month", table.day)
    query = table.joined(sa.select(year, month, *table.watched)).group_by(year, month)
    return {
        f"{int(row[0]):04d}-{int(row[1]):02d}": [_figure(sum_) for sum_ in row[2:]] for row in session.execute(query)
    }


def _figure(value: Any) -> str:
    return "" if value is None else f"{float(value):.17g}" if isinstance(value, float) else str(int(value))


def _write(session: Session, table: MirrorTable, file: Path, first: dt.date, progress: Progress | None) -> int:
    """One month of a table, whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    query = table.joined(sa.select(*(column.source for column in table.columns)))
    query = query.where(table.day >= first, table.day < _after(first)).order_by(*table.order)
    part = file.with_name(f".{file.name}.part")
    rows = 0
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            with pq.ParquetWriter(target, table.schema, compression="zstd") as writer:
                for chunk in session.execute(query.execution_options(yield_per=_ROWS)).partitions():
                    writer.write_table(_arrow(table, chunk))
                    rows += len(chunk)
                    if progress:
                        progress(len(chunk))
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _arrow(table: MirrorTable, rows: Any) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [
        pa.array([value if value is None or not column.made else column.made(value) for value in values], column.kind)
        for column, values in zip(table.columns, columns, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _after(first: dt.date) -> dt.date:
    """The first day of the month after."""
    return dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _one_moment(session: Session) -> None:
    """Have everything that is read be of one moment; SQLite's transactions are so by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _read(folder: Path) -> _State:
    """What the mirror says about itself; one of another format is written anew."""
    path = folder / STATE
    if not path.exists():
        if any(folder.iterdir()):
            raise BadInput("{folder} holds something else than a mirror; name an empty folder.", folder=folder)
        return _State()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return _State(months=dict(told["months"])) if told["format"] == FORMAT else _State()
    except (ValueError, KeyError, TypeError):
        return _State()


def _keep(folder: Path, state: _State) -> None:
    with written_whole(folder / STATE) as file:
        json.dump({"format": FORMAT, "at": now().isoformat(timespec="seconds"), "months": state.months}, file, indent=1)


@contextmanager
def _told_as_not_written(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(f"The mirror in {folder} cannot be written: {error.strerror or type(error).__name__}.") from (
            error
        )

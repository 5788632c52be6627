"""Comments are read in the background: embedded once, given themes and a tone, the newest first, in small transactions.

Each batch is one transaction, so a process that is killed leaves nothing half done and the next goes on where it ended.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.base import now
from models.database import Database
from models.feedback import Feedback
from models.themes import AssignedBy, ThemeAssignment
from services import settings, text_vectors, theme_facts, theme_learning, theme_models, work_lease
from services.bulk import insert_rows
from services.logs import fault
from services.theme_models import Reader, Reading
from services.work_lease import WorkState

WORK = "texts"
BATCH = 256
BATCH_WITH_VECTORS = 2_000
LONGEST_MATCH = 400

Progress = Callable[[int, int], object]


class Comment(NamedTuple):
    """A stored comment to read: the answer's number and its redacted words."""

    feedback_id: int
    text: str


class WorkStopped(Exception):
    """Another process has taken the work over."""


def state(session: Session) -> WorkState:
    """Whether comments are being read now, and how far that is."""
    return work_lease.state(session, WORK)


def waiting(session: Session) -> int:
    """How many comments the model in force has not read."""
    model = theme_models.in_force(session)
    unread = [sa.true()] if model is None else _other_than(col(Feedback.model_id), model.model_id)
    return sum(
        int(
            session.execute(
                sa.select(sa.func.count()).select_from(Feedback).where(col(Feedback.text).is_not(None), condition)
            ).scalar_one()
        )
        for condition in unread
    )


def start() -> bool:
    """Begin to read what waits in a process of its own, which ends at once when another is at it.

    Returns:
        Whether one was begun: not when the configuration leaves the reading to `python cli.py read-comments`.
    """
    if not settings.load().reads_comments:
        return False
    command = [sys.executable, str(settings.ROOT / "cli.py"), "read-comments", "--quiet"]
    process = subprocess.Popen(
        command, cwd=settings.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()
    return True


def run(database: Database, *, progress: Progress | None = None) -> int | None:
    """Read every comment that waits; how many were read, None when another process is at it.

    Args:
        database: The record.
        progress: Called with how many are done and how many there are, after each batch.

    Raises:
        WorkStopped: Another process took the work over, as it does from one that has been silent for long.
    """
    with database.reading() as session:
        total = waiting(session)
        nothing_to_learn = not theme_models.definitions(session)
        unchanged = not theme_models.list_changed(session)
    if nothing_to_learn or (not total and unchanged):
        return 0
    with database.writing() as session:
        owner = work_lease.take(session, WORK, total=total)
    if owner is None:
        return None
    problem = "The reading was interrupted."
    try:
        done = _read_all(database, owner, progress)
        problem = ""
        return done
    except WorkStopped:
        problem = ""
        raise
    except Exception as error:
        problem = fault(error)
        raise
    finally:
        with database.writing() as session:
            work_lease.give_back(session, WORK, owner, problem=problem)


def _read_all(database: Database, owner: str, progress: Progress | None) -> int:
    done = 0
    while True:
        reader = _current_reader(database)
        with database.reading() as session:
            total = done + waiting(session)
        for comments, vectors in _batches(database, reader):
            readings = reader.read([comment.text for comment in comments], vectors)
            with database.writing() as session:
                _store(session, reader, comments, vectors, readings)
                done += len(comments)
                total = max(total, done)
                if not work_lease.beat(session, WORK, owner, done=done, total=total):
                    raise WorkStopped("Another process reads the comments now.")
                session.commit()
            if progress:
                progress(done, total)
            if _superseded(database, reader):
                break  # a refit in the meantime, or another list of themes: go on with the new version
        else:
            if not _superseded(database, reader):
                return done


def _current_reader(database: Database) -> Reader:
    """The version in force; one is learnt first, from a look at the record, when the list of themes is newer."""
    with database.reading() as session:
        if not theme_models.out_of_date(session):
            return theme_models.reader(session)
        learnt = theme_learning.learn(session, by=None)
    with database.writing() as session:
        theme_learning.keep(session, learnt)
    with database.reading() as session:
        return theme_models.reader(session)


def _superseded(database: Database, reader: Reader) -> bool:
    with database.reading() as session:
        return theme_models.out_of_date(session, reader)


def _batches(database: Database, reader: Reader) -> Iterator[tuple[list[Comment], text_vectors.Vectors]]:
    """Comments with their vectors until none waits: first those never embedded, then those another model has read."""
    engine = reader.engine
    while True:
        with database.reading() as session:
            comments = _unembedded(session, engine.version) or _unread(session, reader.model_id)
            packed = text_vectors.by_text(session, [comment.text for comment in comments], engine.version)
        if not comments:
            return
        packed |= text_vectors.embedded({comment.text for comment in comments} - packed.keys(), engine)
        yield comments, text_vectors.unpacked([packed[comment.text] for comment in comments], engine.dimensions)


def _unembedded(session: Session, engine: str) -> list[Comment]:
    """The newest comments that the engine has not embedded, or none."""
    return _newest(session, _other_than(col(Feedback.embedded_by), engine), BATCH)


def _unread(session: Session, model_id: int) -> list[Comment]:
    """The newest comments that another model has read, or none."""
    return _newest(session, _other_than(col(Feedback.model_id), model_id), BATCH_WITH_VECTORS)


def _other_than(column: Any, value: object) -> list[Any]:
    """Everything but one value, as ranges that are each one walk along an index; nothing waiting costs nothing."""
    return [column.is_(None), column > value, column < value]


def _newest(session: Session, ranges: Sequence[sa.ColumnElement[bool]], limit: int) -> list[Comment]:
    """The newest comments of the first range that has any."""
    for condition in ranges:
        query = sa.select(col(Feedback.id), col(Feedback.text)).where(col(Feedback.text).is_not(None), condition)
        if found := session.execute(query.order_by(col(Feedback.id).desc()).limit(limit)).all():
            return [Comment(*row) for row in found]
    return []


def _store(
    session: Session,
    reader: Reader,
    comments: Sequence[Comment],
    vectors: text_vectors.Vectors,
    readings: Sequence[Reading],
) -> None:
    """Store what was read of those comments that still say the same: a person may have erased words meanwhile."""
    ids = [comment.feedback_id for comment in comments]
    texts = dict(
        session.execute(sa.select(col(Feedback.id), col(Feedback.text)).where(col(Feedback.id).in_(ids))).all()
    )
    same = [at for at, comment in enumerate(comments) if texts.get(comment.feedback_id) == comment.text]
    digests = {at: text_vectors.digest(comments[at].text) for at in same}
    packed = text_vectors.packed(vectors[same]) if same else []
    text_vectors.keep(session, dict(zip(digests.values(), packed, strict=True)), reader.engine.version)
    kept = [comments[at].feedback_id for at in same]
    machine = (AssignedBy.MODEL, AssignedBy.RULE)
    session.execute(
        sa.delete(ThemeAssignment).where(
            col(ThemeAssignment.feedback_id).in_(kept), col(ThemeAssignment.assigned_by).in_(machine)
        )
    )
    moment = now()
    insert_rows(
        session,
        ThemeAssignment,
        (
            {
                "feedback_id": comments[at].feedback_id,
                "theme_id": found.theme_id,
                "assigned_by": AssignedBy.MODEL,
                "model_version": reader.version,
                "confidence": found.confidence,
                "matched": found.because[:LONGEST_MATCH],
                "applies": True,
                "at": moment,
            }
            for at in same
            for found in readings[at].themes
        ),
    )
    table = SQLModel.metadata.tables["feedback"]
    if same:
        session.connection().execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("answer"))
            .values({name: sa.bindparam(f"new_{name}") for name in ("text_digest", "sentiment", "doubt")})
            .values(embedded_by=reader.engine.version, model_id=reader.model_id),
            [
                {
                    "answer": comments[at].feedback_id,
                    "new_text_digest": digests[at],
                    "new_sentiment": readings[at].sentiment,
                    "new_doubt": readings[at].doubt,
                }
                for at in same
            ],
        )
    theme_facts.refresh(session, kept)

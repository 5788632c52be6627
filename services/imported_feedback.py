"""Accepted answers into the record; what was stored before is left out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.base import now, week_of
from models.feedback import Feedback, FeedbackScore
from models.organisation import Unit
from models.text_models import RemovalKind, TextRemoval
from services.bulk import in_lists, insert_rows, new_ids
from services.i18n import N_
from services.intake.parsed import Parsed
from services.intake.refused import CellError, Reject
from services.organisation import all_units
from services.rows import key


class NewText(NamedTuple):
    """A comment just stored.

    Attributes:
        feedback_id: Its answer.
        unit_id: The answer's unit.
        given_on: The answer's day.
        text: The redacted text.
        respondent: The respondent's hash, if the file had one.
        topic: What the customer chose it to be about, redacted, if the file says.
    """

    feedback_id: int
    unit_id: int
    given_on: dt.date
    text: str
    respondent: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class StoredFeedback:
    """What became of the accepted answers.

    Attributes:
        imported: How many were stored.
        texts: The new redacted texts.
        rejects: Answers whose id is stored with another content.
    """

    imported: int
    texts: list[NewText]
    rejects: list[Reject]


def insert_feedback(session: Session, parsed: Parsed, *, batch_id: int, source: str) -> StoredFeedback:
    """Insert answers and their scores, in the caller's transaction.

    An id that is stored already, or comes twice in the file, is a repeat when the content is the same; with other
    content it is rejected, since either could be right. Without an id the same content is a repeat. An answer whose
    text was erased, and whose import was undone since, is stored without its words.

    Args:
        session: A writing session.
        parsed: The file, read.
        batch_id: The import.
        source: Whose ids they are.
    """
    rows, rejects = _new_rows(session, parsed, source)
    _leave_out_erased(session, rows)
    units = {unit.code: unit for unit in all_units(session)}
    ids = dict(zip((row["row"] for row in rows), new_ids(session, Feedback, len(rows)), strict=True))
    stored_at = now()
    insert_rows(
        session,
        Feedback,
        (_as_stored(row, units[row["unit"]]) | {
            "id": ids[row["row"]], "batch_id": batch_id, "source": source, "stored_at": stored_at,
        } for row in rows),
    )  # fmt: skip
    where = {row["row"]: (key(units[row["unit"]].id), week_of(row["given_on"])) for row in rows}
    insert_rows(
        session,
        FeedbackScore,
        (
            {
                "feedback_id": ids[row],
                "item": item,
                "unit_id": where[row][0],
                "week": where[row][1],
                "value": value,
                "low": low,
                "high": high,
            }
            for row, item, value, low, high in parsed.scores.iter_rows()
            if row in ids
        ),
    )
    texts = [
        NewText(ids[row["row"]], where[row["row"]][0], row["given_on"], row["text"], row["respondent"], row["topic"])
        for row in rows
        if row["text"]
    ]
    return StoredFeedback(len(rows), texts, rejects)


def _new_rows(session: Session, parsed: Parsed, source: str) -> tuple[list[dict[str, Any]], list[Reject]]:
    """Rows that are not stored yet, and rows whose id is stored with another content."""
    named = [name for name in parsed.values["external_id"] if name is not None]
    unnamed = [digest for digest, name in parsed.values.select("digest", "external_id").rows() if name is None]
    contents: dict[str, set[str | None]] = defaultdict(set)
    for part in in_lists(named):
        query = select(Feedback.external_id, Feedback.row_digest)
        for name, digest in session.exec(query.where(Feedback.source == source, col(Feedback.external_id).in_(part))):
            contents[str(name)].add(digest)
    known: set[str | None] = set()
    for part in in_lists(unnamed):
        known |= set(session.exec(select(Feedback.row_digest).where(col(Feedback.row_digest).in_(part))))
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for row in parsed.values.iter_rows(named=True):
        name = row["external_id"]
        if name is None:
            if row["digest"] not in known:
                rows.append(row)
        elif not contents[name]:
            contents[name].add(row["digest"])
            rows.append(row)
        elif row["digest"] not in contents[name]:
            error = CellError(N_("The id {id} is taken already with another content."), id=name)
            rejects.append(Reject.of(row["row"], "", name, error))
    return rows, rejects


def _leave_out_erased(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Take the words from rows whose text a person or its age has erased."""
    erased: set[str | None] = set()
    for part in in_lists(row["digest"] for row in rows if row["text"]):
        query = select(TextRemoval.row_digest).where(
            col(TextRemoval.row_digest).in_(part), TextRemoval.kind == RemovalKind.ERASED
        )
        erased |= set(session.exec(query))
    for row in rows:
        if row["digest"] in erased:
            row["text"] = row["topic"] = None


def _as_stored(row: dict[str, Any], unit: Unit) -> dict[str, Any]:
    return {
        "external_id": row["external_id"],
        "row_digest": row["digest"],
        "unit_id": key(unit.id),
        "given_on": row["given_on"],
        "week": week_of(row["given_on"]),
        "channel": row["channel"],
        "solicited": row["solicited"],
        "customer_type": row["customer_type"] or unit.customer_type,
        "age_group": row["age_group"],
        "life_situation": row["life_situation"],
        "language": row["language"],
        "text": row["text"],
        "statutory_decision": row["statutory_decision"],
        "decision_upheld": row["decision_upheld"],
        "respondent": row["respondent"],
        "is_demo": False,
    }

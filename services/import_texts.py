"""New comments: themes by keyword rules, and which of them repeat an earlier one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models.base import now
from models.feedback import Feedback
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.bulk import insert_rows
from themes.duplicates import near_duplicates
from themes.keywords import RULES_VERSION, ThemeKeywords, assign

_LOOK_BACK = dt.timedelta(days=180)
_LONGEST_MATCH = 400


class NewText(NamedTuple):
    """A comment just stored.

    Attributes:
        feedback_id: Its answer.
        unit_id: The answer's unit.
        given_on: The answer's day.
        text: The redacted text.
    """

    feedback_id: int
    unit_id: int
    given_on: dt.date
    text: str


def assign_themes(session: Session, texts: Sequence[NewText]) -> int:
    """Store what the themes' keywords find in comments; the number of assignments."""
    themes = session.exec(select(Theme).where(col(Theme.merged_into_id).is_(None)).order_by(col(Theme.id)))
    rules = [ThemeKeywords(theme.id or 0, tuple(theme.keywords)) for theme in themes if theme.keywords]
    at = now()
    rows = [
        {
            "feedback_id": text.feedback_id,
            "theme_id": found.theme,
            "assigned_by": AssignedBy.RULE,
            "model_version": RULES_VERSION,
            "confidence": found.score,
            "matched": ", ".join(found.matched)[:_LONGEST_MATCH],
            "applies": True,
            "at": at,
        }
        for text in texts
        for found in assign(text.text, rules)
    ]
    insert_rows(session, ThemeAssignment, rows)
    return len(rows)


def mark_repeats(session: Session, texts: Sequence[NewText]) -> int:
    """Mark comments that repeat an earlier one of the same unit in half a year; how many. They count once."""
    by_unit: dict[int, list[NewText]] = defaultdict(list)
    for text in sorted(texts, key=lambda new: (new.given_on, new.feedback_id)):
        by_unit[text.unit_id].append(text)
    repeats: list[dict[str, int]] = []
    for unit_id, new in by_unit.items():
        earlier = _earlier(session, unit_id, new)
        groups = near_duplicates([*(text for _, _, text in earlier), *(text.text for text in new)])
        ids = [first or feedback_id for feedback_id, first, _ in earlier] + [text.feedback_id for text in new]
        for index, text in enumerate(new, start=len(earlier)):
            if groups[index] != index and ids[groups[index]] != text.feedback_id:
                repeats.append({"repeat": text.feedback_id, "first": ids[groups[index]]})
    if repeats:
        table = SQLModel.metadata.tables["feedback"]
        statement = (
            sa.update(table).where(table.c.id == sa.bindparam("repeat")).values(repeats_id=sa.bindparam("first"))
        )
        session.connection().execute(statement, repeats)
    return len(repeats)


def _earlier(session: Session, unit_id: int, new: Sequence[NewText]) -> list[tuple[int, int | None, str]]:
    """Stored comments of the unit around the new ones' days: id, what it repeats, text; the earliest first."""
    ours = {text.feedback_id for text in new}
    query = (
        select(Feedback.id, Feedback.repeats_id, Feedback.text)
        .where(Feedback.unit_id == unit_id, col(Feedback.text).is_not(None))
        .where(Feedback.given_on >= new[0].given_on - _LOOK_BACK, Feedback.given_on <= new[-1].given_on)
        .order_by(col(Feedback.given_on), col(Feedback.id))
    )
    found = ((row_id, first, text) for row_id, first, text in session.exec(query))
    return [
        (row_id, first, text) for row_id, first, text in found if row_id is not None and text and row_id not in ours
    ]

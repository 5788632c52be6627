"""New comments: themes by keyword rules and by what the customer chose, and which of them repeat an earlier one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models.base import now
from models.feedback import Feedback
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.bulk import in_lists, insert_rows
from services.imported_feedback import NewText
from themes.duplicates import near_duplicates
from themes.keywords import RULES_VERSION, ThemeKeywords, assign

LOOK_BACK = dt.timedelta(days=180)
"""How long a comment that says the same again is taken for a repeat."""

_OWN_SIMILARITY, _OWN_FEWEST_WORDS = 80.0, 3
_LONGEST_MATCH = 400
_TOLD_EVERY = 2_000

Told = Callable[[int], object]
"""Called with how many comments are done."""


class _Earlier(NamedTuple):
    """A comment that is stored already."""

    feedback_id: int
    repeats_id: int | None
    text: str


def assign_themes(session: Session, texts: Sequence[NewText], *, told: Told | None = None) -> int:
    """Store what the themes' keywords find in comments and in chosen topics; the number of assignments."""
    themes = session.exec(select(Theme).where(col(Theme.merged_into_id).is_(None)).order_by(col(Theme.id))).all()
    rules = [ThemeKeywords(theme.id or 0, tuple(theme.keywords)) for theme in themes if theme.keywords]
    names = {name.casefold(): theme.id for theme in themes for name in (theme.code, *theme.name.values())}
    topics: dict[str, list[tuple[str | int, float, str]]] = {}
    shared: dict[str, Any] = {"applies": True, "at": now()}
    rows: list[dict[str, Any]] = []
    for done, text in enumerate(texts, start=1):
        found = [(match.theme, match.score, ", ".join(match.matched)) for match in assign(text.text, rules)]
        rows += [_row(text, match, AssignedBy.RULE, RULES_VERSION) | shared for match in found]
        if text.topic:
            if text.topic not in topics:
                topics[text.topic] = _of_topic(text.topic, names, rules)
            rows += [_row(text, match, AssignedBy.RESPONDENT, "") | shared for match in topics[text.topic]]
        if told and done % _TOLD_EVERY == 0:
            told(done)
    insert_rows(session, ThemeAssignment, rows)
    return len(rows)


def _of_topic(
    topic: str, names: dict[str, int | None], rules: Sequence[ThemeKeywords]
) -> list[tuple[str | int, float, str]]:
    """What the customer chose from a list: the theme of that name, else those whose keywords are in it."""
    named = names.get(topic.casefold())
    if named is not None:
        return [(named, 1.0, topic)]
    return [(match.theme, match.score, topic) for match in assign(topic, rules)]


def _row(text: NewText, match: tuple[str | int, float, str], by: AssignedBy, version: str) -> dict[str, Any]:
    theme, score, matched = match
    return {
        "feedback_id": text.feedback_id,
        "theme_id": theme,
        "assigned_by": by,
        "model_version": version,
        "confidence": score,
        "matched": matched[:_LONGEST_MATCH],
    }


def mark_repeats(session: Session, texts: Sequence[NewText], *, told: Told | None = None) -> int:
    """Mark comments that repeat an earlier one in half a year; how many. They count once.

    Within a unit, whoever wrote them: in nearly the same words. By one respondent, in whatever unit: in much the same
    words, and shorter ones too, since all are one person's.
    """
    in_order = sorted(texts, key=lambda new: (new.given_on, new.feedback_id))
    first_of: dict[int, int] = {}
    by_unit: dict[int, list[NewText]] = defaultdict(list)
    by_person: dict[str, list[NewText]] = defaultdict(list)
    for text in in_order:
        by_unit[text.unit_id].append(text)
        if text.respondent:
            by_person[text.respondent].append(text)
    done = 0
    for unit_id, new in by_unit.items():
        _join(first_of, _of_unit(session, unit_id, new), new)
        done += len(new)
        if told:
            told(done)
    spoken = _of_respondents(session, by_person, texts)
    for respondent, new in by_person.items():
        earlier = spoken.get(respondent, [])
        if len(new) + len(earlier) > 1:
            _join(first_of, earlier, new, similarity=_OWN_SIMILARITY, fewest_words=_OWN_FEWEST_WORDS)
    repeats = [{"repeat": repeat, "first": _first(first_of, first)} for repeat, first in first_of.items()]
    if repeats:
        table = SQLModel.metadata.tables["feedback"]
        statement = (
            sa.update(table).where(table.c.id == sa.bindparam("repeat")).values(repeats_id=sa.bindparam("first"))
        )
        session.connection().execute(statement, repeats)
    return len(repeats)


def _join(first_of: dict[int, int], earlier: Sequence[_Earlier], new: Sequence[NewText], **how: float | int) -> None:
    """Note which of the new comments repeats which one before it."""
    groups = near_duplicates(
        [*(old.text for old in earlier), *(text.text for text in new)],
        grouped_before=len(earlier),
        **how,  # type: ignore[arg-type]
    )
    ids = [old.repeats_id or old.feedback_id for old in earlier] + [text.feedback_id for text in new]
    for index, text in enumerate(new, start=len(earlier)):
        first = ids[groups[index]]
        if groups[index] != index and first != text.feedback_id:
            first_of.setdefault(text.feedback_id, first)


def _first(first_of: dict[int, int], feedback_id: int) -> int:
    """The comment that nothing before it is repeated by; a chain never comes back to where it began."""
    seen = {feedback_id}
    while feedback_id in first_of and first_of[feedback_id] not in seen:
        feedback_id = first_of[feedback_id]
        seen.add(feedback_id)
    return feedback_id


def _of_unit(session: Session, unit_id: int, new: Sequence[NewText]) -> list[_Earlier]:
    """Stored comments of the unit around the new ones' days, the earliest first."""
    ours = {text.feedback_id for text in new}
    query = (
        select(Feedback.id, Feedback.repeats_id, Feedback.text)
        .where(Feedback.unit_id == unit_id, col(Feedback.text).is_not(None))
        .where(Feedback.given_on >= new[0].given_on - LOOK_BACK, Feedback.given_on <= new[-1].given_on)
        .order_by(col(Feedback.given_on), col(Feedback.id))
    )
    return [_Earlier(row[0], row[1], row[2]) for row in session.exec(query) if row[0] and row[2] and row[0] not in ours]


def _of_respondents(
    session: Session, by_person: dict[str, list[NewText]], texts: Sequence[NewText]
) -> dict[str, list[_Earlier]]:
    """Stored comments of the same respondents in any unit, the earliest first."""
    if not by_person:
        return {}
    ours = {text.feedback_id for text in texts}
    days = [text.given_on for text in texts]
    first, last = min(days) - LOOK_BACK, max(days)
    found: dict[str, list[_Earlier]] = defaultdict(list)
    for part in in_lists(by_person):
        # The days are compared here: asked for in SQL, they tempt the database to go through all answers of the time.
        query = (
            sa.select(
                *(col(part) for part in (Feedback.id, Feedback.repeats_id, Feedback.text)),
                *(col(part) for part in (Feedback.respondent, Feedback.given_on)),
            )
            .where(col(Feedback.respondent).in_(part), col(Feedback.text).is_not(None))
            .order_by(col(Feedback.given_on), col(Feedback.id))
        )
        for feedback_id, repeats_id, text, respondent, day in session.execute(query):
            if feedback_id and text and feedback_id not in ours and first <= day <= last:
                found[str(respondent)].append(_Earlier(feedback_id, repeats_id, text))
    return found

"""Comments in customers' own (redacted) words: of a theme, of a tone, holding some words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback
from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from services.ratings import ratings
from services.rows import key
from services.theme_families import family
from services.theme_scope import Scope


@dataclass(frozen=True, kw_only=True)
class Quote:
    """An answer in the customer's own (redacted) words; the rating as value and top of its scale."""

    feedback: Feedback
    unit: Unit
    rating: tuple[float, float] | None


def quotes(
    session: Session,
    scope: Scope,
    *,
    theme_id: int | None = None,
    words: str = "",
    tones: Collection[str] = (),
    limit: int = 20,
    skip: int = 0,
) -> tuple[list[Quote], int]:
    """Comments of the scope, newest first, and how many there are in all.

    Args:
        session: Reads the record.
        scope: Where and when.
        theme_id: Only comments about this theme, or one below it.
        words: Every one of these must occur in the text.
        tones: Only comments of these tones (neg, neu, pos, "" for unknown) about the theme; empty for all.
        limit: How many to return.
        skip: How many of the newest to pass over.
    """
    about = None if theme_id is None else _about(session, scope, theme_id, tones)
    where: list[Any] = [col(Feedback.text).is_not(None)]
    if about is None:
        where += scope.conditions()
    else:
        where += [col(Feedback.id).in_(about)]
    where += [col(Feedback.text).icontains(word, autoescape=True) for word in words.split()]
    if about is not None and not words.split():
        total = session.execute(sa.select(sa.func.count()).select_from(about.subquery())).scalar_one()
        ids = _newest(session, about, limit=limit, skip=skip)
        where = [col(Feedback.id).in_(ids)]
        skip = 0
    else:
        counted = sa.select(sa.func.count()).select_from(Feedback).where(*where)
        total = session.execute(counted).scalar_one()
    query = select(Feedback, Unit).join(Unit, col(Unit.id) == Feedback.unit_id).where(*where)
    newest = query.order_by(col(Feedback.given_on).desc(), col(Feedback.id).desc()).offset(skip).limit(limit)
    rows = session.exec(newest).all()
    scores = ratings(session, [key(feedback.id) for feedback, _ in rows])
    found = [Quote(feedback=feedback, unit=unit, rating=scores.get(key(feedback.id))) for feedback, unit in rows]
    return found, int(total)


def repeats_of(session: Session, feedback_ids: Sequence[int]) -> dict[int, int]:
    """How many further answers repeat each of these; they count once with it."""
    query = (
        sa.select(col(Feedback.repeats_id), sa.func.count())
        .where(col(Feedback.repeats_id).in_(feedback_ids))
        .group_by(col(Feedback.repeats_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _about(session: Session, scope: Scope, theme_id: int, tones: Collection[str]) -> sa.Select[Any]:
    """Ids of the answers with words about a theme or one below it, each once."""
    fact = ThemeAnswer
    query = sa.select(col(fact.feedback_id)).where(*scope.facts(), col(fact.has_text))
    if tones:
        query = query.where(col(fact.tone).in_(sorted(tones)))
    below = sorted(family(session, theme_id))
    if len(below) == 1:
        return query.where(col(fact.theme_id) == theme_id)
    return query.where(col(fact.theme_id).in_(below)).distinct()


def _newest(session: Session, about: sa.Select[Any], *, limit: int, skip: int) -> list[int]:
    """Some of the ids, from the newest on: read from the index alone."""
    day = col(ThemeAnswer.given_on)
    query = about.add_columns(day).order_by(day.desc(), col(ThemeAnswer.feedback_id).desc())
    return [row[0] for row in session.execute(query.offset(skip).limit(limit))]

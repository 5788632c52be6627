"""Keeps `theme_answer`: a row for each theme that counts for an answer, so that pages need not work it out.

Whoever changes what counts (an import, a label, a model, a merged theme, an erased text) calls `refresh` for the
answers concerned, in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback, FeedbackScore
from models.theme_answers import ThemeAnswer
from models.themes import ThemeAssignment
from services.bulk import insert_rows, slices
from services.theme_pairs import in_force

_SLICE = 5_000
NOT_RATINGS = ("repeat_contact",)
"""Survey items that tell what happened rather than how happy the customer was: they give an answer no tone."""


def refresh(session: Session, feedback_ids: Iterable[int]) -> int:
    """Make the rows of some answers anew, in the caller's transaction; how many rows they have now."""
    made = 0
    for part in slices(feedback_ids, _SLICE):
        chosen = col(Feedback.id).in_(part)
        session.execute(sa.delete(ThemeAnswer).where(col(ThemeAnswer.feedback_id).in_(part)))
        made += _make(session, chosen)
    return made


def refresh_themes(session: Session, theme_ids: Sequence[int]) -> int:
    """Make the rows of every answer anew that any of these themes is or was assigned to."""
    found = sa.union(
        sa.select(col(ThemeAssignment.feedback_id)).where(col(ThemeAssignment.theme_id).in_(theme_ids)),
        sa.select(col(ThemeAnswer.feedback_id)).where(col(ThemeAnswer.theme_id).in_(theme_ids)),
    )
    return refresh(session, list(session.execute(found).scalars()))


def rebuild(session: Session) -> int:
    """Make every row anew, in the caller's transaction; how many there are."""
    session.execute(sa.delete(ThemeAnswer))
    last = session.execute(sa.select(sa.func.coalesce(sa.func.max(col(Feedback.id)), 0))).scalar_one()
    return sum(
        _make(session, col(Feedback.id).between(first, first + 10 * _SLICE - 1))
        for first in range(1, last + 1, 10 * _SLICE)
    )


def missing(session: Session) -> bool:
    """Whether there are assignments but not one row made from them, as right after a migration."""
    return (
        session.execute(sa.select(col(ThemeAnswer.feedback_id)).limit(1)).first() is None
        and session.execute(sa.select(col(ThemeAssignment.id)).limit(1)).first() is not None
    )


def unhappy(value: Any, low: Any, high: Any) -> Any:
    """Whether a score is an unhappy one: 0-6 on the 0-10 recommendation, the lower half on any other scale."""
    return sa.case((high == 10, value <= 6), else_=value < (low + high) / 2)


def happy(value: Any, low: Any, high: Any) -> Any:
    """Whether a score is a happy one: 9-10 on the 0-10 recommendation, the upper two fifths of any other scale."""
    return sa.case((high == 10, value >= 9), else_=value > low + 0.6 * (high - low))


def person_number(feedback_id: int, respondent: str | None) -> int:
    """The same number for one respondent's answers; one of its own for an answer without a respondent's mark."""
    if respondent is None:
        return -feedback_id
    return int.from_bytes(hashlib.blake2b(respondent.encode(), digest_size=8).digest(), "big") >> 1


def _make(session: Session, chosen: Any) -> int:
    pairs = in_force(chosen)
    tone = _tones(chosen)
    query = (
        sa.select(
            pairs.c.theme_id,
            pairs.c.feedback_id,
            col(Feedback.unit_id),
            col(Feedback.week),
            col(Feedback.given_on),
            col(Feedback.channel),
            col(Feedback.solicited),
            col(Feedback.statutory_decision),
            col(Feedback.respondent),
            col(Feedback.sentiment),
            tone.c.unhappy,
            tone.c.happy,
            col(Feedback.text).is_not(None),
        )
        .join_from(pairs, Feedback, col(Feedback.id) == pairs.c.feedback_id)
        .outerjoin(tone, tone.c.feedback_id == col(Feedback.id))
        .where(col(Feedback.repeats_id).is_(None), chosen)
    )
    made = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal made
        for theme, answer, unit, week, day, channel, asked, statutory, person, words, low, high, has_text in found:
            made += 1
            yield {
                "theme_id": theme,
                "feedback_id": answer,
                "unit_id": unit,
                "week": week,
                "given_on": day,
                "channel": channel,
                "solicited": asked,
                "statutory": statutory,
                "person": person_number(answer, person),
                "tone": (words or "") if low is None else "neg" if low else "pos" if high else "neu",
                "rated": low is not None,
                "has_text": has_text,
            }

    found = session.execute(query).all()
    insert_rows(session, ThemeAnswer, rows())
    return made


def _tones(chosen: Any) -> sa.Subquery:
    """Per answer with scores: whether any of them is unhappy, and whether all of them are happy."""
    value, low, high = col(FeedbackScore.value), col(FeedbackScore.low), col(FeedbackScore.high)
    answers = sa.select(col(Feedback.id)).where(chosen)
    return (
        sa.select(
            col(FeedbackScore.feedback_id),
            sa.func.max(sa.case((unhappy(value, low, high), 1), else_=0)).label("unhappy"),
            sa.func.min(sa.case((happy(value, low, high), 1), else_=0)).label("happy"),
        )
        .where(col(FeedbackScore.feedback_id).in_(answers), col(FeedbackScore.item).not_in(NOT_RATINGS))
        .group_by(col(FeedbackScore.feedback_id))
        .subquery()
    )

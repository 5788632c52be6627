"""The rating that stands for an answer: its recommendation, else the first of its scores."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.feedback import FeedbackScore
from services.theme_facts import NOT_RATINGS


def ratings(session: Session, feedback_ids: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Per answer that has one, the value and the top of its scale."""
    query = select(FeedbackScore).where(
        col(FeedbackScore.feedback_id).in_(feedback_ids), col(FeedbackScore.item).not_in(NOT_RATINGS)
    )
    query = query.order_by(FeedbackScore.item)
    found: dict[int, tuple[float, float]] = {}
    for row in session.exec(query).all():
        if row.item == "recommend" or row.feedback_id not in found:
            found[row.feedback_id] = (row.value, row.high)
    return found

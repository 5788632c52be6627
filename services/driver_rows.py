"""Answers with an outcome, and the themes each names: the one place where the analysis of drivers reads the record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col

from models.base import week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.theme_answers import ThemeAnswer
from services.theme_browse import Scope

_CHANNELS = {channel: code for code, channel in enumerate(Channel)}


@dataclass(frozen=True, eq=False, kw_only=True)
class AnswerRows:
    """N answers that carry a score on one item.

    Attributes:
        value: (N,) the score.
        unit: (N,) the unit's id.
        channel: (N,) a number for the channel.
        week: (N,) the week's number.
        has_text: (N,) 1 where there are words.
        respondent: (N,) the same number for one person's answers.
        themes: Per theme id, the places (from 0) of the answers that name it.
    """

    value: NDArray[np.float64]
    unit: NDArray[np.int64]
    channel: NDArray[np.int64]
    week: NDArray[np.int64]
    has_text: NDArray[np.int64]
    respondent: NDArray[np.int64]
    themes: dict[int, NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.value)

    def names(self, theme_id: int) -> NDArray[np.bool_]:
        """(N,) whether each answer names a theme."""
        found = np.zeros(len(self), dtype=bool)
        found[self.themes.get(theme_id, np.array([], dtype=np.int64))] = True
        return found


@dataclass(frozen=True, kw_only=True)
class ItemCount:
    """A survey item on its commonest scale, and how many answers of the scope carry it."""

    item: str
    low: float
    high: float
    answers: int


def items(session: Session, scope: Scope) -> list[ItemCount]:
    """Items that answers of the scope's weeks and units carry, each on its commonest scale; the commonest first."""
    score = FeedbackScore
    conditions = [col(score.week).between(week_of(scope.first), week_of(scope.last))]
    if scope.unit_ids is not None:
        conditions.append(col(score.unit_id).in_(list(scope.unit_ids)))
    query = (
        sa.select(col(score.item), col(score.low), col(score.high), sa.func.count())
        .where(*conditions)
        .group_by(col(score.item), col(score.low), col(score.high))
    )
    found: dict[str, ItemCount] = {}
    for item, low, high, answers in session.execute(query).all():
        if item not in found or found[item].answers < answers:
            found[item] = ItemCount(item=item, low=low, high=high, answers=answers)
    return sorted(found.values(), key=lambda one: (-one.answers, one.item))


def answer_rows(session: Session, scope: Scope, of: ItemCount) -> AnswerRows:
    """Read the answers of a scope that carry an item on its commonest scale."""
    score = FeedbackScore
    query = (
        sa.select(
            col(Feedback.id),
            col(score.value),
            col(Feedback.unit_id),
            col(Feedback.channel),
            col(Feedback.week),
            col(Feedback.text).is_not(None),
            col(Feedback.respondent),
        )
        .join_from(score, Feedback, col(Feedback.id) == col(score.feedback_id))
        .where(col(score.item) == of.item, col(score.low) == of.low, col(score.high) == of.high, *scope.conditions())
        .order_by(col(Feedback.id))
    )
    rows = session.execute(query).all()
    numbers: dict[str, int] = {}
    respondents = [-int(row[0]) if row[6] is None else numbers.setdefault(row[6], len(numbers)) for row in rows]
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    pairs = np.array(
        session.execute(sa.select(col(ThemeAnswer.theme_id), col(ThemeAnswer.feedback_id)).where(*scope.facts())).all(),
        dtype=np.int64,
    ).reshape(-1, 2)
    places = np.searchsorted(ids, pairs[:, 1])
    known = (places < len(ids)) & (ids[np.minimum(places, max(len(ids) - 1, 0))] == pairs[:, 1]) if len(ids) else None
    themes: dict[int, NDArray[np.int64]] = {}
    if known is not None:
        for theme_id in np.unique(pairs[known, 0]):
            themes[int(theme_id)] = places[known & (pairs[:, 0] == theme_id)]
    return AnswerRows(
        value=np.array([row[1] for row in rows], dtype=np.float64),
        unit=np.array([row[2] for row in rows], dtype=np.int64),
        channel=np.array([_CHANNELS[Channel(row[3])] for row in rows], dtype=np.int64),
        week=np.array([row[4] for row in rows], dtype=np.int64),
        has_text=np.array([row[5] for row in rows], dtype=np.int64),
        respondent=np.array(respondents, dtype=np.int64),
        themes=themes,
    )

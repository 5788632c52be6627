"""Themes as people read them: how much, from how many, through which channels, which way it goes, in whose words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.organisation import Unit
from models.themes import Theme
from services.rows import key
from services.theme_labels import in_force

SINGLE_OPINION_BELOW = 3


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which answers are looked at.

    Attributes:
        first: First day.
        last: Last day.
        unit_ids: Units; None for all.
        channels: Channels; empty for all.
        solicited: Only asked-for (True) or unasked (False) feedback; None for both.
        statutory: Only answers on an official decision (True) or others (False); None for both.
    """

    first: dt.date
    last: dt.date
    unit_ids: Collection[int] | None = None
    channels: tuple[Channel, ...] = ()
    solicited: bool | None = None
    statutory: bool | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The scope as conditions on Feedback; repeats never count."""
        found: list[Any] = [
            col(Feedback.given_on) >= self.first,
            col(Feedback.given_on) <= self.last,
            col(Feedback.repeats_id).is_(None),
        ]
        if self.unit_ids is not None:
            found.append(col(Feedback.unit_id).in_(list(self.unit_ids)))
        if self.channels:
            found.append(col(Feedback.channel).in_(self.channels))
        if self.solicited is not None:
            found.append(col(Feedback.solicited) == self.solicited)
        if self.statutory is not None:
            found.append(col(Feedback.statutory_decision) == self.statutory)
        return found

    def before(self) -> Scope:
        """The same length of time right before this one, for comparison."""
        length = self.last - self.first + dt.timedelta(days=1)
        return Scope(
            first=self.first - length,
            last=self.first - dt.timedelta(days=1),
            unit_ids=self.unit_ids,
            channels=self.channels,
            solicited=self.solicited,
            statutory=self.statutory,
        )


@dataclass(frozen=True, kw_only=True)
class ThemeSummary:
    """One theme within a scope.

    Attributes:
        theme: The theme.
        answers: How many answers are about it, repeats counted once.
        people: Distinct respondents; an answer without a respondent's mark counts as one.
        channels: How many channels they came through.
        weeks: In how many weeks.
        rated: Answers that carried a rating.
        negative: Rated answers that were unhappy.
        before: Answers about it in the same length of time before.
        comments: Answers with words.
    """

    theme: Theme
    answers: int
    people: int
    channels: int
    weeks: int
    rated: int
    negative: int
    before: int
    comments: int

    @property
    def negative_share(self) -> float | None:
        """Share of the rated answers that were unhappy; None when none was rated."""
        return self.negative / self.rated if self.rated else None

    @property
    def single_opinion(self) -> bool:
        """Whether so few people said it that it is a hint, not yet a pattern."""
        return self.people < SINGLE_OPINION_BELOW


@dataclass(frozen=True, kw_only=True)
class Quote:
    """An answer in the customer's own (redacted) words; the rating as value and top of its scale."""

    feedback: Feedback
    unit: Unit
    rating: tuple[float, float] | None


def summaries(session: Session, scope: Scope) -> list[ThemeSummary]:
    """Every theme of the scope, the most spoken of first; themes nobody spoke of come last with zeros."""
    pairs = in_force()
    rating = _ratings()
    person = sa.func.coalesce(col(Feedback.respondent), sa.cast(col(Feedback.id), sa.String))
    query = (
        sa.select(
            pairs.c.theme_id,
            sa.func.count(),
            sa.func.count(sa.distinct(person)),
            sa.func.count(sa.distinct(col(Feedback.channel))),
            sa.func.count(sa.distinct(col(Feedback.week))),
            sa.func.count(rating.c.negative),
            sa.func.coalesce(sa.func.sum(rating.c.negative), 0),
            sa.func.count(col(Feedback.text)),
        )
        .join_from(pairs, Feedback, col(Feedback.id) == pairs.c.feedback_id)
        .outerjoin(rating, rating.c.feedback_id == col(Feedback.id))
        .where(*scope.conditions())
        .group_by(pairs.c.theme_id)
    )
    found = {row[0]: row for row in session.execute(query).all()}
    earlier = _volumes(session, scope.before())
    rows = []
    for theme in session.exec(select(Theme).where(col(Theme.merged_into_id).is_(None))).all():
        theme_id = key(theme.id)
        _, answers, people, channels, weeks, rated, negative, comments = found.get(theme_id, (theme_id, *[0] * 7))
        rows.append(
            ThemeSummary(
                theme=theme,
                answers=answers,
                people=people,
                channels=channels,
                weeks=weeks,
                rated=rated,
                negative=int(negative),
                before=earlier.get(theme_id, 0),
                comments=comments,
            )
        )
    return sorted(rows, key=lambda row: (-row.answers, row.theme.code))


def weekly(session: Session, scope: Scope, theme_id: int) -> list[tuple[int, int, int]]:
    """A theme week by week: (week number, answers, unhappy answers), weeks without answers included."""
    pairs = in_force()
    rating = _ratings()
    query = (
        sa.select(col(Feedback.week), sa.func.count(), sa.func.coalesce(sa.func.sum(rating.c.negative), 0))
        .join_from(pairs, Feedback, col(Feedback.id) == pairs.c.feedback_id)
        .outerjoin(rating, rating.c.feedback_id == col(Feedback.id))
        .where(pairs.c.theme_id == theme_id, *scope.conditions())
        .group_by(col(Feedback.week))
    )
    found = {week: (answers, int(negative)) for week, answers, negative in session.execute(query).all()}
    return [(week, *found.get(week, (0, 0))) for week in range(week_of(scope.first), week_of(scope.last) + 1)]


def quotes(
    session: Session, scope: Scope, *, theme_id: int | None = None, words: str = "", limit: int = 20, skip: int = 0
) -> tuple[list[Quote], int]:
    """Comments of the scope, newest first, and how many there are in all; every word must occur in the text."""
    query = (
        select(Feedback, Unit)
        .join(Unit, col(Unit.id) == Feedback.unit_id)
        .where(col(Feedback.text).is_not(None), *scope.conditions())
    )
    if theme_id is not None:
        pairs = in_force()
        query = query.join(pairs, sa.and_(pairs.c.feedback_id == Feedback.id, pairs.c.theme_id == theme_id))
    for word in words.split():
        query = query.where(col(Feedback.text).icontains(word, autoescape=True))
    total = session.exec(select(sa.func.count()).select_from(query.subquery())).one()
    rows = session.exec(
        query.order_by(col(Feedback.given_on).desc(), col(Feedback.id).desc()).offset(skip).limit(limit)
    ).all()
    scores = _recommendation(session, [key(feedback.id) for feedback, _ in rows])
    return [Quote(feedback=feedback, unit=unit, rating=scores.get(key(feedback.id))) for feedback, unit in rows], total


def repeats_of(session: Session, feedback_ids: Sequence[int]) -> dict[int, int]:
    """How many further answers repeat each of these; they count once with it."""
    query = (
        sa.select(col(Feedback.repeats_id), sa.func.count())
        .where(col(Feedback.repeats_id).in_(feedback_ids))
        .group_by(col(Feedback.repeats_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _volumes(session: Session, scope: Scope) -> dict[int, int]:
    pairs = in_force()
    query = (
        sa.select(pairs.c.theme_id, sa.func.count())
        .join_from(pairs, Feedback, col(Feedback.id) == pairs.c.feedback_id)
        .where(*scope.conditions())
        .group_by(pairs.c.theme_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _ratings() -> sa.Subquery:
    """Per answer 1 when unhappy, else 0: 0-6 on the 0-10 recommendation, the lower half on any other scale."""
    score = col(FeedbackScore.value)
    middle = (col(FeedbackScore.low) + col(FeedbackScore.high)) / 2
    unhappy = sa.case((col(FeedbackScore.high) == 10, score <= 6), else_=score < middle)
    return (
        sa.select(col(FeedbackScore.feedback_id), sa.func.max(sa.case((unhappy, 1), else_=0)).label("negative"))
        .group_by(col(FeedbackScore.feedback_id))
        .subquery()
    )


def _recommendation(session: Session, feedback_ids: Sequence[int]) -> dict[int, tuple[float, float]]:
    query = select(FeedbackScore).where(col(FeedbackScore.feedback_id).in_(feedback_ids)).order_by(FeedbackScore.item)
    found: dict[int, tuple[float, float]] = {}
    for row in session.exec(query).all():
        if row.item == "recommend" or row.feedback_id not in found:
            found[row.feedback_id] = (row.value, row.high)
    return found

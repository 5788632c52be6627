"""Themes as people read them: how much, from how many, through which channels, which way it goes, in whose words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.rows import key
from services.theme_pages import all_themes

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

    def facts(self) -> list[sa.ColumnElement[bool]]:
        """The scope as conditions on ThemeAnswer, which leaves repeats out itself."""
        fact = ThemeAnswer
        found: list[Any] = [col(fact.given_on) >= self.first, col(fact.given_on) <= self.last]
        if self.unit_ids is not None:
            found.append(col(fact.unit_id).in_(list(self.unit_ids)))
        if self.channels:
            found.append(col(fact.channel).in_(self.channels))
        if self.solicited is not None:
            found.append(col(fact.solicited) == self.solicited)
        if self.statutory is not None:
            found.append(col(fact.statutory) == self.statutory)
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
        judged: Answers whose tone is known, by their rating or else by their words.
        negative: Unhappy ones among them.
        rated: Answers that carried a rating.
        before: Answers about it in the same length of time before.
        comments: Answers with words.
    """

    theme: Theme
    answers: int
    people: int
    channels: int
    weeks: int
    judged: int
    negative: int
    rated: int
    before: int
    comments: int

    @property
    def negative_share(self) -> float | None:
        """Share of the answers with a known tone that were unhappy; None when there is none."""
        return self.negative / self.judged if self.judged else None

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
    fact = ThemeAnswer
    one = sa.literal(1)
    query = (
        sa.select(
            col(fact.theme_id),
            sa.func.count(),
            sa.func.count(sa.distinct(col(fact.person))),
            sa.func.count(sa.distinct(col(fact.channel))),
            sa.func.count(sa.distinct(col(fact.week))),
            sa.func.count(sa.case((col(fact.tone) != "", one))),
            sa.func.count(sa.case((col(fact.tone) == "neg", one))),
            sa.func.count(sa.case((col(fact.rated), one))),
            sa.func.count(sa.case((col(fact.has_text), one))),
        )
        .where(*scope.facts())
        .group_by(col(fact.theme_id))
    )
    found = {row[0]: row for row in session.execute(query).all()}
    earlier = _volumes(session, scope.before())
    rows = []
    for theme in all_themes(session):
        theme_id = key(theme.id)
        _, answers, people, channels, weeks, judged, negative, rated, comments = found.get(
            theme_id, (theme_id, *[0] * 8)
        )
        rows.append(
            ThemeSummary(
                theme=theme,
                answers=answers,
                people=people,
                channels=channels,
                weeks=weeks,
                judged=judged,
                negative=negative,
                rated=rated,
                before=earlier.get(theme_id, 0),
                comments=comments,
            )
        )
    return sorted(rows, key=lambda row: (-row.answers, row.theme.code))


class Week(NamedTuple):
    """A theme in one week: the week's number, answers, those with a tone, the unhappy of these."""

    week: int
    answers: int
    judged: int
    unhappy: int


def weekly(session: Session, scope: Scope, theme_id: int) -> list[Week]:
    """A theme week by week, weeks without answers included."""
    fact = ThemeAnswer
    query = (
        sa.select(
            col(fact.week),
            sa.func.count(),
            sa.func.count(sa.case((col(fact.tone) != "", 1))),
            sa.func.count(sa.case((col(fact.tone) == "neg", 1))),
        )
        .where(col(fact.theme_id) == theme_id, *scope.facts())
        .group_by(col(fact.week))
    )
    found = {row[0]: Week(*row) for row in session.execute(query).all()}
    weeks = range(week_of(scope.first), week_of(scope.last) + 1)
    return [found.get(week, Week(week, 0, 0, 0)) for week in weeks]


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
        fact = ThemeAnswer
        about = sa.and_(col(fact.feedback_id) == Feedback.id, col(fact.theme_id) == theme_id)
        query = query.join(ThemeAnswer, about)
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
    query = (
        sa.select(col(ThemeAnswer.theme_id), sa.func.count()).where(*scope.facts()).group_by(col(ThemeAnswer.theme_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _recommendation(session: Session, feedback_ids: Sequence[int]) -> dict[int, tuple[float, float]]:
    query = select(FeedbackScore).where(col(FeedbackScore.feedback_id).in_(feedback_ids)).order_by(FeedbackScore.item)
    found: dict[int, tuple[float, float]] = {}
    for row in session.exec(query).all():
        if row.item == "recommend" or row.feedback_id not in found:
            found[row.feedback_id] = (row.value, row.high)
    return found

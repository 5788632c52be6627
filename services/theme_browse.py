"""Themes as people read them: how much, from how many, through which channels, which way it goes, in whose words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import week_of
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.rows import key
from services.theme_families import answers_of, families, family
from services.theme_pages import all_themes
from services.theme_quotes import Quote, quotes, repeats_of
from services.theme_scope import Scope

__all__ = ["Quote", "Scope", "ThemeSummary", "Week", "quotes", "repeats_of", "summaries", "summary", "weekly"]

SINGLE_OPINION_BELOW = 3
"""What fewer people say is a hint, not yet a pattern: nothing is proposed or measured from it."""


@dataclass(frozen=True, kw_only=True)
class ThemeSummary:
    """One theme within a scope. The numbers of a theme with others below it include theirs, each answer once.

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
        before_judged: Those of them whose tone is known.
        before_negative: Unhappy ones among these.
        comments: Answers with words.
        by_week: Answers in each week of the scope.
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
    before_judged: int
    before_negative: int
    comments: int
    by_week: tuple[int, ...]

    @property
    def negative_share(self) -> float | None:
        """Share of the answers with a known tone that were unhappy; None when there is none."""
        return self.negative / self.judged if self.judged else None


class Day(NamedTuple):
    """A theme's answers of one day: all, with a tone, unhappy, with a rating, with words."""

    given_on: dt.date
    answers: int
    judged: int
    negative: int
    rated: int
    comments: int


class Week(NamedTuple):
    """A theme in one week: the week's number, answers, those with a tone, the unhappy of these."""

    week: int
    answers: int
    judged: int
    unhappy: int


def summaries(session: Session, scope: Scope) -> list[ThemeSummary]:
    """Every theme of the scope, the most spoken of first; themes nobody spoke of come last with zeros."""
    themes = all_themes(session)
    of = families(themes)
    single = [theme_id for theme_id, below in of.items() if len(below) == 1]
    fact = ThemeAnswer
    alone = col(fact.theme_id).in_(single)
    days: dict[int, list[Day]] = defaultdict(list)
    # Days come in the index's own order, which is three times as fast as any other grouping of a million rows.
    for part in (scope.before(), scope):
        query = sa.select(col(fact.theme_id), *_day(fact)).where(alone, *part.facts())
        for theme_id, *values in session.execute(query.group_by(col(fact.theme_id), col(fact.given_on))):
            days[theme_id].append(Day(*values))
    people, channels = (
        {
            row[0]: row[1]
            for row in session.execute(
                sa.select(col(fact.theme_id), sa.func.count(sa.distinct(column)))
                .where(alone, *scope.facts())
                .group_by(col(fact.theme_id))
            )
        }
        for column in (col(fact.person), col(fact.channel))
    )
    for theme_id, below in of.items():
        if len(below) > 1:
            days[theme_id] = [
                day for part in (scope.before(), scope) for day in _days(session, answers_of(below, part.facts()))
            ]
            answers = answers_of(below, scope.facts())
            for found, column in ((people, answers.c.person), (channels, answers.c.channel)):
                counted = sa.select(sa.func.count(sa.distinct(column)))
                found[theme_id] = session.execute(counted).scalar_one()
    rows = [
        _summary(theme, scope, days[key(theme.id)], people.get(key(theme.id), 0), channels.get(key(theme.id), 0))
        for theme in themes
    ]
    return sorted(rows, key=lambda row: (-row.answers, row.theme.code))


def summary(session: Session, scope: Scope, theme: Theme) -> ThemeSummary:
    """One theme of the scope."""
    below = family(session, key(theme.id))
    answers = answers_of(below, scope.facts())
    days = [*_days(session, answers_of(below, scope.before().facts())), *_days(session, answers)]
    counted = sa.select(sa.func.count(sa.distinct(answers.c.person)), sa.func.count(sa.distinct(answers.c.channel)))
    people, channels = session.execute(counted).one()
    return _summary(theme, scope, days, people, channels)


def weekly(session: Session, scope: Scope, theme_id: int) -> list[Week]:
    """A theme, with those below it, week by week; weeks without answers included."""
    days = _days(session, answers_of(family(session, theme_id), scope.facts()))
    found: dict[int, list[Day]] = defaultdict(list)
    for day in days:
        found[week_of(day.given_on)].append(day)
    return [
        Week(
            week,
            _sum(found[week], lambda day: day.answers),
            _sum(found[week], lambda day: day.judged),
            _sum(found[week], lambda day: day.negative),
        )
        for week in range(week_of(scope.first), week_of(scope.last) + 1)
    ]


def _day(table: Any) -> list[Any]:
    """The columns of `Day`."""
    return [
        table.given_on,
        sa.func.count(),
        sa.func.count(sa.case((table.tone != "", 1))),
        sa.func.count(sa.case((table.tone == "neg", 1))),
        sa.func.count(sa.case((table.rated, 1))),
        sa.func.count(sa.case((table.has_text, 1))),
    ]


def _days(session: Session, answers: sa.Subquery) -> list[Day]:
    query = sa.select(*_day(answers.c)).group_by(answers.c.given_on)
    return [Day(*row) for row in session.execute(query)]


def _summary(theme: Theme, scope: Scope, days: Iterable[Day], people: int, channels: int) -> ThemeSummary:
    now = [day for day in days if day.given_on >= scope.first]
    earlier = [day for day in days if day.given_on < scope.first]
    by_week: dict[int, int] = defaultdict(int)
    for day in now:
        by_week[week_of(day.given_on)] += day.answers
    return ThemeSummary(
        theme=theme,
        answers=_sum(now, lambda day: day.answers),
        people=people,
        channels=channels,
        weeks=len(by_week),
        judged=_sum(now, lambda day: day.judged),
        negative=_sum(now, lambda day: day.negative),
        rated=_sum(now, lambda day: day.rated),
        before=_sum(earlier, lambda day: day.answers),
        before_judged=_sum(earlier, lambda day: day.judged),
        before_negative=_sum(earlier, lambda day: day.negative),
        comments=_sum(now, lambda day: day.comments),
        by_week=tuple(by_week[week] for week in range(week_of(scope.first), week_of(scope.last) + 1)),
    )


def _sum(days: Iterable[Day], value: Callable[[Day], int]) -> int:
    return sum(value(day) for day in days)

"""Whether a theme is spoken of more or less than before: in words, and only when chance does not explain it."""

from __future__ import annotations

import datetime as dt
import enum
import math

import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import monday_of, week_of
from models.feedback import Feedback
from services.theme_scope import Scope
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.proportions import difference_in_proportions, wilson_interval
from stats.rates import rate_ratio

CHANCE = 3.84
"""Square of 1.96: two counts that differ by less are what chance gives in nineteen cases of twenty."""


class Trend(enum.StrEnum):
    """Which way a count goes."""

    MORE = "more"
    LESS = "less"
    LEVEL = "level"
    UNKNOWN = "unknown"


def trend(now: int, before: int | None) -> Trend:
    """Two counts over equal lengths of time; UNKNOWN when there was no time before to compare with.

    Under equal rates the difference of two Poisson counts has the variance of their sum. Outside LEVEL the interval of
    `volume_change` does not hold 1.
    """
    if before is None:
        return Trend.UNKNOWN
    if (now - before) ** 2 <= CHANCE * (now + before):
        return Trend.LEVEL
    return Trend.MORE if now > before else Trend.LESS


def volume_change(now: int, before: int) -> EffectEstimate | None:
    """How many times as many answers as in the equal time before, with its score interval; None without any answer."""
    try:
        return rate_ratio(before, 1.0, now, 1.0, method="score")
    except CannotEstimateError:
        return None


def share_change(now: int, now_of: int, before: int, before_of: int) -> EffectEstimate | None:
    """The difference of two shares, now less before, with Newcombe's interval; None where one of them has no answer."""
    if not now_of or not before_of:
        return None
    return difference_in_proportions(before, before_of, now, now_of)


def share_interval(count: int, of: int) -> Interval | None:
    """Wilson's interval of one share; None without any answer."""
    return wilson_interval(count, of, math.sqrt(CHANCE)) if of else None


def comparable(session: Session, scope: Scope) -> bool:
    """Whether the record reaches back over the whole of the time before the scope."""
    first = session.execute(sa.select(sa.func.min(col(Feedback.given_on)))).scalar_one()
    return first is not None and bool(first <= scope.before().first + dt.timedelta(days=6))


def last_weeks(today: dt.date, weeks: int) -> tuple[dt.date, dt.date]:
    """The first and last day of the last whole weeks, Monday to Sunday, before today's week."""
    monday = monday_of(week_of(today))
    return monday - dt.timedelta(weeks=weeks), monday - dt.timedelta(days=1)

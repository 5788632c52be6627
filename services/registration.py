"""What a registration proposes, so that a person mostly confirms: metric, sizes, dates, units, guardrails, groups."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import monday_of, week_of
from models.feedback import Feedback, FeedbackScore
from models.metrics import Direction, Metric, MetricFamily, MetricKind
from models.organisation import Unit
from models.people import Person
from models.themes import Theme
from services import recent, theme_browse, theme_fields
from services.organisation import pilot_units
from services.permissions import May, allowed, reach
from services.rows import key

PILOT_WEEKS = 12
DECIDE_AFTER = dt.timedelta(weeks=1)
VOICE_WEEKS = 8
SMALLEST_GROUP = 10
USUAL_GROUPS = ("age:75+", "language:sv")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What customers have said of a theme in a unit lately; of the whole county when the unit itself is silent.

    Attributes:
        answers: Answers about the theme.
        people: Distinct respondents behind them.
        weeks: The length of time looked at.
        quotes: The newest comments, redacted.
        own_unit: Whether they come from the unit itself.
    """

    answers: int
    people: int
    weeks: int
    quotes: tuple[str, ...]
    own_unit: bool


@dataclass(frozen=True, kw_only=True)
class MetricChoice:
    """A metric with how much data it has in the unit: answers a week, and weeks with any."""

    metric: Metric
    per_week: float
    weeks: int


@dataclass(frozen=True, kw_only=True)
class Dates:
    """Start (a Monday), end (a Sunday) and day of decision."""

    start_on: dt.date
    end_on: dt.date
    decide_on: dt.date


@dataclass(frozen=True, kw_only=True)
class GuardrailChoice:
    """A metric that must not worsen, with the worsening that would be too much."""

    metric: Metric
    margin: float
    has_data: bool
    proposed: bool


@dataclass(frozen=True, kw_only=True)
class GroupChoice:
    """A group with how many of its answers feed the metric in the unit lately."""

    group: str
    answers: int
    proposed: bool


def units_of(session: Session, by: Person) -> list[Unit]:
    """Units a person may register a pilot in, the person's own first."""
    if not allowed(session, by, May.REGISTER):
        return []
    units = reach(session, by)
    found = [unit for unit in pilot_units(session) if units is None or unit.id in units]
    return sorted(found, key=lambda unit: (unit.id != by.unit_id, unit.code))


def themes(session: Session) -> Sequence[Theme]:
    """Themes a pilot can answer: those in use, problems before praise."""
    query = select(Theme).where(theme_fields.used())
    return session.exec(query.order_by(col(Theme.praise), Theme.code)).all()


def voice(session: Session, *, theme: Theme, unit_id: int, today: dt.date, quotes: int = 3) -> Voice:
    """What to put under the first question: counts and the newest quotes of a theme."""
    first = today - dt.timedelta(weeks=VOICE_WEEKS) + dt.timedelta(days=1)
    scope = theme_browse.Scope(first=first, last=today, unit_ids=[unit_id])
    summary = _summary(session, scope, theme)
    own_unit = summary is not None and summary.answers > 0
    if not own_unit:
        scope = theme_browse.Scope(first=first, last=today)
        summary = _summary(session, scope, theme)
    rows, _ = theme_browse.quotes(session, scope, theme_id=theme.id, limit=quotes)
    return Voice(
        answers=summary.answers if summary else 0,
        people=summary.people if summary else 0,
        weeks=VOICE_WEEKS,
        quotes=tuple(row.feedback.text for row in rows if row.feedback.text),
        own_unit=own_unit,
    )


def _summary(session: Session, scope: theme_browse.Scope, theme: Theme) -> theme_browse.ThemeSummary | None:
    return next((row for row in theme_browse.summaries(session, scope) if row.theme.id == theme.id), None)


def metrics(session: Session, *, unit_id: int, today: dt.date) -> list[MetricChoice]:
    """Metrics but themes' shares, most data in the unit first; of staff, safety and cost after what customers feel."""
    volumes = recent.volumes(session, unit_id=unit_id, today=today)
    behind = (MetricFamily.STAFF, MetricFamily.SAFETY, MetricFamily.COST)
    choices = []
    for metric in session.exec(select(Metric).where(col(Metric.theme_id).is_(None)).order_by(Metric.code)).all():
        total, weeks = volumes.get(key(metric.id), (0.0, 0))
        choices.append(MetricChoice(metric=metric, per_week=total / weeks if weeks else 0.0, weeks=weeks))
    return sorted(
        choices,
        key=lambda c: (
            c.weeks == 0,
            c.metric.family in behind,
            -c.per_week * c.weeks,
            c.metric.kind is MetricKind.NPS,  # a mean of the same answers shows a change sooner
            c.metric.code,
        ),
    )


def smallest_change(metric: Metric, level: float | None = None) -> float:
    """The smallest change that matters: the metric's own, else a twentieth of its scale, else a tenth of its level."""
    if metric.smallest_change is not None:
        return metric.smallest_change
    if metric.kind is MetricKind.PROPORTION:
        return 0.05
    if metric.scale_low is not None and metric.scale_high is not None:
        return (metric.scale_high - metric.scale_low) / 20
    return abs(level) / 10 if level else 1.0


def target(metric: Metric, level: float, change: float) -> float:
    """Where the metric would stand after a change for the better, kept on its scale."""
    low, high = metric.scale_low, metric.scale_high
    if metric.kind is MetricKind.PROPORTION:
        low, high = 0.0, 1.0
    value = level + change if metric.direction is Direction.INCREASE else level - change
    return min(max(value, -math.inf if low is None else low), math.inf if high is None else high)


def dates(today: dt.date, *, weeks: int = PILOT_WEEKS, start_on: dt.date | None = None) -> Dates:
    """Next Monday, so many weeks, and a week to decide."""
    start = start_on or monday_of(week_of(today) + 1)
    end = start + dt.timedelta(weeks=weeks) - dt.timedelta(days=1)
    return Dates(start_on=start, end_on=end, decide_on=end + DECIDE_AFTER)


def guardrails(
    session: Session, *, metric: Metric, unit_id: int, today: dt.date, families: Sequence[MetricFamily] = ()
) -> list[GuardrailChoice]:
    """Metrics to keep an eye on; the staff pulse and one of safety or quality with data are proposed.

    Args:
        session: Reads the record.
        metric: The pilot's own metric, which is no guardrail.
        unit_id: The unit.
        today: The day.
        families: Families that the change might make worse: one metric with data of each is proposed as well.
    """
    volumes = recent.volumes(session, unit_id=unit_id, today=today)
    query = select(Metric).where(col(Metric.is_guardrail), col(Metric.id) != metric.id).order_by(Metric.code)
    found = [row for row in session.exec(query).all() if metric.item is None or row.item != metric.item]
    staff = next((row for row in found if row.family is MetricFamily.STAFF), None)
    order = (MetricFamily.SAFETY, MetricFamily.PROCESS, MetricFamily.NATIONAL, MetricFamily.OWN)
    with_data = [row for row in found if key(row.id) in volumes and row.family in order]
    safety = min(with_data, key=lambda row: order.index(row.family), default=None)
    named = [next((row for row in found if row.family is one and key(row.id) in volumes), None) for one in families]
    proposed = {row.id for row in (staff, safety, *named) if row is not None}
    choices = [
        GuardrailChoice(
            metric=row, margin=smallest_change(row), has_data=key(row.id) in volumes, proposed=row.id in proposed
        )
        for row in found
    ]
    return sorted(choices, key=lambda c: (not c.proposed, not c.has_data, c.metric.code))


def groups(session: Session, *, metric: Metric, unit_id: int, today: dt.date) -> list[GroupChoice]:
    """Groups large enough to be looked at separately; none when answers do not feed the metric."""
    if metric.item is None:
        return []
    first, last = recent.full_weeks(today, recent.RECENT_WEEKS)
    found = []
    for name, column in (("age", Feedback.age_group), ("language", Feedback.language)):
        query = (
            sa.select(col(column), sa.func.count())
            .join_from(FeedbackScore, Feedback, col(Feedback.id) == FeedbackScore.feedback_id)
            .where(
                col(FeedbackScore.item) == metric.item,
                col(FeedbackScore.unit_id) == unit_id,
                col(FeedbackScore.week) >= week_of(first),
                col(FeedbackScore.week) <= week_of(last),
                col(Feedback.repeats_id).is_(None),
                col(column).is_not(None),
            )
            .group_by(col(column))
        )
        for value, answers in session.execute(query).all():
            group = f"{name}:{value}"
            if answers >= SMALLEST_GROUP:
                found.append(GroupChoice(group=group, answers=answers, proposed=group in USUAL_GROUPS))
    return sorted(found, key=lambda c: (not c.proposed, c.group))

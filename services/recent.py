"""How a metric has stood lately: its level and volume by unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import monday_of, week_of
from models.feedback import Feedback, FeedbackScore
from models.metrics import Measurement, Metric
from models.organisation import Unit
from services import series
from services.rows import key

RECENT_WEEKS = 16


@dataclass(frozen=True, kw_only=True)
class Level:
    """A metric in one unit over the recent weeks.

    Attributes:
        value: Mean over all answers (or events per exposure), in the metric's unit.
        per_week: Answers, cases or exposure in a week that has any.
        weeks: Weeks with values.
    """

    value: float
    per_week: float
    weeks: int


def full_weeks(today: dt.date, weeks: int) -> tuple[dt.date, dt.date]:
    """The last whole weeks before today: the Monday of the first, the Sunday of the last."""
    monday = monday_of(week_of(today))
    return monday - dt.timedelta(weeks=weeks), monday - dt.timedelta(days=1)


def volumes(session: Session, *, unit_id: int, today: dt.date) -> dict[int, tuple[float, int]]:
    """Per metric id: answers or cases, and weeks with any, in a unit over the recent weeks."""
    first, last = (week_of(day) for day in full_weeks(today, RECENT_WEEKS))
    measured = series.current_measurements().where(
        col(Measurement.unit_id) == unit_id,
        col(Measurement.population) == "",
        col(Measurement.week) >= first,
        col(Measurement.week) <= last,
    )
    rows = measured.subquery()
    found = {
        metric_id: (float(total), weeks)
        for metric_id, total, weeks in session.execute(
            sa.select(rows.c.metric_id, sa.func.sum(rows.c.n), sa.func.count(sa.distinct(rows.c.week))).group_by(
                rows.c.metric_id
            )
        ).all()
    }
    answered = (
        sa.select(col(FeedbackScore.item), sa.func.count(), sa.func.count(sa.distinct(col(FeedbackScore.week))))
        .join_from(FeedbackScore, Feedback, col(Feedback.id) == FeedbackScore.feedback_id)
        .where(
            col(FeedbackScore.unit_id) == unit_id,
            col(FeedbackScore.week) >= first,
            col(FeedbackScore.week) <= last,
            col(Feedback.repeats_id).is_(None),
        )
        .group_by(col(FeedbackScore.item))
    )
    items = {item: (float(total), weeks) for item, total, weeks in session.execute(answered).all()}
    for metric in session.exec(select(Metric).where(col(Metric.item).is_not(None))).all():
        if metric.item in items:
            found[key(metric.id)] = items[metric.item]
    return found


def levels(session: Session, *, metric: Metric, units: Sequence[Unit], today: dt.date) -> dict[int, Level]:
    """Per unit id: the metric over the recent weeks; units without values are left out."""
    first, last = full_weeks(today, RECENT_WEEKS)
    loaded = series.load(session, metric=metric, unit_ids=[key(unit.id) for unit in units], first=first, last=last)
    by_code = {unit.code: key(unit.id) for unit in units}
    summed = _weighed(loaded.rows).group_by("unit").agg(pl.col("total").sum(), pl.col("n").sum(), weeks=pl.len())
    return {
        by_code[unit]: Level(value=total / n, per_week=n / weeks, weeks=weeks)
        for unit, total, n, weeks in summed.select("unit", "total", "n", "weeks").iter_rows()
    }


def _weighed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `total`: what a unit's week adds up to (successes, events, or mean times answers)."""
    return rows.with_columns(total=pl.coalesce("count", pl.col("mean") * pl.col("n")))

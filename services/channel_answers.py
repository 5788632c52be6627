"""A survey item's answers by channel: how many a week, and the metric in each channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import monday_of, week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.metrics import Metric, MetricKind
from models.organisation import Unit
from services.i18n import translator
from services.labels import label
from services.lineage import sources
from services.rows import key
from services.series import population_filter
from stats.channels import ChannelData
from stats.metric import Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks

SCHEMA = {"unit": pl.Int64, "week": pl.Int64, "channel": pl.String, "value": pl.Float64, "times": pl.Int64}


def load(
    session: Session,
    *,
    metric: Metric,
    pilot_ids: Sequence[int],
    comparison_ids: Sequence[int],
    population: str,
    first: dt.date,
    last: dt.date,
) -> tuple[ChannelData | None, pl.DataFrame]:
    """Answers to the metric's item by channel, and the rows they came from (for a digest).

    Repeats count once; answers of units that merged into one of these are part of it. A metric that no answers feed,
    or that has none in the pilot units, has no channels.

    Args:
        metric: The metric.
        pilot_ids: Units whose channels are counted.
        comparison_ids: Further units of the metric's panels.
        population: As in `services.series.load`.
        first: First day, its whole week.
        last: Last day, its whole week.
    """
    unit_ids = [*pilot_ids, *comparison_ids]
    if metric.item is None:
        return None, pl.DataFrame(schema=SCHEMA)
    rows = _rows(session, metric, unit_ids, population, (week_of(first), week_of(last)))
    own = rows.filter(pl.col("unit").is_in(list(pilot_ids)))
    if own.is_empty():
        return None, rows
    codes = {key(unit.id): unit.code for unit in session.exec(select(Unit).where(col(Unit.id).in_(unit_ids))).all()}
    channels = own["channel"].unique().sort().to_list()
    weeks = list(range(own["week"].min(), own["week"].max() + 1))  # type: ignore[operator, arg-type]
    counts = np.zeros((len(weeks), len(channels)))
    for week, channel, times in own.group_by("week", "channel").agg(pl.col("times").sum()).iter_rows():
        counts[weeks.index(week), channels.index(channel)] = times
    names = [label(translator("en"), Channel(channel)) for channel in channels]
    known = metric.kind is not MetricKind.PROPORTION or metric.success_from is not None
    return ChannelData(
        channels=tuple(names),
        weeks=np.array([monday_of(week) for week in weeks], dtype="datetime64[D]"),
        counts=counts,
        panels={
            name: _panel(rows.filter(pl.col("channel") == channel), metric, codes)
            for name, channel in zip(names, channels, strict=True)
            if known
        },
    ), rows


def _rows(
    session: Session, metric: Metric, unit_ids: Sequence[int], population: str, window: tuple[int, int]
) -> pl.DataFrame:
    """How many answers gave each value, by unit, week and channel; a merged unit's answers under its successor."""
    belongs = sources(session, unit_ids)
    query = (
        sa.select(
            col(FeedbackScore.unit_id),
            col(FeedbackScore.week),
            col(Feedback.channel),
            col(FeedbackScore.value),
            sa.func.count(),
        )
        .join_from(FeedbackScore, Feedback, col(Feedback.id) == FeedbackScore.feedback_id)
        .where(
            col(FeedbackScore.item) == metric.item,
            col(FeedbackScore.unit_id).in_(list(belongs)),
            col(FeedbackScore.week).between(*window),
            col(Feedback.repeats_id).is_(None),
            *population_filter(population),
        )
        .group_by(col(FeedbackScore.unit_id), col(FeedbackScore.week), col(Feedback.channel), col(FeedbackScore.value))
    )
    found = [
        (belongs[unit], week, Channel(channel).value, value, times)
        for unit, week, channel, value, times in session.execute(query)
    ]
    keys = ["unit", "week", "channel", "value"]
    rows = pl.DataFrame(found, schema=SCHEMA, orient="row")
    return rows.group_by(keys).agg(pl.col("times").sum()).sort(keys)


def _panel(rows: pl.DataFrame, metric: Metric, codes: dict[int, str]) -> Panel:
    """The metric's weeks from counted values."""
    kind = Kind(metric.kind.value)
    value, times = pl.col("value"), pl.col("times")
    if metric.kind is MetricKind.NPS:
        value = pl.when(value >= 9).then(100.0).when(value <= 6).then(-100.0).otherwise(0.0)
    elif metric.kind is MetricKind.PROPORTION:
        value = (value >= metric.success_from).cast(pl.Float64)
    weeks = (
        rows.with_columns(value=value)
        .group_by("unit", "week")
        .agg(
            n=times.sum().cast(pl.Float64),
            count=(times * pl.col("value")).sum(),
            mean=(times * pl.col("value")).sum() / times.sum(),
            squares=(times * (pl.col("value") - (times * pl.col("value")).sum() / times.sum()) ** 2).sum(),
        )
        .with_columns(sd=pl.when(pl.col("n") > 1).then((pl.col("squares") / (pl.col("n") - 1)).sqrt()))
        .sort("unit", "week")
    )
    counted = kind.counted
    return from_weeks(
        kind=kind,
        unit=[codes[unit] for unit in weeks["unit"].to_list()],
        week=[monday_of(week) for week in weeks["week"].to_list()],
        n=weeks["n"].to_numpy(),
        count=weeks["count"].to_numpy() if counted else None,
        mean=None if counted else weeks["mean"].to_numpy(),
        sd=None if counted else weeks["sd"].fill_null(np.nan).to_numpy(),
    )

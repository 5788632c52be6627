"""Weekly series of a metric: from answers when answers feed it, else from measurements; as rows and as a panel."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import monday_of, week_of
from models.feedback import Feedback, FeedbackScore
from models.imports import ImportBatch
from models.metrics import Measurement, Metric, MetricKind
from models.organisation import Unit
from services import theme_share
from services.errors import BadInput
from services.lineage import sources
from services.rows import key
from stats.metric import Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks

SCHEMA = {
    "unit": pl.String,
    "week": pl.Int64,
    "n": pl.Float64,
    "mean": pl.Float64,
    "sd": pl.Float64,
    "count": pl.Float64,
}


@dataclass(frozen=True, kw_only=True)
class Series:
    """Weekly values of one metric in some units.

    Attributes:
        metric: The metric.
        rows: Columns unit (code), week (number), n, mean, sd, count; one row a unit and week.
    """

    metric: Metric
    rows: pl.DataFrame

    @property
    def panel(self) -> Panel | None:
        """The series as the statistics read it; None when there is no value at all."""
        return None if self.rows.is_empty() else self._panel(self.rows)

    def padded(self, units: Sequence[str], day: dt.date) -> Panel:
        """The panel with every unit in it: one without any value gets an empty week."""
        absent = sorted(set(units) - set(self.rows["unit"].to_list()))
        empty = pl.DataFrame(
            [{"unit": unit, "week": week_of(day), "n": 0.0} for unit in absent], schema=SCHEMA, orient="row"
        )
        return self._panel(pl.concat([self.rows, empty]))

    def _panel(self, rows: pl.DataFrame) -> Panel:
        counted = self.metric.kind in (MetricKind.PROPORTION, MetricKind.COUNT)
        weeks = [monday_of(week) for week in rows["week"].to_list()]
        return from_weeks(
            kind=Kind(self.metric.kind.value),
            unit=rows["unit"].to_list(),
            week=weeks,
            n=rows["n"].to_numpy(),
            count=rows["count"].fill_null(np.nan).to_numpy() if counted else None,
            mean=None if counted else rows["mean"].fill_null(np.nan).to_numpy(),
            sd=None if counted else rows["sd"].fill_null(np.nan).to_numpy(),
        )

    def digest(self) -> str:
        """SHA-256 over every value, so that an evaluation can say what it saw."""
        text = self.rows.sort("unit", "week").write_csv(float_precision=10)
        return hashlib.sha256(f"{self.metric.code}\n{text}".encode()).hexdigest()


def load(
    session: Session,
    *,
    metric: Metric,
    unit_ids: Sequence[int],
    population: str = "",
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Series:
    """Weekly values of a metric in some units; those of units that merged into one of them are part of its series.

    A metric that answers feed is computed from the answers, repeats counted once; weeks of a unit without answers
    take their measurements. A theme's share is that of its comments with words, as the metric's version of the theme
    model counts them. Corrected, retracted and undone values do not count.

    Args:
        metric: The metric.
        unit_ids: The units.
        population: "" for everyone, else language:xx, age:GROUP, life:GROUP or a group that measurements name.
        first: First day, its whole week.
        last: Last day, its whole week.
    """
    window = (week_of(first) if first else None, week_of(last) if last else None)
    belongs = sources(session, unit_ids)
    codes = {key(unit.id): unit.code for unit in session.exec(select(Unit).where(col(Unit.id).in_(belongs))).all()}
    continued = {codes[source]: codes[unit] for source, unit in belongs.items() if source != unit}

    def pooled(raw: pl.DataFrame) -> pl.DataFrame:
        return _pooled(raw.with_columns(pl.col("unit").replace(continued)))

    if metric.theme_id is not None:
        found = theme_share.comments(
            session, metric, unit_ids=list(belongs), conditions=population_filter(population), window=window
        )
        return Series(metric=metric, rows=pooled(pl.DataFrame(theme_share.weekly(found), schema=SCHEMA, orient="row")))
    measured = pooled(_measurements(session, metric, list(belongs), population, window))
    if metric.item is None:
        return Series(metric=metric, rows=measured)
    answered = pooled(_answers(session, metric, list(belongs), population, window))
    gaps = measured.join(answered, on=["unit", "week"], how="anti")
    return Series(metric=metric, rows=pl.concat([answered, gaps]).sort("unit", "week"))


def current_measurements() -> SelectOfScalar[Measurement]:
    """Measurements in force: not superseded, not retracted, their import not undone."""
    newer = aliased(Measurement)
    return (
        select(Measurement)
        .outerjoin(newer, col(newer.supersedes_id) == Measurement.id)
        .outerjoin(ImportBatch, col(ImportBatch.id) == Measurement.batch_id)
        .where(col(newer.id).is_(None), ~col(Measurement.retracted), col(ImportBatch.undone_at).is_(None))
    )


def _measurements(
    session: Session, metric: Metric, unit_ids: Sequence[int], population: str, window: tuple[int | None, int | None]
) -> pl.DataFrame:
    query = current_measurements().where(
        col(Measurement.metric_id) == key(metric.id),
        col(Measurement.unit_id).in_(unit_ids),
        col(Measurement.population) == population,
    )
    found = query.subquery()
    columns = sa.select(
        col(Unit.code).label("unit"), *(found.c[name] for name in ("week", "n", "mean", "sd", "count"))
    ).join_from(found, Unit, col(Unit.id) == found.c.unit_id)
    if window[0] is not None:
        columns = columns.where(found.c.week >= window[0])
    if window[1] is not None:
        columns = columns.where(found.c.week <= window[1])
    return pl.DataFrame(session.execute(columns).all(), schema=SCHEMA, orient="row")


def _pooled(raw: pl.DataFrame) -> pl.DataFrame:
    """Several values of a unit and week as one: counts add up, means weigh by n, SDs pool within and between."""
    if raw.is_empty():
        return raw
    keys = ["unit", "week"]
    weighed = raw.with_columns(
        total=pl.col("n").sum().over(keys), centre=((pl.col("n") * pl.col("mean")).sum() / pl.col("n").sum()).over(keys)
    )
    # Single values (n = 1) have no SD of their own: they add only their distance from the mean.
    within = pl.when(pl.col("n") > 1).then((pl.col("n") - 1) * pl.col("sd") ** 2).otherwise(0.0)
    squares = within + pl.col("n") * (pl.col("mean") - pl.col("centre")) ** 2
    known = pl.col("sd").is_not_null() | (pl.col("n") <= 1)
    return (
        weighed.group_by(keys)
        .agg(
            n=pl.col("n").sum(),
            mean=pl.when(pl.col("mean").is_not_null().all()).then(pl.col("centre").first()).otherwise(None),
            sd=pl.when(known.all() & (pl.col("n").sum() > 1))
            .then((squares.sum() / (pl.col("n").sum() - 1)).sqrt())
            .otherwise(None),
            count=pl.when(pl.col("count").is_not_null().all()).then(pl.col("count").sum()).otherwise(None),
        )
        .sort(keys)
        .select(list(SCHEMA))
    )


def _answers(
    session: Session, metric: Metric, unit_ids: Sequence[int], population: str, window: tuple[int | None, int | None]
) -> pl.DataFrame:
    """Answers of the metric's survey item, summed by unit and week in the database."""
    score: Any = col(FeedbackScore.value)
    if metric.kind is MetricKind.NPS:
        score = sa.case((score >= 9, 100.0), (score <= 6, -100.0), else_=0.0)
    elif metric.kind is MetricKind.PROPORTION:
        score = sa.case((score >= metric.success_from, 1.0), else_=0.0)
    # Distances from the scale's middle keep the sum of squares from cancelling.
    middle = (
        0.0 if metric.kind is not MetricKind.SCORE else ((metric.scale_low or 0.0) + (metric.scale_high or 0.0)) / 2
    )
    distance = score - middle
    query = (
        sa.select(
            col(Unit.code),
            col(FeedbackScore.week),
            sa.func.count(),
            sa.func.sum(distance),
            sa.func.sum(distance * distance),
        )
        .join_from(FeedbackScore, Feedback, col(Feedback.id) == FeedbackScore.feedback_id)
        .join(Unit, col(Unit.id) == FeedbackScore.unit_id)
        .where(
            col(FeedbackScore.item) == metric.item,
            col(FeedbackScore.unit_id).in_(unit_ids),
            col(Feedback.repeats_id).is_(None),
            *population_filter(population),
        )
        .group_by(col(Unit.code), col(FeedbackScore.week))
    )
    if window[0] is not None:
        query = query.where(col(FeedbackScore.week) >= window[0])
    if window[1] is not None:
        query = query.where(col(FeedbackScore.week) <= window[1])
    sums = pl.DataFrame(
        session.execute(query).all(),
        schema={"unit": pl.String, "week": pl.Int64, "n": pl.Float64, "s1": pl.Float64, "s2": pl.Float64},
        orient="row",
    )
    counted = metric.kind is MetricKind.PROPORTION
    n, s1, s2 = pl.col("n"), pl.col("s1"), pl.col("s2")
    spread = pl.when(n > 1).then(((s2 - s1**2 / n).clip(lower_bound=0) / (n - 1)).sqrt()).otherwise(None)
    return sums.select(
        "unit",
        "week",
        "n",
        mean=pl.lit(None, pl.Float64) if counted else s1 / n + middle,
        sd=pl.lit(None, pl.Float64) if counted else spread,
        count=s1 if counted else pl.lit(None, pl.Float64),
    ).sort("unit", "week")


def population_filter(population: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions on Feedback for a group such as language:sv, age:75+ or life:carer.

    Raises:
        BadInput: The group is not written that way.
    """
    if not population:
        return ()
    fields = {"language": Feedback.language, "age": Feedback.age_group, "life": Feedback.life_situation}
    name, _, value = population.partition(":")
    if name not in fields or not value:
        raise BadInput(
            "The group {group} is not of the form language:sv, age:75+ or life:carer.",
            field="population",
            group=population,
        )
    return (col(fields[name]) == value,)

"""Metrics (definitions) and measurements (values of a unit in a week)."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, Timestamp, UtcDateTime, choice, now


class MetricKind(enum.StrEnum):
    """How values of the metric behave; decides the statistical method."""

    SCORE = "score"
    NPS = "nps"
    PROPORTION = "proportion"
    COUNT = "count"
    DURATION = "duration"
    COST = "cost"


class Direction(enum.StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"


class MetricFamily(enum.StrEnum):
    """Where a metric belongs in a reader's mind."""

    NATIONAL = "national"
    OWN = "own"
    PROCESS = "process"
    SAFETY = "safety"
    STAFF = "staff"
    COST = "cost"


class MeasurementSource(enum.StrEnum):
    """How a measurement reached us."""

    IMPORT = "import"
    LOG = "log"
    API = "api"
    DEMO = "demo"


class Metric(SQLModel, table=True):
    """A definition: what is measured, on what scale, which way is better."""

    __tablename__ = "metric"
    __table_args__ = (
        sa.CheckConstraint(
            "scale_low IS NULL OR scale_high IS NULL OR scale_low < scale_high", name="scale_has_a_width"
        ),
        sa.CheckConstraint("smallest_change IS NULL OR smallest_change > 0", name="smallest_change_positive"),
        sa.CheckConstraint(
            "success_from IS NULL OR (item IS NOT NULL AND kind = 'proportion')",
            name="success_from_for_shares_of_answers",
        ),
        sa.CheckConstraint(
            "theme_id IS NULL OR (kind = 'proportion' AND item IS NULL AND theme_model_id IS NOT NULL)",
            name="a_theme_share_is_a_proportion_by_a_model",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=40, unique=True)
    name: LocalText = Field(sa_type=sa.JSON)
    kind: MetricKind = Field(sa_type=choice(MetricKind))
    direction: Direction = Field(sa_type=choice(Direction))
    family: MetricFamily = Field(sa_type=choice(MetricFamily))
    unit_text: LocalText = Field(
        default_factory=dict, sa_type=sa.JSON, description="points, days, min, euros...; empty for shares"
    )
    scale_low: float | None = None
    scale_high: float | None = None
    smallest_change: float | None = Field(
        default=None, gt=0, description="Proposed smallest change that matters, as a size."
    )
    item: str | None = Field(
        default=None, max_length=40, index=True, description="The survey item that feeds it, if answers do."
    )
    success_from: float | None = Field(
        default=None, description="For a share of answers: values from here up count as success."
    )
    theme_id: int | None = Field(
        default=None, foreign_key="theme.id", description="For a theme's share of comments: the theme."
    )
    theme_model_id: int | None = Field(
        default=None, foreign_key="theme_model.id", description="The version of the theme model it stays with."
    )
    manual: bool = Field(default=False, description="Staff enter it in the weekly log.")
    is_guardrail: bool = Field(default=False, description="Proposed as a guardrail in the registration.")


class Measurement(SQLModel, table=True):
    """Values of a metric in a unit on a day or in a week. Corrected by a row that supersedes it, never overwritten.

    Aggregated: n answers with their mean (and SD), or count successes of n / count events with exposure n.
    A single value is n = 1. A superseding row with retracted = true takes the value back.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        sa.Index("ix_measurement_series", "unit_id", "metric_id", "week", "population", "n", "mean", "sd", "count"),
        sa.CheckConstraint("n > 0", name="n_positive"),
        sa.CheckConstraint("sd IS NULL OR sd >= 0", name="sd_not_negative"),
        sa.CheckConstraint("count IS NULL OR count >= 0", name="count_not_negative"),
        sa.CheckConstraint("(mean IS NULL) <> (count IS NULL)", name="mean_or_count"),
        sa.CheckConstraint("supersedes_id IS NULL OR reason <> ''", name="a_correction_says_why"),
        sa.CheckConstraint("NOT retracted OR supersedes_id IS NOT NULL", name="only_a_row_can_be_retracted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    metric_id: int = Field(foreign_key="metric.id")
    unit_id: int = Field(foreign_key="unit.id")
    on_date: dt.date
    week: int
    population: str = Field(
        default="", max_length=60, description="'' for everyone, else a group such as language:sv or age:75+"
    )
    n: float = Field(gt=0, description="Answers, cases or exposure behind the value.")
    mean: float | None = None
    sd: float | None = Field(default=None, ge=0)
    count: float | None = Field(default=None, ge=0)
    source: MeasurementSource = Field(sa_type=choice(MeasurementSource))
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    supersedes_id: int | None = Field(default=None, foreign_key="measurement.id", unique=True)
    retracted: bool = False
    reason: str = Field(default="", max_length=1000)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)

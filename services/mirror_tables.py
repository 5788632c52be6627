"""What the mirror holds: each table's columns, where they come from, and by what a month's change is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlmodel import col

from models.base import monday_of
from models.feedback import Feedback, FeedbackScore
from models.metrics import Metric
from models.organisation import Unit
from services.series import current_measurements

_PRIME = 65_521
_Query = sa.Select[Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table of the mirror.

    Attributes:
        name: Its name.
        kind: Its type in Parquet.
        source: Where it comes from.
        about: What it says, for the documentation.
        made: What makes its values of what is read; None for nothing.
    """

    name: str
    kind: pa.DataType
    source: Any
    about: str
    made: Callable[[Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class MirrorTable:
    """One table of the mirror.

    Attributes:
        name: Its folder.
        columns: Its columns.
        joined: Puts a selection of columns onto the tables they come from, rows that do not count left out.
        day: The day that decides on a row's month.
        order: What rows are ordered by.
        watched: Sums that change when a row of a month comes, goes or changes.
    """

    name: str
    columns: tuple[Column, ...]
    joined: Callable[[_Query], _Query]
    day: Any
    order: Sequence[Any]
    watched: tuple[Any, ...]

    @property
    def schema(self) -> pa.Schema:
        """The columns as Parquet has them."""
        return pa.schema([pa.field(column.name, column.kind) for column in self.columns])


def tables() -> tuple[MirrorTable, ...]:
    """Every table of the mirror."""
    return (_measurements(), _feedback(), _scores())


def _text(column: Any) -> sa.ColumnElement[Any]:
    return sa.type_coerce(col(column), sa.String)


def _ids(column: Any) -> tuple[Any, ...]:
    """Sums over ids that no coming and going of rows leaves as they were."""
    rest = sa.cast(column, sa.BigInteger) % _PRIME
    return (sa.func.count(), sa.func.sum(column), sa.func.sum(rest * rest))


def _measurements() -> MirrorTable:
    current = current_measurements().subquery()
    found = current.c
    string = pa.string()
    return MirrorTable(
        name="measurements",
        columns=(
            Column(name="id", kind=pa.int64(), source=found.id, about="The measurement's number."),
            Column(name="metric", kind=string, source=col(Metric.code), about="The metric's code."),
            Column(name="unit", kind=string, source=col(Unit.code), about="The unit's code."),
            Column(name="date", kind=pa.date32(), source=found.on_date, about="The day it is of."),
            Column(name="week", kind=pa.date32(), source=found.week, about="The Monday of that week.", made=monday_of),
            Column(
                name="population",
                kind=string,
                source=found.population,
                about="Empty for everyone, else a group such as `language:sv` or `age:75+`.",
            ),
            Column(name="n", kind=pa.float64(), source=found.n, about="Answers, cases or exposure behind the value."),
            Column(name="mean", kind=pa.float64(), source=found["mean"], about="The mean; empty for counts."),
            Column(name="sd", kind=pa.float64(), source=found.sd, about="Standard deviation of single values."),
            Column(
                name="count", kind=pa.float64(), source=found["count"], about="Successes or events; empty for means."
            ),
            Column(
                name="source",
                kind=string,
                source=sa.type_coerce(found.source, sa.String),
                about="`import`, `log`, `api` or `demo`.",
            ),
            Column(name="stored_at", kind=pa.timestamp("us", tz="UTC"), source=found.at, about="When it was stored."),
        ),
        joined=lambda query: (
            query.select_from(current)
            .join(Metric, col(Metric.id) == found.metric_id)
            .join(Unit, col(Unit.id) == found.unit_id)
        ),
        day=found.on_date,
        order=(found.id,),
        watched=_ids(found.id),
    )


def _feedback() -> MirrorTable:
    string, has_words = pa.string(), col(Feedback.text).is_not(None)
    place = sa.cast(col(Feedback.id), sa.BigInteger) % _PRIME + 1
    return MirrorTable(
        name="feedback",
        columns=(
            Column(name="id", kind=pa.int64(), source=col(Feedback.id), about="The answer's number."),
            Column(name="unit", kind=string, source=col(Unit.code), about="The unit's code."),
            Column(name="date", kind=pa.date32(), source=col(Feedback.given_on), about="The day it was given."),
            Column(
                name="week",
                kind=pa.date32(),
                source=col(Feedback.week),
                about="The Monday of that week.",
                made=monday_of,
            ),
            Column(
                name="channel",
                kind=string,
                source=_text(Feedback.channel),
                about="`text_message`, `kiosk`, `web`, `qr`, `paper`, `phone`, `interview` or `internal`.",
            ),
            Column(
                name="solicited", kind=pa.bool_(), source=col(Feedback.solicited), about="Whether it was asked for."
            ),
            Column(
                name="customer_type",
                kind=string,
                source=_text(Feedback.customer_type),
                about="`external` or `internal`.",
            ),
            Column(name="age_group", kind=string, source=col(Feedback.age_group), about="Age group, where known."),
            Column(
                name="life_situation",
                kind=string,
                source=col(Feedback.life_situation),
                about="Life situation, where known.",
            ),
            Column(name="language", kind=string, source=col(Feedback.language), about="Language of the answer."),
            Column(
                name="statutory_decision",
                kind=pa.bool_(),
                source=col(Feedback.statutory_decision),
                about="Whether it is about an official decision.",
            ),
            Column(
                name="decision_upheld",
                kind=pa.bool_(),
                source=col(Feedback.decision_upheld),
                about="Whether that decision stood; empty otherwise.",
            ),
            Column(
                name="sentiment",
                kind=string,
                source=_text(Feedback.sentiment),
                about="Tone of its words: `neg`, `neu`, `pos`; empty without words.",
            ),
            Column(name="has_words", kind=pa.bool_(), source=has_words, about="Whether it has a comment."),
            Column(
                name="repeats",
                kind=pa.int64(),
                source=col(Feedback.repeats_id),
                about="The earlier answer that it repeats: they count once.",
            ),
        ),
        joined=lambda query: query.join_from(Feedback, Unit, col(Unit.id) == Feedback.unit_id),
        day=col(Feedback.given_on),
        order=(col(Feedback.id),),
        watched=(
            *_ids(col(Feedback.id)),
            sa.func.sum(sa.case({"neg": 1, "neu": 2, "pos": 3}, value=_text(Feedback.sentiment), else_=0) * place),
            sa.func.sum(sa.case((has_words, 1), else_=0) * place),
            sa.func.sum(sa.func.coalesce(col(Feedback.repeats_id), 0) % _PRIME * place),
        ),
    )


def _scores() -> MirrorTable:
    string = pa.string()
    return MirrorTable(
        name="scores",
        columns=(
            Column(
                name="feedback_id", kind=pa.int64(), source=col(FeedbackScore.feedback_id), about="The answer's number."
            ),
            Column(name="unit", kind=string, source=col(Unit.code), about="The unit's code."),
            Column(name="date", kind=pa.date32(), source=col(Feedback.given_on), about="The day it was given."),
            Column(
                name="week",
                kind=pa.date32(),
                source=col(FeedbackScore.week),
                about="The Monday of that week.",
                made=monday_of,
            ),
            Column(name="item", kind=string, source=col(FeedbackScore.item), about="The survey item."),
            Column(name="value", kind=pa.float64(), source=col(FeedbackScore.value), about="The score."),
            Column(name="low", kind=pa.float64(), source=col(FeedbackScore.low), about="Lowest value of its scale."),
            Column(name="high", kind=pa.float64(), source=col(FeedbackScore.high), about="Highest value of it."),
        ),
        joined=lambda query: query.join_from(
            FeedbackScore, Feedback, col(Feedback.id) == FeedbackScore.feedback_id
        ).join(Unit, col(Unit.id) == FeedbackScore.unit_id),
        day=col(Feedback.given_on),
        order=(col(FeedbackScore.feedback_id), col(FeedbackScore.item)),
        watched=_ids(col(FeedbackScore.feedback_id)),
    )

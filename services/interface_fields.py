"""What the fields of a row sent in mean: the same columns that files have, under fixed names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.metrics import Metric, MetricKind
from services.i18n import N_
from services.intake import thl
from services.intake.mapping import FeedbackMapping, MeasurementMapping, ScoreColumn, Source
from services.intake.refused import CellError, Reject

Scale = tuple[float, float]
Cells = list[dict[str, str]]

FEEDBACK_FIELDS = (
    "date",
    "unit",
    "channel",
    "external_id",
    "text",
    "language",
    "age_group",
    "customer_type",
    "life_situation",
    "solicited",
    "statutory_decision",
    "decision_upheld",
    "respondent",
    "topic",
)
MEASUREMENT_FIELDS = ("date", "unit", "metric", "n", "mean", "sd", "count", "group")
MOST_ITEMS = 100
"""Different survey items in one request."""
MEASUREMENT_MAPPING = MeasurementMapping(**{name: Source(column=name) for name in MEASUREMENT_FIELDS})


def column_of(item: str) -> str:
    """The column that holds an item's answers, and how a refusal names the field.

    >>> column_of("recommend")
    'scores[recommend]'
    """
    return f"scores[{item}]"


def feedback_mapping(rows: Sequence[Mapping[str, Any]]) -> FeedbackMapping:
    """The mapping of `feedback_cells`."""
    scores = []
    for item, (low, high) in _scales(rows).items():
        column = column_of(item)
        if item in thl.STATEMENTS:
            scores.append(thl.statement(column, item))
        else:
            scores.append(ScoreColumn(column=column, item=item, low=low, high=high))
    fields = {name: Source(column=name) for name in FEEDBACK_FIELDS}
    return FeedbackMapping(**{**fields, "text": (fields["text"],)}, scores=tuple(scores))


def feedback_cells(session: Session, rows: Sequence[Mapping[str, Any]]) -> tuple[Cells, list[Reject]]:
    """Rows of answers as a file's cells, and what is wrong with their scales."""
    known = _known_scales(session)
    given = _scales(rows)
    cells, rejects = [], []
    for number, row in enumerate(rows, start=1):
        line = {name: _cell(row.get(name)) for name in FEEDBACK_FIELDS} | dict.fromkeys(map(column_of, given), "")
        for score in row.get("scores") or ():
            item, scale = score["item"], (score["low"], score["high"])
            column = column_of(item)
            try:
                if item not in given:
                    raise CellError(N_("At most {most} different items are taken at once."), most=MOST_ITEMS)
                if line[column]:
                    raise CellError(N_("The item {item} comes twice in the row."), item=item)
                _check_scale(item, scale, known.get(item), given[item])
            except CellError as error:
                rejects.append(Reject.of(number, column, f"{scale[0]:g}–{scale[1]:g}", error))
            else:
                line[column] = _cell(score["value"])
        cells.append(line)
    return cells, rejects


def measurement_cells(rows: Sequence[Mapping[str, Any]]) -> tuple[Cells, list[Reject]]:
    """Rows of measurements as a file's cells."""
    return [{name: _cell(row.get(name)) for name in MEASUREMENT_FIELDS} for row in rows], []


def _check_scale(item: str, scale: Scale, known: Scale | None, first: Scale) -> None:
    if known is not None and scale != known:
        raise CellError(N_("The scale of {item} is {low}–{high}."), item=item, low=known[0], high=known[1])
    if scale != first:
        raise CellError(
            N_("An earlier row has {item} on the scale {low}–{high}."), item=item, low=first[0], high=first[1]
        )
    if not scale[0] < scale[1]:
        raise CellError(N_("The scale's lowest value must be less than its highest."))


def _scales(rows: Sequence[Mapping[str, Any]]) -> dict[str, Scale]:
    """The scale on which each item comes first; one without a width is left to be refused."""
    found: dict[str, Scale] = {}
    for row in rows:
        for score in row.get("scores") or ():
            if len(found) < MOST_ITEMS and score["low"] < score["high"]:
                found.setdefault(score["item"], (score["low"], score["high"]))
    return found


def _known_scales(session: Session) -> dict[str, Scale]:
    """Scales of the national items and of the items that measures of this installation are made of."""
    own = session.exec(select(Metric).where(Metric.kind == MetricKind.SCORE, col(Metric.item).is_not(None)))
    found = {
        metric.item: (metric.scale_low, metric.scale_high)
        for metric in own
        if metric.item and metric.scale_low is not None and metric.scale_high is not None
    }
    return {**found, **dict.fromkeys(thl.STATEMENTS, (1.0, 5.0)), "recommend": (0.0, 10.0)}


def _cell(value: object) -> str:
    """A value as a cell says it.

    >>> _cell(None), _cell(True), _cell(9.0), _cell(0.25), _cell("9")
    ('', 'true', '9', '0.25', '9')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)

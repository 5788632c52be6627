"""Which column of a file is what: kept as JSON under a name, so that the same export is one click the next time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from services.i18n import N_
from services.intake.refused import RefusedFile


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a value comes from: a column, or one constant for the whole file.

    Written as a plain text, it names a column.

    Attributes:
        column: The column's header.
        constant: A value that holds for every row.
        values: The file's words and what they mean here, whatever the letter case.
    """

    column: str | None = None
    constant: str | None = None
    values: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _column_by_name(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_of_two(self) -> Source:
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either a column or a constant")
        return self


class ScoreColumn(_Strict):
    """A question with answers on a scale.

    Attributes:
        column: The column's header; in the long shape the question's text.
        item: The survey item's code, which metrics refer to.
        low: The scale's least value.
        high: The scale's greatest value.
        labels: Values of answers written in words.
        missing: Answers that say "does not concern me": never a value, though they may be the number 0.
        only_labels: Whether no other answer than the labels is taken, not even a number on the scale.
    """

    column: str
    item: str = Field(min_length=1, max_length=40)
    low: float
    high: float
    labels: dict[str, float] = {}
    missing: tuple[float | str, ...] = ()
    only_labels: bool = False

    @model_validator(mode="after")
    def _scale_has_a_width(self) -> ScoreColumn:
        if not self.low < self.high:
            raise ValueError(f"low == {self.low}, must be < high ({self.high})")
        for label, value in self.labels.items():
            if not self.low <= value <= self.high and value not in self.missing:
                raise ValueError(f"label {label!r} is {value}, which is not on the scale {self.low}-{self.high}")
        return self


class Tally(_Strict):
    """Counts instead of answers: how many gave each step of a scale. Every count becomes that many answers.

    Attributes:
        item: The survey item's code, which metrics refer to.
        low: The scale's least value, counted in the first column.
        columns: The columns, from the least value up; each is worth one more than the one before.
    """

    item: str = Field(min_length=1, max_length=40)
    low: float = 1
    columns: tuple[str, ...] = Field(min_length=2, max_length=11)

    @property
    def high(self) -> float:
        """The scale's greatest value."""
        return self.low + len(self.columns) - 1


class LongShape(_Strict):
    """A file with one row per question: an answer's rows share their external id.

    Attributes:
        question: The column that names the question.
        answer: The column that holds the answer.
        text_questions: Questions answered in free text.
    """

    question: str
    answer: str
    text_questions: tuple[str, ...] = ()


class FeedbackMapping(_Strict):
    """Columns of a file of answers. Columns it does not name never leave the file."""

    kind: Literal["feedback"] = "feedback"
    date: Source
    unit: Source
    channel: Source
    external_id: Source | None = None
    text: tuple[Source, ...] = ()
    language: Source | None = None
    age_group: Source | None = None
    customer_type: Source | None = None
    life_situation: Source | None = None
    solicited: Source | None = None
    statutory_decision: Source | None = None
    decision_upheld: Source | None = None
    respondent: Source | None = None
    topic: Source | None = None
    scores: tuple[ScoreColumn, ...] = ()
    long: LongShape | None = None
    tally: Tally | None = None

    @field_validator("text", mode="before")
    @classmethod
    def _one_or_many(cls, given: Any) -> Any:
        return given if isinstance(given, list | tuple) else [given]

    @model_validator(mode="after")
    def _says_something(self) -> FeedbackMapping:
        texts = self.long.text_questions if self.long else self.text
        if self.tally and (texts or self.scores or self.long or self.external_id or self.respondent):
            raise ValueError("counts of answers stand alone: map no score, text, external_id or respondent beside them")
        if not self.scores and not texts and not self.tally:
            raise ValueError("map at least one score or one text column")
        if self.long and self.text:
            raise ValueError("in the long shape name text_questions, not text columns")
        if self.long and (self.external_id is None or self.external_id.column is None):
            raise ValueError("in the long shape external_id must be a column, since it ties an answer's rows together")
        items = [score.item for score in self.scores]
        if len(set(items)) < len(items):
            raise ValueError("two score columns have the same item")
        return self

    def columns(self) -> Iterator[str]:
        """Every column the mapping reads."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            for source in value if name == "text" else (value,):
                if isinstance(source, Source) and source.column is not None:
                    yield source.column
        if self.long:
            yield from (self.long.question, self.long.answer)
        else:
            yield from (score.column for score in self.scores)
        if self.tally:
            yield from self.tally.columns


class MetricColumns(_Strict):
    """Where one metric's values are in a wide file.

    Attributes:
        metric: The metric's code.
        n: Answers, cases or exposure behind the value; 1 when there is no column.
        mean: Their mean.
        sd: Their standard deviation.
        count: Successes of n, or events with exposure n.
        value: A single value: the mean of n, or the count for metrics that count.
    """

    metric: str = Field(min_length=1)
    n: Source | None = None
    mean: Source | None = None
    sd: Source | None = None
    count: Source | None = None
    value: Source | None = None

    @model_validator(mode="after")
    def _has_a_value(self) -> MetricColumns:
        if sum(source is not None for source in (self.mean, self.count, self.value)) != 1:
            raise ValueError("map exactly one of mean, count and value")
        return self


class MeasurementMapping(_Strict):
    """Columns of a file of measurements: one metric a row, or one row a unit and week with a column a metric."""

    kind: Literal["measurements"] = "measurements"
    date: Source
    unit: Source
    metric: Source | None = None
    n: Source | None = None
    mean: Source | None = None
    sd: Source | None = None
    count: Source | None = None
    value: Source | None = None
    group: Source | None = None
    wide: tuple[MetricColumns, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> MeasurementMapping:
        if bool(self.metric) == bool(self.wide):
            raise ValueError("map either metric (one metric a row) or wide (a column a metric)")
        if self.metric and not (self.mean or self.count or self.value):
            raise ValueError("map mean, count or value")
        return self

    def columns(self) -> Iterator[str]:
        """Every column the mapping reads."""
        for part in (self, *self.wide):
            for name in type(part).model_fields:
                source = getattr(part, name)
                if isinstance(source, Source) and source.column is not None:
                    yield source.column


Mapping = Annotated[FeedbackMapping | MeasurementMapping, Field(discriminator="kind")]


class _AnyMapping(BaseModel):
    mapping: Mapping


def mapping_from(given: object) -> FeedbackMapping | MeasurementMapping:
    """A mapping from its JSON form.

    Raises:
        RefusedFile: A field is missing, unknown or has a value that is not allowed.
    """
    try:
        return _AnyMapping.model_validate({"mapping": given}).mapping
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("mapping", "feedback", "measurements"))
        raise RefusedFile(
            N_("The column mapping is wrong at {place}: {problem}."),
            place=where or "mapping",
            problem=first["msg"].removeprefix("Value error, "),
        ) from error


def mapping_as_json(mapping: FeedbackMapping | MeasurementMapping) -> dict[str, Any]:
    """A mapping's JSON form, without what was left out."""
    return mapping.model_dump(mode="json", exclude_defaults=True) | {"kind": mapping.kind}


def check_columns(mapping: FeedbackMapping | MeasurementMapping, names: tuple[str, ...], file: str) -> None:
    """Refuse a file that lacks a column of the mapping.

    Raises:
        RefusedFile: A column is not in the file.
    """
    for column in mapping.columns():
        if column not in names:
            raise RefusedFile(
                N_("{file} has no column {column}; its columns are {columns}."),
                file=file,
                column=column,
                columns=", ".join(names),
            )

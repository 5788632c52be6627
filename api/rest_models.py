"""What may be asked and sent in: the shapes. What the values mean is checked by the rules that files are checked by."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from models.feedback import Channel
from models.organisation import CustomerType
from services import interface_feed
from services.intake.vocabulary import AGE_GROUPS, LANGUAGES, LIFE_SITUATIONS

MOST_ROWS = 10_000
_CLOCK = r"(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?"
DAY = rf"^\d{{4}}-\d{{2}}-\d{{2}}{_CLOCK}$"
DAY_OR_WEEK = rf"^\d{{4}}-(W\d{{2}}|\d{{2}}-\d{{2}}{_CLOCK})$"

Word = Annotated[str, Field(max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
ChannelCode = Literal[tuple(sorted(one.value for one in Channel))]
LanguageCode = Literal[tuple(sorted(set(LANGUAGES.values())))]
AgeGroup = Literal[AGE_GROUPS]
CustomerCode = Literal[tuple(sorted(one.value for one in CustomerType))]
LifeSituation = Literal[tuple(sorted(set(LIFE_SITUATIONS.values())))]


def _whole(text: object) -> object:
    """An address can hold nothing but text: only plain digits are a number."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError(f"must be a whole number from 1 to {interface_feed.MOST}")
    return text


class Listing(BaseModel):
    """The parameters of a list."""

    model_config = ConfigDict(extra="forbid")

    updated_since: Annotated[
        str | None,
        Field(
            description="Only rows changed at this moment or later: a day, which begins in Finland, or a moment with "
            "its offset.",
            examples=["2026-11-23T08:00:00Z"],
        ),
        WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
    ] = None
    limit: Annotated[
        int, Field(ge=1, le=interface_feed.MOST, description="The most rows on a page."), BeforeValidator(_whole)
    ] = interface_feed.USUAL
    cursor: Annotated[
        str | None,
        Field(max_length=600, description="`next` or `resume` of an earlier page of the same list, as it was given."),
        WithJsonSchema({"type": "string", "maxLength": 600}),
    ] = None


class Row(BaseModel):
    """A row is taken as it is written: no field beside these, no number written as a text."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Score(Row):
    """An answer to one question, on the scale it was asked on."""

    item: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,40}$", description="Code of the survey item.")]
    value: Annotated[Number, Field(description="The answer. What does not concern the customer is left out.")]
    low: Annotated[Number, Field(description="The scale's least value.")]
    high: Annotated[Number, Field(description="The scale's greatest value.")]


class FeedbackRow(Row):
    """One answer of one customer. Personal data in its text is taken out before anything is stored."""

    date: Annotated[str, Field(pattern=DAY, description="Day or moment of the answer; Finland's time without offset.")]
    unit: Annotated[Word, Field(min_length=1, description="Code, OID or name of the unit it is about.")]
    channel: Annotated[ChannelCode, Field(description="How it was given.")]
    external_id: Annotated[
        str | None,
        Field(max_length=120, description="Your own id of it: the same id twice is a duplicate. Never a person's."),
    ] = None
    text: Annotated[str | None, Field(max_length=20_000, description="The customer's words.")] = None
    language: Annotated[LanguageCode | None, Field(description="Language of the words; else it is found.")] = None
    age_group: AgeGroup | None = None
    customer_type: Annotated[CustomerCode | None, Field(description="Else the unit's.")] = None
    life_situation: LifeSituation | None = None
    solicited: Annotated[bool | None, Field(description="Whether it was asked for; else the channel says.")] = None
    statutory_decision: Annotated[bool | None, Field(description="Whether it is about an official decision.")] = None
    decision_upheld: Annotated[bool | None, Field(description="Whether that decision stood.")] = None
    respondent: Annotated[
        str | None, Field(max_length=200, description="Whatever tells respondents apart; kept as a keyed hash only.")
    ] = None
    topic: Annotated[str | None, Field(max_length=200, description="What the customer chose it to be about.")] = None
    scores: Annotated[list[Score], Field(max_length=100)] = []


class MeasurementRow(Row):
    """A measure's value in a unit on a day or in a week: n with mean and sd, or n with count."""

    date: Annotated[str, Field(pattern=DAY_OR_WEEK, description="Day or week, as 2026-08-03 or 2026-W32.")]
    unit: Annotated[Word, Field(min_length=1, description="Code, OID or name of the unit.")]
    metric: Annotated[Word, Field(min_length=1, description="Code or name of the measure.")]
    n: Annotated[Number | None, Field(description="Answers, cases or exposure; 1 when it is left out.")] = None
    mean: Annotated[Number | None, Field(description="Mean, of measures that have one.")] = None
    sd: Annotated[Number | None, Field(description="Standard deviation between single answers.")] = None
    count: Annotated[Number | None, Field(description="Successes of n, or events with exposure n.")] = None
    group: Annotated[
        str | None, Field(max_length=60, description="The group it is of, as age:75+ or language:sv; else everyone.")
    ] = None


class FeedbackRows(BaseModel):
    """Answers sent in: all of them are stored, or none."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[FeedbackRow], Field(min_length=1, max_length=MOST_ROWS)]


class MeasurementRows(BaseModel):
    """Measurements sent in: all of them are stored, or none."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[MeasurementRow], Field(min_length=1, max_length=MOST_ROWS)]

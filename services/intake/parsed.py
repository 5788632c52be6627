"""What reading a file gives: rows that can be stored, and the reasons why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from services.intake.refused import Reject

FEEDBACK = {
    "row": pl.Int64,
    "digest": pl.String,
    "given_on": pl.Date,
    "unit": pl.String,
    "channel": pl.String,
    "external_id": pl.String,
    "text": pl.String,
    "language": pl.String,
    "age_group": pl.String,
    "customer_type": pl.String,
    "life_situation": pl.String,
    "solicited": pl.Boolean,
    "statutory_decision": pl.Boolean,
    "decision_upheld": pl.Boolean,
    "respondent": pl.String,
    "topic": pl.String,
}
"""Columns of the rows of a feedback file; text and topic are redacted, respondent is a keyed hash.

Answers made from counts have row numbers of their own; the rows of other answers are those of the file."""

SCORES = {"row": pl.Int64, "item": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
"""Columns of the scores of a feedback file; row tells whose they are."""

MEASUREMENTS = {
    "row": pl.Int64,
    "on_date": pl.Date,
    "unit": pl.String,
    "metric": pl.String,
    "population": pl.String,
    "n": pl.Float64,
    "mean": pl.Float64,
    "sd": pl.Float64,
    "count": pl.Float64,
}
"""Columns of the values of a measurements file; a wide row gives several values with one row number."""


@dataclass(frozen=True)
class Parsed:
    """A file, read.

    Attributes:
        rows: Rows in the file, blank ones and the header not counted; in the long shape and in a file of counts,
            answers.
        accepted: Rows that can be stored whole.
        values: The accepted rows: columns of FEEDBACK or MEASUREMENTS.
        scores: The accepted rows' scores: columns of SCORES; none for measurements.
        rejects: Reasons against the other rows, at least one for each, in the order of the file.
    """

    rows: int
    accepted: int
    values: pl.DataFrame
    scores: pl.DataFrame
    rejects: list[Reject]

    @property
    def rejected(self) -> int:
        """Rows with at least one reason against them."""
        return len({reject.row for reject in self.rejects})

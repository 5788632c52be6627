"""The demo county's 64 weeks, drawn from its stated facts: plain rows, no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.demo import contacts, histories, measured, people, scores, topics
from services.demo.county import County
from services.demo.histories import Logged, StatusChange
from services.demo.people import Answers
from services.demo.scores import ItemScores
from services.demo.truth import Key, Truth, truths

SEED = 35
"""The county everyone sees. Of the seeds 1 to 120 it is the one whose before/after, compared and subgroup differences
lie nearest to the stated ones (least sum of squared distances in standard errors), so that its luck is ordinary. Any
other seed gives a county with the same truths and other luck."""


@dataclass(frozen=True, kw_only=True)
class DemoData:
    """Everything the county holds, with dates shifted so that its last whole week ends before today.

    Attributes:
        county: The facts it comes from.
        first_monday: Monday of week 0 after the shift.
        feedback: One row an answer: key, unit, given_on, channel, solicited, customer_type, age_group,
            life_situation, language, text (not yet redacted), statutory_decision, decision_upheld, comment (its id in
            county.json), repeats (key of the answer it repeats), respondent (equal for one person).
        scores: key, unit, given_on, item, value, low, high; the item repeat_contact is 0 or 1, no rating.
        picks: Themes that respondents chose: key, theme, negative.
        hand_labels: Themes that a person gave to the written comments: key, theme.
        measurements: metric, unit, on_date (a Monday), n, mean, sd, count.
        log: Weekly entries by staff.
        statuses: Every status of every pilot.
        truths: The series behind it all, by measure, unit and population.
    """

    county: County
    first_monday: dt.date
    feedback: pl.DataFrame
    scores: pl.DataFrame
    picks: pl.DataFrame
    hand_labels: pl.DataFrame
    measurements: pl.DataFrame
    log: list[Logged]
    statuses: list[StatusChange]
    truths: dict[Key, Truth]

    def day(self, week: int, day: int = 0) -> dt.date:
        """A day of a week of the county, Monday 0."""
        return self.first_monday + dt.timedelta(weeks=week, days=day)

    def shifted(self, day: dt.date) -> dt.date:
        """A day stated in county.json, moved with everything else."""
        return day + (self.first_monday - self.county.meta.first_week)


def simulate(county: County, *, today: dt.date, seed: int = SEED) -> DemoData:
    """Draw the county's weeks so that they end on the Sunday before today's week.

    Args:
        county: The stated facts.
        today: The day the county should stand at; its week is the first without data.
        seed: The same seed gives the same county, whatever the day.
    """
    monday = today - dt.timedelta(days=today.weekday())
    first = (
        county.meta.first_week + (monday - county.meta.as_of) if county.meta.shift_to_today else county.meta.first_week
    )
    series = truths(county, seed)
    answers = people.draw(county, seed)
    picks = topics.pick(county, answers, seed)
    feedback = _feedback(county, answers, first)
    return DemoData(
        county=county,
        first_monday=first,
        feedback=feedback,
        scores=_scores(
            [*scores.draw(county, series, answers, picks, seed), contacts.draw(county, answers, picks, seed)], feedback
        ),
        picks=pl.DataFrame(
            {
                "key": picks.answer,
                "theme": [county.themes[i].code for i in picks.theme],
                "negative": picks.negative,
            }
        ),
        hand_labels=pl.DataFrame(
            [
                {"key": key, "theme": theme}
                for key, index in _written(answers)
                for theme in county.comments[index].themes
            ]
        ),
        measurements=_measurements(measured.draw(county, series, seed), first),
        log=histories.log(county, series, seed),
        statuses=histories.statuses(county),
        truths=series,
    )


def _written(answers: Answers) -> list[tuple[int, int]]:
    """Pairs (answer, index of its comment)."""
    return [(int(key), int(answers.comment[key])) for key in np.flatnonzero(answers.comment >= 0)]


def _feedback(county: County, answers: Answers, first: dt.date) -> pl.DataFrame:
    size = len(answers)
    codes = np.array([unit.code for unit in county.units], dtype=object)
    types = np.array([unit.customer_type for unit in county.units], dtype=object)
    offsets = (answers.week * 7 + answers.day).astype("timedelta64[D]")
    text, respondent = np.full(size, None, dtype=object), np.full(size, None, dtype=object)
    upheld, comment_id = np.full(size, None, dtype=object), np.full(size, None, dtype=object)
    repeats, statutory = np.full(size, None, dtype=object), np.zeros(size, dtype=bool)
    key_of = {county.comments[index].id: key for key, index in _written(answers)}
    for key, index in _written(answers):
        comment = county.comments[index]
        text[key], comment_id[key] = comment.text, comment.id
        statutory[key], upheld[key] = comment.statutory, comment.decision_upheld
        repeats[key] = key_of.get(comment.near_duplicate_of) if comment.near_duplicate_of is not None else None
        if comment.same_person_as is not None:
            person = f"comment-{comment.same_person_as}"
            respondent[key] = respondent[key_of[comment.same_person_as]] = person
    return pl.DataFrame(
        {
            "key": np.arange(size),
            "unit": pl.Series(codes[answers.unit].tolist(), dtype=pl.String),
            "given_on": np.datetime64(first, "D") + offsets,
            "channel": pl.Series(answers.channel.tolist(), dtype=pl.String),
            "solicited": [county.solicited[channel] for channel in answers.channel],
            "customer_type": pl.Series(types[answers.unit].tolist(), dtype=pl.String),
            "age_group": _known(answers.age, answers.known_age),
            "life_situation": _known(answers.life, answers.known_life),
            "language": pl.Series(answers.language.tolist(), dtype=pl.String),
            "text": pl.Series(text.tolist(), dtype=pl.String),
            "statutory_decision": statutory,
            "decision_upheld": pl.Series(upheld.tolist(), dtype=pl.Boolean),
            "comment": pl.Series(comment_id.tolist(), dtype=pl.Int64),
            "repeats": pl.Series(repeats.tolist(), dtype=pl.Int64),
            "respondent": pl.Series(respondent.tolist(), dtype=pl.String),
        }
    )


def _known(values: people.Text, known: NDArray[np.bool_]) -> pl.Series:
    shown = values.copy()
    shown[~known] = None
    return pl.Series(shown.tolist(), dtype=pl.String)


def _scores(items: list[ItemScores], feedback: pl.DataFrame) -> pl.DataFrame:
    parts = [
        pl.DataFrame({"key": item.answer, "value": item.value}).with_columns(
            item=pl.lit(item.item), low=pl.lit(item.low), high=pl.lit(item.high)
        )
        for item in items
    ]
    return (
        pl.concat(parts)
        .join(feedback.select("key", "unit", "given_on"), on="key")
        .select("key", "unit", "given_on", "item", "value", "low", "high")
        .sort("key", "item")
    )


def _measurements(rows: list[measured.Measured], first: dt.date) -> pl.DataFrame:
    frame = pl.DataFrame(
        [vars(row) for row in rows],
        schema={
            "metric": pl.String,
            "unit": pl.String,
            "week": pl.Int64,
            "n": pl.Float64,
            "mean": pl.Float64,
            "sd": pl.Float64,
            "count": pl.Float64,
        },
    )
    return frame.select(
        "metric",
        "unit",
        (pl.lit(first) + pl.duration(weeks="week")).cast(pl.Date).alias("on_date"),
        "n",
        "mean",
        "sd",
        "count",
    )

"""Answers, their scores and themes, and measurements, inserted in bulk."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.base import now, week_of
from models.feedback import Feedback, FeedbackScore
from models.metrics import Measurement, MeasurementSource
from models.text_models import Drawn, TextReview
from models.themes import AssignedBy, ThemeAssignment
from services.bulk import insert_rows
from services.demo import words
from services.demo.simulate import DemoData
from services.demo.stored_county import Ids, at
from themes.keywords import RULES_VERSION, ThemeKeywords, assign
from themes.redaction import redact

SOURCE = "demo"
LABELLER = "u10"
"""The person who labelled the written comments by hand."""


def store_feedback(session: Session, data: DemoData, ids: Ids) -> None:
    """Insert every answer with its redacted text; an answer's id is its key plus one."""
    stored_at = now()
    insert_rows(
        session,
        Feedback,
        (
            {
                "id": row["key"] + 1,
                "source": SOURCE,
                "external_id": f"{SOURCE}-{row['key'] + 1:06d}",
                "unit_id": ids.units[row["unit"]],
                "given_on": row["given_on"],
                "week": week_of(row["given_on"]),
                "channel": row["channel"],
                "solicited": row["solicited"],
                "customer_type": row["customer_type"],
                "age_group": row["age_group"],
                "life_situation": row["life_situation"],
                "language": row["language"],
                "text": redact(row["text"]).text if row["text"] is not None else None,
                "statutory_decision": row["statutory_decision"],
                "decision_upheld": row["decision_upheld"],
                "respondent": _hashed(row["respondent"]),
                "is_demo": True,
                "stored_at": stored_at,
            }
            for row in data.feedback.iter_rows(named=True)
        ),
    )
    for repeat, first in data.feedback.drop_nulls("repeats").select("key", "repeats").iter_rows():
        session.execute(sa.update(Feedback).where(col(Feedback.id) == repeat + 1).values(repeats_id=first + 1))
    insert_rows(
        session,
        FeedbackScore,
        (
            {
                "feedback_id": answer + 1,
                "item": item,
                "unit_id": ids.units[unit],
                "week": week_of(day),
                "value": value,
                "low": low,
                "high": high,
            }
            for answer, unit, day, item, value, low, high in data.scores.iter_rows()
        ),
    )


def store_words(session: Session, data: DemoData, seed: int) -> None:
    """Put invented comments beside the choices of some respondents, redacted as everything else."""
    placed = words.place(data, words.load_words(), seed)
    table = SQLModel.metadata.tables["feedback"]
    session.connection().execute(
        sa.update(table).where(table.c.id == sa.bindparam("answer")).values(text=sa.bindparam("words")),
        [{"answer": key + 1, "words": redact(text).text} for key, text in placed.items()],
    )


def _hashed(person: str | None) -> str | None:
    return hashlib.sha256(f"{SOURCE}:{person}".encode()).hexdigest() if person is not None else None


def store_themes(session: Session, data: DemoData, ids: Ids, stored: Mapping[int, str]) -> None:
    """Insert what respondents chose, what the keyword rules find in the redacted texts, and what a person said.

    Args:
        session: The caller's transaction.
        data: The drawn county.
        ids: Ids by code.
        stored: The redacted text of each answer that has one, by its id.
    """
    given = dict(data.feedback.select("key", "given_on").iter_rows())
    common: dict[str, Any] = {"by_id": None, "model_version": "", "confidence": 1.0, "matched": "", "applies": True}

    def row(answer: int, theme: str, by: AssignedBy, day: dt.date, **more: Any) -> dict[str, Any]:
        return {
            "feedback_id": answer,
            "theme_id": ids.themes[theme],
            "assigned_by": by,
            "at": at(day),
            **common,
            **more,
        }

    picked = [
        row(answer + 1, theme, AssignedBy.RESPONDENT, given[answer])
        for answer, theme in data.picks.select("key", "theme").iter_rows()
    ]
    by_hand = [
        row(answer + 1, theme, AssignedBy.PERSON, given[answer] + dt.timedelta(days=1), by_id=ids.people[LABELLER])
        for answer, theme in data.hand_labels.iter_rows()
    ]
    rules = [ThemeKeywords(theme=theme.code, keywords=tuple(theme.keywords)) for theme in data.county.themes]
    found = [
        row(
            answer,
            str(hit.theme),
            AssignedBy.RULE,
            given[answer - 1],
            model_version=RULES_VERSION,
            confidence=hit.score,
            matched=", ".join(hit.matched)[:400],
        )
        for answer, text in stored.items()
        for hit in assign(text, rules)
    ]
    insert_rows(session, ThemeAssignment, [*picked, *found, *by_hand])
    insert_rows(
        session,
        TextReview,
        (
            {"feedback_id": number, "by_id": ids.people[LABELLER], "drawn": Drawn.CHOSEN, "at": at(day)}
            for number, day in {row["feedback_id"]: given[row["feedback_id"] - 1] for row in by_hand}.items()
        ),
    )


def store_measurements(session: Session, data: DemoData, ids: Ids) -> None:
    """Insert the weekly measurements, known on the Monday after their week."""
    insert_rows(
        session,
        Measurement,
        (
            {
                "metric_id": ids.metrics[row["metric"]],
                "unit_id": ids.units[row["unit"]],
                "on_date": row["on_date"],
                "week": week_of(row["on_date"]),
                "population": "",
                "n": row["n"],
                "mean": row["mean"],
                "sd": row["sd"],
                "count": row["count"],
                "source": MeasurementSource.DEMO,
                "retracted": False,
                "reason": "",
                "at": at(row["on_date"] + dt.timedelta(weeks=1)),
            }
            for row in data.measurements.iter_rows(named=True)
        ),
    )

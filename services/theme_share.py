"""A theme's share of the comments, week by week, as one kept version of the theme model counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback
from models.metrics import Metric
from models.organisation import Unit
from services import frozen_themes
from services.rows import key


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment that counts for the share.

    Attributes:
        feedback_id: The answer.
        unit_id: Its unit.
        unit: The unit's code.
        week: Its week's number.
        picked: Whether the model picked it for the theme.
    """

    feedback_id: int
    unit_id: int
    unit: str
    week: int
    picked: bool


def comments(
    session: Session,
    metric: Metric,
    *,
    unit_ids: Sequence[int],
    conditions: Sequence[sa.ColumnElement[bool]] = (),
    window: tuple[int | None, int | None] = (None, None),
) -> list[Comment]:
    """Comments with words in some units, each with what the metric's version of the model says of it.

    Repeats of an earlier comment do not count.

    Args:
        session: Any session.
        metric: A theme's share.
        unit_ids: The units.
        conditions: Further conditions on Feedback.
        window: First and last week, both included; None for no end.

    Raises:
        Conflict: As `services.frozen_themes.picked`.
    """
    query = (
        sa.select(col(Feedback.id), col(Feedback.unit_id), col(Unit.code), col(Feedback.week), col(Feedback.text))
        .join(Unit, col(Unit.id) == Feedback.unit_id)
        .where(*of_comments(unit_ids, window), *conditions)
        .order_by(col(Feedback.id))
    )
    rows = session.execute(query).all()
    picked = frozen_themes.picked(
        session,
        model_id=key(metric.theme_model_id),
        theme_id=key(metric.theme_id),
        texts={row[0]: row[4] for row in rows},
    )
    return [
        Comment(feedback_id=row[0], unit_id=row[1], unit=row[2], week=row[3], picked=row[0] in picked) for row in rows
    ]


def of_comments(unit_ids: Sequence[int], window: tuple[int | None, int | None]) -> list[sa.ColumnElement[bool]]:
    """Conditions on Feedback: the comments of some units and weeks that count."""
    first, last = window
    found: list[sa.ColumnElement[bool]] = [
        col(Feedback.unit_id).in_(unit_ids),
        col(Feedback.text).is_not(None),
        col(Feedback.repeats_id).is_(None),
    ]
    if first is not None:
        found.append(col(Feedback.week) >= first)
    if last is not None:
        found.append(col(Feedback.week) <= last)
    return found


def volume(session: Session, *, unit_id: int, window: tuple[int, int]) -> tuple[int, int]:
    """How many comments a unit had in some weeks, and in how many of the weeks any."""
    counts = sa.select(sa.func.count(), sa.func.count(sa.distinct(col(Feedback.week))))
    total, weeks = session.execute(counts.select_from(Feedback).where(*of_comments([unit_id], window))).one()
    return int(total), int(weeks)


def unread(session: Session, *, engine: str, window: tuple[int, int]) -> int:
    """How many comments of some weeks, anywhere, an embedding model has not read yet."""
    first, last = window
    waiting = (
        col(Feedback.text).is_not(None),
        col(Feedback.week).between(first, last),
        sa.or_(col(Feedback.embedded_by).is_(None), col(Feedback.embedded_by) != engine),
    )
    return int(session.execute(sa.select(sa.func.count()).select_from(Feedback).where(*waiting)).scalar_one())


def weekly(found: Sequence[Comment]) -> list[dict[str, Any]]:
    """Comments by unit and week: n of them, and how many the model picked, named as in `services.series.SCHEMA`."""
    sizes = Counter((comment.unit, comment.week) for comment in found)
    picked = Counter((comment.unit, comment.week) for comment in found if comment.picked)
    return [
        {"unit": unit, "week": week, "n": float(n), "count": float(picked[unit, week])}
        for (unit, week), n in sorted(sizes.items())
    ]

"""The rule for which themes are in force for which answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.feedback import Feedback
from models.themes import AssignedBy, Theme, ThemeAssignment


def in_force(chosen: Any = None) -> sa.Subquery:
    """Pairs (feedback_id, theme_id) in force: a person's word first, else the respondent's or the model's.

    The keyword rules speak only for comments that no model has read. A merged theme counts as the one it went into, a
    retired one not at all.

    Args:
        chosen: A condition on Feedback that limits the pairs; None for all.
    """
    spoken, spoken_theme = aliased(ThemeAssignment), aliased(Theme)
    word = (
        sa.select(col(spoken.feedback_id))
        .join(spoken_theme, col(spoken_theme.id) == spoken.theme_id)
        .where(
            col(spoken.feedback_id) == ThemeAssignment.feedback_id,
            sa.func.coalesce(col(spoken_theme.merged_into_id), col(spoken_theme.id))
            == sa.func.coalesce(col(Theme.merged_into_id), col(Theme.id)),
            col(spoken.assigned_by) == AssignedBy.PERSON,
        )
        .exists()
    )
    into = aliased(Theme)
    theme_id = sa.func.coalesce(col(Theme.merged_into_id), col(Theme.id)).label("theme_id")
    query = (
        sa.select(col(ThemeAssignment.feedback_id), theme_id)
        .join(Feedback, col(Feedback.id) == ThemeAssignment.feedback_id)
        .join(Theme, col(Theme.id) == ThemeAssignment.theme_id)
        .outerjoin(into, col(into.id) == Theme.merged_into_id)
        .where(
            sa.case(
                (col(ThemeAssignment.assigned_by) == AssignedBy.PERSON, col(ThemeAssignment.applies)),
                else_=~word,
            ),
            sa.or_(col(ThemeAssignment.assigned_by) != AssignedBy.RULE, col(Feedback.model_id).is_(None)),
            sa.func.coalesce(col(into.retired_at), col(Theme.retired_at)).is_(None),
        )
    )
    return (query if chosen is None else query.where(chosen)).distinct().subquery()

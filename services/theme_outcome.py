"""A theme's own share as a pilot's outcome: the comments of both periods, and what people's checks say of the model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.metrics import Metric
from models.pilots import Pilot
from models.text_models import Drawn, TextReview, ThemeModel
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_share
from services.bulk import in_lists
from services.lineage import sources
from services.plans import WholePlan, current
from services.rows import get, key
from services.series import population_filter
from services.theme_share import Comment
from stats.checked_comments import CheckedComments, Crossed
from stats.misread import Misclassification, more_to_check

BASELINE_WEEKS = 26
"""Weeks before the start that are used: as far back as one version of the model can be taken to read alike."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The comments of one period, in the pilot units or in those compared with.

    Attributes:
        pilot: Whether they are the pilot units'.
        after: Whether they are from after the start.
        comments: How many there are, and what is known of them.
        conditions: The same comments as conditions on Feedback.
    """

    pilot: bool
    after: bool
    comments: CheckedComments
    conditions: tuple[sa.ColumnElement[bool], ...]

    @property
    def more(self) -> int:
        """How many more must be checked."""
        return more_to_check(self.comments)


def is_theme_share(metric: Metric) -> bool:
    """Whether the metric is a theme's share of the comments."""
    return metric.theme_id is not None


def first_day(start_on: dt.date) -> dt.date:
    """The first day of the weeks that are compared with."""
    return start_on - dt.timedelta(weeks=BASELINE_WEEKS)


def misclassification(session: Session, whole: WholePlan, *, as_of: dt.date) -> Misclassification | None:
    """What people's checks say of the model that counts the pilot's metric; None when it is no theme's share.

    Args:
        session: Any session.
        whole: The plan in force.
        as_of: Comments after this day are not used.

    Raises:
        Conflict: As `services.frozen_themes.picked`.
    """
    if not is_theme_share(whole.metric):
        return None
    found = {(cell.pilot, cell.after): cell.comments for cell in cells(session, whole, as_of=as_of)}
    return Misclassification(
        before=found[True, False],
        after=found[True, True],
        comparison_before=found.get((False, False)),
        comparison_after=found.get((False, True)),
    )


def cells(session: Session, whole: WholePlan, *, as_of: dt.date) -> list[Cell]:
    """The comments before and after the start, the pilot's first, and those of the comparison units if there are any.

    Only whole weeks count, as in the evaluation. A comment speaks for others when it was drawn at random and checked
    after the version was fitted: of those the version learnt from it knows the answer. Whatever else people have
    checked counts with its own truth.
    """
    plan, metric = whole.plan, whole.metric
    start, whole_week = week_of(plan.start_on), plan.start_on.weekday() == 0
    last = week_of(min(as_of, plan.end_on) + dt.timedelta(days=1)) - 1
    windows = {
        False: (week_of(first_day(plan.start_on)), start - 1),
        True: (start if whole_week else start + 1, last),
    }
    conditions = population_filter(plan.population)
    found = []
    for pilot, units in ((True, whole.pilot_units), (False, whole.comparison_units)):
        if not units:
            continue
        belongs = list(sources(session, [key(unit.id) for unit in units]))
        for after, window in windows.items():
            rows = theme_share.comments(session, metric, unit_ids=belongs, conditions=conditions, window=window)
            found.append(
                Cell(
                    pilot=pilot,
                    after=after,
                    comments=_checked(session, metric, rows),
                    conditions=(*theme_share.of_comments(belongs, window), *conditions),
                )
            )
    return found


def comments_to_check(session: Session, pilot: Pilot, today: dt.date) -> list[sa.ColumnElement[bool]]:
    """Conditions on Feedback: the pilot's comments of the period that most lacks checking.

    They are to be drawn at random among those nobody has checked. A period lacks most when most comments are still to
    be checked there for the share to be trusted; once none is, the one whose share is known least.

    Args:
        session: Any session.
        pilot: The pilot.
        today: Comments after this day are not used.

    Returns:
        The conditions; ones that no comment meets when there is nothing left to check, and none at all when the
        pilot's metric is no theme's share.

    Raises:
        Conflict: As `services.frozen_themes.picked`.
    """
    whole = current(session, key(pilot.id))
    if not is_theme_share(whole.metric):
        return []
    waiting = [cell for cell in cells(session, whole, as_of=today) if cell.comments.unchecked]
    if not waiting:
        return [sa.false()]
    lacking = max(waiting, key=lambda cell: (cell.more, cell.comments.variance))
    return list(lacking.conditions)


def _checked(session: Session, metric: Metric, rows: Sequence[Comment]) -> CheckedComments:
    picked = {row.feedback_id: row.picked for row in rows}
    drawn, known = _truths(session, metric, list(picked))
    total = sum(picked.values())
    return CheckedComments(
        picked=total, left=len(picked) - total, drawn=_crossed(drawn, picked), known=_crossed(known, picked)
    )


def _truths(session: Session, metric: Metric, feedback_ids: Sequence[int]) -> tuple[dict[int, bool], dict[int, bool]]:
    """By answer whether people found it to be about the theme: of those drawn at random, and of the others."""
    theme = get(session, Theme, key(metric.theme_id))
    fitted = get(session, ThemeModel, key(metric.theme_model_id)).at
    meant = theme.merged_into_id or key(theme.id)
    same = select(Theme.id).where(sa.or_(col(Theme.id).in_([meant, theme.id]), col(Theme.merged_into_id) == meant))
    numbers = [key(number) for number in session.exec(same).all()]
    said: dict[int, bool] = {}
    drawn: dict[int, bool] = {}
    for part in in_lists(feedback_ids):
        words = select(ThemeAssignment.feedback_id, ThemeAssignment.applies).where(
            col(ThemeAssignment.feedback_id).in_(part),
            col(ThemeAssignment.theme_id).in_(numbers),
            col(ThemeAssignment.assigned_by) == AssignedBy.PERSON,
        )
        for number, applies in session.exec(words).all():
            said[number] = said.get(number, False) or applies
        for review in session.exec(select(TextReview).where(col(TextReview.feedback_id).in_(part))).all():
            truth = said.setdefault(review.feedback_id, False)
            if review.drawn == Drawn.RANDOM and review.at > fitted:
                drawn[review.feedback_id] = truth
    return drawn, {number: truth for number, truth in said.items() if number not in drawn}


def _crossed(truths: dict[int, bool], picked: dict[int, bool]) -> Crossed:
    pairs = [(picked[number], truth) for number, truth in truths.items()]
    return Crossed(
        both=pairs.count((True, True)),
        model_only=pairs.count((True, False)),
        person_only=pairs.count((False, True)),
        neither=pairs.count((False, False)),
    )

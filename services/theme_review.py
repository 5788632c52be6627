"""Comments that people check, one after another: the least certain first, every fourth drawn at random.

Only the random ones tell how often the model is right: those it was least sure of are the hard ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now, validated
from models.feedback import Feedback
from models.organisation import Unit
from models.people import Person
from models.text_models import Drawn, TextReview
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_fields
from services.errors import BadInput, NotFound
from services.permissions import May, reach, require
from services.rows import get, key
from services.theme_facts import refresh
from services.theme_labels import Label, labels_of, say, unsay

RANDOM_EVERY = 4
LOOK_BACK = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A comment to check.

    Attributes:
        feedback: The answer.
        unit: Its unit.
        labels: The themes in force for it, and who said so.
        drawn: How it came to be asked.
    """

    feedback: Feedback
    unit: Unit
    labels: list[Label]
    drawn: Drawn


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check changed, so that it can be undone.

    Attributes:
        feedback_id: The answer.
        words: Per theme what a person had said before; None for nothing.
        review: The review that was there before: who, how drawn, when; None when there was none.
    """

    feedback_id: int
    words: dict[int, bool | None]
    review: tuple[int, Drawn, dt.datetime] | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the checking is.

    Attributes:
        checked: Comments checked by people.
        at_random: Those among them that were drawn at random.
        waiting: Comments of the last year that nobody has checked.
    """

    checked: int
    at_random: int
    waiting: int


def progress(session: Session, *, by: Person, today: dt.date) -> Progress:
    """How far the checking is within the person's reach."""
    within = _within(session, by)
    reviews = (
        sa.select(sa.func.count(), sa.func.count(sa.case((col(TextReview.drawn) == Drawn.RANDOM, 1))))
        .join_from(TextReview, Feedback, col(Feedback.id) == TextReview.feedback_id)
        .where(*within)
    )
    checked, at_random = session.execute(reviews).one()
    waiting = session.execute(
        sa.select(sa.func.count()).select_from(Feedback).where(*within, *_open(today))
    ).scalar_one()
    return Progress(checked=checked, at_random=at_random, waiting=waiting)


def draw_of(turn: int) -> Drawn:
    """How the comment of a turn in a sitting is drawn: every fourth by lot.

    >>> [draw_of(turn).value for turn in range(4)]
    ['uncertain', 'uncertain', 'uncertain', 'random']
    """
    return Drawn.RANDOM if turn % RANDOM_EVERY == RANDOM_EVERY - 1 else Drawn.UNCERTAIN


def next_waiting(
    session: Session,
    *,
    by: Person,
    today: dt.date,
    drawn: Drawn = Drawn.UNCERTAIN,
    skipped: Collection[int] = (),
    only: Sequence[sa.ColumnElement[bool]] = (),
) -> Waiting | None:
    """The next comment to check; None when there is none left.

    Args:
        session: Any session.
        by: Who checks; comments of units within their reach.
        today: Comments of the year before this day.
        drawn: By lot, or the one the model is least sure of.
        skipped: Answers to leave out.
        only: Further conditions on Feedback, such as a pilot's units and weeks.

    Raises:
        NotAllowed: The person may not label.
    """
    require(session, by, May.LABEL)
    query = (
        select(Feedback, Unit).join(Unit, col(Unit.id) == Feedback.unit_id).where(*_within(session, by), *_open(today))
    )
    query = query.where(*only)
    if skipped:
        query = query.where(col(Feedback.id).not_in(list(skipped)))
    # The digest of a text says nothing of it, so its order is a lottery that every process draws alike.
    lottery = (col(Feedback.text_digest), col(Feedback.id))
    unsure = (sa.func.coalesce(col(Feedback.doubt), 2).desc(), col(Feedback.id).desc())
    found = session.exec(query.order_by(*(lottery if drawn is Drawn.RANDOM else unsure)).limit(1)).first()
    if found is None:
        return None
    feedback, unit = found
    return Waiting(
        feedback=feedback,
        unit=unit,
        labels=labels_of(session, key(feedback.id)),
        drawn=drawn,
    )


def check(session: Session, *, feedback_id: int, theme_ids: Collection[int], drawn: Drawn, by: Person) -> Checked:
    """Say which themes a comment is about, and that it is about no other. Commits.

    A person's word wins over rules and models from now on, and models learn from it.

    Raises:
        BadInput: One of the themes is not in use.
        NotAllowed: The person may not label answers of the unit.
        NotFound: There is no such answer, or it has no words.
    """
    feedback = get(session, Feedback, feedback_id)
    require(session, by, May.LABEL, unit_id=feedback.unit_id)
    if feedback.text is None:
        raise NotFound("The comment has no words any more.")
    chosen = set(theme_ids)
    themes = {key(theme.id): theme for theme in session.exec(select(Theme)).all()}
    if any(number not in themes or not theme_fields.is_used(themes[number]) for number in chosen):
        raise BadInput("A theme that was chosen is not in use any more; choose again.", field="themes")
    said = {row.theme_id: row.applies for row in session.exec(select(ThemeAssignment).where(_by_person(feedback_id)))}
    affirmed = {number for number, applies in said.items() if applies}
    denied = {key(label.theme.id) for label in labels_of(session, feedback_id)} | affirmed
    denied = {number for number in denied if (themes[number].merged_into_id or number) not in chosen}
    words = {number: said.get(number) for number in chosen | denied}
    review = session.get(TextReview, feedback_id)
    before = (review.by_id, Drawn(review.drawn), review.at) if review else None
    for number in words:
        say(session, feedback_id=feedback_id, theme_id=number, applies=number in chosen, by=by)
    review = review or validated(TextReview, feedback_id=feedback_id, by_id=by.id, drawn=drawn)
    review.by_id, review.drawn, review.at = key(by.id), drawn, now()
    session.add(review)
    session.flush()
    refresh(session, [feedback_id])
    session.commit()
    return Checked(feedback_id=feedback_id, words=words, review=before)


def undo(session: Session, checked: Checked, *, by: Person) -> None:
    """Take a check back: what a person had said before counts again. Commits.

    Raises:
        NotAllowed: The person may not label answers of the unit.
    """
    feedback = get(session, Feedback, checked.feedback_id)
    require(session, by, May.LABEL, unit_id=feedback.unit_id)
    for theme_id, word in checked.words.items():
        unsay(session, feedback_id=checked.feedback_id, theme_id=theme_id, before=word)
    review = session.get(TextReview, checked.feedback_id)
    if review is not None and checked.review is None:
        session.delete(review)
    elif review is not None and checked.review is not None:
        review.by_id, review.drawn, review.at = checked.review
        session.add(review)
    session.flush()
    refresh(session, [checked.feedback_id])
    session.commit()


def _by_person(feedback_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(ThemeAssignment.feedback_id) == feedback_id, col(ThemeAssignment.assigned_by) == AssignedBy.PERSON
    )


def _within(session: Session, by: Person) -> list[sa.ColumnElement[bool]]:
    units = reach(session, by)
    return [] if units is None else [col(Feedback.unit_id).in_(units)]


def _open(today: dt.date) -> list[sa.ColumnElement[bool]]:
    reviewed = sa.select(col(TextReview.feedback_id)).where(col(TextReview.feedback_id) == Feedback.id).exists()
    return [
        col(Feedback.text).is_not(None),
        col(Feedback.repeats_id).is_(None),
        col(Feedback.given_on) > today - LOOK_BACK,
        ~reviewed,
    ]

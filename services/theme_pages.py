"""What the feedback pages ask about themes beside browsing: one by its code, answers' labels, taking a word back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback, FeedbackScore
from models.people import Person
from models.themes import Theme
from services.errors import NotFound
from services.permissions import May, require
from services.rows import get
from services.theme_browse import Scope
from services.theme_labels import in_force, persons_word


def theme_by_code(session: Session, code: str) -> Theme:
    """The theme with a code; the one it was merged into, if it was.

    Raises:
        NotFound: There is none.
    """
    theme = session.exec(select(Theme).where(Theme.code == code)).first()
    if theme is None:
        raise NotFound("There is no theme with the code {code}.", code=code)
    return theme if theme.merged_into_id is None else get(session, Theme, theme.merged_into_id)


def all_themes(session: Session) -> Sequence[Theme]:
    """Every theme in use, by code."""
    return session.exec(select(Theme).where(col(Theme.merged_into_id).is_(None)).order_by(Theme.code)).all()


def labels(session: Session, feedback_ids: Collection[int]) -> dict[int, set[int]]:
    """Per answer, the ids of the themes in force for it."""
    pairs = in_force()
    query = sa.select(pairs.c.feedback_id, pairs.c.theme_id).where(pairs.c.feedback_id.in_(list(feedback_ids)))
    found: dict[int, set[int]] = {feedback_id: set() for feedback_id in feedback_ids}
    for feedback_id, theme_id in session.execute(query).all():
        found[feedback_id].add(theme_id)
    return found


def rated_by_week(session: Session, scope: Scope, theme_id: int) -> dict[int, int]:
    """Per week, a theme's answers that carry a rating."""
    pairs = in_force()
    rated = sa.select(col(FeedbackScore.feedback_id)).where(col(FeedbackScore.feedback_id) == Feedback.id).exists()
    query = (
        sa.select(col(Feedback.week), sa.func.count())
        .join_from(pairs, Feedback, col(Feedback.id) == pairs.c.feedback_id)
        .where(pairs.c.theme_id == theme_id, rated, *scope.conditions())
        .group_by(col(Feedback.week))
    )
    return {row[0]: row[1] for row in session.execute(query).all()}


def word_of_a_person(session: Session, *, feedback_id: int, theme_id: int) -> bool | None:
    """What a person has said of an answer and a theme: it is, it is not, or nothing (None)."""
    row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
    return None if row is None else row.applies


def take_back(session: Session, *, feedback_id: int, theme_id: int, before: bool | None, by: Person) -> None:
    """Undo a label given by hand: what a person had said before counts again; None leaves the word to the rules.

    Raises:
        NotAllowed: The person may not label answers of the unit.
        NotFound: Nothing was said by hand.
    """
    feedback = get(session, Feedback, feedback_id)
    require(session, by, May.LABEL, unit_id=feedback.unit_id)
    row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
    if row is None:
        raise NotFound("There is nothing to undo.")
    if before is None:
        session.delete(row)
    else:
        row.applies = before
        session.add(row)
    session.commit()

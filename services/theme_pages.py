"""What the feedback pages ask about themes beside browsing: one by its code, answers' labels, taking a word back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback
from models.people import Person
from models.themes import Theme
from services import theme_fields
from services.errors import NotFound
from services.permissions import May, require
from services.rows import get
from services.theme_facts import refresh
from services.theme_labels import persons_word, unsay
from services.theme_pairs import in_force


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
    return session.exec(select(Theme).where(theme_fields.used()).order_by(Theme.code)).all()


def labels(session: Session, feedback_ids: Collection[int]) -> dict[int, set[int]]:
    """Per answer, the ids of the themes in force for it."""
    pairs = in_force(col(Feedback.id).in_(list(feedback_ids)))
    query = sa.select(pairs.c.feedback_id, pairs.c.theme_id)
    found: dict[int, set[int]] = {feedback_id: set() for feedback_id in feedback_ids}
    for feedback_id, theme_id in session.execute(query).all():
        found[feedback_id].add(theme_id)
    return found


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
    if not unsay(session, feedback_id=feedback_id, theme_id=theme_id, before=before):
        raise NotFound("There is nothing to undo.")
    refresh(session, [feedback_id])
    session.commit()

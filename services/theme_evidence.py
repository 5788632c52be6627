"""Is it many people's experience or one person's? Repeats, the most active person, and what is left without them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback
from services.theme_families import answers_of, family
from services.theme_scope import Scope


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How much a theme's number hangs on single people.

    Attributes:
        repeats: Further answers that repeat one of these; they are in no number.
        most: Answers by the most active person.
        before_of_most: That person's answers in the time before.
    """

    repeats: int
    most: int
    before_of_most: int


def weight(session: Session, scope: Scope, theme_id: int) -> Weight:
    """Repeats and the most active person of a theme, with those below it."""
    below = family(session, theme_id)
    answers, earlier = answers_of(below, scope.facts()), answers_of(below, scope.before().facts())
    number = sa.func.count()
    busiest = session.execute(
        sa.select(answers.c.person, number)
        .group_by(answers.c.person)
        .order_by(number.desc(), answers.c.person)
        .limit(1)
    ).first()
    person, most = (busiest[0], busiest[1]) if busiest is not None else (0, 0)
    before = session.execute(sa.select(number).select_from(earlier).where(earlier.c.person == person)).scalar_one()
    repeated = (
        sa.select(number)
        .select_from(Feedback)
        .where(col(Feedback.repeats_id).is_not(None), col(Feedback.repeats_id).in_(sa.select(answers.c.feedback_id)))
    )
    return Weight(repeats=session.execute(repeated).scalar_one(), most=most, before_of_most=before)

"""What the theme model learns from: the list of themes, and what people have said of comments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback
from models.text_models import Drawn, TextReview
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.bulk import slices
from services.rows import key

_SLICE = 5_000
PEOPLE = (AssignedBy.PERSON, AssignedBy.RESPONDENT)


@dataclass(frozen=True, kw_only=True)
class LabelledComment:
    """A comment and what people have said of its themes.

    Attributes:
        feedback_id: The answer.
        text: The redacted text.
        applies: Themes it is about, by a person or by the respondent's own choice.
        denied: Themes it is not about, by a person.
        undecided: Themes that neither said anything of, though rules or the model show them: who adds one theme may
            have let the others stand for right.
        complete: Whether a person has checked all its themes: those not named do not apply.
        drawn: How it came to be checked; None when it was labelled in passing.
        at: When it was last labelled, as a sortable moment.
    """

    feedback_id: int
    text: str
    applies: frozenset[int]
    denied: frozenset[int]
    undecided: frozenset[int]
    complete: bool
    drawn: Drawn | None
    at: str


def labelled_since(session: Session, moment: dt.datetime | None) -> int:
    """How many comments with words people have labelled or checked after a moment; ever, when it is None."""
    words = sa.select(col(ThemeAssignment.feedback_id)).where(col(ThemeAssignment.assigned_by).in_(PEOPLE))
    checks = sa.select(col(TextReview.feedback_id))
    if moment is not None:
        words, checks = words.where(col(ThemeAssignment.at) > moment), checks.where(col(TextReview.at) > moment)
    labelled = sa.union(words, checks).subquery()
    query = sa.select(sa.func.count()).join_from(labelled, Feedback, col(Feedback.id) == labelled.c.feedback_id)
    return int(session.execute(query.where(col(Feedback.text).is_not(None))).scalar_one())


def labelled_comments(session: Session) -> list[LabelledComment]:
    """Every comment that people have labelled, by its number. Merged themes count as the one they went into."""
    reviews = {row.feedback_id: row for row in session.exec(select(TextReview))}
    marked = sa.select(col(ThemeAssignment.feedback_id)).where(col(ThemeAssignment.assigned_by).in_(PEOPLE)).distinct()
    has_words = col(Feedback.text).is_not(None)
    chosen = sorted(
        {
            *session.execute(
                marked.join(Feedback, col(Feedback.id) == ThemeAssignment.feedback_id).where(has_words)
            ).scalars()
        }
        | reviews.keys()
    )
    counted = {key(theme.id): theme.merged_into_id or key(theme.id) for theme in session.exec(select(Theme)).all()}
    found: list[LabelledComment] = []
    for part in slices(chosen, _SLICE):
        rows = session.exec(select(ThemeAssignment).where(col(ThemeAssignment.feedback_id).in_(part)))
        said: dict[int, list[ThemeAssignment]] = defaultdict(list)
        for row in rows:
            said[row.feedback_id].append(row)
        texts = session.exec(select(Feedback.id, Feedback.text).where(col(Feedback.id).in_(part), has_words)).all()
        for number, text in sorted((key(number), text or "") for number, text in texts):
            found.append(_of(number, text, said[number], reviews.get(number), counted))
    return found


def _of(
    number: int, text: str, said: list[ThemeAssignment], review: TextReview | None, counted: dict[int, int]
) -> LabelledComment:
    by_person = {counted[row.theme_id]: False for row in said if row.assigned_by == AssignedBy.PERSON}
    by_person |= {counted[row.theme_id]: True for row in said if row.assigned_by == AssignedBy.PERSON and row.applies}
    own = {counted[row.theme_id] for row in said if row.assigned_by == AssignedBy.RESPONDENT} - by_person.keys()
    shown = {counted[row.theme_id] for row in said if row.assigned_by in (AssignedBy.RULE, AssignedBy.MODEL)}
    by_people = [row for row in said if row.assigned_by in PEOPLE]
    moments = [row.at for row in by_people] + ([review.at] if review else [])
    return LabelledComment(
        feedback_id=number,
        text=text,
        applies=frozenset({theme for theme, applies in by_person.items() if applies} | own),
        denied=frozenset(theme for theme, applies in by_person.items() if not applies),
        undecided=frozenset(shown - by_person.keys() - own) if by_person else frozenset(),
        complete=review is not None,
        drawn=Drawn(review.drawn) if review else None,
        at=max(moment.isoformat() for moment in moments),
    )

"""Which answers are about which theme, who said so, and labels given by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from models.base import now, validated
from models.feedback import Feedback
from models.people import Person
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh


@dataclass(frozen=True, kw_only=True)
class Label:
    """A theme that is in force for an answer, and who said so."""

    theme: Theme
    assigned_by: AssignedBy
    confidence: float
    matched: str


def labels_of(session: Session, feedback_id: int) -> list[Label]:
    """Themes in force for an answer, with who said so; the rule is that of `services.theme_pairs`."""
    themes = {key(theme.id): theme for theme in session.exec(select(Theme)).all()}
    rows = session.exec(select(ThemeAssignment).where(ThemeAssignment.feedback_id == feedback_id)).all()
    read = get(session, Feedback, feedback_id).model_id is not None

    def counted(row: ThemeAssignment) -> Theme:
        theme = themes[row.theme_id]
        return themes[theme.merged_into_id] if theme.merged_into_id is not None else theme

    spoken = {counted(row).id for row in rows if row.assigned_by == AssignedBy.PERSON}
    found: dict[int, Label] = {}
    for row in sorted(rows, key=lambda r: (r.assigned_by != AssignedBy.PERSON, -r.confidence)):
        theme = counted(row)
        by_person = row.assigned_by == AssignedBy.PERSON
        overruled = not row.applies if by_person else theme.id in spoken
        if overruled or theme.retired_at is not None or (row.assigned_by == AssignedBy.RULE and read):
            continue
        found.setdefault(
            key(theme.id),
            Label(theme=theme, assigned_by=AssignedBy(row.assigned_by), confidence=row.confidence, matched=row.matched),
        )
    return sorted(found.values(), key=lambda label: label.theme.code)


def assign_by_hand(session: Session, *, feedback_id: int, theme_id: int, applies: bool, by: Person) -> None:
    """Say that an answer is, or is not, about a theme. A person's word wins over rules and models, for good.

    Raises:
        NotAllowed: The person may not label answers of the unit.
    """
    feedback = get(session, Feedback, feedback_id)
    get(session, Theme, theme_id)
    require(session, by, May.LABEL, unit_id=feedback.unit_id)
    say(session, feedback_id=feedback_id, theme_id=theme_id, applies=applies, by=by)
    session.flush()
    refresh(session, [feedback_id])
    session.commit()


def say(session: Session, *, feedback_id: int, theme_id: int, applies: bool, by: Person) -> None:
    """Put a person's word into the caller's transaction; the caller refreshes what is derived from it."""
    row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
    if row is None:
        row = validated(
            ThemeAssignment,
            feedback_id=feedback_id,
            theme_id=theme_id,
            assigned_by=AssignedBy.PERSON,
            by_id=by.id,
            applies=applies,
        )
    else:
        row.applies, row.by_id, row.at = applies, by.id, now()
    session.add(row)


def unsay(session: Session, *, feedback_id: int, theme_id: int, before: bool | None) -> bool:
    """Put what a person had said before back in force, in the caller's transaction; None leaves the word to others.

    Returns:
        Whether there was a word to take back; the caller refreshes what is derived from it.
    """
    row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
    if row is None:
        return False
    if before is None:
        session.delete(row)
    else:
        row.applies = before
        session.add(row)
    session.flush()
    return True


def persons_word(session: Session, *, feedback_id: int, theme_id: int) -> ThemeAssignment | None:
    """What a person has said of an answer and a theme; None when nobody has."""
    return session.exec(
        select(ThemeAssignment).where(
            ThemeAssignment.feedback_id == feedback_id,
            ThemeAssignment.theme_id == theme_id,
            ThemeAssignment.assigned_by == AssignedBy.PERSON,
        )
    ).first()

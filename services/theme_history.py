"""The history of the list of themes, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.base import now, validated
from models.people import Person
from models.theme_curation import ChangeKind, ThemeChange
from models.themes import Theme
from services import theme_fields
from services.errors import Conflict
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh_themes


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of the list's history.

    Attributes:
        row: What was changed, from what to what, when.
        theme: The theme.
        by: Who did it; None for the installation itself.
        undone: Whether a later line undid it.
    """

    row: ThemeChange
    theme: Theme
    by: Person | None
    undone: bool


def undo(session: Session, *, change_id: int, by: Person) -> None:
    """Undo the last change of a theme that was not undone. Commits.

    Raises:
        Conflict: It was undone before, a later change rests on it, or it is an undoing itself.
    """
    change = get(session, ThemeChange, change_id)
    require(session, by, May.CURATE)
    theme = get(session, Theme, change.theme_id)
    later = [row for row in history(session, theme_id=key(theme.id)) if not row.undone and row.row.undoes_id is None]
    if not later or later[0].row.id != change.id:
        raise Conflict("Only the latest change of a theme can be undone; undo the later ones first.")
    kind = ChangeKind(change.kind)
    if kind in (ChangeKind.CREATED, ChangeKind.SPLIT):
        if session.exec(select(Theme.id).where(Theme.parent_id == theme.id)).first():
            raise Conflict("Themes lie under this one; move them first.")
        theme.retired_at = now()
    elif kind is ChangeKind.RETIRED:
        theme.retired_at = None
    elif kind is ChangeKind.MERGED:
        _part_again(session, theme, change)
    else:
        for name, value in change.before.items():
            setattr(theme, name, value)
    if theme.retired_at is None and theme.merged_into_id is None:
        theme_fields.refuse_taken(session, theme.name, theme)
    record(session, theme, ChangeKind.RESTORED, change.after, change.before, by, "", undoes_id=change.id)
    recount(session, theme)
    session.commit()


def history(session: Session, *, theme_id: int | None = None, limit: int = 200) -> list[Change]:
    """Changes of the list, the newest first."""
    query = select(ThemeChange, Theme, Person).join(Theme, col(Theme.id) == ThemeChange.theme_id)
    query = query.outerjoin(Person, col(Person.id) == ThemeChange.by_id).order_by(col(ThemeChange.id).desc())
    if theme_id is not None:
        query = query.where(ThemeChange.theme_id == theme_id)
    undone = set(session.exec(select(ThemeChange.undoes_id).where(col(ThemeChange.undoes_id).is_not(None))))
    return [
        Change(row=row, theme=theme, by=person, undone=row.id in undone)
        for row, theme, person in session.exec(query.limit(limit))
    ]


def record(
    session: Session,
    theme: Theme,
    kind: ChangeKind,
    before: dict[str, Any],
    after: dict[str, Any],
    by: Person,
    reason: str = "",
    undoes_id: int | None = None,
) -> None:
    """Put a theme's change and its line of history into the caller's transaction."""
    session.add(theme)
    session.add(
        validated(
            ThemeChange,
            theme_id=theme.id,
            kind=kind,
            before=before,
            after=after,
            reason=reason.strip()[:1000],
            undoes_id=undoes_id,
            by_id=by.id,
        )
    )
    session.flush()


def recount(session: Session, theme: Theme) -> None:
    """Work out anew which answers count for a theme and for those merged into it."""
    merged = session.exec(select(Theme.id).where(Theme.merged_into_id == theme.id)).all()
    refresh_themes(session, [key(theme.id), *(key(row) for row in merged)])


def _part_again(session: Session, theme: Theme, change: ThemeChange) -> None:
    into = get(session, Theme, int(change.after["merged_into_id"]))
    into.parent_id = change.before["into_parent_id"]
    session.add(into)
    theme.merged_into_id = None
    for number in change.before["followers"]:
        follower = get(session, Theme, number)
        follower.merged_into_id = theme.id
        session.add(follower)
    for number in change.before["children"]:
        child = get(session, Theme, number)
        child.parent_id = theme.id
        session.add(child)

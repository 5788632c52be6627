"""The history of the list of themes: one line a change, appended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import validated
from models.people import Person
from models.theme_curation import ChangeKind, ThemeChange
from models.themes import Theme
from services import text_work
from services.rows import key
from services.theme_facts import refresh_themes


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of the list; the lines that undid it or did it again are told in it.

    Attributes:
        row: What was changed, from what to what, when.
        theme: The theme.
        by: Who did it; None for the installation itself.
        undone: Whether it is undone now.
        last: The newest line about it: itself, or what undid it or did it again.
        can_undo: Whether it can be undone now: it is the theme's latest change that stands.
        can_redo: Whether it can be done again now: the theme has not been changed since it was undone.
    """

    row: ThemeChange
    theme: Theme
    by: Person | None
    undone: bool
    last: ThemeChange
    can_undo: bool
    can_redo: bool


def history(session: Session, *, theme_id: int | None = None) -> list[Change]:
    """Changes of the list, or of one theme, the newest first."""
    query = select(ThemeChange, Theme, Person).join(Theme, col(Theme.id) == ThemeChange.theme_id)
    query = query.outerjoin(Person, col(Person.id) == ThemeChange.by_id).order_by(col(ThemeChange.id).desc())
    if theme_id is not None:
        query = query.where(ThemeChange.theme_id == theme_id)
    lines = session.exec(query).all()
    undoing = {row.undoes_id: row for row, _, _ in lines if row.undoes_id is not None}
    ends = {key(row.id): _end(row, undoing) for row, _, _ in lines if row.undoes_id is None}
    undone = {number: steps % 2 == 1 for number, (_, steps) in ends.items()}
    newest: dict[int, int] = {}
    standing: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for row, theme, _ in lines:  # the newest first
        if row.undoes_id is not None:
            continue
        number, last = key(theme.id), key(ends[key(row.id)][0].id)
        newest.setdefault(number, key(row.id))
        if not undone[key(row.id)]:
            standing.setdefault(number, key(row.id))
        elif number not in standing and last > newest[number]:
            waiting[number] = key(row.id)
    return [
        Change(
            row=row,
            theme=theme,
            by=person,
            undone=undone[key(row.id)],
            last=ends[key(row.id)][0],
            can_undo=standing.get(key(theme.id)) == row.id,
            can_redo=waiting.get(key(theme.id)) == row.id,
        )
        for row, theme, person in lines
        if row.undoes_id is None
    ]


def latest(session: Session, theme_id: int) -> int | None:
    """The number of a theme's newest line of history; None when it has none."""
    query = select(ThemeChange.id).where(ThemeChange.theme_id == theme_id).order_by(col(ThemeChange.id).desc())
    return session.exec(query.limit(1)).first()


def newest_lines(session: Session) -> dict[int | None, int]:
    """The number of each theme's newest line of history; themes without any are left out."""
    query = sa.select(col(ThemeChange.theme_id), sa.func.max(col(ThemeChange.id))).group_by(col(ThemeChange.theme_id))
    return {row[0]: row[1] for row in session.execute(query)}


def record(
    session: Session,
    theme: Theme,
    kind: ChangeKind,
    before: dict[str, Any],
    after: dict[str, Any],
    by: Person,
    reason: str = "",
    undoes_id: int | None = None,
) -> int:
    """Put a theme's change and its line of history into the caller's transaction; the line's number."""
    session.add(theme)
    line = validated(
        ThemeChange,
        theme_id=theme.id,
        kind=kind,
        before=before,
        after=after,
        reason=reason.strip()[:1000],
        undoes_id=undoes_id,
        by_id=by.id,
    )
    session.add(line)
    session.flush()
    return key(line.id)


def finish(session: Session) -> None:
    """Commit a change of the list, and let the model learn the new list in the background."""
    session.commit()
    text_work.start()


def recount(session: Session, theme: Theme) -> None:
    """Work out anew which answers count for a theme and for those merged into it."""
    merged = session.exec(select(Theme.id).where(Theme.merged_into_id == theme.id)).all()
    refresh_themes(session, [key(theme.id), *(key(row) for row in merged)])


def _end(row: ThemeChange, undoing: Mapping[int, ThemeChange]) -> tuple[ThemeChange, int]:
    """The last line of those that undid a change or did it again in turn, and how many they are."""
    steps = 0
    while (further := undoing.get(key(row.id))) is not None:
        row, steps = further, steps + 1
    return row, steps

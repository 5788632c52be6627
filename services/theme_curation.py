"""The list of themes, kept by people: every change can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.base import now, validated
from models.people import Person
from models.theme_curation import ChangeKind
from models.themes import Theme
from services import theme_fields
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key
from services.theme_fields import LONGEST_EXAMPLE, LONGEST_NAME
from services.theme_history import record, recount


def create(
    session: Session,
    *,
    names: Mapping[str, str],
    by: Person,
    keywords: Sequence[str] = (),
    examples: Sequence[str] = (),
    parent_id: int | None = None,
    praise: bool = False,
    controllable: bool = True,
    kind: ChangeKind = ChangeKind.CREATED,
    reason: str = "",
) -> Theme:
    """Add a theme, in the caller's transaction; its code is the next free number.

    Raises:
        BadInput: A name is missing, too long or taken, or the parent cannot be one.
        NotAllowed: The person may not keep the list of themes.
    """
    require(session, by, May.CURATE)
    theme = validated(
        Theme,
        code=theme_fields.next_code(session),
        name=theme_fields.names(session, names),
        keywords=theme_fields.words(keywords, longest=LONGEST_NAME, field="keywords"),
        examples=theme_fields.words(examples, longest=LONGEST_EXAMPLE, field="examples"),
        parent_id=theme_fields.parent(session, parent_id),
        praise=praise,
        controllable=controllable,
    )
    session.add(theme)
    session.flush()
    record(session, theme, kind, {}, {"name": dict(theme.name)}, by, reason)
    return theme


def rename(session: Session, *, theme_id: int, names: Mapping[str, str], by: Person) -> None:
    """Give a theme other names. Commits."""
    theme = _open(session, theme_id, by)
    before = {"name": dict(theme.name)}
    theme.name = theme_fields.names(session, names, theme)
    if theme.name == before["name"]:
        return
    _keep(session, theme, ChangeKind.RENAMED, before, {"name": dict(theme.name)}, by)


def reword(
    session: Session,
    *,
    theme_id: int,
    keywords: Sequence[str],
    examples: Sequence[str],
    controllable: bool,
    praise: bool,
    by: Person,
) -> None:
    """Change what a theme is recognised by, and what kind of theme it is. Commits."""
    theme = _open(session, theme_id, by)
    before = _wording(theme)
    theme.keywords = theme_fields.words(keywords, longest=LONGEST_NAME, field="keywords")
    theme.examples = theme_fields.words(examples, longest=LONGEST_EXAMPLE, field="examples")
    theme.controllable, theme.praise = controllable, praise
    after = _wording(theme)
    if after != before:
        _keep(session, theme, ChangeKind.REWORDED, before, after, by)


def move(session: Session, *, theme_id: int, parent_id: int | None, by: Person) -> None:
    """Put a theme under another, or (None) on the top level. Commits.

    Raises:
        BadInput: The parent lies under the theme itself, or is not in use.
    """
    theme = _open(session, theme_id, by)
    before = {"parent_id": theme.parent_id}
    theme.parent_id = theme_fields.parent(session, parent_id, theme)
    if theme.parent_id != before["parent_id"]:
        _keep(session, theme, ChangeKind.MOVED, before, {"parent_id": theme.parent_id}, by)


def merge(session: Session, *, theme_id: int, into_id: int, by: Person, reason: str = "") -> None:
    """Let a theme's answers count for another from now on. Commits.

    Labels stay as they were given, so the merge can be undone; themes merged into this one and those under it follow.

    Raises:
        BadInput: The two are one.
        Conflict: One of them is not in use.
    """
    theme, into = _open(session, theme_id, by), _open(session, into_id, by)
    if theme.id == into.id:
        raise BadInput("A theme cannot be merged into itself.", field="into")
    followers = session.exec(select(Theme).where(Theme.merged_into_id == theme.id)).all()
    children = session.exec(select(Theme).where(Theme.parent_id == theme.id, Theme.id != into.id)).all()
    before = {"followers": [key(row.id) for row in followers], "children": [key(row.id) for row in children]}
    before_into = into.parent_id
    if into.parent_id == theme.id:
        into.parent_id = theme.parent_id
        session.add(into)
    for row in followers:
        row.merged_into_id = into.id
        session.add(row)
    for row in children:
        row.parent_id = into.id
        session.add(row)
    theme.merged_into_id = into.id
    after = {"merged_into_id": into.id}
    record(session, theme, ChangeKind.MERGED, {**before, "into_parent_id": before_into}, after, by, reason)
    recount(session, theme)
    session.commit()


def retire(session: Session, *, theme_id: int, by: Person, reason: str = "") -> None:
    """Take a theme out of use: no answer counts for it any more. Commits.

    Raises:
        Conflict: Themes lie under it.
    """
    theme = _open(session, theme_id, by)
    if session.exec(select(Theme.id).where(Theme.parent_id == theme.id, col(Theme.retired_at).is_(None))).first():
        raise Conflict("Themes lie under this one; move them first.")
    theme.retired_at = now()
    record(session, theme, ChangeKind.RETIRED, {}, {}, by, reason)
    recount(session, theme)
    session.commit()


def _open(session: Session, theme_id: int, by: Person) -> Theme:
    require(session, by, May.CURATE)
    theme = get(session, Theme, theme_id)
    if theme.merged_into_id is not None or theme.retired_at is not None:
        raise Conflict("The theme {theme} is not in use any more.", theme=theme.code)
    return theme


def _keep(
    session: Session, theme: Theme, kind: ChangeKind, before: dict[str, Any], after: dict[str, Any], by: Person
) -> None:
    record(session, theme, kind, before, after, by)
    session.commit()


def _wording(theme: Theme) -> dict[str, Any]:
    return {
        "keywords": list(theme.keywords),
        "examples": list(theme.examples),
        "controllable": theme.controllable,
        "praise": theme.praise,
    }

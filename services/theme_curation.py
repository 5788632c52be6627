"""The list of themes, kept by people: every change can be undone, and the model learns the list anew after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import now, validated
from models.people import Person
from models.theme_answers import ThemeAnswer
from models.theme_curation import ChangeKind
from models.themes import Theme
from services import theme_fields
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import key
from services.theme_families import family
from services.theme_fields import LONGEST_EXAMPLE, LONGEST_NAME
from services.theme_history import finish, latest, record, recount
from services.theme_undo import hang_on


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a theme is, as a form holds it.

    Attributes:
        names: Its name by language; all three are needed.
        keywords: Beginnings of words that it is recognised by.
        examples: Short sentences of the kind customers write.
        parent_id: The theme it lies under; None for the top level.
        praise: Whether it collects thanks rather than problems.
        controllable: Whether a unit can change it by its own decision.
    """

    names: Mapping[str, str]
    keywords: Sequence[str] = ()
    examples: Sequence[str] = ()
    parent_id: int | None = None
    praise: bool = False
    controllable: bool = True


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What a merge would move.

    Attributes:
        answers: Answers that count for the theme.
        both: Those among them that count for the other theme already.
    """

    answers: int
    both: int


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
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Theme:
    """Add a theme, in the caller's transaction; its code is the next free number.

    Args:
        session: The caller's transaction.
        names: Its name in every language.
        by: Who adds it.
        keywords: What it is recognised by.
        examples: Sentences of the kind customers write.
        parent_id: The theme it lies under.
        praise: Whether it collects thanks.
        controllable: Whether a unit can change it.
        kind: Made by hand or from comments (CREATED), or out of another theme (SPLIT).
        before: What its line of history tells beside that.
        after: What its line of history tells beside its name.
        reason: Why.

    Raises:
        BadInput: A name is missing, too long or taken, or the parent cannot be one.
        NotAllowed: The person may not keep the list of themes.
    """
    require(session, by, May.CURATE)
    theme_fields.hold(session)
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
    record(session, theme, kind, dict(before or {}), {"name": dict(theme.name), **(after or {})}, by, reason)
    return theme


def add(session: Session, *, wording: Wording, by: Person) -> int:
    """Add a theme that a form holds. Commits; the line of history's number.

    Raises:
        BadInput: A name is missing, too long or taken, a word cannot be used, or the parent cannot be one.
        NotAllowed: The person may not keep the list of themes.
    """
    theme = create(
        session,
        names=wording.names,
        keywords=wording.keywords,
        examples=wording.examples,
        parent_id=wording.parent_id,
        praise=wording.praise,
        controllable=wording.controllable,
        by=by,
    )
    finish(session)
    return key(latest(session, key(theme.id)))


def edit(session: Session, *, theme_id: int, wording: Wording, by: Person, seen: int | None = None) -> list[int]:
    """Change a theme to what a form holds, a line of history for each kind of change. Commits.

    Args:
        session: A writing session.
        theme_id: The theme.
        wording: What it is to be.
        by: Who changes it.
        seen: The newest line of its history when the form was opened; None for a theme without history.

    Returns:
        The lines' numbers, to undo them together; none when nothing was changed.

    Raises:
        BadInput: A name is missing, too long or taken, a word cannot be used, or the parent cannot be one.
        Conflict: Somebody has changed the theme since the form was opened, or it is not in use.
    """
    theme = _open(session, theme_id, by)
    if latest(session, theme_id) != seen:
        raise Conflict("Somebody else has changed this theme meanwhile. Close this and look at it again.")
    lines = [
        _rename(session, theme, wording.names, by),
        _reword(session, theme, wording, by),
        _move(session, theme, wording.parent_id, by),
    ]
    finish(session)
    return [line for line in lines if line is not None]


def rename(session: Session, *, theme_id: int, names: Mapping[str, str], by: Person) -> None:
    """Give a theme other names. Commits."""
    _rename(session, _open(session, theme_id, by), names, by)
    finish(session)


def move(session: Session, *, theme_id: int, parent_id: int | None, by: Person) -> None:
    """Put a theme under another, or (None) on the top level. Commits.

    Raises:
        BadInput: The parent lies under the theme itself, or is not in use.
    """
    _move(session, _open(session, theme_id, by), parent_id, by)
    finish(session)


def moving(session: Session, *, theme_id: int, into_id: int) -> Moving:
    """How many answers a merge would let count for another theme, those of the themes below included."""
    answer = col(ThemeAnswer.feedback_id)
    of_theme = col(ThemeAnswer.theme_id).in_(family(session, theme_id))
    of_into = col(ThemeAnswer.theme_id).in_(family(session, into_id))
    count = sa.select(sa.func.count(sa.distinct(answer))).where(of_theme)
    both = count.where(answer.in_(sa.select(answer).where(of_into)))
    return Moving(answers=session.execute(count).scalar_one(), both=session.execute(both).scalar_one())


def merge(session: Session, *, theme_id: int, into_id: int, by: Person, reason: str = "") -> int:
    """Let a theme's answers count for another from now on. Commits; the line of history's number.

    Labels stay as they were given, so the merge can be undone; themes merged into this one and those under it follow.

    Raises:
        BadInput: The two are one.
        Conflict: One of them is not in use.
    """
    theme, into = _open(session, theme_id, by), _open(session, into_id, by)
    if theme.id == into.id:
        raise BadInput("A theme cannot be merged into itself.", field="into")
    before = hang_on(session, theme, into)
    line = record(session, theme, ChangeKind.MERGED, before, {"merged_into_id": into.id}, by, reason)
    recount(session, theme)
    finish(session)
    return line


def retire(session: Session, *, theme_id: int, by: Person, reason: str = "") -> int:
    """Take a theme out of use: no answer counts for it any more. Commits; the line of history's number.

    Raises:
        Conflict: Themes lie under it.
    """
    theme = _open(session, theme_id, by)
    theme_fields.refuse_children(session, theme)
    theme.retired_at = now()
    line = record(session, theme, ChangeKind.RETIRED, {}, {}, by, reason)
    recount(session, theme)
    finish(session)
    return line


def _open(session: Session, theme_id: int, by: Person) -> Theme:
    require(session, by, May.CURATE)
    theme_fields.hold(session)
    return theme_fields.in_use(session, theme_id)


def _rename(session: Session, theme: Theme, names: Mapping[str, str], by: Person) -> int | None:
    before = {"name": dict(theme.name)}
    theme.name = theme_fields.names(session, names, theme)
    if theme.name == before["name"]:
        return None
    return record(session, theme, ChangeKind.RENAMED, before, {"name": dict(theme.name)}, by)


def _reword(session: Session, theme: Theme, wanted: Wording, by: Person) -> int | None:
    before = _words(theme)
    theme.keywords = theme_fields.words(wanted.keywords, longest=LONGEST_NAME, field="keywords")
    theme.examples = theme_fields.words(wanted.examples, longest=LONGEST_EXAMPLE, field="examples")
    theme.controllable, theme.praise = wanted.controllable, wanted.praise
    after = _words(theme)
    return None if after == before else record(session, theme, ChangeKind.REWORDED, before, after, by)


def _move(session: Session, theme: Theme, parent_id: int | None, by: Person) -> int | None:
    before = theme.parent_id
    theme.parent_id = theme_fields.parent(session, parent_id, theme)
    if theme.parent_id == before:
        return None
    return record(session, theme, ChangeKind.MOVED, {"parent_id": before}, {"parent_id": theme.parent_id}, by)


def _words(theme: Theme) -> dict[str, Any]:
    return {
        "keywords": list(theme.keywords),
        "examples": list(theme.examples),
        "controllable": theme.controllable,
        "praise": theme.praise,
    }

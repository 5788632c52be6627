"""What a theme may be called, recognised by and put under, checked at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import LANGUAGES
from models.themes import Theme
from services.errors import BadInput, Conflict
from services.rows import get

LONGEST_NAME = 80
MOST_WORDS = 200
LONGEST_EXAMPLE = 300


def hold(session: Session) -> None:
    """Let nobody else change the list until this transaction ends; SQLite's write lock does so by itself."""
    session.execute(sa.select(col(Theme.id)).order_by(col(Theme.id)).with_for_update()).all()


def used() -> sa.ColumnElement[bool]:
    """Condition on Theme: it is on the list, neither merged nor retired."""
    return sa.and_(col(Theme.merged_into_id).is_(None), col(Theme.retired_at).is_(None))


def is_used(theme: Theme) -> bool:
    """Whether a theme is on the list, neither merged nor retired."""
    return theme.merged_into_id is None and theme.retired_at is None


def in_use(session: Session, theme_id: int) -> Theme:
    """A theme of the list.

    Raises:
        Conflict: It was merged or retired.
        NotFound: There is none.
    """
    theme = get(session, Theme, theme_id)
    if not is_used(theme):
        raise Conflict("The theme {theme} is not in use any more.", theme=theme.code)
    return theme


def names(session: Session, wanted: Mapping[str, str], theme: Theme | None = None) -> dict[str, str]:
    """Names in every language, none of which another theme in use has.

    Raises:
        BadInput: One is missing, too long or taken.
    """
    given = {language: " ".join((wanted.get(language) or "").split()) for language in LANGUAGES}
    for language, name in given.items():
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadInput(
                "A theme needs a name of 1 to {most} characters in every language.",
                field=f"name_{language}",
                most=LONGEST_NAME,
            )
    refuse_taken(session, given, theme)
    return given


def refuse_taken(session: Session, given: Mapping[str, str], theme: Theme | None = None) -> None:
    """Refuse names that another theme in use has.

    Raises:
        BadInput: One is taken.
    """
    for other in session.exec(select(Theme).where(used())):
        same = [language for language in given if other.name.get(language, "").casefold() == given[language].casefold()]
        if same and (theme is None or other.id != theme.id):
            raise BadInput(
                "The theme {theme} has the name {name} already.",
                field=f"name_{same[0]}",
                theme=other.code,
                name=given[same[0]],
            )


def words(given: Sequence[str], *, longest: int, field: str) -> list[str]:
    """Keywords or example sentences, each once.

    Raises:
        BadInput: There are too many, or one is empty of letters or too long.
    """
    found = list(dict.fromkeys(" ".join(word.split()) for word in given if word.strip()))
    if len(found) > MOST_WORDS:
        raise BadInput("There can be at most {most} of them.", field=field, most=MOST_WORDS)
    for word in found:
        if len(word) > longest or not any(character.isalnum() for character in word):
            raise BadInput(
                "{word} must have a letter or a digit and at most {most} characters.",
                field=field,
                word=word,
                most=longest,
            )
    return found


def parent(session: Session, parent_id: int | None, theme: Theme | None = None) -> int | None:
    """The parent, if the theme can lie under it.

    Raises:
        BadInput: It is not in use, or lies under the theme itself.
    """
    seen = parent_id
    while seen is not None:
        above = get(session, Theme, seen)
        if not is_used(above):
            raise BadInput("The theme {theme} is not in use any more.", field="parent", theme=above.code)
        if theme is not None and above.id == theme.id:
            raise BadInput("A theme cannot lie under itself.", field="parent")
        seen = above.parent_id
    return parent_id


def refuse_children(session: Session, theme: Theme) -> None:
    """Refuse to take a theme out of use while others lie under it.

    Raises:
        Conflict: Themes in use lie under it.
    """
    if session.exec(select(Theme.id).where(Theme.parent_id == theme.id, used())).first():
        raise Conflict("Themes lie under this one; move them first.")


def next_code(session: Session) -> str:
    """The next free code: T21 after T20."""
    numbers = [int(code[1:]) for code in session.exec(select(Theme.code)) if code[:1] == "T" and code[1:].isdigit()]
    return f"T{max(numbers, default=0) + 1:02d}"

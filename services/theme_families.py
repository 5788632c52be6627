"""Themes under themes: whoever counts for a theme counts for the one above it, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.rows import key
from services.theme_pages import all_themes
from services.theme_scope import Conditions

COLUMNS = (
    "feedback_id",
    "unit_id",
    "week",
    "given_on",
    "channel",
    "solicited",
    "statutory",
    "person",
    "tone",
    "rated",
    "has_text",
)
"""What a row says of its answer, the same under every theme."""


def family(session: Session, theme_id: int) -> frozenset[int]:
    """A theme and all in use below it."""
    return families(all_themes(session)).get(theme_id, frozenset({theme_id}))


def families(themes: Sequence[Theme]) -> dict[int, frozenset[int]]:
    """Each theme with all below it, by the theme's id."""
    children: dict[int, list[int]] = defaultdict(list)
    for theme in themes:
        if theme.parent_id is not None:
            children[theme.parent_id].append(key(theme.id))

    def below(theme_id: int, seen: frozenset[int]) -> frozenset[int]:
        if theme_id in seen:
            return seen
        found = seen | {theme_id}
        for child in children[theme_id]:
            found = below(child, found)
        return found

    return {key(theme.id): below(key(theme.id), frozenset()) for theme in themes}


def answers_of(theme_ids: frozenset[int], where: Conditions) -> sa.Subquery:
    """The answers about any of some themes, each once, with the columns of COLUMNS."""
    fact = ThemeAnswer
    query = sa.select(*(getattr(fact, name) for name in COLUMNS)).where(*where)
    if len(theme_ids) == 1:
        return query.where(col(fact.theme_id) == next(iter(theme_ids))).subquery()
    return query.where(col(fact.theme_id).in_(sorted(theme_ids))).distinct().subquery()

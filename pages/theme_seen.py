"""What of a theme's numbers is told, and how it is said: the same on the list, the theme's page and the start."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from pages import theme_words
from pages.context import Context
from services.drivers import record_version
from services.organisation import all_units
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, shown
from services.theme_browse import Scope, ThemeSummary
from services.theme_told import Sight, Told, node_of, told

SECONDS = 60
"""How long what may be told is kept; at once anew when an answer or a theme is added."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Which of a theme's numbers are told.

    Attributes:
        number: Answers, people, channels and weeks.
        tones: The unhappy ones among them.
        before: Answers in the time before.
        tones_before: The unhappy ones among those.
        by_week: Answers of each week; None for those that are not told.
    """

    number: bool
    tones: bool
    before: bool
    tones_before: bool
    by_week: tuple[int | None, ...]

    @property
    def all(self) -> bool:
        """Whether nothing is left out but single weeks."""
        return self.number and self.tones and self.before and self.tones_before


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """What may be told of the chosen units now, and in the time before; None when there was no such time."""

    now: Sight
    before: Sight | None

    def seen(self, row: ThemeSummary) -> Seen:
        """Which numbers of a theme are told."""
        theme_id = key(row.theme.id)
        number = self.now.number(theme_id, row.people)
        before = self.before is not None and self.before.number(theme_id, row.before)
        return Seen(
            number=number,
            tones=number and self.now.tones(theme_id, row.people),
            before=before,
            tones_before=before and self.before is not None and self.before.tones(theme_id, row.before),
            by_week=_weeks(row) if number else (None,) * len(row.by_week),
        )


def eyes(ctx: Context, scope: Scope, *, earlier: bool) -> Eyes:
    """What may be told of a scope's units, with the time before where that is told of."""
    return Eyes(now=look(ctx, scope), before=look(ctx, scope.before()) if earlier else None)


def look(ctx: Context, scope: Scope) -> Sight:
    """What may be told of a scope's units."""
    return Sight(of=told_of(ctx, scope), node=node_of(all_units(ctx.session), scope.unit_ids))


def told_of(ctx: Context, scope: Scope) -> Told:
    """What may be told anywhere in a scope's time and under its filters: the same for everyone, so it is kept."""
    version = (ctx.settings.database_url, *record_version(ctx.session))
    return _told(ctx, version, replace(scope, unit_ids=None))


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _told(_ctx: Context, version: tuple[str, int, int], scope: Scope) -> Told:
    return told(_ctx.session, scope)


def direction(ctx: Context, row: ThemeSummary, seen: Seen, *, earlier: bool) -> str:
    """Which way the number of answers goes; nothing of it where either number is not told."""
    if earlier and not (seen.number and seen.before):
        return ctx.t("→ too few people, now or before, to tell which way it goes")
    return theme_words.direction(ctx, row.answers, row.before if earlier else None)


def volume(ctx: Context, row: ThemeSummary, seen: Seen) -> str:
    """How many times as many answers as before."""
    if not (seen.number and seen.before):
        return theme_words.not_shown(ctx)
    return theme_words.volume_changed(ctx, row.answers, row.before)


def unhappy(ctx: Context, row: ThemeSummary, seen: Seen) -> str:
    """The unhappy share."""
    if not seen.tones:
        return theme_words.not_shown(ctx)
    return theme_words.share(ctx, row.negative, row.judged)


def unhappier(ctx: Context, row: ThemeSummary, seen: Seen) -> str:
    """How the unhappy share has changed."""
    if not (seen.tones and seen.tones_before):
        return theme_words.not_shown(ctx)
    return theme_words.share_changed(ctx, (row.negative, row.judged), (row.before_negative, row.before_judged))


def _weeks(row: ThemeSummary) -> tuple[int | None, ...]:
    """Answers of each week; of several answers by one person, all may have come in the same week."""
    spare = row.answers - row.people
    sizes = {str(place): float(max(count - spare, 1)) for place, count in enumerate(row.by_week) if count}
    kept = shown(sizes, total=sum(sizes.values()), least=LEAST_CUSTOMERS)
    return tuple(count if not count or str(place) in kept else None for place, count in enumerate(row.by_week))

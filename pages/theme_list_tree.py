"""The themes as a tree: each opens for changing; new ones are added by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from models.people import Person
from models.themes import Theme
from pages import theme_list_edit, theme_seen, theme_words
from pages.context import Context
from pages.plain import plain
from services.permissions import reach
from services.rows import key
from services.theme_browse import ThemeSummary, summaries
from services.theme_history import newest_lines
from services.theme_pages import all_themes
from services.theme_scope import Scope
from services.theme_told import Sight
from services.theme_trend import last_weeks

WEEKS = 12
SEARCHED_ABOVE = 15
WIDTH = 760


def show(ctx: Context, person: Person) -> None:
    """Every theme in use, those under others below them, with how much each is spoken of."""
    t = ctx.t
    themes = all_themes(ctx.session)
    words = ""
    with st.container(horizontal=True, vertical_alignment="bottom", key="theme_list_top"):
        if len(themes) > SEARCHED_ABOVE:
            words = (
                st.text_input(t("Search by name or keyword"), key="theme_list_search", type="search", width=320) or ""
            )
        st.button(
            t("New theme"), key="theme_new", icon=":material/add:", type="primary", on_click=theme_list_edit.open_new
        )
    if not themes:
        st.info(t("The list is empty. Add the first theme by hand, or look for proposals in comments."))
        return
    first, last = last_weeks(ctx.today, WEEKS)
    scope = Scope(first=first, last=last, unit_ids=reach(ctx.session, person))
    counts = {key(row.theme.id): row for row in summaries(ctx.session, scope)}
    st.caption(
        t.say(
            "Answers are counted {first}–{last}; those of a theme include the themes under it.", first=first, last=last
        )
    )
    looked = theme_seen.look(ctx, scope)
    lines = newest_lines(ctx.session)
    wanted = words.strip().casefold()
    if any(not looked.number(theme_id, row.people) for theme_id, row in counts.items()):
        st.caption(theme_words.explained(ctx))
    rows = [(theme, depth) for theme, depth in _tree(themes) if not wanted or _matches(theme, wanted)]
    if not rows:
        st.info(t.say("No theme has this in its name or keywords: {words}", words=words.strip()))
    with st.container(width=WIDTH, gap="xsmall", key="theme_list_rows"):
        for theme, depth in rows:
            _row(ctx, theme, 0 if wanted else depth, _answers(ctx, theme, counts, looked), lines.get(theme.id))


def _answers(ctx: Context, theme: Theme, counts: Mapping[int, ThemeSummary], looked: Sight) -> str:
    """How many answers are about a theme, where that may be told."""
    row = counts.get(key(theme.id))
    if row is not None and not looked.number(key(theme.id), row.people):
        return ctx.t("number of answers not shown")
    return ctx.t.plural("{n} answer", "{n} answers", row.answers if row is not None else 0)


def _row(ctx: Context, theme: Theme, depth: int, answers: str, seen: int | None) -> None:
    t = ctx.t
    number = key(theme.id)
    marks = []
    if theme.praise:
        marks.append(f":green-badge[{t('thanks')}]")
    if not theme.controllable:
        marks.append(f":gray-badge[{t('not in a unit’s own hands')}]")
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="xsmall",
        key=f"theme_row_{number}",
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
            if depth:
                st.markdown("&emsp;" * (2 * depth - 1) + "↳", width="content")
            st.button(
                f"**{plain(t.local(theme.name))}**",
                key=f"theme_open_{number}",
                icon=":material/edit:",
                type="tertiary",
                wrap=True,
                on_click=theme_list_edit.open_change,
                args=(number, seen),
            )
        st.markdown(" ".join([*marks, answers]), width="content")


def _tree(themes: Sequence[Theme]) -> list[tuple[Theme, int]]:
    """Themes from the top down, each followed by what lies under it, with its depth."""
    there = {theme.id for theme in themes}

    def below(parent: int | None, depth: int) -> list[tuple[Theme, int]]:
        return [
            row
            for theme in themes
            if (theme.parent_id if theme.parent_id in there else None) == parent
            for row in ((theme, depth), *below(theme.id, depth + 1))
        ]

    return below(None, 0)


def _matches(theme: Theme, wanted: str) -> bool:
    texts = (theme.code, *theme.name.values(), *theme.keywords)
    return any(wanted in text.casefold() for text in texts)

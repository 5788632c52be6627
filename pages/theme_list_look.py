"""Looking for groups of comments, and what the last look found."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.themes import Theme
from pages import theme_list_said
from pages.context import Context, refusals
from pages.plain import plain
from pages.theme_list_parts import close_dialog, open_next
from services import theme_proposals
from services.permissions import May
from services.theme_proposals import Search
from themes.discovery import FEWEST

FOUND = "theme_list_found"


@dataclass(frozen=True, kw_only=True)
class Found:
    """How a look ended: what it found, and the name of the theme it looked within."""

    search: Search
    theme: str


def button(ctx: Context, name: str, *, key: str, within: Theme | None = None) -> None:
    """A button that looks, keeps what it finds as proposals, and opens these."""
    if not st.button(name, key=key, icon=":material/search_insights:", type="primary"):
        return
    person = ctx.require(May.CURATE)
    within_id = within.id if within is not None else None
    with refusals(ctx) as refusal, st.spinner(ctx.t("Reading comments. This takes a moment.")):
        found = theme_proposals.search(ctx.session, by=person, today=ctx.today, within_theme_id=within_id)
        with ctx.writing() as session:
            theme_proposals.keep(session, found, by=person)
    if refusal.ok:
        st.session_state.pop(theme_list_said.SAID, None)
        st.session_state[FOUND] = Found(search=found, theme=ctx.t.local(within.name) if within is not None else "")
        close_dialog()
        open_next("proposals")
        st.rerun()


def told(ctx: Context) -> None:
    """What the last look of this session found, in a few sentences, until something is done about it."""
    if theme_list_said.SAID in st.session_state:
        st.session_state.pop(FOUND, None)
    found: Found | None = st.session_state.get(FOUND)
    if found is None:
        return
    t, search = ctx.t, found.search
    parts = [_looked(ctx, found)]
    if search.looked_at < FEWEST:
        parts.append(t.say("That is too few to look for groups: at least {fewest} are needed.", fewest=FEWEST))
    elif search.groups:
        parts.append(t.plural("{n} group is proposed.", "{n} groups are proposed.", len(search.groups)))
    else:
        parts.append(t("No group is left to be proposed."))
    if search.judged_before:
        parts.append(
            t.plural(
                "{n} group is left out, since most of its comments have been decided on before.",
                "{n} groups are left out, since most of their comments have been decided on before.",
                search.judged_before,
            )
        )
    if search.unread:
        parts.append(
            t.plural(
                "{n} comment still waits to be read in the background; look again later.",
                "{n} comments still wait to be read in the background; look again later.",
                search.unread,
            )
        )
    st.info(" ".join(parts), icon=":material/search_insights:")


def _looked(ctx: Context, found: Found) -> str:
    t, search = ctx.t, found.search
    if found.theme:
        looked = t.plural(
            "{n} comment of a theme was looked at:", "{n} comments of a theme were looked at:", search.looked_at
        )
        return f"{looked} {plain(found.theme)}."
    if search.looked_at + search.unread < search.comments:
        return t.say(
            "{looked} of the {all} comments without a theme were looked at, evenly over the year.",
            looked=search.looked_at,
            all=search.comments,
        )
    return t.plural(
        "{n} comment without a theme was looked at.", "{n} comments without a theme were looked at.", search.looked_at
    )

"""Proposals for themes: groups of comments that people accept, join to a theme, or dismiss."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from models.people import Person
from models.theme_curation import ThemeProposal
from models.themes import Theme
from pages import theme_list_decide, theme_list_look
from pages.context import Context
from pages.plain import plain
from services.redacted import readable
from services.rows import key
from services.theme_history import history
from services.theme_nearness import nearest
from services.theme_pages import all_themes
from services.theme_proposals import quotes_of, waiting
from services.theme_quotes import Quote

A_PAGE = 10
QUOTES = 5
MORE_QUOTES = 20
NEAR = "theme_list_near"


def show(ctx: Context, person: Person) -> None:
    """The groups that wait for a decision, and the way to look for more."""
    t = ctx.t
    st.markdown(
        t(
            "Luotsi looks for groups among the last twelve months' comments that no theme fits. "
            "It changes nothing by itself: you decide what becomes of each."
        )
    )
    theme_list_look.button(ctx, t("Look for proposals"), key="theme_look")
    theme_list_look.told(ctx)
    proposals = waiting(ctx.session)
    if not proposals:
        if theme_list_look.FOUND not in st.session_state:
            st.info(t("No proposal waits for a decision."))
        return
    themes = {theme.id: theme for theme in all_themes(ctx.session)}
    near = _near(ctx, tuple(key(row.id) for row in proposals))
    page = int(st.session_state.get("proposals_page") or 1)
    for proposal in proposals[(page - 1) * A_PAGE : page * A_PAGE]:
        with st.container(border=True, key=f"proposal_{proposal.id}"):
            _card(ctx, person, proposal, near.get(key(proposal.id)), themes)
    if len(proposals) > A_PAGE:
        st.pagination(-(-len(proposals) // A_PAGE), key="proposals_page")


def _card(
    ctx: Context, person: Person, proposal: ThemeProposal, near: int | None, themes: Mapping[int | None, Theme]
) -> None:
    t = ctx.t
    source, neighbour = themes.get(proposal.theme_id), themes.get(near)
    st.subheader(plain(proposal.label), anchor=False)
    share = t.percent(proposal.share)
    size = t.plural("{n} comment", "{n} comments", proposal.size)
    of = (
        t.say("{share} of the theme's comments", share=share)
        if source is not None
        else t.say("{share} of those without a theme", share=share)
    )
    marks = [f"**{size}**, {of}"]
    if source is not None:
        marks.append(
            f":blue-badge[:material/call_split: {t.say('part of: {theme}', theme=plain(t.local(source.name)))}]"
        )
    if neighbour is not None:
        marks.append(f":orange-badge[{t.say('near the theme: {theme}', theme=plain(t.local(neighbour.name)))}]")
    st.markdown(" ".join(marks))
    if proposal.keywords:
        words = " ".join(f":gray-badge[{plain(word)}]" for word in proposal.keywords)
        st.markdown(f"{t('Words that mark it:')} {words}")
    ticked = _quotes(ctx, person, proposal)
    theme_list_decide.show(ctx, person, proposal, ticked, near=near)


def _quotes(ctx: Context, person: Person, proposal: ThemeProposal) -> tuple[int, ...]:
    """Typical comments with ticks; the numbers of those ticked."""
    t = ctx.t
    more = f"proposal_more_{proposal.id}"
    limit = MORE_QUOTES if st.session_state.get(more) else QUOTES
    quotes = quotes_of(ctx.session, proposal, by=person, limit=limit)
    if not quotes:
        st.caption(t("None of its comments is in units that you see."))
        return ()
    st.markdown(t("Typical comments. Tick those that surely belong; the theme is learnt from them."))
    ticked = tuple(key(quote.feedback.id) for quote in quotes if _tick(ctx, proposal, quote))
    if limit == QUOTES and proposal.size > QUOTES:
        st.button(
            t("Show more comments"),
            key=f"{more}_go",
            type="tertiary",
            icon=":material/expand_more:",
            on_click=st.session_state.__setitem__,
            args=(more, True),
        )
    return ticked


def _tick(ctx: Context, proposal: ThemeProposal, quote: Quote) -> bool:
    t = ctx.t
    before, after = ("“", "”") if t.language == "en" else ("”", "”")
    words = " ".join(readable(t, quote.feedback.text or "").split())
    facts = f"{t.local(quote.unit.name)} · {t.date(quote.feedback.given_on)}"
    ticked = st.checkbox(
        f"{before}{plain(words)}{after} :gray[{plain(facts)}]", key=f"tick_{proposal.id}_{quote.feedback.id}"
    )
    return bool(ticked)


def _near(ctx: Context, numbers: tuple[int, ...]) -> dict[int, int]:
    """The theme each lies near to, reckoned once for a list of proposals and a list of themes."""
    changes = history(ctx.session)
    now = (numbers, max((change.last.id or 0 for change in changes), default=0))
    kept = st.session_state.get(NEAR)
    if kept is None or kept[0] != now:
        kept = (now, {number: theme.id for number, theme in nearest(ctx.session, waiting(ctx.session)).items()})
        st.session_state[NEAR] = kept
    found: dict[int, int] = kept[1]
    return found

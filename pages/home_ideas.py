"""Ideas on the first page: what became of one's own, and the two newest of others to vote on."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.ideas import IdeaStatus
from models.people import Person
from pages import ideas_card, just_done
from pages.context import Context
from pages.plain import plain
from services import idea_list, pilots
from services.idea_list import IdeaRow
from services.permissions import May
from services.redacted import readable

NEWEST = 2
TOLD_FOR = dt.timedelta(weeks=26)
"""How long an answer is told on the first page."""


def results(ctx: Context, person: Person) -> None:
    """What became of the person's ideas lately; nothing when nothing did."""
    for row in idea_list.answered(ctx.session, person=person, limit=NEWEST):
        at = row.idea.answered_at
        if at is not None and at.date() >= ctx.today - TOLD_FOR:
            with st.container(border=True, key=f"idea_result_{row.idea.id}", gap="xsmall"):
                _result(ctx, row)


def _result(ctx: Context, row: IdeaRow) -> None:
    t = ctx.t
    words = plain(readable(t, row.idea.words))
    if row.pilot is not None:
        st.markdown("### " + t("🌱 Your idea became a pilot"))
        st.markdown(words)
        ctx.link(pilots.title(row.pilot, t.language), "pilot", icon=":material/science:", code=row.pilot.code)
        return
    solved = row.idea.status is IdeaStatus.SOLVED
    st.markdown(
        "### " + (t("✅ Your idea was done on the spot") if solved else t("💬 Your idea got an answer: not now"))
    )
    st.markdown(words)
    st.markdown(t.say("The answer: {answer}", answer=plain(readable(t, row.idea.answer))))


def newest(ctx: Context, person: Person) -> None:
    """Propose one, and vote on the newest of others."""
    t = ctx.t
    st.header(t("Ideas"))
    ideas_card.style()
    just_done.show(ctx, just_done.IDEAS)
    found = idea_list.list_ideas(ctx.session, person=person, status=IdeaStatus.OPEN)
    others = [row for row in found if not row.own][:NEWEST]
    if not others:
        st.markdown(t("Nothing from others waits for your vote. What would you try?"))
    with st.grid(columns="auto", min_column_width=300):
        for row in others:
            with st.container(border=True, height="stretch", key=f"idea_card_{row.idea.id}"):
                ideas_card.words(ctx, row)
                ideas_card.vote(ctx, row)
    with st.container(horizontal=True, vertical_alignment="center"):
        if ctx.may(May.PROPOSE):
            ctx.action(t("Propose an idea"), "ideas", icon=":material/lightbulb:")
        ctx.link(t("All ideas"), "ideas", icon=":material/arrow_forward:")

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
from services.i18n import N_
from services.permissions import May
from services.redacted import readable

NEWEST = 2
HEADINGS: dict[IdeaStatus, str] = {
    IdeaStatus.TRIED: N_("Your idea became a pilot"),
    IdeaStatus.SOLVED: N_("Your idea was done on the spot"),
    IdeaStatus.DECLINED: N_("Your idea got an answer: not now"),
}
TOLD_FOR = dt.timedelta(weeks=26)
"""How long an answer is told on the first page."""


def show(ctx: Context, person: Person) -> None:
    """What became of one's own; propose one, and vote on the newest of others."""
    t = ctx.t
    _results(ctx, person)
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


def _results(ctx: Context, person: Person) -> None:
    """What became of the person's ideas lately; nothing when nothing did."""
    for row in idea_list.answered(ctx.session, person=person, limit=NEWEST):
        at = row.idea.answered_at
        if at is not None and at.date() >= ctx.today - TOLD_FOR:
            st.header(ctx.t(HEADINGS[row.idea.status]))
            with st.container(border=True, key=f"idea_result_{row.idea.id}", gap="xsmall"):
                st.markdown(f"**{plain(readable(ctx.t, row.idea.words))}**")
                if row.pilot is None:
                    st.markdown(ctx.t.say("The answer: {answer}", answer=plain(readable(ctx.t, row.idea.answer))))
                else:
                    name = pilots.title(row.pilot, ctx.t.language)
                    ctx.link(name, "pilot", icon=":material/science:", code=row.pilot.code)

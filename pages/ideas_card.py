"""One idea: its words, how many would try it too, what came of it, and what the reader can do."""

from __future__ import annotations

import functools

import streamlit as st

from models.ideas import IdeaStatus
from pages import ideas_answer, just_done
from pages.context import Context, refusals
from pages.plain import plain
from services import ideas, pilots
from services.idea_list import STATUS_NAMES, IdeaRow
from services.permissions import May
from services.redacted import readable
from services.rows import key

STYLE = """<style>
[class*="st-key-vote_"] button { min-height: 2.75rem; }
[class*="st-key-idea_card_"] p { overflow-wrap: anywhere; }
</style>"""
BADGES: dict[IdeaStatus, tuple[str, str]] = {
    IdeaStatus.OPEN: ("hourglass_empty", "gray"),
    IdeaStatus.TRIED: ("science", "green"),
    IdeaStatus.SOLVED: ("check", "green"),
    IdeaStatus.DECLINED: ("pause", "gray"),
    IdeaStatus.WITHDRAWN: ("undo", "gray"),
}


def style() -> None:
    """Targets a thumb can hit; once on a page that shows ideas."""
    st.html(STYLE)


def show(ctx: Context, row: IdeaRow, *, answering: bool = False) -> None:
    """The card; `answering` opens the part where it is answered."""
    t, idea = ctx.t, row.idea
    with st.container(border=True, gap="small", key=f"idea_card_{idea.id}"):
        words(ctx, row)
        if idea.status is not IdeaStatus.OPEN:
            icon, color = BADGES[IdeaStatus(idea.status)]
            st.badge(t(STATUS_NAMES[IdeaStatus(idea.status)]).capitalize(), icon=f":material/{icon}:", color=color)
        outcome(ctx, row)
        if idea.status is IdeaStatus.OPEN:
            if not row.own:
                vote(ctx, row)
            else:
                _counted(ctx, row)
                _own(ctx, row)
            if row.answerable:
                ideas_answer.show(ctx, row, opened=answering)
        else:
            _counted(ctx, row)
            _reopen(ctx, row)


def words(ctx: Context, row: IdeaRow) -> None:
    """The idea, and where it comes from."""
    t = ctx.t
    st.markdown(f"**{plain(readable(t, row.idea.words))}**")
    facts = [t.local(row.unit.name), t.date(row.idea.at.date())]
    if row.theme is not None:
        facts.insert(1, t.local(row.theme.name))
    if row.own:
        facts.append(t("proposed by you"))
    st.caption(plain(" · ".join(facts)))


def outcome(ctx: Context, row: IdeaRow) -> None:
    """What came of it: the pilot's page, or the answer in words."""
    t = ctx.t
    if row.pilot is not None and ctx.may(May.SEE_PILOTS):
        ctx.link(plain(pilots.title(row.pilot, t.language)), "pilot", icon=":material/science:", code=row.pilot.code)
    if row.idea.answer:
        st.markdown(plain(readable(t, row.idea.answer)))


def vote(ctx: Context, row: IdeaRow) -> None:
    """Saying that one would try it too, or taking that back; only how many is told."""
    t = ctx.t
    with st.container(horizontal=True, vertical_alignment="center", key=f"vote_{row.idea.id}"):
        pressed = st.button(
            t("Take my vote back") if row.voted else t("I would try this too"),
            key=f"vote_for_{row.idea.id}",
            icon=":material/undo:" if row.voted else ":material/thumb_up:",
            type="tertiary" if row.voted else "secondary",
        )
        _counted(ctx, row)
    if not pressed:
        return
    with refusals(ctx) as refusal, ctx.writing() as session:
        act = ideas.take_back_vote if row.voted else ideas.vote
        act(session, idea_id=key(row.idea.id), by=ctx.require(May.PROPOSE))
    if refusal.ok:
        st.rerun()


def _counted(ctx: Context, row: IdeaRow) -> None:
    t = ctx.t
    if row.voted:
        others = t.plural("You and {n} other would try this", "You and {n} others would try this", row.votes - 1)
        st.markdown(t("You would try this") if row.votes == 1 else others)
    elif row.votes:
        st.markdown(t.plural("{n} other would try this", "{n} others would try this", row.votes))
    else:
        st.markdown(t("No votes yet"))


def _own(ctx: Context, row: IdeaRow) -> None:
    t = ctx.t
    if not st.button(t("Take my idea back"), key=f"withdraw_{row.idea.id}", icon=":material/undo:", type="tertiary"):
        return
    with refusals(ctx) as refusal, ctx.writing() as session:
        ideas.withdraw(session, idea_id=key(row.idea.id), by=ctx.require(May.PROPOSE))
    if refusal.ok:
        undo = functools.partial(ideas.reopen, idea_id=key(row.idea.id))
        just_done.say(just_done.IDEAS, t("Your idea is taken back. Nobody else sees it now."), undo)
        st.rerun()


def _reopen(ctx: Context, row: IdeaRow) -> None:
    """Bringing back one's own idea, or changing an answer that no pilot stands on."""
    t, status = ctx.t, row.idea.status
    mine = status is IdeaStatus.WITHDRAWN and row.own
    if not mine and not (row.answerable and status in (IdeaStatus.SOLVED, IdeaStatus.DECLINED)):
        return
    name = t("Bring my idea back") if mine else t("Take the answer back")
    if st.button(name, key=f"reopen_{row.idea.id}", icon=":material/undo:", type="tertiary"):
        with refusals(ctx) as refusal, ctx.writing() as session:
            ideas.reopen(session, idea_id=key(row.idea.id), by=ctx.require(May.PROPOSE))
        if refusal.ok:
            st.toast(t("The idea is open again."))
            st.rerun()

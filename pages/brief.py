"""One pilot on one page, to read before deciding; also as PDF."""

from __future__ import annotations

from functools import partial

import streamlit as st

from documents import brief as paper
from models.decisions import Verdict
from pages import brief_parts, touch
from pages.context import Context
from pages.pilot_address import pilot_of_address
from pages.pilot_decide import ANCHOR, OPEN
from pages.plain import plain
from services import brief_words, briefs
from services.brief_words import BriefWords
from services.briefs import Brief
from services.labels import label
from services.permissions import May
from services.record import database
from services.rows import key

PRINT = """<style>
@media print {
  .st-key-bar, .st-key-foot, .st-key-brief_back, .st-key-brief_tools, header { display: none; }
  .stApp, .stApp * { overflow: visible; }
}
</style>"""
SIGNS: dict[Verdict, tuple[str, str]] = {
    Verdict.SCALE: (":material/trending_up:", "green"),
    Verdict.EXTEND: (":material/update:", "blue"),
    Verdict.ADAPT: (":material/tune:", "orange"),
    Verdict.STOP: (":material/school:", "violet"),
    Verdict.NOT_ENOUGH_DATA: (":material/hourglass_empty:", "gray"),
}
"""A verdict's icon and colour; its words stand beside them."""

FEW_WORDS = 60


def render(ctx: Context) -> None:
    """The brief of the pilot in the address."""
    ctx.require(May.SEE_PILOTS)
    st.html(PRINT)
    touch.tables()
    row = pilot_of_address(ctx)
    comments = ctx.may(May.SEE_FEEDBACK, row.pilot.unit_id)
    brief = briefs.brief(ctx.session, pilot_id=key(row.pilot.id), today=ctx.today, comments=comments)
    said = brief_words.words(ctx.t, brief)
    _back(ctx)
    _head(ctx, said)
    _verdict(ctx, brief, said)
    decided = brief.decided is not None or brief.waiting is not None
    if decided:
        brief_parts.listed(ctx.t("Decision"), said.decision, key="brief_decision")
    _tools(ctx, brief, comments=comments)
    brief_parts.effect(ctx, brief, said)
    left = _length(said.customers_say, said.heard, said.change, said.prediction, said.taken_part)
    left += _length(*(quote.words for quote in said.quotes)) * 2
    right = _length(said.evidence, said.checks, *said.attention, *(" ".join(row) for row in said.guards)) + FEW_WORDS
    with st.grid(columns=2, min_column_width=300, gap="large", key="brief_sides"):
        with st.container(key="brief_people"):
            brief_parts.customers(ctx, brief, said)
            brief_parts.change(ctx, said)
            if left < right:
                _effort(ctx, said)
        with st.container(key="brief_evidence"):
            brief_parts.guards(ctx, said)
            brief_parts.evidence(ctx, said)
            if left >= right:
                _effort(ctx, said)
    with st.grid(columns=2, min_column_width=300, gap="large", key="brief_ends"):
        brief_parts.listed(ctx.t("What if we are wrong"), said.if_wrong, key="brief_wrong")
        brief_parts.listed(ctx.t("What would change this"), said.would_change, key="brief_change")
        if not decided:
            brief_parts.listed(ctx.t("Decision"), said.decision, key="brief_decision")


def _length(*texts: str) -> int:
    """How much room texts take in a column, in characters; a text that is there begins a line of its own."""
    return sum(len(text) + FEW_WORDS for text in texts if text)


def _effort(ctx: Context, said: BriefWords) -> None:
    brief_parts.cost(ctx, said)
    brief_parts.staff(ctx, said)


def _back(ctx: Context) -> None:
    """The ways back to the pages that lead here."""
    with st.container(horizontal=True, key="brief_back"):
        ctx.link(ctx.t("Pilots"), "portfolio", icon=":material/arrow_back:")
        ctx.link(ctx.t("The whole picture"), "overview", icon=":material/arrow_back:")
        if ctx.may(May.MEET):
            ctx.link(ctx.t("Meeting"), "meeting", icon=":material/arrow_back:")


def _head(ctx: Context, said: BriefWords) -> None:
    st.caption(ctx.t("One-page brief"))
    st.title(plain(said.title))
    st.markdown(" · ".join(plain(fact) for fact in said.facts))


def _verdict(ctx: Context, brief: Brief, said: BriefWords) -> None:
    """The recommendation before anything else, or why there is none."""
    t = ctx.t
    with st.container(border=True, key="brief_verdict"):
        if said.verdict_key:
            found = Verdict(said.verdict_key)
            icon, colour = SIGNS[found]
            st.badge(label(t, found), icon=icon, color=colour)  # type: ignore[arg-type]
        st.header(plain(said.verdict))
        first, *others = said.reasons
        st.markdown(f"**{plain(first)}**")
        if others:
            st.markdown("\n".join(f"- {plain(reason)}" for reason in others))
        if said.as_of:
            st.caption(said.as_of)
        if brief.outdated:
            st.warning(t("The plan has been changed since this evaluation. Evaluate again to judge by the new plan."))


def _tools(ctx: Context, brief: Brief, *, comments: bool) -> None:
    """The brief on paper, and the ways on."""
    t, pilot = ctx.t, brief.row.pilot
    with st.container(horizontal=True, vertical_alignment="center", key="brief_tools"):
        st.download_button(
            t("Download as PDF"),
            data=partial(printed, ctx, key(pilot.id), comments),
            file_name=f"{pilot.code}_{t.language}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            type="primary",
            on_click="ignore",
            key="brief_pdf",
        )
        ctx.link(t("The whole pilot"), "pilot", icon=":material/science:", code=pilot.code)
        if ctx.may(May.DECIDE, pilot.unit_id) and brief.row.status in OPEN:
            st.markdown(f"[{t('To the decision')}]({ctx.url('pilot', code=pilot.code)}#{ANCHOR})")


def printed(ctx: Context, pilot_id: int, comments: bool) -> bytes:
    """The PDF, set when it is asked for, in a session of its own: the page's has closed by then."""
    with database().reading() as session:
        brief = briefs.brief(session, pilot_id=pilot_id, today=ctx.today, comments=comments)
        return paper.pdf(ctx.t, brief, address=ctx.address("pilot", code=brief.row.pilot.code))

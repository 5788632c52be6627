"""Before a meeting: what it will find, who is present, one button."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from models.people import Person
from pages.context import Context, refusals
from pages.plain import plain
from services import meetings
from services.meetings import LONGEST_PRESENT, MINUTES
from services.permissions import May
from services.portfolio import PILE_NAMES, Pile, PortfolioRow

FOUND = (Pile.HARM, Pile.TO_DECIDE, Pile.RUNNING, Pile.FOLLOW_UP)


def start(ctx: Context, person: Person, rows: Sequence[PortfolioRow]) -> None:
    """Say what is on the agenda and open the meeting."""
    t = ctx.t
    if not rows:
        st.info(t("There are no pilots yet, so there is nothing to meet about."))
        ctx.link(t("Feedback themes"), "themes", icon=":material/forum:")
        return
    counts = Counter(row.pile for row in rows)
    st.markdown(
        t(
            "Half an hour is enough for all pilots: harm first, then those that wait for a decision. The rest is "
            "followed by exception. The minutes write themselves."
        )
    )
    with st.container(horizontal=True, key="meeting_found"):
        for pile in FOUND:
            st.badge(f"{t(PILE_NAMES[pile])} ({counts[pile]})", color="orange" if pile is Pile.HARM else "gray")
    others(ctx, person)
    with st.container(border=True, key="meeting_start"):
        st.subheader(t("Open a meeting"))
        present = st.text_area(
            t("Who is present? (names, optional)"), key="meeting_present", height=80, max_chars=LONGEST_PRESENT
        )
        length = st.number_input(
            t("Minutes for the meeting"), min_value=5, max_value=480, value=MINUTES, step=5, key="meeting_length",
            width=220,
        )  # fmt: skip
        if not st.button(t("Open the meeting"), key="meeting_open", type="primary", icon=":material/play_arrow:"):
            return
        with refusals(ctx) as outcome, ctx.writing() as session:
            meetings.open_meeting(session, by=ctx.require(May.MEET), present=present or "", minutes_planned=int(length))
    if outcome.ok:
        st.rerun()


def others(ctx: Context, person: Person) -> None:
    """Say so when somebody else leads a meeting now: two meetings would decide on the same pilots."""
    t = ctx.t
    for row in meetings.open_meetings(ctx.session):
        if row.led_by.id != person.id:
            st.warning(
                t.say(
                    "{person} has had a meeting open since {date} at {time}. If it is the same meeting, one of you "
                    "leads it; decisions of both stay.",
                    person=plain(row.led_by.name),
                    date=row.meeting.opened_at,
                    time=meetings.clock(t, row.meeting.opened_at),
                )
            )

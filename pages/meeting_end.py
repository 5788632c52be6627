"""The end of a meeting: what is still undecided, harm first, and one button to the minutes."""

from __future__ import annotations

import streamlit as st

from models.people import Person
from pages import meeting_minutes
from pages.context import Context, refusals
from pages.meeting_now import Agenda
from pages.plain import plain
from services import meetings
from services.meetings import LONGEST_NOTE, MeetingRow
from services.pilots import title
from services.portfolio import Pile
from services.rows import key


def end(ctx: Context, person: Person, own: MeetingRow, agenda: Agenda) -> None:
    """Draw it."""
    t = ctx.t
    still = agenda.open
    with st.container(border=True, key="meeting_end_box"):
        st.header(t("End the meeting"), anchor="end")
        remaining = (*still, *agenda.left)
        harmed = [title(row.row.pilot, t.language) for row in remaining if row.pile is Pile.HARM]
        if harmed:
            st.warning(
                t.say(
                    "Someone may be harmed and nothing has been decided: {pilots}. The minutes name these first.",
                    pilots=plain(", ".join(harmed)),
                )
            )
        if remaining:
            st.markdown(
                t.plural(
                    "{n} pilot is left for the next meeting.",
                    "{n} pilots are left for the next meeting.",
                    len(remaining),
                )
            )
        note = st.text_area(t("Anything else for the minutes? (optional)"), key="meeting_note", height=80,
                            max_chars=4 * LONGEST_NOTE)  # fmt: skip
        if not st.button(t("End and make the minutes"), key="meeting_end", type="primary", icon=":material/flag:"):
            return
        with refusals(ctx) as outcome, ctx.writing() as session:
            meetings.end_meeting(
                session,
                meeting_id=key(own.meeting.id),
                by=person,
                left=[key(row.row.pilot.id) for row in still],
                note=note or "",
            )
    if outcome.ok:
        st.query_params[meeting_minutes.ADDRESS] = str(own.meeting.id)
        st.rerun()

"""The meeting: every pilot by pile, decided one after the other, minutes at the end."""

from __future__ import annotations

import streamlit as st

from pages import meeting_end, meeting_minutes, meeting_now, meeting_start, touch
from pages.context import Context
from services import meetings, portfolio
from services.permissions import May, reach


def render(ctx: Context) -> None:
    """The minutes that the address names, the meeting that the person leads, or the door to a new one."""
    person = ctx.require(May.MEET)
    touch.targets()
    touch.tables()
    st.title(ctx.t("Meeting"))
    if meeting_minutes.ADDRESS in st.query_params:
        meeting_minutes.of_address(ctx, person)
        return
    rows = portfolio.rows(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
    own = meetings.open_of(ctx.session, person)
    if own is None:
        meeting_start.start(ctx, person, rows)
        meeting_minutes.earlier(ctx)
        return
    agenda = meeting_now.show(ctx, person, own, rows)
    meeting_end.end(ctx, person, own, agenda)

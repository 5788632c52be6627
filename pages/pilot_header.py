"""The top of a pilot's page: what is tried where, for what feedback, and where it stands."""

from __future__ import annotations

import streamlit as st

from models.pilots import Status
from pages.context import Context
from pages.plain import plain
from services import weekly_log
from services.labels import label
from services.pilots import PilotRow

COLOURS: dict[Status, str] = {
    Status.IDEA: "gray",
    Status.PLANNED: "gray",
    Status.RUNNING: "blue",
    Status.AWAITING_DECISION: "orange",
    Status.SCALING: "green",
    Status.ESTABLISHED: "green",
    Status.ADAPTING: "orange",
    Status.STOPPED: "violet",
}

LONGEST_TITLE = 140
"""A change of at most so many characters that begins with the pilot's name stands in its place."""


def header(ctx: Context, row: PilotRow) -> None:
    """Draw it."""
    t = ctx.t
    plan = row.plan
    title, change = t.local(row.pilot.title), t.local(row.pilot.change)
    same = change.casefold().startswith(title.rstrip("….").casefold()) and len(change) <= LONGEST_TITLE
    st.title(plain(f"{row.pilot.code} {change.rstrip('.') if same else title}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(label(t, row.status), color=COLOURS[row.status])
        st.markdown(plain(f"{row.unit.code} {t.local(row.unit.name)}"), width="content")
        st.markdown(f"{t.date(plan.start_on)} – {t.date(plan.end_on)}", width="content")
        if row.status is Status.RUNNING:
            week = weekly_log.pilot_week(plan, ctx.today)
            st.markdown(t.say("week {number}/{total}", number=week.number, total=week.total), width="content")
    if not same:  # the name is the change itself
        st.markdown(plain(change))
    with st.container(horizontal=True):
        for theme in (row.theme, *row.further_themes):
            ctx.link(
                t.say("Feedback: {theme}", theme=t.local(theme.name)), "theme", icon=":material/forum:", code=theme.code
            )

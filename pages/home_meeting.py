"""The leadership's first page: the meeting, with what lies in each pile before it opens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.pilots import Status
from pages import home_pilots
from pages.context import Context
from services.pilots import PilotRow


def show(ctx: Context, rows: Sequence[PilotRow]) -> None:
    """The way into the meeting, the piles, harm, overdue decisions, and the whole picture."""
    t = ctx.t
    st.header(t("Next meeting"))
    with st.container(horizontal=True, vertical_alignment="center"):
        ctx.action(t("Open the meeting"), "meeting", icon=":material/groups:")
        ctx.link(
            t("From feedback to established practice: the whole picture"), "overview", icon=":material/monitoring:"
        )
    home_pilots.piles(ctx, rows, header=False)
    late = [row for row in rows if row.status is Status.AWAITING_DECISION and row.plan.decide_on < ctx.today]
    if late:
        st.warning(
            t.say(
                "{pilots} past the agreed day of decision, the first since {date}.",
                pilots=t.plural("{n} pilot is", "{n} pilots are", len(late)),
                date=min(row.plan.decide_on for row in late),
            ),
            icon=":material/schedule:",
        )

"""The leadership's first page: the meeting, with what lies in each pile before it opens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import big_action, home_pilots
from pages.context import Context
from services.pilots import PilotRow


def show(ctx: Context, rows: Sequence[PilotRow]) -> None:
    """The way into the meeting, the piles, and the whole picture."""
    t = ctx.t
    st.header(t("Next meeting"))
    big_action.link(ctx, t("Open the meeting"), "meeting", icon=":material/groups:")
    home_pilots.piles(ctx, rows, header=False)
    whole = t("From feedback to established practice: the whole picture")
    ctx.link(whole, "overview", icon=":material/monitoring:")

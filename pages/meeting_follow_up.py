"""A pilot that was decided before this meeting: what was decided and, when it was scaled up, whether it has held."""

from __future__ import annotations

import streamlit as st

from pages import pilot_decided, pilot_follow_up
from pages.context import Context
from services.decisions import DecisionRow
from services.pilots import PilotRow


def show(ctx: Context, row: PilotRow, made: DecisionRow | None) -> None:
    """Draw the decision in force and its follow-up; without one, say that there is nothing to decide yet.

    Args:
        ctx: The rerun.
        row: The pilot.
        made: Its decision in force.
    """
    if made is None:
        st.markdown(ctx.t("There is nothing to decide yet."))
        return
    pilot_decided.show(ctx, row, made)
    pilot_follow_up.show(ctx, row)

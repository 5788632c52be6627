"""The newest words of customers on the pilot's theme."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from pages.context import Context
from pages.voices import voice
from services import theme_browse
from services.permissions import May
from services.pilots import PilotRow
from services.rows import key

WEEKS = 26
QUOTES = 4


def quotes(ctx: Context, row: PilotRow) -> None:
    """Draw them, for those who may read feedback of the unit."""
    t = ctx.t
    if not ctx.may(May.SEE_FEEDBACK, row.pilot.unit_id):
        return
    st.header(t("Customers' words on the theme"))
    scope = theme_browse.Scope(
        first=ctx.today - dt.timedelta(weeks=WEEKS), last=ctx.today, unit_ids=[row.pilot.unit_id]
    )
    found, total = theme_browse.quotes(ctx.session, scope, theme_id=key(row.theme.id), limit=QUOTES)
    if not found:
        st.markdown(t("Nobody has written about this theme in the unit during the last half year."))
        return
    st.caption(t.say("The newest {shown} of {total} comments in the unit.", shown=len(found), total=total))
    for quote in found:
        when = t.date(quote.feedback.given_on)
        side = t("after the start") if quote.feedback.given_on >= row.plan.start_on else t("before the start")
        voice(ctx, quote.feedback)
        st.caption(f"{when} · {side}")

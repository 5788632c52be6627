"""A member of staff's week: the pilot that runs in the unit, and one big way to log it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.people import Person
from models.pilots import Status
from pages import big_action
from pages.context import Context
from pages.plain import plain
from services import log_mattered, weekly_log
from services.pilots import PilotRow
from services.rows import key


def show(ctx: Context, person: Person, rows: Sequence[PilotRow]) -> None:
    """The unit's running pilots, those that the person has not logged this week first."""
    t = ctx.t
    running = [row for row in rows if row.status is Status.RUNNING]
    st.header(t("Your week"))
    if not running:
        st.info(t("No pilot runs in your unit just now. A good moment for an idea: what would you try?"))
        return
    done = log_mattered.logged_this_week(ctx.session, person=person, today=ctx.today)
    for row in sorted(running, key=lambda row: key(row.pilot.id) in done):
        with st.container(border=True, key=f"week_{row.pilot.code}"):
            _week(ctx, row, logged=key(row.pilot.id) in done)


def _week(ctx: Context, row: PilotRow, *, logged: bool) -> None:
    t, pilot = ctx.t, row.pilot
    week = weekly_log.pilot_week(row.plan, ctx.today)
    st.markdown(f"### {pilot.code} {plain(t.local(pilot.title))}")
    said = t.say("week {number}/{total}", number=week.number, total=week.total)
    st.markdown(f"**{said}** · {plain(t.local(pilot.change))}")
    if logged:
        st.success(t("You have logged this week. Thank you!"), icon=":material/check:")
        ctx.link(t("Look at the weeks"), "log", icon=":material/edit_note:", pilot=pilot.log_token)
        return
    big_action.link(ctx, t("Log this week"), "log", icon=":material/edit_note:", pilot=pilot.log_token)
    st.caption(t("Takes about 20 seconds."))

"""An elected trustee's first page: what is tried, what was decided and why, what customers are told. Reading only."""

from __future__ import annotations

import streamlit as st

from models.decisions import Choice
from pages import home_pilots
from pages.context import Context
from pages.plain import plain
from services.decided_lately import Decided, decided_lately
from services.i18n import N_
from services.pilots import list_pilots

DECIDED = 5
SAID: dict[Choice, str] = {
    Choice.SCALE: N_("scaled up"),
    Choice.EXTEND: N_("followed for longer"),
    Choice.ADAPT: N_("adapted and tried again"),
    Choice.STOP: N_("ended: we learned"),
}


def show(ctx: Context) -> None:
    """The brief in three parts, each with a way to read on."""
    t = ctx.t
    rows = list_pilots(ctx.session, today=ctx.today)
    home_pilots.piles(ctx, rows)
    ctx.link(t("From feedback to established practice: the whole picture"), "overview", icon=":material/monitoring:")
    st.header(t("Decided lately"))
    found = decided_lately(ctx.session, limit=DECIDED)
    if not found:
        st.info(t("Nothing has been decided yet."))
    with st.grid(columns="auto", min_column_width=300):
        for row in found:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"decided_{row.decision.id}"):
                _decision(ctx, row)
    st.header(t("What customers are told"))
    st.markdown(t("Every finished pilot is told to customers in their own words, also when it did not help."))
    ctx.link(t("You said, we tried"), "public", icon=":material/campaign:")


def _decision(ctx: Context, row: Decided) -> None:
    t = ctx.t
    st.markdown(f"### {plain(row.pilot.code)} {plain(t.local(row.pilot.title))}")
    st.markdown(f"**{t(SAID[row.choice]).capitalize()}** · {plain(t.local(row.unit.name))} · {t.date(row.decision.at)}")
    if row.decision.reason:
        st.markdown(plain(row.decision.reason))
    ctx.link(t("One-page brief"), "brief", icon=":material/description:", code=row.pilot.code)

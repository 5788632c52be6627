"""Which pilot the address names."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from pages.plain import told_plainly
from services import pilots
from services.errors import NotFound
from services.pilots import PilotRow
from services.rows import key


def pilot_of_address(ctx: Context) -> PilotRow:
    """The pilot of ?code=...; else one sentence with a way on, and the page ends."""
    code = st.query_params.get("code", "")
    if not code:
        st.title(ctx.t("Pilot"))
        st.info(ctx.t("No pilot was named in the address. Choose one from the list."))
    else:
        try:
            pilot = pilots.by_code(ctx.session, code)
            return pilots.pilot_row(ctx.session, pilot_id=key(pilot.id), today=ctx.today)
        except NotFound as error:
            st.title(ctx.t("Pilot"))
            st.error(told_plainly(ctx.t, error))
    ctx.link(ctx.t("All pilots"), "portfolio", icon=":material/science:")
    st.stop()

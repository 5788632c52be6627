"""The administrator's form of the mandate: up to what a unit starts a pilot by its own decision."""

from __future__ import annotations

import streamlit as st

from models.pilots import RiskClass
from pages import form_problems, register_mandate
from pages.context import Context
from services import mandate
from services.labels import label
from services.permissions import May

FORM = "mandate"


def show(ctx: Context) -> None:
    """The limits in force, and the form for whoever administers the installation."""
    if not ctx.may(May.ADMINISTER):
        return
    t = ctx.t
    now = mandate.limits(ctx.session)
    st.header(t("What units may start by themselves"))
    st.markdown(register_mandate.limits_text(ctx, now))
    with st.form("mandate_form"):
        first, second, third = st.columns(3)
        hours = first.number_input(
            t("At most hours of work"), min_value=0.0, value=now.hours, step=1.0, format="%.0f", key="mandate_hours"
        )
        euros = second.number_input(
            t("At most euros"), min_value=0.0, value=now.euros, step=50.0, format="%.0f", key="mandate_euros"
        )
        risk = third.selectbox(
            t("Highest risk"),
            list(RiskClass),
            index=list(RiskClass).index(now.risk),
            format_func=lambda value: label(t, value),
            key="mandate_risk",
        )
        st.caption(t("Pilots saved earlier stay as they were judged."))
        form_problems.at_field(ctx, FORM, "hours", "euros")
        saved = st.form_submit_button(t("Save the limits"), key="mandate_save", type="primary")
    if not saved:
        return

    def save() -> None:
        person = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            mandate.set_limits(session, hours=hours or 0.0, euros=euros or 0.0, risk=risk, by=person)

    if form_problems.tried(FORM, save):
        st.toast(t("The limits are saved."))
    st.rerun()

"""On a pilot's page: a start beyond the unit's own limits waits for approval, which is given here."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.pilots import Status
from pages import form_problems, register_mandate
from pages.context import Context
from services import mandate, registration
from services.mandate import Mandate
from services.permissions import May
from services.pilots import PilotRow
from services.rows import key

FORM = "pilot_start"
LONGEST = 500


def show(ctx: Context, row: PilotRow) -> None:
    """Draw it while the pilot waits; whoever may decide on the unit's pilots has the button."""
    if row.status is not Status.IDEA:
        return
    t = ctx.t
    reasons = mandate.reasons_of(ctx.session, key(row.pilot.id))
    with st.container(border=True, key="pilot_start"):
        st.header(t("The start waits for approval."))
        if reasons:
            st.markdown(register_mandate.needs_approval(ctx, Mandate(within=False, reasons=reasons)))
        st.caption(register_mandate.limits_text(ctx, mandate.limits(ctx.session)))
        if not ctx.may(May.DECIDE, row.pilot.unit_id):
            st.markdown(register_mandate.approved_by(ctx, row.pilot.unit_id))
            return
        _approve(ctx, row)


def _approve(ctx: Context, row: PilotRow) -> None:
    t = ctx.t
    start_on: dt.date | None = None
    if row.plan.start_on < ctx.today:
        st.info(
            t.say(
                "The planned start {date} has passed. The whole plan moves to the day you choose.",
                date=row.plan.start_on,
            )
        )
        chosen = st.date_input(
            t("The change starts"),
            value=registration.dates(ctx.today).start_on,
            min_value=ctx.today,
            format="DD.MM.YYYY",
            key=f"pilot_start_on_{row.pilot.code}",
        )
        start_on = chosen if isinstance(chosen, dt.date) else None
        form_problems.at_field(ctx, FORM, "start_on")
    note = st.text_input(
        t("A word to the team (optional)"), max_chars=LONGEST, key=f"pilot_start_note_{row.pilot.code}"
    )
    form_problems.by_button(ctx, FORM)
    if not st.button(t("Approve the start"), key="pilot_start_approve", type="primary", icon=":material/check_circle:"):
        return

    def approve() -> None:
        person = ctx.require(May.DECIDE, row.pilot.unit_id)
        with ctx.writing() as session:
            mandate.approve_start(
                session, pilot_id=key(row.pilot.id), by=person, today=ctx.today, start_on=start_on, note=note or ""
            )

    if form_problems.tried(FORM, approve):
        st.toast(register_mandate.may_start(ctx, start_on or row.plan.start_on))
    st.rerun()

"""What happens after a registration: when one may start or who approves it, what to put on the wall, where to log."""

from __future__ import annotations

import streamlit as st

from models.pilots import Status
from pages import pilot_log, register_draft, register_idea, register_mandate
from pages.context import Context
from pages.plain import plain, told_plainly
from services import mandate, pilots, plans
from services.errors import NotFound
from services.mandate import Mandate
from services.rows import key


def show(ctx: Context, code: str) -> None:
    """The saved pilot and the next steps."""
    t = ctx.t
    register_draft.drop()
    try:
        pilot = pilots.by_code(ctx.session, code)
        row = pilots.pilot_row(ctx.session, pilot_id=key(pilot.id), today=ctx.today)
    except NotFound as error:
        st.error(told_plainly(t, error))
        st.button(t("Begin again"), key="another", on_click=st.query_params.clear)
        return
    whole = plans.current(ctx.session, key(pilot.id))
    st.success(t.say("The pilot {code} is saved: {title}", code=pilot.code, title=plain(t.local(pilot.title))))
    register_idea.untold(ctx)
    waiting = row.status is Status.IDEA
    if waiting:
        reasons = mandate.reasons_of(ctx.session, key(pilot.id))
        st.header(t("The start waits for approval."))
        found = Mandate(within=not reasons, reasons=reasons)
        st.markdown(f"{register_mandate.needs_approval(ctx, found)} {register_mandate.approved_by(ctx, pilot.unit_id)}")
    else:
        st.header(register_mandate.may_start(ctx, whole.plan.start_on))
    st.markdown(
        t.say(
            "The plan is fixed on that day. Until then you can still change it. You decide on {date}.",
            date=whole.plan.decide_on,
        )
        if not waiting
        else t("Send the approver a link to the pilot’s page: the approval is given there.")
    )
    st.header(t("What happens next"))
    st.markdown(
        t(
            "1. Tell the team what changes and when.\n"
            "2. Print the poster for the wall: its code opens the log on a phone.\n"
            "3. Once a week somebody logs how it went.\n"
            "4. The rules tell what the numbers say, and you decide."
        )
    )
    pilot_log.code(ctx, row)
    ctx.action(t("Open the pilot"), "pilot", icon=":material/science:", code=pilot.code)
    st.button(t("Register another"), key="another", icon=":material/add_circle:", on_click=st.query_params.clear)

"""One pilot on one page: recommendation, evidence, decision, plan, log, customers' words. Made to be printed too."""

from __future__ import annotations

import streamlit as st

from pages import (
    pilot_chart,
    pilot_checked,
    pilot_decide,
    pilot_decided,
    pilot_evidence,
    pilot_follow_up,
    pilot_log,
    pilot_plan,
    pilot_quotes,
    pilot_start,
    pilot_value,
    touch,
)
from pages.context import Context
from pages.pilot_address import pilot_of_address
from pages.pilot_header import header
from pages.pilot_verdict import verdict
from services import evaluation, plans
from services.permissions import May
from services.rows import key

PRINT = """<style>
@media print {
  .st-key-bar, .st-key-foot, .st-key-pilot_evaluate, .st-key-decide_form, .st-key-amend_form, header { display: none; }
  .stApp, .stApp * { overflow: visible; }
}
</style>"""


def render(ctx: Context) -> None:
    """The whole page of the pilot in the address."""
    ctx.require(May.SEE_PILOTS)
    st.html(PRINT)
    touch.tables()
    row = pilot_of_address(ctx)
    pilot_id = key(row.pilot.id)
    whole = plans.current(ctx.session, pilot_id)
    stored = evaluation.latest(ctx.session, pilot_id)
    header(ctx, row)
    pilot_start.show(ctx, row)
    waiting = pilot_decided.waiting_first(ctx, row)
    verdict(ctx, row, whole, stored)
    pilot_checked.checked(ctx, row, whole)
    if stored is not None and stored.result is not None:
        pilot_evidence.evidence(ctx, whole, stored.result)
        pilot_chart.show(ctx, whole, stored.result)
    pilot_value.show(ctx, row, stored)
    pilot_decide.decide(ctx, row, whole, stored, first=waiting)
    pilot_follow_up.show(ctx, row)
    pilot_plan.questions(ctx, row, whole)
    pilot_plan.plan(ctx, row, whole)
    pilot_log.log(ctx, row)
    pilot_quotes.quotes(ctx, row)

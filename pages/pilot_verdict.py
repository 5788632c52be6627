"""What the rules recommend, why, how sure it is, and what would change it."""

from __future__ import annotations

import streamlit as st

from models.decisions import Verdict
from models.pilots import Status
from pages.context import Context, refusals
from pages.pilot_decide import ANCHOR, OPEN
from services import evaluation, pilot_words
from services.evaluation import StoredEvaluation
from services.permissions import May
from services.pilot_words import Teller
from services.pilots import PilotRow
from services.plans import WholePlan
from services.rows import key
from stats.evaluation import Evaluation


def verdict(ctx: Context, row: PilotRow, whole: WholePlan, stored: StoredEvaluation | None) -> None:
    """Draw the recommendation, or say why there is none."""
    t = ctx.t
    started = evaluation.has_started(row, ctx.today)
    with st.container(border=True, key="pilot_verdict"):
        if not started:
            _not_started(ctx, row)
        elif stored is None:
            st.header(t("Not evaluated yet"))
            st.markdown(t("The pilot has started, but nobody has evaluated it so far."))
        elif stored.result is None:
            st.header(t("To be evaluated again"))
            st.markdown(t("The last evaluation was made by another version of the program and can no longer be read."))
        else:
            _recommendation(ctx, stored, stored.result, pilot_words.teller(t, whole))
        if stored is not None and stored.row.plan_id != whole.plan.id:
            st.warning(t("The plan has been changed since this evaluation. Evaluate again to judge by the new plan."))
        if started and ctx.may(May.EVALUATE, row.pilot.unit_id):
            _evaluate(ctx, row)
        if stored is not None and (ctx.may(May.DECIDE, row.pilot.unit_id) or row.status not in OPEN):
            st.markdown(f"[{t('To the decision')}](#{ANCHOR})")


def _not_started(ctx: Context, row: PilotRow) -> None:
    t = ctx.t
    if row.status is Status.IDEA:
        st.header(t("An idea, not a pilot yet"))
        st.markdown(t.say("If it is started, the plan proposes {date}.", date=row.plan.start_on))
        return
    st.header(t.say("Starts on {date}", date=row.plan.start_on))
    st.markdown(t("There is nothing to evaluate before the start. The plan below can still be changed until then."))


def _recommendation(ctx: Context, stored: StoredEvaluation, result: Evaluation, tell: Teller) -> None:
    t = ctx.t
    found = Verdict(result.verdict.value)
    st.header(t(pilot_words.VERDICTS[found]))
    st.caption(t.say("Recommendation of the agreed rules from data until {date}.", date=stored.row.as_of))
    first, *others = result.reasons
    st.markdown(f"**{tell.say(first)}**")
    st.markdown("\n".join(f"- {tell.say(reason)}" for reason in others))
    if result.what_would_change:
        st.markdown(f"**{t('What would change this')}**")
        st.markdown("\n".join(f"- {tell.say(message)}" for message in result.what_would_change))
    ctx.link(t("How the recommendation is reached"), "methods", icon=":material/functions:")


def _evaluate(ctx: Context, row: PilotRow) -> None:
    with st.container(key="pilot_evaluate"):
        if not st.button(ctx.t("Evaluate now"), key="evaluate_now", icon=":material/calculate:"):
            return
        person = ctx.require(May.EVALUATE, row.pilot.unit_id)
        with refusals(ctx) as outcome, st.spinner(ctx.t("Evaluating…")), ctx.writing() as session:
            evaluation.evaluate_pilot(session, pilot_id=key(row.pilot.id), today=ctx.today, by=person)
    if outcome.ok:
        st.rerun()

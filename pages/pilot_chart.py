"""The pilot's own weeks with the limits of their usual variation: it informs and never decides."""

from __future__ import annotations

import streamlit as st

from charts import spc
from pages import drawing
from pages.context import Context
from services import process_chart
from services.plans import WholePlan
from services.process_chart import FEWEST_BEFORE
from services.wording import sentence
from stats.evaluation import Evaluation


def show(ctx: Context, whole: WholePlan, result: Evaluation) -> None:
    """The chart, folded away; a sentence when there are too few weeks for one."""
    t, series = ctx.t, result.series
    with st.expander(t("Control chart"), key="pilot_spc"):
        st.markdown(
            t(
                "It shows how much the number usually varies from week to week, and what lies outside that. A signal "
                "says that something changed, not why: it informs and never decides."
            )
        )
        found = None if series is None else process_chart.own_weeks(series, whole.metric)
        if series is None or found is None:
            st.info(
                t.say(
                    "There are too few weeks for a control chart: it needs at least {fewest} weeks with answers before "
                    "the start, and one after it.",
                    fewest=FEWEST_BEFORE,
                )
            )
            return
        measure = drawing.measure(ctx, whole.metric)
        days = series.weeks if found.ended is None else found.ended
        said = [sentence(t, words, whole.metric) for words in (found.message, *found.notes)]
        if series.trigger.any():
            said.append(t("The weeks that led to the pilot are left out: they were unusual to begin with."))
        st.markdown(" ".join(said))
        drawing.draw(
            ctx,
            spc.chart(found.chart, at=days, measure=measure, look=drawing.look(ctx), t=t, start=whole.plan.start_on),
            spc.describe(found.chart, measure=measure),
            key="pilot_spc_chart",
            metric=whole.metric,
        )
        st.table(
            drawing.printed(ctx, spc.table(found.chart, at=days, measure=measure, t=t), whole.metric),
            hide_index=True,
            border="horizontal",
        )
        ctx.link(t("How the limits are worked out"), "methods", icon=":material/functions:")

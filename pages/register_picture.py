"""The unit's last weeks beside the metric: as a picture, as a table, and what they say of the plan being written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from charts import recent_weeks
from models.metrics import Metric
from models.organisation import Unit
from pages import drawing, register_last_weeks, register_outlook
from pages.context import Context
from pages.register_expect import Expected
from pages.register_when import Arranged
from services import last_weeks
from services.rows import get, key
from stats.unusual import Standing
from stats.usual_weeks import UsualWeeks

SECONDS = 900


def show(ctx: Context, unit: Unit, expected: Expected, arranged: Arranged) -> None:
    """Fill the places that card 3 keeps: the picture with its table, and the sentences beside it."""
    metric = expected.metric
    lately = register_last_weeks.lately(ctx, unit, metric, arranged.comparison_unit_ids)
    with expected.beside:
        register_outlook.show(
            ctx,
            unit,
            metric,
            expected.smallest_change,
            arranged.comparison_unit_ids,
            start_on=arranged.start_on,
            weeks=arranged.weeks,
            trigger=arranged.trigger,
        )
        register_last_weeks.warn(ctx, lately, metric)
    found = _usual(ctx, ctx.settings.database_url, key(unit.id), key(metric.id), ctx.today)
    if found is None:
        return
    unusual = lately.found is not None and lately.found.standing is not Standing.USUAL
    measure, look = drawing.measure(ctx, metric), drawing.look(ctx)
    with expected.picture:
        st.markdown(ctx.t("**The last 16 weeks** and where a week usually lies"))
        chart: Any = recent_weeks.chart(found, measure=measure, look=look, t=ctx.t, marked=unusual)
        drawing.draw(
            ctx, chart, recent_weeks.describe(found, measure=measure), key="register_weeks_chart", metric=metric
        )
        if found.known:
            st.caption(
                ctx.t(
                    "When nothing changes, 19 weeks of 20 lie in the pale range. "
                    "The fewer the answers, the wider it is."
                )
            )
        drawing.table(
            ctx,
            recent_weeks.table(found, measure=measure, t=ctx.t),
            title=ctx.t("The weeks as a table"),
            key="register_weeks_table",
            metric=metric,
        )


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _usual(_ctx: Context, database: str, unit_id: int, metric_id: int, today: dt.date) -> UsualWeeks | None:
    return last_weeks.usual(_ctx.session, metric=get(_ctx.session, Metric, metric_id), unit_id=unit_id, today=today)

"""How small a change the plan being written would show, rehearsed on the weeks just gone."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.metrics import Metric
from models.organisation import Unit
from pages.context import Context
from services import plans
from services.rehearsal import Rehearsal, rehearse
from services.rows import get, key
from services.wording import amount

SECONDS = 900


def show(ctx: Context, unit: Unit, metric: Metric, smallest: float, weeks: int, comparisons: tuple[int, ...]) -> None:
    """Say what the planned weeks would show, and what to do when that is not enough."""
    t = ctx.t
    found = _rehearsed(
        ctx, ctx.settings.database_url, key(unit.id), key(metric.id), comparisons, smallest, weeks, ctx.today
    )
    if found is None:
        return
    first = t.say(
        "With answers as they have come lately, {weeks} weeks show a change of {finds} or more four times out of five.",
        weeks=weeks,
        finds=amount(t, found.finds, metric),
    )
    size = amount(t, smallest, metric)
    if found.enough(smallest):
        st.info(f"{first} {t.say('That is enough for your smallest change, {smallest}.', smallest=size)}")
        return
    if found.weeks_needed is not None and found.weeks_needed <= plans.LONGEST_WEEKS:
        then = t.say(
            "Your smallest change, {smallest}, would take about {weeks} weeks.",
            smallest=size,
            weeks=found.weeks_needed,
        )
    else:
        then = t.say(
            "Your smallest change, {smallest}, cannot be shown here within a year: gather more answers, choose a "
            "metric with more data, or try something bolder.",
            smallest=size,
        )
    st.warning(f"{first} {then}")


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _rehearsed(
    _ctx: Context,
    database: str,
    unit_id: int,
    metric_id: int,
    comparisons: tuple[int, ...],
    smallest: float,
    weeks: int,
    today: dt.date,
) -> Rehearsal | None:
    return rehearse(
        _ctx.session,
        metric=get(_ctx.session, Metric, metric_id),
        unit_id=unit_id,
        comparison_unit_ids=comparisons,
        smallest_change=smallest,
        weeks=weeks,
        today=today,
    )

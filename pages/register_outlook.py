"""In how many weeks the plan being written would show its smallest change, from the unit's own past."""

from __future__ import annotations

import datetime as dt
import math

import streamlit as st

from models.metrics import Metric, MetricKind
from models.organisation import Unit
from pages import register_choices
from pages.context import Context
from services.i18n import N_
from services.outlook import Outlook, outlook
from services.rows import get, key
from services.wording import amount, sentence

SECONDS = 900
ANSWERS, CASES = N_("You have about {n} answers a week."), N_("You have about {n} cases a week.")
EVENTS = N_("You record about {n} events a week.")


def show(
    ctx: Context,
    unit: Unit,
    metric: Metric,
    smallest: float,
    comparisons: tuple[int, ...],
    *,
    start_on: dt.date,
    weeks: int,
    trigger: tuple[dt.date, dt.date] | None,
) -> None:
    """Say in how many weeks the smallest change shows, whether the planned ones will do, and what to do otherwise."""
    found = _outlook(
        ctx,
        ctx.settings.database_url,
        key(unit.id),
        key(metric.id),
        comparisons,
        smallest,
        start_on,
        weeks,
        0 if trigger is None else math.ceil(((trigger[1] - trigger[0]).days + 1) / 7),
        ctx.today,
    )
    if found is None:
        return
    said = " ".join(_sentences(ctx, found, metric, smallest))
    (st.info if found.enough else st.warning)(said)
    if not found.enough:
        register_choices.show(ctx, unit, metric, smallest, found)


def _sentences(ctx: Context, found: Outlook, metric: Metric, smallest: float) -> list[str]:
    t = ctx.t
    size = amount(t, smallest, metric)
    said = [t.say(_volume(metric), n=t.number(found.per_week, 0 if found.per_week >= 10 else 1))]
    if found.weeks_needed is None:
        said.append(
            t.say(
                "Your smallest change, {smallest}, cannot be shown here within a year: gather more answers, choose a "
                "metric with more data, or try something bolder.",
                smallest=size,
            )
        )
    else:
        said.append(
            t.say("A change of {smallest} shows in about {weeks} weeks.", smallest=size, weeks=found.weeks_needed)
        )
    if found.enough:
        said.append(t.say("The {weeks} weeks you plan are enough for it.", weeks=found.weeks))
    elif found.finds is not None:
        said.append(
            t.say(
                "The {weeks} weeks you plan show only a change of {finds} or more, four times out of five.",
                weeks=found.weeks,
                finds=amount(t, register_choices.rounded_up(metric, found.finds), metric),
            )
        )
    if found.note is not None:
        said.append(sentence(t, found.note, metric))
    return said


def _volume(metric: Metric) -> str:
    """What the unit has a week, by what the metric is made of."""
    if metric.kind is MetricKind.COUNT:
        return EVENTS
    asked = metric.item is not None or metric.kind in (MetricKind.SCORE, MetricKind.NPS)
    return ANSWERS if asked else CASES


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _outlook(
    _ctx: Context,
    database: str,
    unit_id: int,
    metric_id: int,
    comparisons: tuple[int, ...],
    smallest: float,
    start_on: dt.date,
    weeks: int,
    trigger_weeks: int,
    today: dt.date,
) -> Outlook | None:
    return outlook(
        _ctx.session,
        metric=get(_ctx.session, Metric, metric_id),
        unit_id=unit_id,
        comparison_unit_ids=comparisons,
        smallest_change=smallest,
        start_on=start_on,
        weeks=weeks,
        trigger_weeks=trigger_weeks,
        today=today,
    )

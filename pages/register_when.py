"""Card 4 of a registration: dates, units to compare with, the weeks behind it, who does it and at what cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from models.metrics import Metric
from models.organisation import Unit
from pages import form_problems, register_beside, register_last_weeks, register_outlook
from pages.context import Context
from services import plans, registration

FORM = "register"
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """What card 4 holds."""

    start_on: dt.date
    weeks: int
    decide_on: dt.date
    comparison_unit_ids: tuple[int, ...]
    trigger: tuple[dt.date, dt.date] | None
    trigger_unfinished: bool
    randomised: bool
    resources: str
    taken_part: str
    setup_hours: float
    setup_eur: float
    staff_hours_per_week: float


def card(ctx: Context, unit: Unit, metric: Metric, smallest_change: float) -> Arranged:
    """Draw the card."""
    start_on, weeks, decide_on = _dates(ctx)
    units = register_beside.units(ctx, unit, metric)
    randomised = st.checkbox(
        ctx.t("The unit that starts was drawn by lot"), key="register_randomised", persist_state="page"
    )
    said = st.container()
    trigger, unfinished = register_last_weeks.window(ctx, unit, metric, units, start_on)
    with said:
        register_outlook.show(
            ctx, unit, metric, smallest_change, units, start_on=start_on, weeks=weeks, trigger=trigger
        )
    hours, euros, weekly, resources = _resources(ctx)
    taken_part = st.text_area(
        ctx.t("Who has taken part?"),
        height=80,
        max_chars=LONGEST,
        placeholder=ctx.t("For example: two customers read the text aloud with us."),
        key="register_taken_part",
        persist_state="page",
    )
    return Arranged(
        start_on=start_on,
        weeks=weeks,
        decide_on=decide_on,
        comparison_unit_ids=units,
        trigger=trigger,
        trigger_unfinished=unfinished,
        randomised=randomised,
        resources=resources,
        taken_part=taken_part or "",
        setup_hours=hours,
        setup_eur=euros,
        staff_hours_per_week=weekly,
    )


def _dates(ctx: Context) -> tuple[dt.date, int, dt.date]:
    t = ctx.t
    first, second, third = st.columns(3)
    with first:
        start = st.date_input(
            t("The change starts"),
            value=registration.dates(ctx.today).start_on,
            format="DD.MM.YYYY",
            key="register_start",
            persist_state="page",
        )
        form_problems.at_field(ctx, FORM, "start_on")
    with second:
        weeks = st.number_input(
            t("How many weeks it is tried"),
            min_value=2,
            max_value=plans.LONGEST_WEEKS,
            value=registration.PILOT_WEEKS,
            key="register_weeks",
            persist_state="page",
        )
        form_problems.at_field(ctx, FORM, "end_on", "reviews")
    start = start if isinstance(start, dt.date) else registration.dates(ctx.today).start_on
    proposed = registration.dates(ctx.today, weeks=int(weeks), start_on=start)
    with third:
        decide = st.date_input(
            t("You decide on"),
            value=proposed.decide_on,
            format="DD.MM.YYYY",
            key=f"register_decide_{proposed.end_on.isoformat()}",
            persist_state="page",
        )
        form_problems.at_field(ctx, FORM, "decide_on")
    st.caption(t.say("The last day of the trial is {date}.", date=proposed.end_on))
    return start, int(weeks), decide if isinstance(decide, dt.date) else proposed.decide_on


def _resources(ctx: Context) -> tuple[float, float, float, str]:
    t = ctx.t
    first, second, third = st.columns(3)
    hours = first.number_input(
        t("Preparation (hours)"), min_value=0.0, step=1.0, format="%.0f", key="register_hours", persist_state="page"
    )
    euros = second.number_input(
        t("Purchases (euros)"), min_value=0.0, step=50.0, format="%.0f", key="register_euros", persist_state="page"
    )
    weekly = third.number_input(
        t("Working time a week (hours)"),
        value=0.0,
        step=0.5,
        format="%.1f",
        key="register_weekly",
        help=t("A minus sign when the change saves time."),
        persist_state="page",
    )
    resources = st.text_area(
        t("Who does it?"), height=80, max_chars=LONGEST, key="register_resources", persist_state="page"
    )
    return hours or 0.0, euros or 0.0, weekly or 0.0, resources or ""

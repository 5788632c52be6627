"""Card 4 of a registration: dates, who does it and at what cost, units to compare with, the weeks behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from models.metrics import Metric
from pages import form_problems, register_beside, register_last_weeks, register_mandate
from pages.context import Context
from pages.register_draft import FORM
from pages.register_more import more
from pages.register_why import Why
from services import plans, registration

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

    @property
    def missing(self) -> bool:
        """Whether a date is still to be chosen."""
        return self.trigger_unfinished


def card(ctx: Context, why: Why, metric: Metric) -> Arranged:
    """Draw the card: the dates, the people and what it takes are in sight, the rest lies under More."""
    t = ctx.t
    start_on, weeks = _dates(ctx)
    compared = st.container()
    resources, taken_part = _people(ctx)
    first, second, third = st.columns(3)
    hours = first.number_input(
        t("Preparation (hours)"), min_value=0.0, step=1.0, format="%.0f", key="register_hours", persist_state="session"
    )
    euros = second.number_input(
        t("Purchases (euros)"), min_value=0.0, step=50.0, format="%.0f", key="register_euros", persist_state="session"
    )
    weekly = third.number_input(
        t("Working time a week (hours)"),
        value=0.0,
        step=0.5,
        format="%.1f",
        key="register_weekly",
        help=t("A minus sign when the change saves time."),
        persist_state="session",
    )
    register_mandate.preview(
        ctx,
        why,
        start_on=start_on,
        weeks=weeks,
        setup_hours=hours or 0.0,
        setup_eur=euros or 0.0,
        weekly_hours=weekly or 0.0,
    )
    with more(ctx, "register_more_4", open_for=("decide_on", "comparison_units", "pilot_units", "trigger")):
        decide_on = _decision(ctx, start_on, weeks)
        units = register_beside.units(ctx, why.unit, metric, compared)
        randomised = st.checkbox(
            t("The unit that starts was drawn by lot"), key="register_randomised", persist_state="session"
        )
        trigger, unfinished = register_last_weeks.window(ctx, why.unit, metric, units, start_on)
    return Arranged(
        start_on=start_on,
        weeks=weeks,
        decide_on=decide_on,
        comparison_unit_ids=units,
        trigger=trigger,
        trigger_unfinished=unfinished,
        randomised=randomised,
        resources=resources,
        taken_part=taken_part,
        setup_hours=hours or 0.0,
        setup_eur=euros or 0.0,
        staff_hours_per_week=weekly or 0.0,
    )


def _dates(ctx: Context) -> tuple[dt.date, int]:
    t = ctx.t
    first, second = st.columns(2)
    with first:
        start = st.date_input(
            t("The change starts"),
            value=registration.dates(ctx.today).start_on,
            format="DD.MM.YYYY",
            key="register_start",
            persist_state="session",
        )
        form_problems.at_field(ctx, FORM, "start_on")
    with second:
        st.session_state.setdefault("register_weeks", registration.PILOT_WEEKS)
        weeks = st.number_input(
            t("How many weeks it is tried"),
            min_value=2,
            max_value=plans.LONGEST_WEEKS,
            key="register_weeks",
            persist_state="session",
        )
        form_problems.at_field(ctx, FORM, "end_on", "reviews")
    start = start if isinstance(start, dt.date) else registration.dates(ctx.today).start_on
    proposed = registration.dates(ctx.today, weeks=int(weeks), start_on=start)
    st.caption(
        t.say(
            "The last day of the trial is {end}. You decide by {decide}.",
            end=proposed.end_on,
            decide=proposed.decide_on,
        )
    )
    return start, int(weeks)


def _decision(ctx: Context, start_on: dt.date, weeks: int) -> dt.date:
    proposed = registration.dates(ctx.today, weeks=weeks, start_on=start_on)
    decide = st.date_input(
        ctx.t("You decide on"),
        value=proposed.decide_on,
        format="DD.MM.YYYY",
        key=f"register_decide_{proposed.end_on.isoformat()}",
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "decide_on")
    return decide if isinstance(decide, dt.date) else proposed.decide_on


def _people(ctx: Context) -> tuple[str, str]:
    """Who does it, and who has taken part; both may be left empty."""
    t = ctx.t
    left, right = st.columns(2)
    resources = left.text_area(
        t("Who does it?"),
        height=80,
        max_chars=LONGEST,
        placeholder=t("For example: two nurses of the day shift. May be left empty."),
        key="register_resources",
        persist_state="session",
    )
    taken_part = right.text_area(
        t("Who has taken part?"),
        height=80,
        max_chars=LONGEST,
        placeholder=t("For example: two customers read the text aloud with us."),
        key="register_taken_part",
        persist_state="session",
    )
    return resources or "", taken_part or ""

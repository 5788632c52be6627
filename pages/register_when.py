"""Card 4 of a registration: dates, units to compare with, the weeks behind it, who does it and at what cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from models.metrics import Metric
from models.organisation import Unit
from pages import form_problems, register_rehearsal
from pages.context import Context
from services import plans, recent, registration
from services.registration import ComparisonChoice
from services.rows import key
from services.wording import level as level_text

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
    units, randomised = _comparisons(ctx, unit, metric)
    register_rehearsal.show(ctx, unit, metric, smallest_change, weeks, units)
    trigger, unfinished = _trigger(ctx, unit, metric, start_on)
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


def _comparisons(ctx: Context, unit: Unit, metric: Metric) -> tuple[tuple[int, ...], bool]:
    t = ctx.t
    found = registration.comparisons(ctx.session, metric=metric, unit_id=key(unit.id), today=ctx.today)
    choices = {choice.unit.code: choice for choice in found}

    def name(code: str) -> str:
        return _comparison_name(ctx, choices[code], metric)

    codes = st.multiselect(
        t("Units to compare with, which go on as before"),
        list(choices),
        default=[choice.unit.code for choice in found if choice.proposed],
        format_func=name,
        key=f"register_comparisons_{metric.code}_{unit.code}",
        placeholder=t("None"),
        persist_state="page",
    )
    form_problems.at_field(ctx, FORM, "comparison_units", "pilot_units")
    if not choices:
        st.info(
            t("No other unit has data on this metric. Without comparison the verdict can be no stronger than “extend”.")
        )
    elif len(codes) < 2:
        st.info(t("With fewer than two comparison units the verdict can be no stronger than “extend”."))
    for code in codes:
        if choices[code].busy:
            st.warning(
                t.say(
                    "{unit} tries something with the same metric itself, so it may not show what going on as before "
                    "would give.",
                    unit=t.local(choices[code].unit.name),
                )
            )
    randomised = st.checkbox(
        t("The unit that starts was drawn by lot"), key="register_randomised", persist_state="page"
    )
    return tuple(key(choices[code].unit.id) for code in codes), randomised


def _comparison_name(ctx: Context, choice: ComparisonChoice, metric: Metric) -> str:
    t = ctx.t
    return t.say(
        "{unit} ({level}, {n} a week)",
        unit=t.local(choice.unit.name),
        level=level_text(t, choice.level.value, metric),
        n=t.number(choice.level.per_week, 0),
    )


def _trigger(
    ctx: Context, unit: Unit, metric: Metric, start_on: dt.date
) -> tuple[tuple[dt.date, dt.date] | None, bool]:
    """The weeks whose feedback set the pilot off (they tell regression to the mean from a real change), and whether
    only their first day has been chosen."""
    t = ctx.t
    stretch = recent.last_stretch(ctx.session, metric=metric, unit_id=key(unit.id), today=ctx.today)
    usual = (stretch.first, stretch.last) if stretch else recent.full_weeks(ctx.today, recent.TRIGGER_WEEKS)
    has_trigger = st.checkbox(
        t("Some weeks' feedback made us start this"), value=True, key="register_has_trigger", persist_state="page"
    )
    window = None
    if has_trigger:
        picked = st.date_input(
            t("Those weeks, first and last day"),
            value=usual,
            max_value=max(start_on - dt.timedelta(days=1), usual[1]),
            format="DD.MM.YYYY",
            key="register_trigger",
            help=t("Chance made them look worse than usual, at least in part. The evaluation takes that into account."),
            persist_state="page",
        )
        days = picked if isinstance(picked, tuple) else (picked,)
        if len(days) == 2:
            window = (days[0], days[1])
    form_problems.at_field(ctx, FORM, "trigger")
    if stretch is not None and stretch.unusually_bad:
        st.warning(
            t.say(
                "The last {weeks} weeks were unusually bad: {level}, usually {usual}. Part of the dip will pass "
                "by itself. Comparison units and a later start keep that from looking like an effect.",
                weeks=recent.TRIGGER_WEEKS,
                level=level_text(t, stretch.level, metric),
                usual=level_text(t, stretch.usual, metric),
            )
        )
    return window, has_trigger and window is None


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

"""Changing a plan: freely before the start, as an amendment with a reason after it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import streamlit as st

from pages import form_problems, touch
from pages.context import Context
from pages.metric_input import metric_number
from services import plans
from services.organisation import pilot_units
from services.permissions import May
from services.pilots import PilotRow
from services.plans import PlanInput, WholePlan
from services.rows import key

FORM = "amend"
LONGEST = 1000


def amend(ctx: Context, row: PilotRow, whole: WholePlan, *, locked: bool) -> None:
    """The form; what is not in it (metric, groups, trigger weeks) stays as it was fixed."""
    t = ctx.t
    title = t("Amend the plan") if locked else t("Change the plan")
    with st.expander(title, expanded=form_problems.kept(FORM) is not None, key="amend_form"):
        touch.targets()
        if locked:
            st.markdown(t("An amendment is shown with every verdict, with who made it and why."))
        changed = _fields(ctx, row, whole, locked=locked)
        reason = st.text_area(
            t("Reason for the amendment (required)") if locked else t("Reason (optional)"),
            height=80,
            max_chars=LONGEST,
            key=f"amend_reason_{row.pilot.code}_{whole.plan.version}",
        )
        form_problems.at_field(ctx, FORM, "reason")
        form_problems.by_button(ctx, FORM)
        if not st.button(t("Save the new version"), key="amend_save"):
            return

    def save() -> None:
        person = ctx.require(May.REGISTER, row.pilot.unit_id)
        with ctx.writing() as session:
            plans.amend_plan(
                session, pilot_id=key(row.pilot.id), plan=changed, reason=reason or "", by=person, today=ctx.today
            )

    if form_problems.tried(FORM, save):
        st.toast(t("The new version of the plan is saved."))
    st.rerun()


def _fields(ctx: Context, row: PilotRow, whole: WholePlan, *, locked: bool) -> PlanInput:
    t = ctx.t
    now = plans.as_input(whole)
    own = f"{row.pilot.code}_{whole.plan.version}"
    first, second, third = st.columns(3)
    with first:
        start = now.start_on
        if not locked:
            start = _day(t("The change starts"), now.start_on, f"amend_start_{own}")
        else:
            st.markdown(t.say("The change started on {date}.", date=now.start_on))
        form_problems.at_field(ctx, FORM, "start_on", "trigger")
    with second:
        end = _day(t("Last day of the trial"), now.end_on, f"amend_end_{own}")
        form_problems.at_field(ctx, FORM, "end_on", "reviews")
    with third:
        decide = _day(t("You decide on"), now.decide_on, f"amend_decide_{own}")
        form_problems.at_field(ctx, FORM, "decide_on")
    smallest = metric_number(
        ctx,
        t("Smallest change that matters to the customer"),
        whole.metric,
        now.smallest_change,
        key=f"amend_smallest_{own}",
        change=True,
    )
    form_problems.at_field(ctx, FORM, "smallest_change")
    units = {key(unit.id): unit for unit in pilot_units(ctx.session) if key(unit.id) not in now.pilot_unit_ids}
    comparisons = st.multiselect(
        t("Comparison units"),
        list(units),
        default=[unit_id for unit_id in now.comparison_unit_ids if unit_id in units],
        format_func=lambda unit_id: f"{units[unit_id].code} {t.local(units[unit_id].name)}",
        key=f"amend_comparisons_{own}",
        placeholder=t("None"),
    )
    form_problems.at_field(ctx, FORM, "comparison_units")
    return dataclasses.replace(
        now,
        start_on=start,
        end_on=end,
        decide_on=decide,
        smallest_change=smallest if abs(smallest - now.smallest_change) > 1e-9 else now.smallest_change,
        comparison_unit_ids=tuple(comparisons),
    )


def _day(label: str, value: dt.date, own: str) -> dt.date:
    day = st.date_input(label, value=value, format="DD.MM.YYYY", key=own)
    return day if isinstance(day, dt.date) else value

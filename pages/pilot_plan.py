"""The eight answers of the registration, the fixed plan with its hash, and its amendments."""

from __future__ import annotations

import streamlit as st

from pages import pilot_amend
from pages.context import Context
from pages.plain import plain
from services import plans
from services.labels import group, label
from services.permissions import May
from services.pilots import PilotRow
from services.plans import WholePlan
from services.rows import key
from services.wording import amount

EMPTY = "–"


def questions(ctx: Context, row: PilotRow, whole: WholePlan) -> None:
    """The eight questions with their answers."""
    t, pilot = ctx.t, row.pilot
    st.header(t("The pilot in eight answers"))
    costs = [
        t.say("Preparation {hours} h, purchases {euros} €.", hours=pilot.setup_hours, euros=pilot.setup_eur),
        t.say("Working time a week: {hours} h.", hours=t.number(pilot.staff_hours_per_week, 1, signed=True)),
    ]
    answers = (
        (t("What do customers say?"), t.local(pilot.customers_say)),
        (t("What will you change?"), f"{t.local(pilot.change)} ({label(t, pilot.kind)}, {label(t, pilot.risk)})"),
        (t("What do you expect, and why?"), t.local(pilot.prediction)),
        (t("How will you notice?"), t.local(pilot.noticing) or t.local(whole.metric.name)),
        (t("What must not get worse?"), t.local(pilot.must_not_worsen)),
        (t("Who does it, and what does it take?"), " ".join([t.local(pilot.resources), *costs]).strip()),
        (t("Who has taken part?"), t.local(pilot.taken_part)),
        (t("When do you decide?"), t.date(whole.plan.decide_on)),
    )
    for number, (question, answer) in enumerate(answers, start=1):
        st.markdown(f"**{number}. {question}**  \n{plain(answer) if answer else EMPTY}")


def plan(ctx: Context, row: PilotRow, whole: WholePlan) -> None:
    """What was fixed before the start, since when, and every change after it."""
    t = ctx.t
    st.header(t("The plan"))
    locked = plans.is_locked(whole.plan, ctx.today)
    if locked:
        st.markdown(
            t.say("The plan has been locked since {date}; later changes are amendments.", date=whole.plan.start_on)
        )
    else:
        st.markdown(t.say("The plan is locked on {date}.", date=whole.plan.start_on))
    st.table(_facts(ctx, whole), hide_index=True, hide_header=True, border="horizontal")
    if plans.hash_holds(ctx.session, whole):
        st.caption(t.say("Seal of the plan (SHA-256): {hash}", hash=whole.plan.plan_hash))
    else:
        st.error(t("The stored plan is not the one that was sealed. Tell the administrator."))
    _versions(ctx, row)
    if ctx.may(May.REGISTER, row.pilot.unit_id):
        pilot_amend.amend(ctx, row, whole, locked=locked)


def _facts(ctx: Context, whole: WholePlan) -> list[dict[str, str]]:
    t, fixed = ctx.t, whole.plan
    trigger = EMPTY
    if fixed.trigger_from and fixed.trigger_to:
        trigger = f"{t.date(fixed.trigger_from)} – {t.date(fixed.trigger_to)}"
    guards = [f"{t.local(metric.name)} ({amount(t, margin, metric)})" for metric, margin in whole.guardrails]
    facts = (
        (t("Metric"), f"{t.local(whole.metric.name)}, {label(t, whole.metric.direction)}"),
        (t("Smallest change that matters"), amount(t, fixed.smallest_change, whole.metric)),
        (t("For whom"), group(t, fixed.population)),
        (t("Dates"), f"{t.date(fixed.start_on)} – {t.date(fixed.end_on)}"),
        (t("Decision"), t.date(fixed.decide_on)),
        (t("Units that try it"), ", ".join(t.local(unit.name) for unit in whole.pilot_units)),
        (t("Comparison units"), ", ".join(t.local(unit.name) for unit in whole.comparison_units) or EMPTY),
        (t("Guardrails and too much worsening"), "; ".join(guards) or EMPTY),
        (t("Groups looked at separately"), ", ".join(group(t, name) for name in fixed.subgroups) or EMPTY),
        (t("Weeks whose feedback led to the pilot"), trigger),
        (t("Chosen by lot"), t.value(fixed.randomised)),
    )
    return [{t("What"): name, t("Fixed as"): value} for name, value in facts]


def _versions(ctx: Context, row: PilotRow) -> None:
    t = ctx.t
    found = plans.versions(ctx.session, key(row.pilot.id))
    if len(found) < 2:
        return
    rows = [
        {
            t("Plan version"): str(version.version),
            t("Saved"): t.date(version.at.date()),
            t("Kind"): t("amendment") if version.amendment else t("before the start"),
            t("Reason"): version.reason or EMPTY,
            t("Smallest change"): t.number(version.smallest_change),
            t("Dates"): f"{t.date(version.start_on)} – {t.date(version.end_on)}",
            t("Seal"): version.plan_hash[:12],
        }
        for version in found
    ]
    st.subheader(t("Versions of the plan"))
    st.table(rows, hide_index=True, border="horizontal")

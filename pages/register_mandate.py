"""Whether the unit may start by its own decision: said while the cards are filled in, and again when they are saved."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.people import Person
from pages.context import Context
from pages.plain import plain
from pages.register_why import Why
from services import mandate
from services.i18n import N_
from services.labels import label
from services.mandate import Limits, Mandate
from services.rows import key
from services.wording import sentence

ON_DAYS = (
    N_("on Monday"),
    N_("on Tuesday"),
    N_("on Wednesday"),
    N_("on Thursday"),
    N_("on Friday"),
    N_("on Saturday"),
    N_("on Sunday"),
)


def preview(
    ctx: Context,
    why: Why,
    *,
    start_on: dt.date,
    weeks: int,
    setup_hours: float,
    setup_eur: float,
    weekly_hours: float,
) -> None:
    """What saving would give with the numbers as they stand, under the fields they are written in."""
    t = ctx.t
    limits = mandate.limits(ctx.session)
    hours = mandate.working_hours(setup=setup_hours, weekly=weekly_hours, weeks=weeks)
    st.caption(
        t.say(
            "{limits} So far {hours} hours of work in all and {euros} euros.",
            limits=limits_text(ctx, limits),
            hours=t.number(hours, 0 if float(hours).is_integer() else 1),
            euros=t.number(setup_eur, 0),
        )
    )
    found = mandate.judge(limits, hours=hours, euros=setup_eur, risk=why.risk)
    with st.container(key="register_mandate"):
        if found.within:
            st.success(may_start(ctx, start_on), icon=":material/check_circle:")
        else:
            st.warning(
                f"{needs_approval(ctx, found)} {approved_by(ctx, key(why.unit.id))} "
                f"{t('You can save it all the same.')}",
                icon=":material/approval:",
            )


def limits_text(ctx: Context, limits: Limits) -> str:
    """How far the unit's own decision reaches, in a sentence."""
    t = ctx.t
    return t.say(
        "Without approval you may start what takes at most {hours} hours of work and {euros} euros and is {risk}.",
        hours=t.number(limits.hours),
        euros=t.number(limits.euros),
        risk=label(t, limits.risk),
    )


def may_start(ctx: Context, start_on: dt.date) -> str:
    """The day from which the change may be tried."""
    t = ctx.t
    return t.say("You may start {weekday} {date}.", weekday=t(ON_DAYS[start_on.weekday()]), date=start_on)


def needs_approval(ctx: Context, found: Mandate) -> str:
    """Which limits are exceeded."""
    t = ctx.t
    return " ".join([t("Needs approval:"), *(sentence(t, reason) for reason in found.reasons)])


def approved_by(ctx: Context, unit_id: int) -> str:
    """Who may approve the start."""
    t = ctx.t
    people = mandate.approvers(ctx.session, unit_id=unit_id)
    if not people:
        return t("Nobody who could approve it has been added yet. Tell your administrator.")
    return t.say("It can be approved by {people}.", people=t(" or ").join(_named(ctx, person) for person in people))


def _named(ctx: Context, person: Person) -> str:
    return f"{plain(person.name)} ({label(ctx.t, person.role)})"

"""The first page, by role: each begins with the one thing that person is here for."""

from __future__ import annotations

import streamlit as st

from models.people import Person, Role
from models.pilots import Status
from pages import (
    home_analyst,
    home_ideas,
    home_meeting,
    home_pilots,
    home_thanks,
    home_themes,
    home_trustee,
    home_waiting,
    home_week,
    mandate_limits,
)
from pages.context import Context
from services.organisation import all_units
from services.permissions import May, reach
from services.pilots import list_pilots
from services.todo import TaskKind


def render(ctx: Context) -> None:
    """The first page."""
    person = ctx.person
    if person is None:
        st.stop()
    st.title(_place(ctx, person))
    if person.role is Role.STAFF:
        _staff(ctx, person)
    elif person.role is Role.TEAM_LEAD:
        _team_lead(ctx, person)
    elif person.role is Role.TRUSTEE:
        home_trustee.show(ctx)
    elif person.role is Role.ANALYST:
        home_analyst.show(ctx)
    else:
        _county(ctx, person)


def _staff(ctx: Context, person: Person) -> None:
    """This week's log, the ideas, and what came of one's work."""
    rows = list_pilots(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
    home_week.show(ctx, person, rows)
    home_ideas.show(ctx, person)
    home_thanks.show(ctx, person)
    home_waiting.show(ctx, person, rows, leave_out=(TaskKind.LOG,))
    others = [row for row in rows if row.status is not Status.RUNNING]
    if others:
        home_pilots.of_unit(ctx, others)
    home_themes.show(ctx, person)


def _team_lead(ctx: Context, person: Person) -> None:
    """What waits in a few lines, what the unit hears, what it tries."""
    rows = list_pilots(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
    home_waiting.show(ctx, person, rows)
    home_themes.show(ctx, person)
    home_pilots.of_unit(ctx, rows)
    home_ideas.show(ctx, person)
    home_thanks.show(ctx, person)


def _county(ctx: Context, person: Person) -> None:
    """The meeting for those who decide, what waits, the piles and the loudest themes."""
    rows = list_pilots(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
    if ctx.may(May.MEET):
        home_meeting.show(ctx, rows)
        home_waiting.show(ctx, person, rows)
    else:
        home_waiting.show(ctx, person, rows)
        if ctx.may(May.SEE_PILOTS):
            home_pilots.piles(ctx, rows)
    mandate_limits.show(ctx)
    if ctx.may(May.SEE_FEEDBACK):
        home_themes.show(ctx, person)
    if ctx.may(May.PROPOSE):
        home_ideas.show(ctx, person)
        home_thanks.show(ctx, person)


def _place(ctx: Context, person: Person) -> str:
    unit = next((unit for unit in all_units(ctx.session) if unit.id == person.unit_id), None)
    return ctx.t.local(unit.name) if unit is not None else ctx.t("The whole county")

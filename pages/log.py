"""The weekly log, made for a phone: did it happen, how did the work go, one number, one note. Twenty seconds."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.people import Person
from models.pilots import Status
from pages import log_form, log_saved, log_weeks
from pages.context import Context
from pages.plain import plain, told_plainly
from services import pilots, weekly_log
from services.errors import NotFound
from services.log_weeks import LOGGABLE, open_weeks
from services.permissions import May, reach
from services.pilots import PilotRow
from services.rows import key

LIST = "list"


def render(ctx: Context) -> None:
    """The log of the pilot whose code was read; without a code the only pilot there is, else those to choose from."""
    person = ctx.require(May.LOG)
    st.html(log_form.STYLE)
    token = st.query_params.get("pilot", "")
    with st.container(key="log_page", width=560, gap="small"):
        if token:
            _of_code(ctx, person, token)
            return
        rows = [
            row
            for row in pilots.list_pilots(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
            if row.status in LOGGABLE
        ]
        if len(rows) == 1 and st.query_params.get("view") != LIST:
            _log(ctx, person, rows[0])
            ctx.link(ctx.t("Pilots of my unit"), "log", icon=":material/list:", view=LIST)
        else:
            _choose(ctx, rows)


def _of_code(ctx: Context, person: Person, token: str) -> None:
    try:
        pilot = pilots.by_log_token(ctx.session, token)
    except NotFound as error:
        st.title(ctx.t("Weekly log"))
        st.error(told_plainly(ctx.t, error))
        ctx.link(ctx.t("Pilots of my unit"), "log", icon=":material/list:", view=LIST)
        return
    ctx.require(May.LOG, pilot.unit_id)
    _log(ctx, person, pilots.pilot_row(ctx.session, pilot_id=key(pilot.id), today=ctx.today))
    ctx.link(ctx.t("Pilots of my unit"), "log", icon=":material/list:", view=LIST)


def _choose(ctx: Context, rows: Sequence[PilotRow]) -> None:
    t = ctx.t
    st.title(t("Weekly log"))
    if not rows:
        st.info(t("No pilot is running in your unit now, so there is nothing to log."))
        return
    st.markdown(t("Choose the pilot you took part in. Logging a week takes about twenty seconds."))
    for row in sorted(rows, key=lambda row: not open_weeks(row.plan, ctx.today, status=row.status)):
        with st.container(border=True, key=f"log_choice_{row.pilot.code}"):
            name = plain(pilots.title(row.pilot, t.language))
            ctx.link(name, "log", icon=":material/edit_note:", pilot=row.pilot.log_token)
            st.caption(f"{plain(t.local(row.unit.name))} · {log_saved.week_today(ctx, row)}")


def _log(ctx: Context, person: Person, row: PilotRow) -> None:
    t = ctx.t
    st.title(plain(t.local(row.pilot.title)))
    weeks = open_weeks(row.plan, ctx.today, status=row.status)
    entries = weekly_log.entries(ctx.session, key(row.pilot.id))
    if not weeks:
        st.markdown(f"**{log_saved.week_today(ctx, row)}** · {plain(t.local(row.pilot.change))}")
        if row.status in (Status.IDEA, Status.PLANNED):
            st.info(t.say("This pilot starts on {date}. Come back then.", date=row.plan.start_on))
            return
        if row.status is Status.AWAITING_DECISION:
            _ended(ctx, row)
        else:
            st.info(t("This pilot is not running, so there is nothing to log."))
        log_weeks.show(ctx, row, entries)
        return
    mine = [entry for entry in entries if entry.by_id == person.id]
    newest = [entry for entry in mine if entry.week == weeks[0]]
    saved = next((entry for entry in mine if entry.id == st.session_state.get(log_saved.SAVED)), None)
    if saved is not None:
        log_saved.thanks(ctx, person, row, saved, this_week=bool(newest))
        log_weeks.show(ctx, row, entries)
        return
    st.markdown(f"**{log_saved.week_today(ctx, row)}** · {plain(t.local(row.pilot.change))}")
    if newest:
        log_saved.already(ctx, person, row, newest[-1])
    log_form.show(ctx, person, row)
    log_weeks.show(ctx, row, entries)


def _ended(ctx: Context, row: PilotRow) -> None:
    """Why nothing is asked any more, and what the answers are used for."""
    t = ctx.t
    st.info(t.say("The pilot ended on {date}; its decision is on the way.", date=row.plan.end_on))
    st.markdown(
        t.say(
            "What was logged is read when the pilot is decided on, by {date}: how often the change was carried out, "
            "and how the work went. The weeks stay below.",
            date=row.plan.decide_on,
        )
    )

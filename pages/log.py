"""The weekly log, made for a phone: did it happen, how did the work go, one number, one note. Twenty seconds."""

from __future__ import annotations

import streamlit as st

from models.base import monday_of, week_of
from models.people import Person
from models.pilots import Happened, LogEntry, Status
from pages import form_problems, log_weeks
from pages.context import Context, refusals
from pages.metric_input import unit_of
from pages.plain import plain
from services import pilots, weekly_log
from services.errors import BadInput, NotFound
from services.i18n import N_
from services.labels import label
from services.permissions import May, reach
from services.pilots import PilotRow
from services.redacted import readable
from services.rows import key

FORM = "log"
SAVED = "log_saved"
LONGEST = 1000
LOGGABLE = (Status.RUNNING, Status.AWAITING_DECISION, Status.SCALING)
STYLE = """<style>
.st-key-happened button { min-height: 3.75rem; font-size: 1.15rem; }
.st-key-log_went button { min-height: 3rem; }
</style>"""
FACES: dict[int, str] = {
    1: N_("😣 very badly"),
    2: N_("🙁 badly"),
    3: N_("😐 so-so"),
    4: N_("🙂 well"),
    5: N_("😀 very well"),
}


def render(ctx: Context) -> None:
    """The log of the pilot whose code was read, else the pilots there are to log."""
    person = ctx.require(May.LOG)
    st.html(STYLE)
    token = st.query_params.get("pilot", "")
    with st.container(key="log_page", width=560):
        if not token:
            _choose(ctx, person)
            return
        try:
            pilot = pilots.by_log_token(ctx.session, token)
        except NotFound as error:
            st.title(ctx.t("Weekly log"))
            st.error(ctx.t.error(error))
            ctx.link(ctx.t("Pilots of my unit"), "log", icon=":material/arrow_back:")
            return
        ctx.require(May.LOG, pilot.unit_id)
        _log(ctx, person, pilots.pilot_row(ctx.session, pilot_id=key(pilot.id), today=ctx.today))


def _choose(ctx: Context, person: Person) -> None:
    t = ctx.t
    st.title(t("Weekly log"))
    rows = [
        row
        for row in pilots.list_pilots(ctx.session, today=ctx.today, unit_ids=reach(ctx.session, person))
        if row.status in LOGGABLE
    ]
    if not rows:
        st.info(t("No pilot is running in your unit now, so there is nothing to log."))
        return
    st.markdown(t("Choose the pilot you took part in this week."))
    for row in rows:
        with st.container(border=True):
            ctx.link(pilots.title(row.pilot, t.language), "log", icon=":material/edit_note:", pilot=row.pilot.log_token)
            st.caption(f"{t.local(row.unit.name)} · {_week(ctx, row)}")


def _week(ctx: Context, row: PilotRow) -> str:
    if ctx.today > row.plan.end_on:
        return ctx.t.say("ended {date}", date=row.plan.end_on)
    week = weekly_log.pilot_week(row.plan, ctx.today)
    return ctx.t.say("week {number}/{total}", number=week.number, total=week.total)


def _log(ctx: Context, person: Person, row: PilotRow) -> None:
    t = ctx.t
    st.title(t.local(row.pilot.title))
    st.markdown(f"**{_week(ctx, row)}** · {plain(t.local(row.pilot.change))}")
    if row.status not in LOGGABLE:
        if row.status in (Status.IDEA, Status.PLANNED):
            st.info(t.say("This pilot starts on {date}. Come back then.", date=row.plan.start_on))
        else:
            st.info(t("This pilot is not running, so there is nothing to log."))
        return
    entries = weekly_log.entries(ctx.session, key(row.pilot.id))
    mine = [entry for entry in entries if entry.by_id == person.id and entry.week == week_of(ctx.today)]
    if mine and st.session_state.get(SAVED) == mine[-1].id:
        _thanks(ctx, row, mine[-1])
    else:
        if mine:
            _already(ctx, mine[-1])
        _form(ctx, person, row)
    log_weeks.show(ctx, row, entries)


def _form(ctx: Context, person: Person, row: PilotRow) -> None:
    t = ctx.t
    metric = weekly_log.metric_to_enter(ctx.session, key(row.pilot.id))
    with st.form("log_form", border=False):
        happened = st.segmented_control(
            t("Did the change happen this week?"),
            list(Happened),
            format_func=lambda value: label(t, value).capitalize(),
            key="happened",
            width="stretch",
            bind="query-params",
        )
        form_problems.at_field(ctx, FORM, "happened")
        went = st.segmented_control(
            t("How did your work go?"),
            list(FACES),
            format_func=lambda value: t(FACES[value]),
            key="log_went",
            width="stretch",
            wrap=True,
        )
        form_problems.at_field(ctx, FORM, "work_went")
        value = None
        if metric is not None:
            unit = unit_of(ctx, metric)
            name = t.local(metric.name)
            value = st.number_input(
                t.say("This week's number: {metric}", metric=f"{name} ({unit})" if unit else name),
                value=None,
                step=1.0,
                format="%g",
                key="log_value",
                placeholder=t("Leave empty if you do not know it"),
            )
            form_problems.at_field(ctx, FORM, "value")
        note = st.text_area(
            t("One thing you noticed (optional)"),
            height=90,
            max_chars=LONGEST,
            key="log_note",
            help=t("Names, phone numbers and other personal data are removed when you save."),
        )
        st.caption(t("Do not write about a person one could recognise. Names and numbers are removed when you save."))
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Save"), key="log_save", type="primary", width="stretch")
    if not saved:
        return

    def record() -> None:
        if happened is None:
            raise BadInput("Choose yes, partly or no.", field="happened")
        with ctx.writing() as session:
            entry = weekly_log.record(
                session,
                pilot_id=key(row.pilot.id),
                happened=happened,
                work_went=went,
                value=value,
                note=note or "",
                by=person,
                today=ctx.today,
            )
            st.session_state[SAVED] = entry.id

    form_problems.tried(FORM, record)
    st.rerun()


def _thanks(ctx: Context, row: PilotRow, entry: LogEntry) -> None:
    t = ctx.t
    ended = ctx.today > row.plan.end_on
    week = t.say("week of {date}", date=monday_of(entry.week)) if ended else _week(ctx, row)
    st.success(t.say("Thank you! Saved: {week}.", week=week))
    if entry.note:
        st.markdown(t.say("Your note as it was saved: {note}", note=plain(readable(t, entry.note))))
    _undo(ctx, entry)


def _already(ctx: Context, entry: LogEntry) -> None:
    t = ctx.t
    st.info(
        t.say(
            "You have logged this week already: {happened}. A new entry is added beside it.",
            happened=label(t, Happened(entry.happened)),
        )
    )
    _undo(ctx, entry)


def _undo(ctx: Context, entry: LogEntry) -> None:
    """Take the entry back; offered as long as the week is open on the page."""
    if not st.button(ctx.t("Undo what I saved"), key="log_undo", icon=":material/undo:", width="stretch"):
        return
    with refusals(ctx) as outcome:
        person = ctx.require(May.LOG)
        with ctx.writing() as session:
            weekly_log.undo(session, entry_id=key(entry.id), by=person)
    if outcome.ok:
        st.session_state.pop(SAVED, None)
        st.toast(ctx.t("Undone. Nothing was saved."))
        st.rerun()

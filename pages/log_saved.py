"""After saving: thanks, what the log is for, and the way back."""

from __future__ import annotations

import streamlit as st

from models.base import monday_of, week_of
from models.people import Person
from models.pilots import Happened, LogEntry, Status
from pages import draft
from pages.context import Context, refusals
from pages.plain import plain
from services import log_weeks, weekly_log
from services.labels import label
from services.permissions import May
from services.pilots import PilotRow
from services.redacted import readable
from services.rows import key

SAVED = "log_saved"


def week_today(ctx: Context, row: PilotRow) -> str:
    """Where the pilot is: week 7/12, the day it ended, or that the change goes on after the pilot."""
    if ctx.today > row.plan.end_on and row.status is Status.SCALING:
        return ctx.t.say("goes on after the pilot, week of {date}", date=monday_of(week_of(ctx.today)))
    if ctx.today > row.plan.end_on:
        return ctx.t.say("ended {date}", date=row.plan.end_on)
    return _week_name(ctx, row, week_of(ctx.today))


def _week_name(ctx: Context, row: PilotRow, week: int) -> str:
    if monday_of(week) > row.plan.end_on:
        return ctx.t.say("week of {date}", date=monday_of(week))
    found = weekly_log.pilot_week(row.plan, monday_of(week))
    return ctx.t.say("week {number}/{total}", number=found.number, total=found.total)


def draft_of(ctx: Context, person: Person, row: PilotRow) -> tuple[str, int]:
    """What the browser keeps the unsaved answers under: the form of this week, and how often it was saved."""
    number = log_weeks.times_logged(ctx.session, key(row.pilot.id), person)
    return f"log_{row.pilot.log_token}_{week_of(ctx.today)}", number


def thanks(ctx: Context, person: Person, row: PilotRow, entry: LogEntry, *, this_week: bool) -> None:
    """What was saved, for which week, when it is read; and the other week, when it waits."""
    t = ctx.t
    st.success(t.say("Thank you! Saved: {week}.", week=_week_name(ctx, row, entry.week)))
    if entry.note:
        st.markdown(t.say("Your note as it was saved: {note}", note=plain(readable(t, entry.note))))
    day = log_weeks.read_next(row.plan, ctx.today)
    if day is not None:
        st.markdown(t.say("It is read when the pilot is reviewed on {date}.", date=day))
    else:
        st.markdown(t("It is read when the pilot is decided on."))
    draft.saved(*draft_of(ctx, person, row))
    _undo(ctx, entry)
    missing = log_weeks.last_week_is_empty(ctx.session, row.plan, ctx.today)
    if (missing or not this_week) and st.button(
        t("Log last week too") if this_week else t("Log this week too"), key="log_more", width="stretch"
    ):
        st.session_state.pop(SAVED, None)
        st.session_state["log_week"] = week_of(ctx.today) - (1 if this_week else 0)
        st.rerun()


def already(ctx: Context, person: Person, row: PilotRow, entry: LogEntry) -> None:
    """Says that the week is logged, and offers to take it back."""
    t = ctx.t
    st.info(
        t.say(
            "You have logged this week already: {happened}. A new entry is added beside it."
            if entry.week == week_of(ctx.today)
            else "You have logged last week already: {happened}. A new entry is added beside it.",
            happened=label(t, Happened(entry.happened)),
        )
    )
    draft.saved(*draft_of(ctx, person, row))
    _undo(ctx, entry)


def _undo(ctx: Context, entry: LogEntry) -> None:
    """Take the entry back, its answers into the form; offered as long as the week is open on the page."""
    if not st.button(ctx.t("Undo what I saved"), key="log_undo", icon=":material/undo:", width="stretch"):
        return
    with refusals(ctx) as outcome:
        person = ctx.require(May.LOG)
        with ctx.writing() as session:
            weekly_log.undo(session, entry_id=key(entry.id), by=person)
    if outcome.ok:
        st.session_state.pop(SAVED, None)
        _refill(ctx, entry)
        st.toast(ctx.t("Undone. Your answers are back in the form, not saved."))
        st.rerun()


def _refill(ctx: Context, entry: LogEntry) -> None:
    """Put an entry's answers into the form's fields, before they are drawn."""
    state = st.session_state
    state["happened"] = Happened(entry.happened)
    state["log_went"] = entry.work_went
    state["log_value"] = weekly_log.value_of(ctx.session, entry)
    state["log_note"] = readable(ctx.t, entry.note)
    state["log_week"] = entry.week

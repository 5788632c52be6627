"""The first page, by role: what waits, what customers say most, how the pilots stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from models.people import Person, Role
from pages import home_pilots, theme_words
from pages.context import Context
from services import todo
from services.i18n import N_
from services.organisation import all_units
from services.permissions import May, reach
from services.rows import key
from services.theme_browse import Scope, ThemeSummary, quotes, summaries
from services.theme_trend import comparable, last_weeks
from services.todo import Task, TaskKind

WEEKS = 12
LOUDEST = 3
TASKS_SHOWN = 5
ONE_UNIT = (Role.STAFF, Role.TEAM_LEAD)
TASKS: dict[TaskKind, tuple[str, str, str]] = {
    TaskKind.SECOND_PERSON: (N_("Be the second person behind a decision"), "pilot", "how_to_reg"),
    TaskKind.DECIDE: (N_("Decide"), "pilot", "gavel"),
    TaskKind.LOG: (N_("Log this week"), "log", "edit_note"),
    TaskKind.APPROVE_STORY: (N_("Read and approve the public story"), "story", "fact_check"),
    TaskKind.WRITE_STORY: (N_("Tell customers what came of it"), "story", "campaign"),
}


def render(ctx: Context) -> None:
    """The first page."""
    person = ctx.person
    if person is None:
        st.stop()
    t = ctx.t
    st.title(_place(ctx, person))
    _waiting(ctx, person)
    if person.role in ONE_UNIT:
        if person.role is Role.STAFF:
            home_pilots.of_unit(ctx, person)
            _loudest(ctx, person)
        else:
            _loudest(ctx, person)
            home_pilots.of_unit(ctx, person)
        return
    if ctx.may(May.SEE_PILOTS):
        home_pilots.piles(ctx, person)
    if ctx.may(May.SEE_FEEDBACK):
        _loudest(ctx, person)
    if person.role is Role.TRUSTEE:
        st.header(t("What customers are told"))
        st.markdown(t("Every finished pilot is told to customers in their own words, also when it did not help."))
        ctx.link(t("You said, we tried"), "public", icon=":material/campaign:")


def _place(ctx: Context, person: Person) -> str:
    unit = next((unit for unit in all_units(ctx.session) if unit.id == person.unit_id), None)
    return ctx.t.local(unit.name) if unit is not None else ctx.t("The whole county")


def _waiting(ctx: Context, person: Person) -> None:
    """What waits for this person, at most a few at a time."""
    t = ctx.t
    tasks = todo.waiting(ctx.session, person=person, today=ctx.today)
    if not tasks:
        return
    st.header(t("Waiting for you"))
    with st.container(border=True, key="waiting", gap="xsmall"):
        for task in tasks[:TASKS_SHOWN]:
            _task(ctx, task)
        if len(tasks) > TASKS_SHOWN:
            with st.expander(t.plural("{n} more", "{n} more", len(tasks) - TASKS_SHOWN), key="more_tasks"):
                for task in tasks[TASKS_SHOWN:]:
                    _task(ctx, task)


def _task(ctx: Context, task: Task) -> None:
    words, page, icon = TASKS[task.kind]
    pilot = task.row.pilot
    params = {"pilot": pilot.log_token} if page == "log" else {"code": pilot.code}
    label = f"{ctx.t(words)}: {pilot.code} {ctx.t.local(pilot.title)}"
    ctx.link(label, page, icon=f":material/{icon}:", **params)


def _loudest(ctx: Context, person: Person) -> None:
    """The themes spoken of most that are not thanks, each with a way to try something."""
    t = ctx.t
    first, last = last_weeks(ctx.today, WEEKS)
    units = reach(ctx.session, person)
    scope = Scope(first=first, last=last, unit_ids=units)
    st.header(t("What customers say most"))
    found = [row for row in summaries(ctx.session, scope) if row.answers and not row.theme.praise][:LOUDEST]
    if not found:
        st.info(t.say("No answer between {first} and {last} is about a theme yet.", first=first, last=last))
        if ctx.may(May.IMPORT):
            ctx.link(t("Import feedback"), "import", icon=":material/upload_file:")
        return
    st.caption(t.say("{first}–{last}, compared with the {weeks} weeks before", first=first, last=last, weeks=WEEKS))
    earlier = comparable(ctx.session, scope)
    told: set[int] = set()
    with st.grid(columns="auto", min_column_width=300):
        for row in found:
            with st.container(border=True, height="stretch", key=f"theme_{row.theme.code}"):
                _theme(ctx, row, scope, earlier=earlier, told=told)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_forward:")


def _theme(ctx: Context, row: ThemeSummary, scope: Scope, *, earlier: bool, told: set[int]) -> None:
    """One theme; `told` are the comments quoted already, so that nobody's words stand for two themes."""
    t = ctx.t
    st.markdown(f"### {t.local(row.theme.name)}")
    way = theme_words.direction(ctx, row.answers, row.before if earlier else None)
    st.markdown(f"{theme_words.spoken_by(ctx, row)}  \n{way}")
    year = replace(scope, first=ctx.today - dt.timedelta(days=365))
    words, _ = quotes(ctx.session, year, theme_id=key(row.theme.id), limit=LOUDEST)
    fresh = next((found for found in words if key(found.feedback.id) not in told), None)
    if fresh is not None:
        told.add(key(fresh.feedback.id))
        theme_words.quote(ctx, fresh, place=scope.unit_ids is None or len(scope.unit_ids) > 1)
    else:
        st.caption(t("Nobody has written about this in words in the last year."))
    with st.container(horizontal=True, vertical_alignment="center"):
        ctx.link(t("Look closer"), "theme", icon=":material/search:", code=row.theme.code)
        if ctx.may(May.REGISTER):
            ctx.action(t("Try something about this"), "register", icon=":material/science:", theme=row.theme.code)

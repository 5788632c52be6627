"""Pilots on the first page: one unit's own, or the whole portfolio's piles."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.pilots import Status
from pages.context import Context
from pages.plain import plain
from pages.terms import Term, explain
from services import evaluation, weekly_log
from services.labels import label
from services.permissions import May
from services.pilots import PilotRow
from services.portfolio import PILE_NAMES, Pile, harmed, pile_of
from services.rows import key

GOING_ON = (Status.RUNNING, Status.AWAITING_DECISION)
GOING_FURTHER = (*GOING_ON, Status.SCALING)
"""Where harm can still be done: also in the units that take up what was scaled in spite of it."""
ORDER = (
    Status.RUNNING,
    Status.AWAITING_DECISION,
    Status.PLANNED,
    Status.SCALING,
    Status.ADAPTING,
    Status.ESTABLISHED,
    Status.STOPPED,
    Status.IDEA,
)


def of_unit(ctx: Context, rows: Sequence[PilotRow]) -> None:
    """The unit's pilots, the running ones first, each with what can be done with it now."""
    t = ctx.t
    st.header(t("Your unit's pilots"))
    if not rows:
        st.info(t("Your unit has no pilots yet."))
        return
    found = sorted(rows, key=lambda row: (ORDER.index(row.status), row.pilot.code))
    with st.grid(columns="auto", min_column_width=300):
        for row in found:
            with st.container(border=True, height="stretch", key=f"pilot_{row.pilot.code}"):
                _card(ctx, row)


def _card(ctx: Context, row: PilotRow) -> None:
    t = ctx.t
    st.markdown(f"### {row.pilot.code} {plain(t.local(row.pilot.title))}")
    st.markdown(f"**{label(t, row.status).capitalize()}**  \n{_when(ctx, row)}")
    latest = evaluation.latest(ctx.session, key(row.pilot.id)) if row.status in GOING_ON else None
    if latest is not None:
        words = t.say(
            "The rules recommend on {date}: {verdict}", date=latest.row.as_of, verdict=label(t, latest.row.verdict)
        )
        st.caption(words)
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.status is Status.RUNNING and ctx.may(May.LOG, row.pilot.unit_id):
            ctx.action(t("Log this week"), "log", icon=":material/edit_note:", pilot=row.pilot.log_token)
        ctx.link(t("Look at the pilot"), "pilot", icon=":material/science:", code=row.pilot.code)


def _when(ctx: Context, row: PilotRow) -> str:
    t, plan = ctx.t, row.plan
    if row.status is Status.RUNNING:
        week = weekly_log.pilot_week(plan, ctx.today)
        return t.say("week {number} of {total}, ends {date}", number=week.number, total=week.total, date=plan.end_on)
    if row.status in (Status.PLANNED, Status.IDEA):
        return t.say("planned start {date}", date=plan.start_on)
    return t.say("ran {first}–{last}", first=plan.start_on, last=plan.end_on)


def piles(ctx: Context, rows: Sequence[PilotRow], *, header: bool = True) -> None:
    """How many pilots lie in each pile of the portfolio, who may be harmed, and which decisions are late."""
    t = ctx.t
    if header:
        st.header(t("Pilots"))
    if not rows:
        st.info(t("There are no pilots yet."))
        return
    newest = evaluation.latest_of_all(ctx.session)
    lies = {key(row.pilot.id): pile_of(row.status, newest.get(key(row.pilot.id))) for row in rows}
    with st.grid(columns="auto", min_column_width=160):
        for pile in Pile:
            number = sum(found is pile for found in lies.values())
            with st.container(border=True, height="stretch", gap="xxsmall"):
                st.metric(t(PILE_NAMES[pile]), t.number(number), label_visibility="collapsed")
                st.markdown(t(PILE_NAMES[pile]))
    explain(ctx, Term.PILES)
    worse = [row for row in rows if row.status in GOING_FURTHER and harmed(newest.get(key(row.pilot.id)))]
    if worse:
        names = ", ".join(plain(f"{row.pilot.code} {t.local(row.pilot.title)}") for row in worse)
        st.warning(
            t.say("Someone may be harmed: {pilots}. Look at these first.", pilots=names), icon=":material/warning:"
        )
    late = [row for row in rows if row.status is Status.AWAITING_DECISION and row.plan.decide_on < ctx.today]
    if late:
        st.warning(
            t.say(
                "{pilots} past the agreed day of decision, the first since {date}.",
                pilots=t.plural("{n} pilot is", "{n} pilots are", len(late)),
                date=min(row.plan.decide_on for row in late),
            ),
            icon=":material/schedule:",
        )
    ctx.link(t("Open the portfolio"), "portfolio", icon=":material/arrow_forward:")

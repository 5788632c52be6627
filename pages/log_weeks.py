"""The weeks of a log side by side: how often the change happened and how the work went, as a picture and a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from charts import log as chart
from charts.log import LoggedWeek
from models.base import week_of
from models.pilots import Happened, LogEntry
from pages import drawing
from pages.context import Context
from services import weekly_log
from services.pilots import PilotRow
from services.rows import key
from services.staff_views import LEAST_STAFF, closed, people


def show(ctx: Context, row: PilotRow, entries: Sequence[LogEntry]) -> None:
    """Draw the weeks; says so when there are none."""
    t = ctx.t
    if not entries:
        st.caption(t("Nothing has been logged yet."))
        return
    fidelity = weekly_log.fidelity(ctx.session, key(row.pilot.id))
    if fidelity is not None:
        st.markdown(
            t.say(
                "The change has been carried out in {share} of the logged weeks (partly counts half).",
                share=t.percent(fidelity),
            )
        )
    found = weeks(row, entries, viewer_id=ctx.person.id if ctx.person else None, today=ctx.today)
    total = weekly_log.pilot_week(row.plan, ctx.today).total
    drawn = chart.chart(found, total=total, look=drawing.look(ctx), t=t)
    drawing.draw(ctx, drawn, chart.describe(found, total=total), key="log_chart")
    if any(week.number > total for week in found):
        st.caption(t.say("The pilot had {total} weeks. The weeks after them are shown but do not count.", total=total))
    st.caption(t("How the work went: your own answers, and the weeks that at least five people have answered."))
    drawing.table(ctx, chart.table(found, t=t), title=t("The weeks as a table"), key="log_table")


def weeks(row: PilotRow, entries: Sequence[LogEntry], *, viewer_id: int | None, today: dt.date) -> list[LoggedWeek]:
    """The entries a week each: what most of those who logged it said, the more careful answer when they are even.

    How the work went is told of five people or more together once their week is closed, so that nobody's answer shows
    by what it changes; else to the one who answered only.
    """
    first = week_of(row.plan.start_on)
    found = []
    for week in sorted({entry.week for entry in entries}):
        of_week = [entry for entry in entries if entry.week == week]
        said = [Happened(entry.happened) for entry in of_week]
        most = max((Happened.NO, Happened.PARTLY, Happened.YES), key=said.count)
        rated = [entry for entry in of_week if entry.work_went is not None]
        if len(people(rated)) < LEAST_STAFF or not closed(week, today):
            rated = [entry for entry in rated if entry.by_id == viewer_id]
        went = [entry.work_went for entry in rated if entry.work_went is not None]
        found.append(
            LoggedWeek(
                number=week - first + 1,
                happened=chart.Happened(most.value),
                work_went=sum(went) / len(went) if went else None,
            )
        )
    return found

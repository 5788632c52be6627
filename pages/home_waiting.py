"""What waits for a person, a few lines at a time, each a link to where it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from models.people import Person
from pages.context import Context
from pages.plain import plain
from services import todo
from services.i18n import N_
from services.pilots import PilotRow
from services.redacted import readable
from services.rows import key
from services.todo import Task, TaskKind

SHOWN = 5
LONGEST = 70
"""Characters of an idea in a link."""
TASKS: dict[TaskKind, tuple[str, str, str]] = {
    TaskKind.SECOND_PERSON: (N_("Be the second person behind a decision"), "pilot", "how_to_reg"),
    TaskKind.DECIDE: (N_("Decide"), "pilot", "gavel"),
    TaskKind.APPROVE_START: (N_("Approve the start"), "pilot", "play_circle"),
    TaskKind.LOG: (N_("Log this week"), "log", "edit_note"),
    TaskKind.ANSWER_IDEA: (N_("Answer an idea"), "ideas", "lightbulb"),
    TaskKind.FOLLOW_UP: (N_("Check whether the effect has held"), "pilot", "event_repeat"),
    TaskKind.APPROVE_STORY: (N_("Read and approve the public story"), "story", "fact_check"),
    TaskKind.WRITE_STORY: (N_("Tell customers what came of it"), "story", "campaign"),
}


def show(ctx: Context, person: Person, rows: Sequence[PilotRow], *, leave_out: Collection[TaskKind] = ()) -> None:
    """The tasks; nothing when none waits.

    Args:
        ctx: The rerun.
        person: Whose tasks.
        rows: The pilots within the person's reach.
        leave_out: Kinds that the page shows elsewhere.
    """
    t = ctx.t
    found = todo.waiting(ctx.session, person=person, today=ctx.today, rows=rows)
    tasks = [task for task in found if task.kind not in leave_out]
    if not tasks:
        return
    st.header(t("Waiting for you"))
    with st.container(border=True, key="waiting", gap="xsmall"):
        for task in tasks[:SHOWN]:
            _task(ctx, task)
        if len(tasks) > SHOWN:
            with st.expander(t.plural("{n} more", "{n} more", len(tasks) - SHOWN), key="more_tasks"):
                for task in tasks[SHOWN:]:
                    _task(ctx, task)


def _task(ctx: Context, task: Task) -> None:
    words, page, icon = TASKS[task.kind]
    params: dict[str, object] = {}
    about = ""
    if task.row is not None:
        pilot = task.row.pilot
        params = {"pilot": pilot.log_token} if page == "log" else {"code": pilot.code}
        about = f"{pilot.code} {plain(ctx.t.local(pilot.title))}"
    elif task.idea is not None:
        params = {"idea": key(task.idea.idea.id)}
        about = plain(_shortened(readable(ctx.t, task.idea.idea.words)))
    label = f"{ctx.t(words)}: {about}"
    if task.since is not None and task.since < ctx.today and task.kind is not TaskKind.APPROVE_START:
        label = ctx.t.say("{task}, has waited since {date}", task=label, date=task.since)
    ctx.link(label, page, icon=f":material/{icon}:", **params)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

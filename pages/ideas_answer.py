"""Answering an idea: make it a pilot, say that it was done on the spot, or say why not now."""

from __future__ import annotations

import functools

import streamlit as st

from pages import form_problems, just_done
from pages.context import Context
from services import ideas
from services.idea_list import IdeaRow
from services.permissions import May
from services.rows import key


def show(ctx: Context, row: IdeaRow, *, opened: bool) -> None:
    """The three ways to answer, folded away unless the reader came to answer."""
    t, idea = ctx.t, row.idea
    with st.expander(t("Answer this idea"), expanded=opened, icon=":material/reply:", key=f"answer_{idea.id}"):
        if ctx.may(May.REGISTER, idea.unit_id):
            theme = row.theme.code if row.theme is not None else None
            ctx.action(
                t("Make it a pilot"),
                "register",
                icon=":material/science:",
                theme=theme,
                unit=row.unit.code,
                idea=key(idea.id),
            )
            st.caption(t("Or answer in words. Whoever proposed the idea reads your answer."))
        _in_words(ctx, row)


def _in_words(ctx: Context, row: IdeaRow) -> None:
    t, form = ctx.t, f"answer_{row.idea.id}"
    with st.form(f"{form}_form", border=False, enter_to_submit=False):
        answer = st.text_area(
            t("What was done, or why not now?"), key=f"{form}_words", max_chars=ideas.LONGEST, height=80
        )
        form_problems.at_field(ctx, form, "answer")
        with st.container(horizontal=True):
            solved = st.form_submit_button(t("Done on the spot"), key=f"{form}_solve", icon=":material/check:")
            declined = st.form_submit_button(t("Not now"), key=f"{form}_decline", icon=":material/pause:")
    if not (solved or declined):
        return

    def act() -> None:
        person = ctx.require(May.ANSWER_IDEAS, row.idea.unit_id)
        with ctx.writing() as session:
            if solved:
                ideas.solve(session, idea_id=key(row.idea.id), done=answer or "", by=person)
            else:
                ideas.decline(session, idea_id=key(row.idea.id), reason=answer or "", by=person)
        undo = functools.partial(ideas.reopen, idea_id=key(row.idea.id))
        just_done.say(
            just_done.IDEAS, t("Your answer is saved. Whoever proposed the idea sees it on their home."), undo
        )

    form_problems.tried(form, act)
    st.rerun()

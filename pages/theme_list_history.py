"""How the list came to be what it is: who changed what and when, with the way back."""

from __future__ import annotations

import streamlit as st

from models.people import Person
from pages import theme_list_changes, theme_list_said
from pages.context import Context, refusals
from pages.plain import plain
from services import theme_undo
from services.permissions import May
from services.rows import key
from services.theme_history import Change, history

A_PAGE = 20


def show(ctx: Context, person: Person) -> None:
    """Every change, the newest first; a theme's latest one can be undone, and done again."""
    t = ctx.t
    changes = history(ctx.session)
    if not changes:
        st.info(t("Nobody has changed the list yet."))
        return
    st.caption(t("The latest change of each theme can be undone, and then the one before it."))
    page = int(st.session_state.get("theme_history_page") or 1)
    for change in changes[(page - 1) * A_PAGE : page * A_PAGE]:
        with st.container(border=True, key=f"change_{change.row.id}"):
            _line(ctx, person, change)
    if len(changes) > A_PAGE:
        st.pagination(-(-len(changes) // A_PAGE), key="theme_history_page")


def _line(ctx: Context, person: Person, change: Change) -> None:
    t = ctx.t
    st.markdown(theme_list_changes.heading(ctx, change))
    for words in theme_list_changes.details(ctx, change):
        st.markdown(words)
    if change.row.reason:
        st.markdown(t.say("Reason: {reason}", reason=plain(change.row.reason)))
    who = plain(change.by.name) if change.by is not None else t("the installation")
    st.caption(f"{t.date(change.row.at.date())} · {who}")
    number = key(change.row.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        if change.undone:
            st.badge(t.say("undone {date}", date=change.last.at), color="gray")
        if change.can_undo and st.button(t("Undo"), key=f"change_undo_{number}", icon=":material/undo:"):
            _go(ctx, person, number, back=True)
        if change.can_redo and st.button(t("Do it again"), key=f"change_redo_{number}", icon=":material/redo:"):
            _go(ctx, person, number, back=False)


def _go(ctx: Context, person: Person, number: int, *, back: bool) -> None:
    ctx.require(May.CURATE)
    with refusals(ctx) as refusal, ctx.writing() as session:
        (theme_undo.undo if back else theme_undo.redo)(session, change_id=number, by=person)
    if refusal.ok:
        theme_list_said.remember(ctx.t("Undone.") if back else ctx.t("Done again."), *(() if back else (number,)))
        st.rerun()

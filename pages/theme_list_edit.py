"""A theme opened from the list, or a new one: its names, its words and its place."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.people import Person
from models.themes import Theme
from pages import form_problems, theme_list_fate, theme_list_form, theme_list_said
from pages.context import Context
from pages.plain import plain
from pages.theme_list_parts import Dialog, close_dialog, draw_dialog, open_dialog
from services import theme_curation
from services.permissions import May
from services.rows import get, key
from services.theme_curation import Wording
from services.theme_families import family

NEW = "theme_new"


def open_new() -> None:
    """Open the dialog for a theme of one's own making."""
    theme_list_form.forget(NEW)
    open_dialog(Dialog(kind="new"))


def open_change(theme_id: int, seen: int | None) -> None:
    """Open the dialog of a theme; seen is the newest line of its history."""
    theme_list_form.forget(_form(theme_id))
    open_dialog(Dialog(kind="change", number=theme_id, seen=seen))


def new(ctx: Context, _dialog: Dialog) -> None:
    """The dialog for a theme of one's own making."""
    draw_dialog(ctx, ctx.t("New theme"), _new)


def change(ctx: Context, dialog: Dialog) -> None:
    """The dialog of a theme of the list."""
    theme = ctx.session.get(Theme, dialog.number)
    if theme is None or theme.merged_into_id is not None or theme.retired_at is not None:
        close_dialog()
        return

    def body(own: Context) -> None:
        _change(own, get(own.session, Theme, dialog.number), dialog.seen)

    draw_dialog(ctx, plain(ctx.t.local(theme.name)), body)


def _new(ctx: Context) -> None:
    t = ctx.t
    with st.form("theme_new_form", border=False, enter_to_submit=False):
        wanted = theme_list_form.fields(ctx, NEW, Wording(names={}), own=NEW)
        form_problems.by_button(ctx, NEW)
        saved = st.form_submit_button(t("Add the theme"), key="theme_new_save", type="primary")
    if saved:
        words = t.say("The theme {theme} is on the list now.", theme=_bold(ctx, wanted))
        _save(ctx, NEW, words, lambda session, by: [theme_curation.add(session, wording=wanted, by=by)])


def _change(ctx: Context, theme: Theme, seen: int | None) -> None:
    t = ctx.t
    theme_id = key(theme.id)
    own = f"theme_{theme_id}_{seen}"
    ctx.link(t("The theme's feedback"), "theme", icon=":material/forum:", code=theme.code)
    with st.form(f"{own}_form", border=False, enter_to_submit=False):
        below = family(ctx.session, theme_id)
        wanted = theme_list_form.fields(ctx, _form(theme_id), _wording(theme), own=own, not_under=below)
        form_problems.by_button(ctx, _form(theme_id))
        saved = st.form_submit_button(t("Save"), key=f"{own}_save", type="primary")
    if saved:
        words = t.say("The theme {theme} was changed.", theme=_bold(ctx, wanted))
        _save(
            ctx,
            _form(theme_id),
            words,
            lambda session, by: theme_curation.edit(session, theme_id=theme_id, wording=wanted, by=by, seen=seen),
        )
    theme_list_fate.show(ctx, theme, own)


def _save(ctx: Context, form: str, words: str, action: Callable[[Session, Person], list[int]]) -> None:
    """Do it, say so and close the dialog; a refusal is shown at its field instead."""
    lines: list[int] = []

    def save() -> None:
        person = ctx.require(May.CURATE)
        with ctx.writing() as session:
            lines.extend(action(session, person))

    if form_problems.tried(form, save):
        close_dialog()
        if lines:
            theme_list_said.remember(words, *lines)
    st.rerun()


def _form(theme_id: int) -> str:
    return f"theme_edit_{theme_id}"


def _wording(theme: Theme) -> Wording:
    return Wording(
        names=theme.name,
        keywords=theme.keywords,
        examples=theme.examples,
        parent_id=theme.parent_id,
        praise=theme.praise,
        controllable=theme.controllable,
    )


def _bold(ctx: Context, wording: Wording) -> str:
    return f"**{plain(ctx.t.local(wording.names).strip())}**"

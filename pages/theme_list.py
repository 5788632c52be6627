"""The list of themes: what it holds, what comments propose to it, how it came to be. For those who keep it."""

from __future__ import annotations

import streamlit as st

from pages import (
    theme_list_decide,
    theme_list_edit,
    theme_list_history,
    theme_list_proposals,
    theme_list_said,
    theme_list_tree,
)
from pages.context import Context
from pages.theme_list_parts import DIALOG, PARTS, Dialog, chosen, tabs_key
from services.permissions import May

DRAWN = {
    "themes": theme_list_tree.show,
    "proposals": theme_list_proposals.show,
    "history": theme_list_history.show,
}
DIALOGS = {
    "new": theme_list_edit.new,
    "change": theme_list_edit.change,
    "accept": theme_list_decide.accept,
    "join": theme_list_decide.join,
}


def render(ctx: Context) -> None:
    """The part of the list that is chosen; what was just done can be undone above it."""
    t = ctx.t
    person = ctx.require(May.CURATE)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    st.title(t("List of themes"))
    theme_list_said.show(ctx, person)
    chosen(ctx)
    tabs = st.tabs([t(name) for name in PARTS.values()], key=tabs_key(ctx), on_change="rerun")
    for part, tab in zip(PARTS, tabs, strict=True):
        if tab.open:
            with tab:
                DRAWN[part](ctx, person)
    dialog: Dialog | None = st.session_state.get(DIALOG)
    if dialog is not None:
        DIALOGS[dialog.kind](ctx, dialog)

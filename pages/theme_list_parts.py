"""The parts of the list's page and its dialogs: which is open, and how another one is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.context import Context, opened
from services.i18n import N_

PARTS: dict[str, str] = {"themes": N_("Themes"), "proposals": N_("Proposals"), "history": N_("History")}
NEXT = "theme_list_next"
DIALOG = "theme_list_dialog"


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """The dialog that is open.

    Attributes:
        kind: What it is for: new, change, accept or join.
        number: The theme or the proposal it is about; 0 for a new theme.
        seen: The newest line of the theme's history when it was opened.
        ticked: Comments of the proposal that were ticked when it was opened.
        near: The theme that the proposal lies near to.
    """

    kind: str
    number: int = 0
    seen: int | None = None
    ticked: tuple[int, ...] = ()
    near: int | None = None


def tabs_key(ctx: Context) -> str:
    """The key of the tabs; they remember the words on them, so each language has its own."""
    return f"theme_list_part_{ctx.t.language}"


def open_next(part: str) -> None:
    """Open a part on the next run."""
    st.session_state[NEXT] = part


def chosen(ctx: Context) -> None:
    """Open the part that was asked for, by the last run or, at first, by the address."""
    asked = st.session_state.pop(NEXT, None)
    if asked is None and tabs_key(ctx) not in st.session_state:
        asked = st.query_params.get("part")
    if asked in PARTS:
        st.session_state[tabs_key(ctx)] = ctx.t(PARTS[asked])


def open_dialog(dialog: Dialog) -> None:
    """Open a dialog; it stays open, over reruns of the page too, until it is closed."""
    st.session_state[DIALOG] = dialog


def close_dialog() -> None:
    """Close the open dialog on the next run."""
    st.session_state.pop(DIALOG, None)


def draw_dialog(ctx: Context, title: str, body: Callable[[Context], None]) -> None:
    """Draw a dialog. It reruns without the page, so it has a session of its own and reads the role anew."""
    person_id = ctx.person.id if ctx.person is not None else None

    def inside() -> None:
        with opened(person_id=person_id, t=ctx.t, routes=ctx.routes) as own:
            body(own)

    st.dialog(title, width="medium", on_dismiss=close_dialog)(inside)()

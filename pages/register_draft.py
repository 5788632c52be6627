"""The registration being written: it stays while its writer looks elsewhere; emptying it can be undone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from models.people import Person
from pages import form_problems
from pages.context import Context

FORM = "register"
BEGINNING = "register_"
EMPTIED = "emptied_register"
OWNER = "owner_of_register"
BUTTONS = ("register_save", "register_empty", "register_use_template", "register_choice_")
TYPED = ("register_change", "register_reason", "register_resources", "register_taken_part", "register_title")


def belongs_to(person: Person) -> None:
    """A draft is seen by its writer only: on a shared computer the next person begins with empty cards."""
    if st.session_state.get(OWNER) != person.id:
        drop()
        st.session_state.pop(EMPTIED, None)
        st.session_state[OWNER] = person.id


def drop() -> None:
    """Forget the draft; the next registration begins from its own proposals."""
    for name in [name for name in st.session_state if str(name).startswith(BEGINNING)]:
        del st.session_state[name]
    st.session_state.get(form_problems.KEPT, {}).pop(FORM, None)


def typed() -> bool:
    """Whether a person has written anything that would be missed."""
    return any(str(st.session_state.get(name) or "").strip() for name in TYPED)


def buttons(ctx: Context) -> None:
    """What happens to the draft, and the button that empties it."""
    t = ctx.t
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            t("What you have written stays here until you save it, empty the cards or sign out."), width="stretch"
        )
        st.button(
            t("Empty the cards"),
            key="register_empty",
            icon=":material/delete_sweep:",
            type="tertiary",
            on_click=_empty,
        )


def emptied(ctx: Context) -> bool:
    """Whether the cards have just been emptied; then only that is shown, with the way back."""
    if EMPTIED not in st.session_state:
        return False
    t = ctx.t
    st.success(t("The cards are empty. Nothing was saved."))
    with st.container(horizontal=True):
        st.button(t("Undo"), key="register_undo", icon=":material/undo:", type="primary", on_click=_undo)
        st.button(t("Begin again"), key="register_again", icon=":material/edit_note:", on_click=_begin_again)
    return True


def _empty() -> None:
    kept: dict[str, Any] = {
        str(name): st.session_state[name]
        for name in st.session_state
        if str(name).startswith(BEGINNING) and not str(name).startswith(BUTTONS)
    }
    drop()
    st.session_state[EMPTIED] = kept


def _undo() -> None:
    for name, value in st.session_state.pop(EMPTIED, {}).items():
        st.session_state[name] = value


def _begin_again() -> None:
    st.session_state.pop(EMPTIED, None)

"""What was just done to the list, with the way back beside it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.people import Person
from pages.context import Context, refusals
from services import theme_proposal_answers, theme_undo
from services.permissions import May

SAID = "theme_list_said"
STYLE = """<style>
div:has(> .st-key-theme_list_said_strip) { position: sticky; top: 3.75rem; z-index: 5; }
.st-key-theme_list_said_strip { background: Canvas; }
</style>"""
"""The way back stays in sight however far down the page the thing was done."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was just done.

    Attributes:
        words: The sentence, in the language it was done in.
        change_ids: Lines of history to undo; empty when there is nothing to undo.
        proposal_id: A dismissed proposal to take back.
    """

    words: str
    change_ids: tuple[int, ...] = ()
    proposal_id: int | None = None


def remember(words: str, *change_ids: int, proposal_id: int | None = None) -> None:
    """Keep what was done for the next run, which says it."""
    st.session_state[SAID] = Said(words=words, change_ids=change_ids, proposal_id=proposal_id)


def show(ctx: Context, person: Person) -> None:
    """The last thing done, until another one or until it is undone."""
    said: Said | None = st.session_state.get(SAID)
    if said is None:
        return
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="theme_list_said_strip"):
        st.markdown(said.words)
        if not said.change_ids and said.proposal_id is None:
            del st.session_state[SAID]
            return
        if st.button(ctx.t("Undo"), key="theme_list_undo", icon=":material/undo:"):
            _undo(ctx, person, said)


def _undo(ctx: Context, person: Person, said: Said) -> None:
    ctx.require(May.CURATE)
    with refusals(ctx) as refusal, ctx.writing() as session:
        if said.proposal_id is not None:
            theme_proposal_answers.reopen(session, proposal_id=said.proposal_id, by=person)
        else:
            theme_undo.undo_all(session, change_ids=said.change_ids, by=person)
    if refusal.ok:
        remember(ctx.t("Undone."))
        st.rerun()

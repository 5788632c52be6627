"""What a person has just done, in one sentence, with a way back for two minutes."""

from __future__ import annotations

import time
from typing import Protocol

import streamlit as st
from sqlmodel import Session

from models.people import Person
from pages.context import Context, refusals
from services.permissions import May

IDEAS, THANKS, WALKS = "ideas", "thanks", "walks"
KEPT = "just_done"
SECONDS = 120


class Undo(Protocol):
    """A service's call that takes something back for the person who did it."""

    def __call__(self, session: Session, *, by: Person) -> None: ...


def say(place: str, sentence: str, undo: Undo) -> None:
    """Keep the sentence for the next drawing of a place.

    Args:
        place: The part of a page it belongs to.
        sentence: What was done, in the reader's language.
        undo: Takes it back.
    """
    st.session_state.setdefault(KEPT, {})[place] = (time.monotonic(), sentence, undo)


def show(ctx: Context, place: str, *, may: May = May.PROPOSE) -> None:
    """The sentence and its undo, as long as they are fresh.

    Args:
        ctx: The page's context.
        place: The part of a page it belongs to.
        may: What a person must be allowed to do for undoing it.
    """
    kept = st.session_state.get(KEPT, {})
    if place not in kept:
        return
    since, sentence, undo = kept[place]
    if time.monotonic() - since > SECONDS:
        del kept[place]
        return
    with st.container(key=f"done_{place}", gap="xsmall"):
        st.success(sentence)
        pressed = st.button(ctx.t("Undo"), key=f"undo_{place}", icon=":material/undo:")
    if not pressed:
        return
    with refusals(ctx) as outcome, ctx.writing() as session:
        undo(session, by=ctx.require(may))
    if outcome.ok:
        del kept[place]
        st.toast(ctx.t("Undone."))
        st.rerun()

"""A registration that begins from an idea of the staff: its words are the change, and saving tells its proposer."""

from __future__ import annotations

import streamlit as st

from models.ideas import Idea, IdeaStatus
from models.organisation import Unit
from models.people import Person
from models.themes import Theme
from pages.context import Context
from pages.plain import quoted, told_plainly
from services import ideas
from services.errors import ServiceError
from services.redacted import readable

IDEA = "register_idea"
UNTOLD = "untold_idea"


def begin(ctx: Context, units: list[Unit]) -> None:
    """Put the words of the idea that the address names into the cards, once; what is written already stays."""
    asked = st.query_params.get("idea", "")
    state = st.session_state
    if not asked or state.get("register_idea_asked") == asked:
        return
    state["register_idea_asked"] = asked
    idea = ctx.session.get(Idea, int(asked)) if asked.isdecimal() and len(asked) <= 9 else None
    unit = next((unit for unit in units if idea is not None and unit.id == idea.unit_id), None)
    if idea is None or unit is None or IdeaStatus(idea.status) is not IdeaStatus.OPEN:
        return
    state[IDEA] = idea.id
    state["register_unit"] = unit.code
    theme = ctx.session.get(Theme, idea.theme_id) if idea.theme_id is not None else None
    if theme is not None:
        state["register_theme"] = theme.code
    if not str(state.get("register_change") or "").strip():
        state["register_change"] = readable(ctx.t, idea.words)


def said(ctx: Context) -> None:
    """The idea in its own words, or why the one in the address is not here."""
    t = ctx.t
    idea = _idea(ctx)
    if idea is not None:
        st.markdown(t("From an idea of the staff:"))
        st.markdown(quoted(readable(t, idea.words)))
        st.caption(t("When you save, whoever proposed it sees that it is being tried."))
    elif st.query_params.get("idea"):
        st.info(t("The idea in the address cannot be tried here: it has been answered, or is another unit’s."))


def tried(ctx: Context, *, pilot_id: int, by: Person) -> None:
    """Mark the idea as tried by a pilot just saved; the pilot stands even if the idea was answered meanwhile."""
    idea = _idea(ctx)
    if idea is None or idea.id is None:
        return
    try:
        with ctx.writing() as session:
            ideas.mark_tried(session, idea_id=idea.id, pilot_id=pilot_id, by=by)
    except ServiceError as error:
        st.session_state[UNTOLD] = error


def untold(ctx: Context) -> None:
    """Why the idea's proposer was not told, if so."""
    error = st.session_state.get(UNTOLD)
    if isinstance(error, ServiceError):
        st.warning(
            ctx.t.say("The pilot is saved, but the idea was not marked as tried: {why}", why=told_plainly(ctx.t, error))
        )


def _idea(ctx: Context) -> Idea | None:
    number = st.session_state.get(IDEA)
    return ctx.session.get(Idea, number) if isinstance(number, int) else None

"""The themes of one comment, corrected by a click: a person's word wins over the rules, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.feedback import Feedback
from models.themes import Theme
from pages.context import Context, refusals
from pages.plain import plain
from services.permissions import May
from services.rows import key
from services.theme_labels import assign_by_hand
from services.theme_pages import all_themes, labels, take_back, word_of_a_person

CHANGED, UNDO, HELD = "labels_changed", "labels_undo", "labels_held"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was just said by hand, so that it can be taken back.

    Attributes:
        feedback_id: The comment.
        theme_id: The theme.
        applies: What the person said.
        before: What a person had said before, None for nothing.
    """

    feedback_id: int
    theme_id: int
    applies: bool
    before: bool | None


def show(ctx: Context, feedback: Feedback, in_force: set[int]) -> None:
    """The comment's themes; those who may label switch them on and off."""
    t = ctx.t
    themes = {key(theme.id): theme for theme in all_themes(ctx.session)}
    names = " ".join(f":blue-badge[{plain(t.local(themes[theme_id].name))}]" for theme_id in sorted(in_force))
    with st.container(horizontal=True, vertical_alignment="center"):
        if names:
            st.markdown(names)
        if not ctx.may(May.LABEL, feedback.unit_id):
            return
        feedback_id = key(feedback.id)
        with st.popover(t("Correct the themes"), icon=":material/sell:", type="tertiary", key=f"labels_{feedback_id}"):
            pills = _pills(feedback_id, frozenset(in_force))
            st.session_state[pills] = sorted(in_force)
            st.pills(
                t("What is this comment about? A click adds or removes."),
                sorted(themes),
                selection_mode="multi",
                format_func=lambda theme_id: t.local(themes[theme_id].name),
                key=pills,
                on_change=_remember,
                args=(feedback_id, pills),
            )


def _pills(feedback_id: int, in_force: frozenset[int]) -> str:
    """The key of a comment's buttons: a new one whenever the themes changed otherwise than by a click on them.

    The browser keeps what buttons in a closed box held last, and would send it again as if it had been clicked: an
    undone label would come back with the next click anywhere on the page.
    """
    held: dict[int, tuple[int, frozenset[int]]] = st.session_state.setdefault(HELD, {})
    turn, themes = held.get(feedback_id, (0, in_force))
    if themes != in_force:
        turn += 1
    held[feedback_id] = (turn, in_force)
    return f"themes_of_{feedback_id}_{turn}"


def _remember(feedback_id: int, pills: str) -> None:
    chosen = frozenset(st.session_state[pills])
    st.session_state[HELD][feedback_id] = (st.session_state[HELD][feedback_id][0], chosen)
    st.session_state[CHANGED] = (feedback_id, chosen)


def apply_change(ctx: Context) -> None:
    """Store a click made on the last run, say so, and offer to undo it."""
    t = ctx.t
    changed = st.session_state.pop(CHANGED, None)
    if changed is not None:
        _store(ctx, *changed)
    said: Said | None = st.session_state.get(UNDO)
    if said is None:
        return
    theme = ctx.session.get(Theme, said.theme_id)
    name = t.local(theme.name) if theme is not None else ""
    words = t("Added to a comment: {theme}") if said.applies else t("Removed from a comment: {theme}")
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="label_said"):
        st.markdown(words.format(theme=f"**{plain(name)}**"))
        if st.button(t("Undo"), key="label_undo", icon=":material/undo:"):
            _take_back(ctx, said)


def _store(ctx: Context, feedback_id: int, chosen: frozenset[int]) -> None:
    """What was switched on or off, one by one as clicks come."""
    person = ctx.require(May.LABEL)
    before = labels(ctx.session, [feedback_id])[feedback_id]
    for theme_id in sorted(before ^ chosen):
        word = word_of_a_person(ctx.session, feedback_id=feedback_id, theme_id=theme_id)
        applies = theme_id in chosen
        with refusals(ctx) as refusal, ctx.writing() as session:
            assign_by_hand(session, feedback_id=feedback_id, theme_id=theme_id, applies=applies, by=person)
        if refusal.ok:
            st.session_state[UNDO] = Said(feedback_id=feedback_id, theme_id=theme_id, applies=applies, before=word)


def _take_back(ctx: Context, said: Said) -> None:
    person = ctx.require(May.LABEL)
    with refusals(ctx) as refusal, ctx.writing() as session:
        take_back(session, feedback_id=said.feedback_id, theme_id=said.theme_id, before=said.before, by=person)
    if refusal.ok:
        del st.session_state[UNDO]
        st.rerun()

"""Check the themes of comments one after another, and teach the model what people say."""

from __future__ import annotations

import streamlit as st

from models.text_models import Drawn
from models.themes import AssignedBy
from pages import theme_check_pilot, theme_model, theme_words
from pages.context import Context, refusals
from pages.plain import plain
from services import theme_review
from services.i18n import Translator
from services.permissions import May
from services.ratings import ratings
from services.rows import key
from services.theme_browse import Quote
from services.theme_labels import Label
from services.theme_pages import all_themes
from services.theme_review import Checked, Waiting

TURN, SKIPPED, UNDO = "check_turn", "check_skipped", "check_undo"


def render(ctx: Context) -> None:
    """The next comment, its themes, and how well the model does."""
    t = ctx.t
    ctx.require(May.LABEL)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    st.title(t("Check themes"))
    st.markdown(
        t("The model suggests, you decide. What you say counts at once and for good, and the model learns from it.")
    )
    only = theme_check_pilot.conditions(ctx)
    _undo(ctx)
    _next(ctx, only)
    if not theme_check_pilot.named():
        theme_model.show(ctx)


def _next(ctx: Context, only: theme_check_pilot.Only) -> None:
    t = ctx.t
    person = ctx.require(May.LABEL)
    turn = int(st.session_state.get(TURN, 0))
    progress = theme_review.progress(ctx.session, by=person, today=ctx.today)
    found = theme_review.next_waiting(
        ctx.session,
        by=person,
        today=ctx.today,
        drawn=Drawn.RANDOM if only.by_lot else theme_review.draw_of(turn),
        skipped=st.session_state.get(SKIPPED, ()),
        only=only.conditions,
    )
    checked = t.plural("{n} comment checked", "{n} comments checked", progress.checked)
    st.caption(t.say("{checked}, {waiting} of the last year waiting.", checked=checked, waiting=progress.waiting))
    if found is None:
        st.success(t("Every comment has been checked. New ones appear here as they come."))
        if st.session_state.get(SKIPPED) and st.button(t("Show the skipped ones again"), key="check_again"):
            del st.session_state[SKIPPED]
            st.rerun()
        return
    with st.container(border=True):
        rating = ratings(ctx.session, [key(found.feedback.id)]).get(key(found.feedback.id))
        theme_words.quote(ctx, Quote(feedback=found.feedback, unit=found.unit, rating=rating))
        st.caption(_why(ctx, found, only))
        _answer(ctx, found)


def _why(ctx: Context, found: Waiting, only: theme_check_pilot.Only) -> str:
    t = ctx.t
    if found.drawn is Drawn.RANDOM:
        return only.why or t("Drawn by lot: these show how often the model is right.")
    if found.feedback.doubt is None:
        return t("The model has not read this one yet.")
    return t("Asked because the model is unsure of it.")


def _answer(ctx: Context, found: Waiting) -> None:
    """The themes to choose from, those in force chosen; one button goes on to the next."""
    t = ctx.t
    feedback_id = key(found.feedback.id)
    themes = {key(theme.id): theme for theme in all_themes(ctx.session)}
    in_force = [key(label.theme.id) for label in found.labels]
    with st.form(key=f"check_{feedback_id}", border=False):
        chosen = st.pills(
            t("What is this comment about?"),
            sorted(themes, key=lambda number: (number not in in_force, t.local(themes[number].name).casefold())),
            selection_mode="multi",
            default=in_force,
            format_func=lambda number: t.local(themes[number].name),
            key=f"check_themes_{feedback_id}",
        )
        for label in found.labels:
            if label.assigned_by in (AssignedBy.MODEL, AssignedBy.RULE) and label.matched:
                st.caption(because(t, label, found.feedback.text or ""))
        with st.container(horizontal=True):
            right = st.form_submit_button(t("Checked, next"), type="primary", icon=":material/check:")
            skip = st.form_submit_button(t("Skip"), icon=":material/skip_next:")
    if right:
        _check(ctx, found, chosen)
    if skip:
        st.session_state[SKIPPED] = (*st.session_state.get(SKIPPED, ()), feedback_id)
        _turn()


def because(t: Translator, label: Label, text: str) -> str:
    """Why the model gave a theme: the comment's own words, or the example it is like where no word decided."""
    name, said = plain(t.local(label.theme.name)), text.casefold()
    if all(word.casefold() in said for word in label.matched.split(", ")):
        return t.say("{theme}: because of {words}", theme=name, words=plain(label.matched))
    return t.say("{theme}: it is like “{example}”", theme=name, example=plain(label.matched))


def _check(ctx: Context, found: Waiting, chosen: list[int]) -> None:
    person = ctx.require(May.LABEL)
    with refusals(ctx) as refusal, ctx.writing() as session:
        st.session_state[UNDO] = theme_review.check(
            session, feedback_id=key(found.feedback.id), theme_ids=chosen, drawn=found.drawn, by=person
        )
    if refusal.ok:
        _turn()


def _turn() -> None:
    st.session_state[TURN] = int(st.session_state.get(TURN, 0)) + 1
    st.rerun()


def _undo(ctx: Context) -> None:
    """Say what was stored, and offer to take it back."""
    t = ctx.t
    done: Checked | None = st.session_state.get(UNDO)
    if done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="check_said"):
        st.markdown(t("The comment before is checked."))
        if st.button(t("Undo"), key="check_undo_button", icon=":material/undo:"):
            person = ctx.require(May.LABEL)
            with refusals(ctx) as refusal, ctx.writing() as session:
                theme_review.undo(session, done, by=person)
            if refusal.ok:
                del st.session_state[UNDO]
                st.rerun()

"""Beside one comment: more words hidden by hand, or the whole text erased for good."""

from __future__ import annotations

import streamlit as st

from models.feedback import Feedback
from pages.context import Context, refusals
from services.i18n import N_
from services.permissions import May
from services.redacted import NAMES
from services.rows import key
from services.text_removal import LONGEST_REASON, Removed, erase_text, redact_more
from themes.spans import Kind

DONE = "words_removed"
KINDS = (Kind.NAME, Kind.ADDRESS, Kind.PHONE, Kind.EMAIL, Kind.HETU, Kind.DATE_OF_BIRTH, Kind.PLATE)
REASONS = (
    N_("The customer asked for it"),
    N_("It tells who somebody is"),
    N_("It is not about the service"),
)


def told(ctx: Context) -> None:
    """Say what was done on the last run; call it once above the list of comments."""
    done: tuple[str, int] | None = st.session_state.pop(DONE, None)
    if done is None:
        return
    t = ctx.t
    what, comments = done
    if what == "hidden":
        st.success(t.plural("Hidden in {n} comment.", "Hidden in {n} comments.", comments))
    else:
        st.success(t.plural("{n} text erased for good.", "{n} texts erased for good.", comments))


def show(ctx: Context, feedback: Feedback) -> None:
    """For those who may label the comment: two forms behind a button."""
    if feedback.text is None or not ctx.may(May.LABEL, feedback.unit_id):
        return
    feedback_id = key(feedback.id)
    with st.popover(
        ctx.t("Hide or erase"), icon=":material/ink_eraser:", type="tertiary", key=f"removal_{feedback_id}"
    ):
        _hide(ctx, feedback_id)
        _erase(ctx, feedback_id)


def _hide(ctx: Context, feedback_id: int) -> None:
    t = ctx.t
    with st.form(f"hide_{feedback_id}", border=False):
        st.markdown(f"**{t('Hide personal data')}**")
        words = st.text_input(
            t("Words to hide, as they stand in the comment"), max_chars=200, key=f"hide_words_{feedback_id}"
        )
        kind = st.selectbox(
            t("What they are"),
            KINDS,
            format_func=lambda kind: t(NAMES[kind]).strip("[]"),
            key=f"hide_kind_{feedback_id}",
        )
        sent = st.form_submit_button(t("Hide these words"), key=f"hide_now_{feedback_id}")
    if sent:
        person = ctx.require(May.LABEL)
        with refusals(ctx) as refusal, ctx.writing() as session:
            done = redact_more(session, feedback_id=feedback_id, words=words or "", kind=kind, by=person)
        if refusal.ok:
            _say("hidden", done)


def _erase(ctx: Context, feedback_id: int) -> None:
    t = ctx.t
    with st.form(f"erase_{feedback_id}", border=False):
        st.markdown(f"**{t('Erase the whole text')}**")
        st.caption(
            t("The words go for good, with the comments that repeat them. The answer's ratings and themes stay.")
        )
        reason = st.selectbox(t("Why"), REASONS, format_func=t, key=f"erase_why_{feedback_id}")
        sure = st.checkbox(t("I know that this cannot be undone"), key=f"erase_sure_{feedback_id}")
        sent = st.form_submit_button(t("Erase the text for good"), key=f"erase_now_{feedback_id}")
    if sent and not sure:
        st.error(t("Tick the box to say that you know this cannot be undone."))
    elif sent:
        person = ctx.require(May.LABEL)
        with refusals(ctx) as refusal, ctx.writing() as session:
            done = erase_text(session, feedback_id=feedback_id, by=person, reason=t(reason)[:LONGEST_REASON])
        if refusal.ok:
            _say("erased", done)


def _say(what: str, done: Removed) -> None:
    st.session_state[DONE] = (what, done.comments)
    st.rerun()

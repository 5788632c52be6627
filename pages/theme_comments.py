"""The comments about a theme, ten at a time: searched, by tone, each with who said that it is about the theme."""

from __future__ import annotations

import streamlit as st

from models.themes import AssignedBy, Theme
from pages import theme_labels, theme_places, theme_redact, theme_words
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from services.rows import key
from services.theme_browse import Scope, quotes, repeats_of
from services.theme_labels import Label, labels_of
from services.theme_pages import labels

A_PAGE = 10


def show(ctx: Context, theme: Theme, scope: Scope) -> None:
    """The comments; those who may can correct their themes."""
    t = ctx.t
    st.header(t("In customers' own words"), anchor="comments")
    theme_labels.apply_change(ctx)
    theme_redact.told(ctx)
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_comments"):
        words = st.text_input(t("Search in these comments"), key="comment_words", type="search", width=320)
        tones = {"": t("all")} | {tone or theme_places.UNKNOWN: t(name) for tone, name in theme_places.TONES.items()}
        tone = choice(t("Tone"), "tone", tones, width=200)
    wanted = () if not tone else ("",) if tone == theme_places.UNKNOWN else (tone,)
    asked = (theme.code, words, tone, scope.first, scope.last, str(scope.unit_ids), scope.channels)
    if st.session_state.get("comments_of") != asked:
        st.session_state["comments_of"] = asked
        st.session_state.pop("comments_page", None)
    page = int(st.session_state.get("comments_page") or 1)
    found, total = quotes(
        ctx.session,
        scope,
        theme_id=key(theme.id),
        words=words or "",
        tones=wanted,
        limit=A_PAGE,
        skip=(page - 1) * A_PAGE,
    )
    if not total:
        if (words or "").strip() or tone:
            st.markdown(t("No comment about this fits. Clear the search or the tone to see more."))
        else:
            st.markdown(t("Nobody has written about this in words in this time."))
        return
    st.caption(t.plural("{n} comment, the newest first", "{n} comments, the newest first", total))
    ids = [key(quote.feedback.id) for quote in found]
    repeats, themes = repeats_of(ctx.session, ids), labels(ctx.session, ids)
    for quote in found:
        feedback_id = key(quote.feedback.id)
        with st.container(border=True, key=f"comment_{feedback_id}"):
            theme_words.quote(ctx, quote, repeats=repeats.get(feedback_id, 0))
            st.caption(_sources(ctx, labels_of(ctx.session, feedback_id)))
            theme_labels.show(ctx, quote.feedback, themes[feedback_id])
            theme_redact.show(ctx, quote.feedback)
    if total > A_PAGE:
        st.pagination(-(-total // A_PAGE), key="comments_page")


def _sources(ctx: Context, found: list[Label]) -> str:
    """Who or what said that the comment is about its themes."""
    t = ctx.t
    return "; ".join(f"{plain(t.local(label.theme.name))}: {_source(ctx, label)}" for label in found)


def _source(ctx: Context, label: Label) -> str:
    t = ctx.t
    if label.assigned_by is AssignedBy.PERSON:
        return t("said by a person")
    if label.assigned_by is AssignedBy.RESPONDENT:
        return t("chosen by the customer")
    if label.assigned_by is AssignedBy.RULE:
        return t.say("by the words {words}", words=plain(label.matched)) if label.matched else t("by its words")
    return t.say("suggested by the model, {confidence} sure", confidence=t.percent(label.confidence))

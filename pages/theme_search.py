"""What a search finds: themes by their names, and comments that hold every word."""

from __future__ import annotations

import streamlit as st

from pages import theme_filters, theme_words
from pages.context import Context
from pages.plain import plain
from services.rows import key
from services.theme_browse import Quote, Scope, quotes, repeats_of
from services.theme_pages import all_themes

FOUND_SHOWN = 20


def show(ctx: Context, scope: Scope, words: str) -> None:
    """Themes first, then comments."""
    t = ctx.t
    wanted = words.casefold().split()
    themes = [
        theme
        for theme in all_themes(ctx.session)
        if all(any(word in name.casefold() for name in (*theme.name.values(), *theme.keywords)) for word in wanted)
    ]
    for theme in themes:
        ctx.link(
            t.say("Theme: {theme}", theme=t.local(theme.name)),
            "theme",
            icon=":material/sell:",
            **theme_filters.carried(code=theme.code),
        )
    found, total = quotes(ctx.session, scope, words=words, limit=FOUND_SHOWN)
    if not found:
        st.info(
            t.say(
                "No comment between {first} and {last} holds: {words}",
                first=scope.first,
                last=scope.last,
                words=plain(words),
            )
        )
        return
    st.caption(t.plural("{n} comment, the newest first", "{n} comments, the newest first", total))
    repeats = repeats_of(ctx.session, [key(quote.feedback.id) for quote in found])
    for quote in found:
        _comment(ctx, quote, repeats.get(key(quote.feedback.id), 0))
    if total > len(found):
        st.caption(t.say("The newest {shown} are shown. More words or a shorter time find fewer.", shown=len(found)))


def _comment(ctx: Context, quote: Quote, repeats: int) -> None:
    with st.container(border=True):
        theme_words.quote(ctx, quote, repeats=repeats)

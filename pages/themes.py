"""What customers speak of: every theme with its numbers, and a search in their own words."""

from __future__ import annotations

import streamlit as st

from pages import theme_filters, theme_words
from pages.context import Context
from services.permissions import May
from services.rows import key
from services.theme_browse import Quote, Scope, ThemeSummary, quotes, repeats_of, summaries
from services.theme_trend import Trend, comparable, trend

ARROWS = {Trend.MORE: "↗", Trend.LESS: "↘", Trend.LEVEL: "→", Trend.UNKNOWN: ""}
FOUND_SHOWN = 20


def render(ctx: Context) -> None:
    """The themes of the chosen unit and period."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    st.title(t("What customers speak of"))
    scope = theme_filters.scope(ctx, person)
    words = st.text_input(
        t("Search in comments"), key="search", type="search", placeholder=t("for example: phone queue"), width=420
    )
    if words and words.strip():
        _found(ctx, scope, words.strip())
        return
    rows = summaries(ctx.session, scope)
    spoken = [row for row in rows if row.answers]
    if not spoken:
        st.info(t.say("No answer between {first} and {last} fits these filters.", first=scope.first, last=scope.last))
        if ctx.may(May.IMPORT):
            ctx.link(t("Import feedback"), "import", icon=":material/upload_file:")
        return
    earlier = comparable(ctx.session, scope)
    st.caption(_explained(ctx, scope, earlier=earlier))
    st.table(
        [_row(ctx, row, earlier=earlier) for row in spoken],
        hide_index=True,
        border="horizontal",
        alt=t("Feedback themes with their numbers, the most spoken of first"),
    )
    silent = [row for row in rows if not row.answers]
    if silent:
        names = ", ".join(t.local(row.theme.name) for row in silent)
        st.caption(t.say("Nobody spoke of these in this time: {themes}.", themes=names))


def _explained(ctx: Context, scope: Scope, *, earlier: bool) -> str:
    t = ctx.t
    period = t.say("Answers {first}–{last}.", first=scope.first, last=scope.last)
    before = scope.before()
    compared = (
        t.say(
            "The change is against {first}–{last}; → means no more than chance.", first=before.first, last=before.last
        )
        if earlier
        else t("There is no earlier time of the same length to compare with.")
    )
    return f"{period} {compared}"


def _row(ctx: Context, row: ThemeSummary, *, earlier: bool) -> dict[str, str]:
    t = ctx.t
    name = f"[{t.local(row.theme.name)}]({ctx.url('theme', code=row.theme.code)})"
    if row.single_opinion:
        name += f" :gray-badge[{t('single opinion')}]"
    change = f"{ARROWS[trend(row.answers, row.before)]} {t.number(row.answers - row.before, signed=True)}"
    return {
        t("Theme"): name,
        t("Answers"): t.number(row.answers),
        **({t("Change"): change} if earlier else {}),
        t("Unhappy"): theme_words.unhappy(ctx, row),
        t("People"): t.number(row.people),
        t("Channels"): t.number(row.channels),
        t("Weeks"): t.number(row.weeks),
    }


def _found(ctx: Context, scope: Scope, words: str) -> None:
    """Comments that hold every word."""
    t = ctx.t
    found, total = quotes(ctx.session, scope, words=words, limit=FOUND_SHOWN)
    if not found:
        st.info(
            t.say(
                "No comment between {first} and {last} holds: {words}", first=scope.first, last=scope.last, words=words
            )
        )
        return
    st.caption(t.plural("{n} comment, the newest first", "{n} comments, the newest first", total))
    repeats = repeats_of(ctx.session, [key(quote.feedback.id) for quote in found])
    for quote in found:
        _comment(ctx, quote, repeats.get(key(quote.feedback.id), 0))


def _comment(ctx: Context, quote: Quote, repeats: int) -> None:
    with st.container(border=True):
        theme_words.quote(ctx, quote, repeats=repeats)

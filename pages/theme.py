"""One theme: how much it is spoken of, in whose words, and which pilots answer it."""

from __future__ import annotations

import streamlit as st

from charts import themes as pictures
from charts.themes import ThemeWeek
from models.base import monday_of
from models.themes import Theme
from pages import drawing, theme_filters, theme_labels, theme_words
from pages.context import Context
from services.errors import NotFound
from services.labels import label
from services.permissions import May
from services.pilots import list_pilots
from services.rows import key
from services.theme_browse import Scope, quotes, repeats_of, summaries, weekly
from services.theme_pages import labels, theme_by_code
from services.theme_trend import comparable

A_PAGE = 10


def render(ctx: Context) -> None:
    """The theme that the address names."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    code = st.query_params.get("code", "")
    if not code:
        st.title(t("Feedback theme"))
        st.info(t("No theme was named in the address. Choose one from the list."))
        return
    try:
        theme = theme_by_code(ctx.session, code)
    except NotFound as error:
        st.title(t("Feedback theme"))
        st.error(t.error(error))
        return
    st.title(t.local(theme.name))
    if not theme.controllable:
        st.caption(t("A unit cannot change this by its own decision; it takes the area or the county."))
    scope = theme_filters.scope(ctx, person)
    if ctx.may(May.REGISTER):
        ctx.action(t("Try something about this"), "register", icon=":material/science:", theme=theme.code)
    _numbers(ctx, theme, scope)
    _pilots(ctx, theme)
    _comments(ctx, theme, scope)


def _numbers(ctx: Context, theme: Theme, scope: Scope) -> None:
    """The theme in the chosen time: how much, from how many, which way."""
    t = ctx.t
    row = next(found for found in summaries(ctx.session, scope) if found.theme.id == theme.id)
    if not row.answers:
        st.info(t.say("No answer between {first} and {last} fits these filters.", first=scope.first, last=scope.last))
        return
    before = row.before if comparable(ctx.session, scope) else None
    st.markdown(
        f"**{theme_words.spoken_by(ctx, row)}**  \n{theme_words.direction(ctx, row.answers, before)}  \n"
        + t.say("Unhappy of those who gave a rating: {share}", share=theme_words.unhappy(ctx, row))
    )
    weeks = [
        ThemeWeek(week=monday_of(week.week), answers=week.answers, unhappy=week.unhappy, rated=week.judged)
        for week in weekly(ctx.session, scope, key(theme.id))
    ]
    drawing.draw(
        ctx,
        pictures.weekly_volume(weeks, look=drawing.look(ctx), t=t),
        pictures.describe(weeks),
        key="theme_weeks",
    )
    drawing.table(ctx, pictures.table(weeks, t=t), title=t("The picture's numbers, week by week"), key="theme_table")


def _pilots(ctx: Context, theme: Theme) -> None:
    t = ctx.t
    st.header(t("Pilots that answer this"))
    found = list_pilots(ctx.session, today=ctx.today, theme_id=theme.id)
    if not found:
        st.markdown(t("Nobody has tried anything about this yet."))
    for row in found:
        words = f"{row.pilot.code} {t.local(row.pilot.title)} · {t.local(row.unit.name)} · {label(t, row.status)}"
        ctx.link(words, "pilot", icon=":material/science:", code=row.pilot.code)


def _comments(ctx: Context, theme: Theme, scope: Scope) -> None:
    """The comments about the theme, ten at a time; those who may can correct their themes."""
    t = ctx.t
    st.header(t("In customers' own words"))
    theme_labels.apply_change(ctx)
    page = int(st.session_state.get("comments_page") or 1)
    found, total = quotes(ctx.session, scope, theme_id=key(theme.id), limit=A_PAGE, skip=(page - 1) * A_PAGE)
    if not total:
        st.markdown(t("Nobody has written about this in words in this time."))
        return
    st.caption(t.plural("{n} comment, the newest first", "{n} comments, the newest first", total))
    ids = [key(quote.feedback.id) for quote in found]
    repeats, themes = repeats_of(ctx.session, ids), labels(ctx.session, ids)
    for quote in found:
        feedback_id = key(quote.feedback.id)
        with st.container(border=True):
            theme_words.quote(ctx, quote, repeats=repeats.get(feedback_id, 0))
            theme_labels.show(ctx, quote.feedback, themes[feedback_id])
    if total > A_PAGE:
        st.pagination(-(-total // A_PAGE), key="comments_page")

"""The themes spoken of most, on the first page: how much, from how many, which way, in whose words; try something."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from models.people import Person
from pages import theme_seen, theme_words
from pages.context import Context
from pages.theme_seen import Eyes
from services.permissions import May, reach
from services.rows import key
from services.theme_browse import Scope, ThemeSummary, quotes, summaries
from services.theme_trend import comparable, last_weeks

WEEKS = 12
LOUDEST = 3


def show(ctx: Context, person: Person) -> None:
    """The themes spoken of most that are not thanks, each with a way to try something."""
    t = ctx.t
    first, last = last_weeks(ctx.today, WEEKS)
    units = reach(ctx.session, person)
    scope = Scope(first=first, last=last, unit_ids=units)
    st.header(t("What customers say most"))
    found = [row for row in summaries(ctx.session, scope) if row.answers and not row.theme.praise][:LOUDEST]
    if not found:
        st.info(t.say("No answer between {first} and {last} is about a theme yet.", first=first, last=last))
        if ctx.may(May.IMPORT):
            ctx.link(t("Import feedback"), "import", icon=":material/upload_file:")
        return
    st.caption(t.say("{first}–{last}, compared with the {weeks} weeks before", first=first, last=last, weeks=WEEKS))
    earlier = comparable(ctx.session, scope)
    looked = theme_seen.eyes(ctx, scope, earlier=earlier)
    quoted: set[int] = set()
    with st.grid(columns="auto", min_column_width=300):
        for row in found:
            with st.container(border=True, height="stretch", key=f"theme_{row.theme.code}"):
                _theme(ctx, person, row, scope, looked, earlier=earlier, quoted=quoted)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_forward:")


def _theme(
    ctx: Context, person: Person, row: ThemeSummary, scope: Scope, looked: Eyes, *, earlier: bool, quoted: set[int]
) -> None:
    """One theme; `quoted` are the comments quoted already, so that nobody's words stand for two themes."""
    t = ctx.t
    seen = looked.seen(row)
    st.markdown(f"### {t.local(row.theme.name)}")
    way = theme_seen.direction(ctx, row, seen, earlier=earlier)
    st.markdown(f"{theme_words.spoken_by(ctx, row, told=seen.number)}  \n{way}")
    year = replace(scope, first=ctx.today - dt.timedelta(days=365))
    words, _ = quotes(ctx.session, year, theme_id=key(row.theme.id), limit=LOUDEST)
    fresh = next((found for found in words if key(found.feedback.id) not in quoted), None)
    if fresh is not None:
        quoted.add(key(fresh.feedback.id))
        if fresh.feedback.given_on < scope.first:
            st.caption(t("Newest words"))
        theme_words.quote(ctx, fresh, place=scope.unit_ids is None or len(scope.unit_ids) > 1)
    else:
        st.caption(t("Nobody has written about this in words in the last year."))
    with st.container(horizontal=True, vertical_alignment="center"):
        ctx.link(t("Look closer"), "theme", icon=":material/search:", code=row.theme.code)
        if ctx.may(May.REGISTER):
            ctx.action(t("Try something about this"), "register", icon=":material/science:", theme=row.theme.code)
        elif ctx.may(May.PROPOSE, person.unit_id):
            ctx.link(t("Propose an idea"), "ideas", icon=":material/lightbulb:", theme=row.theme.code)

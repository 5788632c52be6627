"""A theme's numbers in the chosen time: how much, from how many, which way, how unhappy, week by week."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from charts import spc
from charts import themes as pictures
from charts.measure import Measure
from charts.themes import ThemeWeek
from models.base import monday_of
from models.themes import Theme
from pages import drawing, theme_seen, theme_words
from pages.context import Context
from pages.theme_seen import Seen
from services.rows import key
from services.small_numbers import few
from services.theme_alerts import share_chart
from services.theme_browse import Scope, ThemeSummary, summary, weekly
from services.theme_evidence import Weight, weight
from services.theme_scope import answers_in
from services.theme_told import weeks_told
from services.theme_trend import comparable, trend
from stats.metric import Direction, Kind

CHART_WEEKS = 52
FEWEST_A_WEEK = 2.0
"""Fewer answers a week than this leave the limits of a control chart nothing to tell."""
MANY_BY_ONE = 3


def show(ctx: Context, theme: Theme, scope: Scope) -> bool:
    """Draw them; whether there was anything to draw."""
    t = ctx.t
    row = summary(ctx.session, scope, theme)
    if not row.answers:
        st.info(t.say("No answer between {first} and {last} fits these filters.", first=scope.first, last=scope.last))
        return False
    earlier = comparable(ctx.session, scope)
    seen = theme_seen.eyes(ctx, scope, earlier=earlier).seen(row)
    lines = [f"**{theme_words.spoken_by(ctx, row, told=seen.number)}**"]
    if seen.number:
        lines.append(t.say("Volume against the time before: {change}", change=_volume(ctx, row, seen, earlier=earlier)))
        lines.append(t.say("Of all answers: {share}", share=_of_all(ctx, scope, row, seen, earlier=earlier)))
        unhappy = t.say("Unhappy: {share}", share=theme_seen.unhappy(ctx, row, seen))
        if earlier and seen.tones:
            unhappy += f"; {theme_seen.unhappier(ctx, row, seen)}"
        lines.append(unhappy)
        lines += _weight(ctx, row, weight(ctx.session, scope, key(theme.id)), seen, earlier=earlier)
    st.markdown("  \n".join(lines))
    st.caption(theme_words.explained(ctx))
    if not seen.number:
        return True
    st.caption(
        t(
            "In brackets are 95 % intervals. An answer's tone is its own rating; without a rating it is read from the "
            "words."
        )
    )
    _weeks(ctx, theme, scope)
    _chart(ctx, theme, scope)
    return True


def _volume(ctx: Context, row: ThemeSummary, seen: Seen, *, earlier: bool) -> str:
    t = ctx.t
    if not earlier:
        return t("no earlier time to compare with")
    if not seen.before:
        return theme_words.not_shown(ctx)
    changed = theme_words.volume_changed(ctx, row.answers, row.before)
    return t.say("{change}, {before} before", change=changed, before=row.before)


def _of_all(ctx: Context, scope: Scope, row: ThemeSummary, seen: Seen, *, earlier: bool) -> str:
    now = answers_in(ctx.session, scope)
    said = theme_words.share(ctx, row.answers, now, decimals=1)
    if not earlier or not seen.before:
        return said
    before = answers_in(ctx.session, scope.before())
    return f"{said}; {theme_words.share_changed(ctx, (row.answers, now), (row.before, before), decimals=1)}"


def _weight(ctx: Context, row: ThemeSummary, found: Weight, seen: Seen, *, earlier: bool) -> list[str]:
    """Repeats, and whether the picture changes without the most active person; not how much that person said."""
    t = ctx.t
    lines = []
    if few(found.repeats):
        lines.append(t("A few further answers repeat others and are not counted."))
    elif found.repeats:
        lines.append(
            t.plural(
                "{n} further answer repeats another and is not counted.",
                "{n} further answers repeat others and are not counted.",
                found.repeats,
            )
        )
    if found.most >= MANY_BY_ONE:
        before = row.before if earlier and seen.before else None
        without = row.before - found.before_of_most if before is not None else None
        same = trend(row.answers, before) == trend(row.answers - found.most, without)
        lines.append(
            t("Without the most active person the change would be the same.")
            if same
            else t("Without the most active person the change would be another.")
        )
    return lines


def _told_weeks(ctx: Context, scope: Scope, theme: Theme) -> list[ThemeWeek]:
    """The theme week by week; a week of few people without its numbers."""
    may = weeks_told(ctx.session, scope, key(theme.id))
    found = []
    for week in weekly(ctx.session, scope, key(theme.id)):
        number, tones = may.get(week.week, (True, True))
        found.append(
            ThemeWeek(
                week=monday_of(week.week),
                answers=week.answers if number else None,
                unhappy=week.unhappy if tones else None,
                rated=week.judged if tones else None,
            )
        )
    return found


def _weeks(ctx: Context, theme: Theme, scope: Scope) -> None:
    t = ctx.t
    weeks = _told_weeks(ctx, scope, theme)
    if not any(week.answers for week in weeks):
        st.markdown(t("Each single week has too few people for its number to be shown. Choose a larger unit."))
        return
    drawing.draw(
        ctx, pictures.weekly_volume(weeks, look=drawing.look(ctx), t=t), pictures.describe(weeks), key="theme_weeks"
    )
    drawing.table(
        ctx,
        pictures.table(weeks, hidden=theme_words.not_shown(ctx), t=t),
        title=t("The picture's numbers, week by week"),
        key="theme_table",
    )


def _chart(ctx: Context, theme: Theme, scope: Scope) -> None:
    """The theme's share of all answers over a year, with the limits of its usual variation."""
    t = ctx.t
    year = replace(scope, first=scope.last - dt.timedelta(weeks=CHART_WEEKS) + dt.timedelta(days=1))
    weeks = weekly(ctx.session, year, key(theme.id))
    first = next((place for place, week in enumerate(weeks) if week.answers), len(weeks))
    weeks = weeks[first:]
    st.subheader(t("Has it left its usual range?"))
    if not weeks or sum(week.answers for week in weeks) < FEWEST_A_WEEK * len(weeks):
        few = t("Under two answers a week: limits would tell nothing here.")
        st.markdown(few if scope.unit_ids is None else f"{few} {t('Choose a larger unit.')}")
        return
    found = share_chart(ctx.session, year, [week.week for week in weeks], [week.answers for week in weeks])
    if found is None:
        return
    measure = Measure(
        name=t("Share of all answers, week by week"),
        kind=Kind.PROPORTION,
        direction=Direction.INCREASE if theme.praise else Direction.DECREASE,
    )
    days = [monday_of(week.week) for week in weeks]
    told = _told_weeks(ctx, replace(year, first=days[0]), theme)
    if any(week.answers is None for week in told):
        st.markdown(t("Some weeks have too few people for their share to be drawn. Choose a larger unit."))
        return
    drawing.draw(
        ctx,
        spc.chart(found, at=days, measure=measure, look=drawing.look(ctx), t=t),
        spc.describe(found, measure=measure),
        key="theme_limits",
    )
    drawing.table(
        ctx, spc.table(found, at=days, measure=measure, t=t), title=t("The shares and their limits"), key="limits_table"
    )

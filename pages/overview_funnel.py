"""The funnel from feedback to established practice, what never led to anything, and what waits too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from charts import funnel as picture
from charts.funnel import FunnelStage
from charts.look import Look
from pages import drawing
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from services import funnel as service
from services.funnel import STAGE_NAMES, Funnel, Stage, StageCount
from services.i18n import N_, Translator
from services.permissions import May
from services.small_numbers import LEAST_CUSTOMERS, few
from services.taken_up import TARGET_DAYS, Waiting, clock
from services.theme_scope import Scope

PERIODS: dict[str, str] = {
    "all": N_("all time"),
    "52": N_("a year"),
    "26": N_("half a year"),
    "13": N_("a quarter"),
}
SHOWN = 10
"""Rows of the list of what waits before the rest is folded away."""


def period(ctx: Context) -> tuple[dt.date, dt.date]:
    """The chosen days, up to today; all time begins with the first answer there is."""
    t = ctx.t
    chosen = choice(t("Feedback of"), "period", {code: t(name) for code, name in PERIODS.items()}, width=200)
    if chosen != "all":
        return ctx.today - dt.timedelta(weeks=int(chosen)), ctx.today
    return service.first_feedback(ctx.session) or ctx.today, ctx.today


def show(ctx: Context, unit_ids: Collection[int] | None, days: tuple[dt.date, dt.date]) -> None:
    """The picture beside its numbers, then the two clocks."""
    t = ctx.t
    scope = Scope(first=days[0], last=days[1], unit_ids=unit_ids)
    found = service.funnel(ctx.session, scope=scope, today=ctx.today, by=ctx.person)
    if not found.stages[0].themes:
        st.info(t.say("Nobody spoke of anything between {first} and {last}.", first=days[0], last=days[1]))
        return
    st.markdown(
        t.say(
            "{first}–{last}: {answers} answers speak of something that a unit can change. This is how far each theme "
            "has got by today.",
            first=days[0],
            last=days[1],
            answers=found.answers,
        )
    )
    stages = tuple(_stage(ctx, stage) for stage in found.stages)
    with st.grid(columns=2, min_column_width=300, gap="large", key="funnel_sides"):
        with st.container(key="funnel_picture"):
            drawing.draw(ctx, _picture(stages, drawing.look(ctx), t), picture.describe(stages), key="funnel")
        with st.container(key="funnel_numbers"):
            st.table(
                drawing.printed(ctx, picture.table(stages, t=t)),
                hide_index=True,
                border="horizontal",
                alt=t("The funnel's numbers"),
            )
            st.caption(
                t(
                    "Each stage counts themes, and is a part of the one before. Thanks, and themes that no unit can "
                    "change, are left out. The days are the median: half of the pilots took less. Of the first step "
                    "they tell how long after a theme was heard in a unit an answer to it was written down."
                )
            )
            if found.ideas:
                st.markdown(t.say("Ideas that have not become a pilot yet: {ideas}.", ideas=found.ideas))
    _unused(ctx, found)
    _clock(ctx, unit_ids)


def _stage(ctx: Context, count: StageCount) -> FunnelStage:
    t = ctx.t
    lead, days = "", count.days
    if days is not None:
        if count.stage is Stage.IN_USE and days < 1:  # the same decision sets both, so there is no time between them
            lead, days = t("by the same decision"), None
        elif days < 1:
            lead = t("on the same day")
        else:
            lead = t.say(
                "half within {days} ({pilots})",
                days=t.plural("{n} day", "{n} days", round(days)),
                pilots=t.plural("{n} pilot", "{n} pilots", count.timed),
            )
    return FunnelStage(
        name=t(STAGE_NAMES[count.stage]),
        themes=count.themes,
        pilots=None if count.stage is Stage.SPOKEN else count.pilots,
        lead=lead,
        days=days,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _picture(stages: tuple[FunnelStage, ...], look: Look, _t: Translator) -> dict[str, Any]:
    return picture.chart(stages, look=look, t=_t).to_dict()


def _unused(ctx: Context, found: Funnel) -> None:
    t, unused = ctx.t, found.unused
    st.header(t("Feedback that led to nothing"))
    if unused.share is None:
        st.markdown(t("There are no written comments in this time."))
        return
    st.markdown(
        t.say(
            "**{share}** of the comments ({unused}/{comments}) speak of something that no idea and no pilot answers "
            "where the comment was given.",
            share=t.percent(unused.share),
            unused=unused.unused,
            comments=unused.comments,
        )
    )
    if unused.unused_themes:
        st.markdown(
            t.say(
                "Themes that nothing answers anywhere here: {unused}/{themes}.",
                unused=unused.unused_themes,
                themes=unused.themes,
            )
        )
    st.caption(t("Asking only pays when something comes of it: ask less, or try more."))


def _clock(ctx: Context, unit_ids: Collection[int] | None) -> None:
    t = ctx.t
    st.header(t("From hearing to the first change"))
    found = clock(ctx.session, today=ctx.today, by=ctx.person, unit_ids=unit_ids)
    st.caption(
        t.say(
            "A unit has heard a theme when its third unhappy customer within a quarter has named it. The aim is that "
            "something changes within {target} days: a pilot starts, a proven change arrives, or the matter is solved "
            "on the spot.",
            target=TARGET_DAYS,
        )
    )
    if found.median_days is not None:
        st.markdown(
            t.say(
                "Something has changed in {changed} cases, in {in_time} of them in time. Half took at most {days}.",
                changed=found.changed,
                in_time=found.in_time,
                days=t.plural("{n} day", "{n} days", round(found.median_days)),
            )
        )
    if not found.overdue:
        st.success(t("Nothing that customers still speak of has waited past the aim."))
        return
    st.markdown(
        t.say(
            "Still spoken of and past the aim: {waiting}. First those with the most unhappy customers of the quarter.",
            waiting=len(found.overdue),
        )
    )
    overdue = sorted(found.overdue, key=_loudest)
    _waiting(ctx, overdue[:SHOWN])
    if len(overdue) > SHOWN:
        with st.expander(t.say("The other {rest}", rest=len(found.overdue) - SHOWN), key="overdue_rest"):
            _waiting(ctx, overdue[SHOWN:])


def _loudest(one: Waiting) -> tuple[int, str, str]:
    """The order of the list; numbers that are not told do not show in it."""
    return 0 if few(one.unhappy) else -one.unhappy, one.theme.code, one.unit.code


def _waiting(ctx: Context, waiting: Sequence[Waiting]) -> None:
    t = ctx.t
    st.table(
        [
            {
                t("Theme"): _theme(ctx, one),
                t("Unit"): plain(t.local(one.unit.name)),
                t("Waited"): t.say(
                    "{days}, since {date}", days=t.plural("{n} day", "{n} days", one.days), date=one.heard_on
                ),
                t("Unhappy"): t.say("below {fewest}", fewest=LEAST_CUSTOMERS)
                if few(one.unhappy)
                else t.number(one.unhappy),
            }
            for one in waiting
        ],
        hide_index=True,
        border="horizontal",
        alt=t("Themes in units that wait for a first change"),
    )


def _theme(ctx: Context, one: Waiting) -> str:
    t, name = ctx.t, plain(ctx.t.local(one.theme.name))
    if ctx.may(May.SEE_FEEDBACK, one.unit.id):
        name = f"[{name}]({ctx.url('theme', code=one.theme.code, unit=one.unit.code)})"
    return t.say("{theme} – an answer is on its way", theme=name) if one.proposed else name

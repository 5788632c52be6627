"""What matters most: which themes move satisfaction, and which move repeat contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from charts import drivers as picture
from charts.drivers import DriverPoint
from charts.look import Look
from pages import drawing, theme_filters
from pages.choices import choice
from pages.context import Context
from services.drivers import Drivers, NamedTheme, Outcome, drivers, outcomes, record_version
from services.errors import BadInput
from services.i18n import Translator
from services.permissions import May
from services.small_numbers import LEAST_CUSTOMERS, few
from services.theme_browse import Scope
from services.theme_pages import all_themes
from services.wording import sentence
from stats.drivers import FEWEST_NAMED, Driver
from stats.errors import CannotEstimateError
from stats.messages import Message

SECONDS = 600
MANY_AT_AN_END = 0.5
CHANCE = 0.05


def render(ctx: Context) -> None:
    """The themes that matter for the chosen outcome, unit and time."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    st.title(t("What matters most"))
    scope = theme_filters.scope(ctx, person)
    offered = _outcomes(ctx, _database(ctx), scope)
    if not offered:
        st.info(t.say("Too few answers between {first} and {last} tell this.", first=scope.first, last=scope.last))
        return
    code = choice(t("What it is about"), "outcome", {one.code: _name(ctx, one) for one in offered}, width=320)
    with st.spinner(t("Working out what matters…")):
        found = _found(ctx, _database(ctx), scope, code)
    if isinstance(found, Message):
        st.info(_refused(ctx, found))
        return
    _headline(ctx, found)
    _picture(ctx, found)
    _table(ctx, found)
    _around(ctx, found)


def _database(ctx: Context) -> tuple[str, int, int]:
    return (ctx.settings.database_url, *record_version(ctx.session))


@st.cache_data(ttl=SECONDS, max_entries=100, show_spinner=False)
def _outcomes(_ctx: Context, database: tuple[str, int, int], scope: Scope) -> list[Outcome]:
    return outcomes(_ctx.session, scope)


@st.cache_data(ttl=SECONDS, max_entries=100, show_spinner=False)
def _found(_ctx: Context, database: tuple[str, int, int], scope: Scope, outcome: str) -> Drivers | Message:
    """The analysis, or the sentence that says why there is none; a refusal names themes by their codes."""
    try:
        return drivers(_ctx.session, scope, outcome=outcome, by=_ctx.person)
    except CannotEstimateError as error:
        return error.message
    except BadInput as error:
        return Message(error.text, error.values)


def _refused(ctx: Context, why: Message) -> str:
    """The sentence, with the themes in it by their names."""
    codes = why.values.get("themes", ())
    names = {theme.code: ctx.t.local(theme.name) for theme in all_themes(ctx.session)} if codes else {}
    listed = [names.get(str(code), str(code)) for code in codes] if isinstance(codes, list | tuple) else codes
    return sentence(ctx.t, Message(why.text, {**why.values, **({"themes": listed} if codes else {})}))


def _name(ctx: Context, outcome: Outcome) -> str:
    return ctx.t.local(outcome.name) or ctx.t(outcome.msgid)


def _headline(ctx: Context, found: Drivers) -> None:
    t, analysis = ctx.t, found.analysis
    leader = analysis.leader
    if analysis.p_value >= CHANCE:
        st.info(t("In these answers no theme can be shown to go with this outcome. Choose a longer time."))
    elif leader is not None:
        st.success(t.say("What matters most: {theme}.", theme=_theme(ctx, found, leader)))
    else:
        names = "; ".join(_theme(ctx, found, one) for one in analysis.candidates)
        st.info(t.say("No single theme can be said to matter most. It may be any of these: {themes}.", themes=names))
    st.caption(
        t.say(
            "{answers} answers from {people} people. Each theme is compared with other answers of the same unit, "
            "channel and week. This shows what goes together, not yet what causes what: a pilot tells that.",
            answers=analysis.answers,
            people=analysis.people,
        )
    )
    best = analysis.at_bottom if found.outcome.more_is_worse else analysis.at_top
    if best >= MANY_AT_AN_END and not found.outcome.yes_or_no:
        st.caption(
            t.say(
                "{share} of the answers are the best possible. Differences among them cannot be seen, so that effects "
                "may be larger than shown.",
                share=t.percent(best),
            )
        )


def _theme(ctx: Context, found: Drivers, driver: Driver) -> str:
    return ctx.t.local(found.themes[driver.name].name)


def _points(ctx: Context, found: Drivers) -> tuple[DriverPoint, ...]:
    sign = (1 if found.outcome.more_is_worse else -1) * (100 if found.outcome.yes_or_no else 1)
    candidates = {one.name for one in found.analysis.candidates} if found.analysis.p_value < CHANCE else set()
    points = []
    for number, one in enumerate(found.analysis.drivers, start=1):
        low, high = sorted((sign * one.effect.interval.low, sign * one.effect.interval.high))
        points.append(
            DriverPoint(
                number=number,
                name=_theme(ctx, found, one),
                answers=one.answers,
                worse=sign * one.effect.effect,
                low=low,
                high=high,
                candidate=one.name in candidates,
            )
        )
    return tuple(points)


def _picture(ctx: Context, found: Drivers) -> None:
    t = ctx.t
    worse = t("How much worse, percentage points") if found.outcome.yes_or_no else t("How much worse, points")
    points = _points(ctx, found)
    drawing.draw(ctx, _drawn(points, worse, drawing.look(ctx), t), picture.describe(points), key="drivers_picture")


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(points: tuple[DriverPoint, ...], axis: str, look: Look, _t: Translator) -> dict[str, Any]:
    """The picture's specification: building it is most of a rerun's cost."""
    return picture.chart(points, axis=axis, look=look, t=_t).to_dict()


def _table(ctx: Context, found: Drivers) -> None:
    t = ctx.t
    st.table(
        [_row(ctx, found, number, one) for number, one in enumerate(found.analysis.drivers, start=1)],
        hide_index=True,
        border="horizontal",
        alt=t("Themes by how much they matter, the most important first"),
    )
    st.caption(
        t(
            "Effect: how much lower or higher the answer is where the theme is named, and the 95 % interval. Rank: "
            "the places the theme takes when the respondents are drawn anew a thousand times."
        )
    )
    drawing.table(
        ctx,
        [_more(ctx, found, number, one) for number, one in enumerate(found.analysis.drivers, start=1)],
        title=t("More numbers"),
        key="drivers_more",
    )


def _amount(ctx: Context, found: Drivers, value: float) -> str:
    yes_or_no = found.outcome.yes_or_no
    return ctx.t.number(value * (100 if yes_or_no else 1), 0 if yes_or_no else 2, signed=True)


def _row(ctx: Context, found: Drivers, number: int, one: Driver) -> dict[str, str]:
    t, interval = ctx.t, one.effect.interval
    unit = t("Effect, percentage points") if found.outcome.yes_or_no else t("Effect, points")
    effect, low, high = (_amount(ctx, found, value) for value in (one.effect.effect, interval.low, interval.high))
    rank = t.number(one.best_rank)
    if one.worst_rank > one.best_rank:
        rank += f"–{t.number(one.worst_rank)}"
    return {
        t("No."): t.number(number),
        t("Theme"): f"[{_theme(ctx, found, one)}]({ctx.url('theme', code=one.name)})",
        t("Answers"): t.number(one.answers),
        unit: f"{effect} ({low} … {high})",
        t("Rank"): rank,
    }


def _more(ctx: Context, found: Drivers, number: int, one: Driver) -> dict[str, object]:
    t, odds = ctx.t, one.odds
    explained = found.analysis.explained
    share = one.importance / explained if explained > 0 else 0.0
    return {
        t("No."): number,
        t("Theme"): _theme(ctx, found, one),
        t("Plain difference of means"): _amount(ctx, found, one.difference),
        t("Share of what themes explain"): t.percent(share),
        t("Comes first"): t.percent(one.first),
        t("Odds of a higher answer, times"): None
        if odds is None
        else f"{t.number(odds.ratio, 2)} ({t.number(odds.interval.low, 2)} … {t.number(odds.interval.high, 2)})",
    }


def _around(ctx: Context, found: Drivers) -> None:
    """What is not among the drivers, and where to go on."""
    t = ctx.t
    if found.rare:
        st.caption(
            t.say(
                "Named too seldom to tell (at least {fewest} answers are needed): {themes}.",
                fewest=FEWEST_NAMED,
                themes=_listed(ctx, found.rare),
            )
        )
    if found.beside:
        st.caption(t.say("Allowed for, but not compared: {themes}.", themes=_listed(ctx, found.beside)))
    ctx.action(t("Where next?"), "where-next", icon=":material/explore:")
    ctx.link(t("How the numbers are worked out"), "methods", icon=":material/functions:")


def _listed(ctx: Context, themes: Sequence[NamedTheme]) -> str:
    """Themes with how many answers name them; those of few people without the number."""
    t = ctx.t
    few_of = t.say("fewer than {least} answers", least=LEAST_CUSTOMERS)
    return ", ".join(
        f"{t.local(theme.name)} ({few_of if few(theme.people) else t.number(theme.answers)})" for theme in themes
    )

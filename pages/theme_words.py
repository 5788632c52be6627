"""What is said of a theme's numbers, the same on every page that shows them."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from pages.voices import voice
from services.i18n import N_
from services.small_numbers import LEAST_CUSTOMERS, few
from services.theme_browse import Quote, ThemeSummary
from services.theme_trend import Trend, share_change, share_interval, trend, volume_change

NOT_SHOWN = N_("not shown")


def not_shown(ctx: Context) -> str:
    """What stands in the place of a number of few people, or of one that would give such a number away."""
    return ctx.t(NOT_SHOWN)


def explained(ctx: Context) -> str:
    """What it means that a number is not shown; once on a page."""
    return ctx.t.say(
        "“Not shown”: fewer than {least} people are behind the number, or such a number could be worked out from it.",
        least=LEAST_CUSTOMERS,
    )


def spoken_by(ctx: Context, summary: ThemeSummary, *, told: bool) -> str:
    """How much, from how many, through what: "31 answers from 27 people, 4 channels, 11 weeks".

    Args:
        ctx: The rerun.
        summary: The theme's numbers.
        told: Whether they may be told.
    """
    t = ctx.t
    if not told and few(summary.people):
        return t.say("Fewer than {least} people so far: a hint, not yet a pattern", least=LEAST_CUSTOMERS)
    if not told:
        return t("The number of people is not shown, because a smaller one could be worked out from it")
    return t.say(
        "{answers} from {people}, through {channels}, in {weeks}",
        answers=t.plural("{n} answer", "{n} answers", summary.answers),
        people=people(ctx, summary.people),
        channels=t.plural("{n} channel", "{n} channels", summary.channels),
        weeks=t.plural("{n} week", "{n} weeks", summary.weeks),
    )


def people(ctx: Context, number: int) -> str:
    """A number of people, inflected for "from"."""
    return ctx.t.plural("{n} person", "{n} people", number)


def direction(ctx: Context, now: int, before: int | None) -> str:
    """Which way the number of answers goes against the same length of time before, in words."""
    t = ctx.t
    found = trend(now, before)
    if found is Trend.UNKNOWN:
        return t("no earlier time to compare with")
    if found is Trend.MORE:
        return t.say("↗ more than in the time before ({before})", before=before)
    if found is Trend.LESS:
        return t.say("↘ less than in the time before ({before})", before=before)
    return t.say("→ no clear change from the time before ({before})", before=before)


def share(ctx: Context, count: int, of: int, *, decimals: int = 0) -> str:
    """A share with its interval and its counts: "62 % (49–74 %), 31/50"; a dash when there is nothing to divide by."""
    found = share_interval(count, of)
    if found is None:
        return "–"
    t = ctx.t
    return t.say(
        "{share} ({low}–{high}), {count}/{of}",
        share=t.percent(count / of, decimals),
        low=t.number(100 * max(found.low, 0.0), decimals),
        high=t.percent(min(found.high, 1.0), decimals),
        count=count,
        of=of,
    )


def volume_changed(ctx: Context, now: int, before: int | None) -> str:
    """How many times as many answers as before, with its interval; says so when chance may explain it."""
    t = ctx.t
    if before is None:
        return "–"
    found = volume_change(now, before)
    if found is None:
        return "–"
    way = trend(now, before)
    if not before:
        return t("↗ new: none before") if way is Trend.MORE else t("→ cannot say yet, none before")
    values = {
        "times": t.number(found.effect, 1),
        "low": t.number(found.interval.low, 1),
        "high": t.number(found.interval.high, 1),
    }
    if way is Trend.LEVEL:
        return t.say("→ cannot say yet ({low}–{high} times)", low=values["low"], high=values["high"])
    if way is Trend.MORE:
        return t.say("↗ {times} times as many ({low}–{high})", **values)
    return t.say("↘ {times} times as many ({low}–{high})", **values)


def share_changed(ctx: Context, now: tuple[int, int], before: tuple[int, int] | None, *, decimals: int = 0) -> str:
    """The difference of two shares in percentage points, with its interval; says so when chance may explain it."""
    t = ctx.t
    found = share_change(*now, *before) if before is not None else None
    if found is None:
        return "–"
    low, high = found.interval.low, found.interval.high
    values = {
        "points": t.number(100 * found.effect, decimals, signed=True),
        "low": t.number(100 * low, decimals, signed=True),
        "high": t.number(100 * high, decimals, signed=True),
    }
    if low <= 0 <= high:
        return t.say("→ cannot say yet ({low} to {high} points)", low=values["low"], high=values["high"])
    if found.effect > 0:
        return t.say("↗ {points} points ({low} to {high})", **values)
    return t.say("↘ {points} points ({low} to {high})", **values)


def quote(ctx: Context, found: Quote, *, place: bool = True, repeats: int = 0) -> None:
    """A customer's own words, with the rating, the unit and the day below; repeats are told, not shown again."""
    t = ctx.t
    voice(ctx, found.feedback)
    facts = [t.date(found.feedback.given_on)]
    if place:
        facts.insert(0, t.local(found.unit.name))
    if found.rating is not None:
        facts.append(t.say("rating {value}/{top}", value=found.rating[0], top=found.rating[1]))
    if found.feedback.statutory_decision:
        facts.append(t("about an official decision"))
    if repeats:
        facts.append(t.plural("the same said {n} time more", "the same said {n} times more", repeats))
    st.caption(" · ".join(facts))

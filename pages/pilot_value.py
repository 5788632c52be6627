"""What a pilot costs for what it gains: staff hours and euros of the first year for each unit of effect."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from models.metrics import Direction, Metric, MetricKind
from pages.context import Context
from services import plans
from services.evaluation import StoredEvaluation
from services.pilots import PilotRow
from services.rows import key
from services.value import Value, value
from services.wording import amount
from stats.open_estimate import OpenEstimate

Printed = Callable[[Context, float], str]
"""Prints hours or euros."""


def show(ctx: Context, row: PilotRow, stored: StoredEvaluation | None) -> None:
    """Draw the sentence and the table; nothing before the first evaluation."""
    if stored is None or stored.result is None:
        return
    t = ctx.t
    whole = plans.current(ctx.session, key(row.pilot.id))
    found = value(row, whole, stored)
    st.header(t("What it costs for what it gains"))
    st.markdown(_hours_said(ctx, found, whole.metric))
    if found.euros > 0:
        st.markdown(_euros_said(ctx, found, whole.metric))
    st.table(_rows(ctx, found, whole.metric), hide_index=True, border="horizontal")
    st.caption(
        t(
            "Costs are what the team said when it registered the pilot. The range is that of the effect: where the "
            "effect may be nothing, a gain may cost any amount."
        )
    )


def _hours_said(ctx: Context, found: Value, metric: Metric) -> str:
    t = ctx.t
    if found.saves_time:
        said = t.plural(
            "The change saves about {n} hour of working time in the first year, the work of setting it up counted in.",
            "The change saves about {n} hours of working time in the first year, the work of setting it up counted in.",
            round(-found.hours),
        )
        return said if found.shows_a_gain else f"{said} {t('Whether it also improves the measure is not shown.')}"
    if found.hours == 0:
        return t("The change takes no extra working time.")
    return _said(
        ctx,
        found.hours_per_change,
        cost=_hours(ctx, found.hours),
        printed=_hours,
        size=amount(t, found.smallest_change, metric),
    )


def _euros_said(ctx: Context, found: Value, metric: Metric) -> str:
    return _said(
        ctx,
        found.euros_per_change,
        cost=_euros(ctx, found.euros),
        printed=_euros,
        size=amount(ctx.t, found.smallest_change, metric),
    )


def _said(ctx: Context, one: OpenEstimate | None, *, cost: str, printed: Printed, size: str) -> str:
    t = ctx.t
    if one is None:
        return t.say("The first year takes {cost}. There is no effect yet to set against it.", cost=cost)
    if one.interval is None:
        return t.say("The first year takes {cost}, but no gain is seen that it could be the price of.", cost=cost)
    if math.isnan(one.value):
        return t.say(
            "The first year takes {cost}. The estimate is no gain; if there is one after all, {size} costs at least "
            "{low}.",
            cost=cost,
            size=size,
            low=printed(ctx, one.interval.low),
        )
    if math.isinf(one.interval.high):
        return t.say(
            "A gain of {size} takes about {value} in the first year, at least {low}. How much at most cannot be said, "
            "because the effect may be nothing.",
            size=size,
            value=printed(ctx, one.value),
            low=printed(ctx, one.interval.low),
        )
    return t.say(
        "A gain of {size} takes about {value} in the first year (between {low} and {high}).",
        size=size,
        value=printed(ctx, one.value),
        low=printed(ctx, one.interval.low),
        high=printed(ctx, one.interval.high),
    )


def _rows(ctx: Context, found: Value, metric: Metric) -> list[dict[str, str]]:
    t = ctx.t
    size = amount(t, found.smallest_change, metric)
    rows = [
        (
            t("Working time in the first year"),
            _hours(ctx, found.hours),
            t.say(
                "Setting up {setup} h, then {weekly} h a week for 52 weeks. Below zero is time saved.",
                setup=t.number(found.setup_hours),
                weekly=t.number(found.weekly_hours),
            ),
        ),
        (
            t("Money in the first year"),
            _euros(ctx, found.euros),
            t("What setting up costs besides working time. Hours are not turned into euros here."),
        ),
    ]
    if found.gain is not None and found.gain_interval is not None:
        rows.append(
            (
                t("Gain"),
                _with_range(
                    amount(t, found.gain, metric, signed=True),
                    amount(t, found.gain_interval.low, metric, signed=True),
                    amount(t, found.gain_interval.high, metric, signed=True),
                ),
                t.say("The effect, plus for the better. {size} is the smallest change that matters.", size=size),
            )
        )
    if found.hours_per_change is not None:
        rows.append(
            (
                t.say("Working time for each {size} gained", size=size),
                _open(ctx, found.hours_per_change, _hours),
                t("The first year’s hours divided by how many times the smallest change fits into the effect."),
            )
        )
    for one, printed in ((found.hours_per_gain, _hours), (found.euros_per_gain, _euros)):
        named = _gain(ctx, metric)
        if one is not None and named:
            rows.append((named, _open(ctx, one, printed), t("The cost of the first year over everyone it reaches.")))
    if found.euros_per_change is not None:
        rows.append(
            (
                t.say("Money for each {size} gained", size=size),
                _open(ctx, found.euros_per_change, _euros),
                t("The first year’s euros divided by how many times the smallest change fits into the effect."),
            )
        )
    if found.reach is not None:
        rows.append(
            (
                t("Reaches in a year"),
                t.number(round(found.reach), 0),
                t("Answers or cases behind the measure, at the pilot’s pace. Where only some customers answer, more."),
            )
        )
    return [{t("What"): what, t("Value"): figure, t("What it means"): means} for what, figure, means in rows]


def _gain(ctx: Context, metric: Metric) -> str:
    """A unit of the metric for one case, in words; "" for kinds where it means little."""
    t, more = ctx.t, metric.direction is Direction.INCREASE
    if metric.kind is MetricKind.PROPORTION:
        return t("For one case more that goes right") if more else t("For one case fewer that goes wrong")
    if metric.kind is MetricKind.COUNT:
        return t("For one event more") if more else t("For one event fewer")
    if metric.kind is MetricKind.DURATION and not more:
        return t.say("For one unit ({unit}) less for one customer", unit=t.local(metric.unit_text) or t("duration"))
    return ""


def _open(ctx: Context, one: OpenEstimate, printed: Printed) -> str:
    t = ctx.t
    if one.interval is None:
        return t("cannot be said: no gain is seen")
    low = printed(ctx, one.interval.low)
    if math.isinf(one.interval.high):
        least = t.say("at least {low}, no upper limit can be said", low=low)
        return least if math.isnan(one.value) else f"{printed(ctx, one.value)} ({least})"
    return _with_range(printed(ctx, one.value), low, printed(ctx, one.interval.high))


def _with_range(middle: str, low: str, high: str) -> str:
    return f"{middle} ({low} … {high})"


def _hours(ctx: Context, hours: float) -> str:
    return ctx.t.say("{hours} h", hours=ctx.t.number(hours, _decimals(hours)))


def _euros(ctx: Context, euros: float) -> str:
    return f"{ctx.t.number(euros, 2 if 0 < abs(euros) < 10 else 0)}\N{NO-BREAK SPACE}€"


def _decimals(hours: float) -> int:
    """Small amounts keep the digits that tell them apart."""
    return 0 if abs(hours) >= 10 or hours == 0 else 1 if abs(hours) >= 1 else 2

"""A unit's last weeks before anything is tried, each with the range it would usually lie in."""

from __future__ import annotations

import math

import altair as alt
import numpy as np

from charts.hidden_weeks import hidden_weeks
from charts.look import Look
from charts.measure import Measure
from charts.theme import Translate, dressed, named, plain_day, rows, time_of, word
from stats.messages import N_, Message
from stats.usual_weeks import UsualWeeks

HEIGHT = 230
ABOVE = 24
"""Pixels kept free above the data for the words over the marked weeks."""
WEEK = np.timedelta64(7, "D")
DAYS_WRITTEN = 5
AIR = 0.12


def chart(weeks: UsualWeeks, *, measure: Measure, look: Look, t: Translate, marked: bool = False) -> alt.LayerChart:
    """The weeks as points on a line, their usual range as columns behind, the last weeks marked when told to.

    Args:
        weeks: The weeks; at least one has a value.
        measure: The metric.
        look: Who looks.
        t: Translates the chart's words.
        marked: Whether the newest weeks are out of the ordinary.
    """
    colours, above = look.palette, ABOVE if marked else 0
    first, last = weeks.weeks[0], weeks.weeks[-1] + WEEK
    low, high = _span(weeks)
    every = max(1, -(-len(weeks.weeks) // DAYS_WRITTEN))
    scale_x = alt.Scale(type="time", domain=[time_of(first), time_of(last)], nice=False)
    axis_x = alt.Axis(
        title=None, format=look.day_format, values=[time_of(day) for day in weeks.weeks[::every]], grid=False
    )
    x = alt.X("week:T", scale=scale_x, axis=axis_x)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[low, high], range=[above + HEIGHT, above], nice=False, zero=False),
        axis=alt.Axis(format=measure.format, tickCount=5, **named(measure.heading)),
    )
    usual, seen = t("Where a week usually lies"), t("Week’s result")
    names = alt.Scale(domain=[usual, seen] if weeks.known else [seen], range=_colours(look, weeks.known))
    colour = alt.Color("kind:N", scale=names, legend=alt.Legend(title=None, orient="bottom", symbolType="square"))
    layers: list[alt.Chart] = []
    if marked:
        ground = alt.Chart(rows([{"week": weeks.weeks[-weeks.last], "end": last}]))
        layers.append(
            ground.mark_rect(color=colours.accent_fill, opacity=1).encode(
                x=x, x2="end:T", y=alt.value(0), y2=alt.value(above + HEIGHT)
            )
        )
    drawn = _rows(weeks, seen=seen, usual=usual)
    columns = alt.Chart(rows([row for row in drawn if row["low"] is not None]))
    layers.append(
        columns.mark_rect(opacity=0.9).encode(
            x=x, x2="end:T", y=alt.Y("low:Q"), y2="high:Q", color=alt.Color("range:N", scale=names)
        )
    )
    if weeks.known:
        rule = alt.Chart(rows([{"value": weeks.level}]))
        layers.append(rule.mark_rule(color=colours.quiet, strokeDash=[6, 4]).encode(y=y))
    base = alt.Chart(rows(drawn))
    at = alt.X("middle:T", scale=scale_x)
    layers.append(base.mark_line(strokeWidth=2).encode(x=at, y=y, color=colour))
    tooltip = [
        alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
        alt.Tooltip("value:Q", title=measure.heading, format=measure.fine_format),
        alt.Tooltip("answers:Q", title=t("Answers"), format=",~f"),
        alt.Tooltip("low:Q", title=t("Lower limit"), format=measure.fine_format),
        alt.Tooltip("high:Q", title=t("Upper limit"), format=measure.fine_format),
    ]
    layers.append(base.mark_point(filled=True, size=55, opacity=1).encode(x=at, y=y, color=colour, tooltip=tooltip))
    hidden = [plain_day(week) for week in weeks.weeks[np.isnan(weeks.n)]]
    layers += hidden_weeks(hidden, height=above + HEIGHT, look=look, t=t)
    if marked:
        layers += word(
            t("unusual weeks"),
            look=look,
            colour=colours.accent,
            x=x,
            y=10,
            dx=4,
            at={"week": weeks.weeks[-weeks.last]},
            bold=True,
        )
    return dressed(layers, look, height=above + HEIGHT)


def describe(weeks: UsualWeeks, *, measure: Measure) -> Message:
    """The picture in one sentence, for those who hear it."""
    shown = int(np.isfinite(weeks.value).sum())
    values: dict[str, object] = {"weeks": len(weeks.weeks), "shown": shown}
    if not weeks.known:
        return Message(
            N_("The last {weeks} weeks: {shown} have values. The past is too short to tell what is usual."), values
        )
    return Message(
        N_(
            "The last {weeks} weeks: {shown} have values, the usual level is {level}, "
            "{outside} lie outside their range."
        ),
        values | {"level": measure.level(weeks.level), "outside": weeks.outside},
    )


def table(weeks: UsualWeeks, *, measure: Measure, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a week."""
    found = []
    for place, week in enumerate(weeks.weeks):
        row: dict[str, object] = {
            t("Week of"): plain_day(week),
            t("Week’s result"): measure.level(float(weeks.value[place])),
            t("Answers"): float(weeks.n[place]),
        }
        if math.isnan(weeks.n[place]):
            row[t("Week’s result")] = row[t("Answers")] = t("not shown")
        if weeks.known:
            row[t("Lower limit")] = measure.level(float(weeks.low[place]))
            row[t("Upper limit")] = measure.level(float(weeks.high[place]))
        found.append(row)
    return found


def _colours(look: Look, known: bool) -> list[str]:
    return [look.palette.quiet_fill, look.palette.sea] if known else [look.palette.sea]


def _rows(weeks: UsualWeeks, *, seen: str, usual: str) -> list[dict[str, object]]:
    return [
        {
            "week": week,
            "middle": week + np.timedelta64(3, "D"),
            "end": week + WEEK,
            "value": float(weeks.value[place]),
            "answers": float(weeks.n[place]),
            "low": float(weeks.low[place]) if math.isfinite(weeks.low[place]) else None,
            "high": float(weeks.high[place]) if math.isfinite(weeks.high[place]) else None,
            "kind": seen,
            "range": usual,
        }
        for place, week in enumerate(weeks.weeks)
    ]


def _span(weeks: UsualWeeks) -> tuple[float, float]:
    """The ends of the vertical axis, with some air."""
    finite = np.concatenate([weeks.value, weeks.low, weeks.high])
    finite = finite[np.isfinite(finite)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    air = (high - low) * AIR or abs(high) * AIR or 1.0
    return low - air, high + air

"""A theme's weeks so far and the weeks to come, with the range they are expected to fall into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt

from charts.hidden_weeks import hidden_weeks
from charts.look import Look
from charts.theme import Translate, dressed, named, rows, time_of
from stats.messages import N_, Message
from stats.volume_forecast import VolumeForecast

HEIGHT = 240
PAST = 26
"""Weeks so far that are shown."""
MOST_DAYS = 8


def chart(
    counts: Sequence[int | None], forecast: VolumeForecast, *, next_monday: dt.date, look: Look, t: Translate
) -> alt.LayerChart:
    """Weeks so far as columns, weeks to come as a line in its range.

    Args:
        counts: Answers a week, the newest last; None for a week of too few people: a cross stands there, not a zero.
        forecast: The weeks to come.
        next_monday: Monday of the first week to come.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    past = list(counts)[-PAST:]
    mondays = [next_monday - dt.timedelta(weeks=back) for back in range(len(past), 0, -1)]
    coming = [next_monday + dt.timedelta(weeks=ahead) for ahead in range(len(forecast.weeks))]
    shown = [*mondays, *coming]
    every = max(1, -(-len(shown) // MOST_DAYS))
    known, to_come = t("Answers so far"), t("Expected")
    kinds = alt.Scale(domain=[known, to_come], range=[colours.sea, colours.accent])
    colour = alt.Color("kind:N", scale=kinds, legend=alt.Legend(title=None, orient="bottom"))
    x = alt.X(
        "week:T",
        axis=alt.Axis(title=None, format=look.day_format, values=[time_of(day) for day in shown[::every]], grid=False),
    )
    y = alt.Y("answers:Q", axis=alt.Axis(format=",d", tickMinStep=1, **named(t("Answers a week"))))
    columns = alt.Chart(
        rows(
            [
                {"week": day, "end": day + dt.timedelta(days=6), "answers": count, "zero": 0, "kind": known}
                for day, count in zip(mondays, past, strict=True)
                if count is not None
            ]
            or [{"week": None}]
        )
    )
    ahead = alt.Chart(
        rows(
            [
                {
                    "week": day,
                    "end": day + dt.timedelta(days=6),
                    "middle": day + dt.timedelta(days=3),
                    "answers": week.mean,
                    "low": week.low,
                    "high": week.high,
                    "kind": to_come,
                }
                for day, week in zip(coming, forecast.weeks, strict=True)
            ]
        )
    )
    tooltip = [
        alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
        alt.Tooltip("answers:Q", title=t("Answers"), format=",.1f"),
    ]
    ends = [
        alt.Tooltip("low:Q", title=t("Lower limit"), format=",d"),
        alt.Tooltip("high:Q", title=t("Upper limit"), format=",d"),
    ]
    layers = [
        columns.mark_rect(opacity=1).encode(x=x, x2="end:T", y=y, y2="zero:Q", color=colour, tooltip=tooltip),
        ahead.mark_rect(color=colours.accent_fill, opacity=1).encode(
            x=x, x2="end:T", y=alt.Y("low:Q"), y2="high:Q", tooltip=[*tooltip, *ends]
        ),
        ahead.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("middle:T"), y=y, color=colour, tooltip=[*tooltip, *ends]
        ),
    ]
    hidden = [day for day, count in zip(mondays, past, strict=True) if count is None]
    return dressed([*layers, *hidden_weeks(hidden, height=HEIGHT, look=look, t=t)], look, height=HEIGHT)


def describe(forecast: VolumeForecast) -> Message:
    """The picture in one sentence, for those who hear it."""
    return Message(
        N_("In the next {weeks} weeks about {mean} answers are expected, probably {low} to {high}."),
        {
            "weeks": len(forecast.weeks),
            "mean": round(forecast.total.mean),
            "low": forecast.total.low,
            "high": forecast.total.high,
        },
    )


def table(forecast: VolumeForecast, *, next_monday: dt.date, t: Translate) -> list[dict[str, object]]:
    """The weeks to come, a row a week."""
    return [
        {
            t("Week of"): next_monday + dt.timedelta(weeks=ahead),
            t("Expected"): round(week.mean, 1),
            t("Lower limit"): week.low,
            t("Upper limit"): week.high,
        }
        for ahead, week in enumerate(forecast.weeks)
    ]

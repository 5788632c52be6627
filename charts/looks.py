"""The planned reviews: how strong the evidence was at each, against the bound that keeps repeated looking honest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt

from charts.look import Look
from charts.theme import Translate, days, dressed, named, rows, word
from stats.looks import Look as Review
from stats.messages import N_, Amount, Message

HEIGHT = 220
HIGHEST = 5.0
"""Bounds of early reviews lie far above any result; the picture ends here unless a result lies higher."""
ROOM_FOR_WORDS = 1.2
NEAR_HARM = -1.0
MARGIN = dt.timedelta(days=3)


def chart(looks: Sequence[Review], *, planned: Sequence[dt.date], look: Look, t: Translate) -> alt.LayerChart:
    """Strength of evidence at each review as points, the bound as a dashed line with the winning side tinted.

    The bound for harm, the same below zero, is drawn once a result comes near it.

    Args:
        looks: The reviews held, in order; at least one.
        planned: The days of all reviews, so that the picture shows how many are to come.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    strengths = [review.z for review in looks]
    top = max([HIGHEST, *(z + ROOM_FOR_WORDS for z in strengths)])
    bottom = min([-1.0, *(z - ROOM_FOR_WORDS for z in strengths)])
    near_harm = min(strengths) <= NEAR_HARM
    drawn = rows(
        [
            {
                "on": review.on,
                "z": review.z,
                "bound": min(review.bound, top),
                "exact": review.bound,
                "top": top,
                "harm": max(-review.bound, bottom),
                "bottom": bottom,
            }
            for review in looks
        ]
    )
    held = [review.on for review in looks]
    edges = days(min(*planned, *held) - MARGIN, max(*planned, *held) + MARGIN)
    x = alt.X(
        "on:T",
        scale=alt.Scale(type="time", domain=edges),
        axis=alt.Axis(title=None, format=look.day_format, tickCount=6, grid=False),
    )
    scale = alt.Scale(domain=[bottom, top], nice=False)
    axis = alt.Axis(format="~f", tickCount=6, **named(t("Strength of evidence (effect in standard errors)")))
    result, bound = t("Result at the review"), t("Bound for a proven effect")
    domain, colour_range = [result, bound], [colours.sea, colours.accent]
    legend = alt.Legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", symbolSize=400)
    colour = alt.Color("line:N", scale=alt.Scale(domain=domain, range=colour_range), legend=legend)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=domain, range=[[1, 0], [6, 4]]), legend=legend)
    base = alt.Chart(drawn)
    tooltip = [
        alt.Tooltip("on:T", title=t("Review"), format=look.day_format),
        alt.Tooltip("z:Q", title=result, format=",.2f"),
        alt.Tooltip("exact:Q", title=bound, format=",.2f"),
    ]
    area = base.mark_area(color=colours.good_fill, opacity=1)
    zero = alt.Chart(rows([{"z": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1)
    limit = base.transform_calculate(line=repr(bound)).mark_line(strokeWidth=2.5)
    found = base.transform_calculate(line=repr(result))
    y = alt.Y("z:Q", scale=scale, axis=axis)
    below = [
        base.mark_area(color=colours.warning_fill, opacity=1).encode(
            x=x, y=alt.Y("harm:Q", scale=scale, axis=axis), y2="bottom:Q"
        ),
        limit.encode(x=x, y=alt.Y("harm:Q", scale=scale, axis=axis), color=colour, strokeDash=dash),
        *word(
            t("Harm is shown"),
            look=look,
            colour=colours.warning,
            x=alt.value("width"),
            y=HEIGHT - 14,
            align="right",
            dx=-6,
            bold=True,
        ),
    ]
    layers = [
        *(below if near_harm else []),
        area.encode(x=x, y=alt.Y("bound:Q", scale=scale, axis=axis), y2="top:Q"),
        zero.encode(y=y),
        limit.encode(x=x, y=alt.Y("bound:Q", scale=scale, axis=axis), color=colour, strokeDash=dash, tooltip=tooltip),
        base.mark_point(shape="stroke", size=220, strokeWidth=2.5, color=colours.accent, opacity=1).encode(
            x=x, y=alt.Y("bound:Q", scale=scale, axis=axis), tooltip=tooltip
        ),
        found.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash),
        found.mark_point(filled=True, size=80, opacity=1, color=colours.sea).encode(x=x, y=y, tooltip=tooltip),
        *word(
            t("An effect is shown"),
            look=look,
            colour=colours.sea,
            x=alt.value("width"),
            y=14,
            align="right",
            dx=-6,
            bold=True,
        ),
    ]
    return dressed(layers, look, height=HEIGHT)


def describe(looks: Sequence[Review], *, planned: Sequence[dt.date]) -> Message:
    """The picture in one sentence, for those who hear it."""
    if not looks:
        return Message(N_("No review has been held yet; {planned} are planned."), {"planned": len(planned)})
    crossed = next((review for review in looks if review.crossed), None)
    harmed = next((review for review in looks if review.z <= -review.bound), None)
    values = {"done": len(looks), "planned": len(planned), "z": looks[-1].z, "bound": looks[-1].bound}
    if harmed is not None:
        return Message(
            N_(
                "{done} of {planned} reviews held. At the latest the strength of evidence was {z}. "
                "The bound for harm was first passed on {first}."
            ),
            values | {"first": harmed.on},
        )
    if crossed is None:
        return Message(
            N_(
                "{done} of {planned} reviews held. At the latest the strength of evidence was {z}; "
                "{bound} is needed. No review has reached its bound."
            ),
            values,
        )
    return Message(
        N_(
            "{done} of {planned} reviews held. At the latest the strength of evidence was {z}; "
            "{bound} is needed. The bound was first reached on {first}."
        ),
        values | {"first": crossed.on},
    )


def table(looks: Sequence[Review], *, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a review."""
    return [
        {
            t("Review"): review.on,
            t("Estimated effect"): Amount(review.effect),
            t("Strength of evidence"): review.z,
            t("Bound for a proven effect"): review.bound,
            t("Reached"): t("yes") if review.crossed else t("no"),
        }
        for review in looks
    ]

"""A control chart: the values, their centre line and limits, and what the rules call a signal."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import pairwise

import altair as alt
import numpy as np

from charts.look import Look
from charts.measure import Measure
from charts.spc_words import SHAPES, Sight, Sights, better_is_high, centre_name, marks_of, sights_of
from charts.theme import Translate, days, dressed, named, plain_day, rows, word, wrapped
from stats.errors import CannotEstimateError
from stats.messages import N_, Level, Message
from stats.metric import Direction
from stats.panel import Floats
from stats.spc import ControlChart
from stats.spc.icons import assurance, variation

HEIGHT = 240
LINE = 17
"""Height of a line of words above the data."""
AIR = 0.08
HALF_A_WEEK = dt.timedelta(days=3)

Day = dt.date | np.datetime64


def chart(
    found: ControlChart,
    *,
    at: Sequence[Day],
    measure: Measure,
    look: Look,
    t: Translate,
    target: float | None = None,
    start: dt.date | None = None,
) -> alt.LayerChart:
    """Values as points on a line, limits as a band with dashed edges, signals as triangles, phases in words.

    Args:
        found: The chart's numbers.
        at: The day of each point, ascending: Mondays of weeks, or days of events.
        measure: The metric.
        look: Who looks.
        t: Translates the chart's words.
        target: The target, in the unit of what is plotted.
        start: First day of the pilot.

    Raises:
        ValueError: There are not as many days as points.
    """
    plain = _days(found, at)
    colours = look.palette
    edges = _edges(plain)
    marks = marks_of(found, edges, start if start is not None and start <= edges[-1] else None, t)
    above = LINE * sum(len(mark.lines) for mark in marks) + 10
    low, high = _span(found, target)
    scale_x = alt.Scale(type="time", domain=days(edges[0], edges[-1]), nice=False)
    scale_y = alt.Scale(domain=[low, high], range=[above + HEIGHT, above], nice=False, zero=False)
    value_format = ",~f" if found.kind.between else measure.format
    x = alt.X("day:T", scale=scale_x, axis=alt.Axis(title=None, format=look.day_format, tickCount=6, grid=False))
    axis_y = alt.Axis(format=value_format, tickCount=5, **named(_heading(found, measure, t)))
    y = alt.Y("value:Q", scale=scale_y, axis=axis_y)

    centre = centre_name(found, t)
    limits, goal = t("Limits of the usual variation"), t("Target")
    styles: dict[str, tuple[str, list[int]]] = {centre: (colours.ink, [1, 0])}
    layers: list[alt.Chart] = []
    lines = [(centre, found.centre)]
    if np.isfinite(found.lower).any():
        styles[limits] = (colours.quiet, [6, 4])
        lines += [(limits, found.lower), (limits, found.upper)]
        band = rows(_steps(found, edges, value=found.lower, top=found.upper))
        ground = alt.Chart(band).mark_area(color=colours.quiet_fill, opacity=0.5)
        layers.append(ground.encode(x=x, y=y, y2=alt.Y2("top:Q"), detail="phase:N"))
    if target is not None:
        styles[goal] = (colours.accent, [2, 3])
        lines.append((goal, np.full(len(plain), target)))
    legend = alt.Legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", symbolSize=400)
    names, ranges = list(styles), list(zip(*styles.values(), strict=True))
    colour = alt.Color("line:N", legend=legend, scale=alt.Scale(domain=names, range=list(ranges[0])))
    dash = alt.StrokeDash("line:N", legend=legend, scale=alt.Scale(domain=names, range=list(ranges[1])))
    for name, line in lines:
        drawn = alt.Chart(rows(_steps(found, edges, value=line, line=name))).mark_line(strokeWidth=1.75)
        layers.append(drawn.encode(x=x, y=y, color=colour, strokeDash=dash, detail="phase:N"))

    sights = sights_of(found, better_is_high(found, measure.direction), t)
    points = _points(found, plain, sights)
    layers.append(alt.Chart(rows(points)).mark_line(strokeWidth=1.5, color=colours.quiet).encode(x=x, y=y))
    layers.append(_signs([row for row in points if row["value"] is not None], sights, found, measure, look, t, x, y))
    for place, mark in enumerate(marks):
        top = 10 + LINE * sum(len(other.lines) for other in marks[:place])
        here = {"day": mark.on}
        if mark.ruled:
            rule = alt.Chart(rows([here])).mark_rule(color=colours.ink, strokeWidth=1.5)
            layers.append(rule.encode(x=x, y=alt.value(top - 6), y2=alt.value("height")))
        left = mark.on < edges[0] + (edges[-1] - edges[0]) / 2
        layers += word(
            mark.lines,
            look=look,
            colour=colours.ink if mark.ruled else colours.faint_ink,
            x=x,
            y=top,
            at=here,
            align="left" if left else "right",
            dx=6 if left else -6,
        )
    return dressed(layers, look, height=above + HEIGHT)


def describe(found: ControlChart, *, measure: Measure, target: float | None = None) -> Message:
    """The picture in a few sentences, for those who hear it: its lines at the latest value, and what the icons say."""
    last = found.last
    values: dict[str, object] = {
        "count": int(np.isfinite(found.values).sum()),
        "signals": len(found.signals),
        "latest": _told(found, measure, found.values[last]),
        "centre": _told(found, measure, found.centre[last]),
        "lower": _told(found, measure, found.lower[last]),
        "upper": _told(found, measure, found.upper[last]),
    }
    text = N_("{count} values, {signals} signals. The latest value is {latest}, the centre line {centre}.")
    if math.isfinite(found.lower[last]):
        text = N_(
            "{count} values, {signals} signals. The latest value is {latest}, the centre line {centre}, "
            "the limits {lower} to {upper}."
        )
    better = Direction.INCREASE if better_is_high(found, measure.direction) else Direction.DECREASE
    parts: dict[str, object] = {"picture": Message(text, values), "variation": variation(found, better).message}
    if target is None:
        return Message("{picture} {variation}", parts)
    try:
        parts["assurance"] = assurance(found, target=target, direction=better).message
    except CannotEstimateError as error:
        told = {"target": _told(found, measure, target)}
        parts["assurance"] = Message(error.message.text, told)
    return Message("{picture} {variation} {assurance}", parts)


def table(found: ControlChart, *, at: Sequence[Day], measure: Measure, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a point, with the rules that see a signal there."""
    centre = centre_name(found, t)
    limited = np.isfinite(found.lower).any()
    told = []
    for place, day in enumerate(_days(found, at)):
        row: dict[str, object] = {
            t("Day"): day,
            t("Value"): _told(found, measure, found.values[place]),
            centre: _told(found, measure, found.centre[place]),
        }
        if limited:
            row[t("Lower limit")] = _told(found, measure, found.lower[place])
            row[t("Upper limit")] = _told(found, measure, found.upper[place])
        rules = dict.fromkeys(t(s.rule.label.text) for s in found.signals if place in s.points)
        row[t("Signal")] = ", ".join(rules)
        told.append(row)
    return told


def _heading(found: ControlChart, measure: Measure, t: Translate) -> str:
    """What is plotted."""
    if found.kind.between:
        return t("{name}: from one event to the next").format(name=measure.name)
    return measure.heading


def _signs(
    points: list[dict[str, object]],
    sights: Sights,
    found: ControlChart,
    measure: Measure,
    look: Look,
    t: Translate,
    x: alt.X,
    y: alt.Y,
) -> alt.Chart:
    """A disc for a value of the usual variation, a triangle for a signal, pointing to the side on which it lies."""
    colours = look.palette
    fills = {Sight.USUAL: colours.quiet, Sight.BETTER: colours.sea, Sight.WORSE: colours.warning}
    shown = [sight for sight in Sight if sight is Sight.USUAL or sight in sights.of_points]
    # Above the picture and its heading: beside the legend of the lines it would be wider than a phone.
    legend = alt.Legend(
        title=t(found.rules.label.text),
        orient="top",
        direction="vertical",
        symbolSize=120,
        titleLimit=0,
        offset=16 + LINE * len(wrapped(_heading(found, measure, t))),
    )
    names = [sights.names[sight] for sight in shown]
    fill_scale = alt.Scale(domain=names, range=[fills[sight] for sight in shown])
    shape_scale = alt.Scale(domain=names, range=[SHAPES[sight, sights.better_is_high] for sight in shown])
    number = ",.1f" if found.kind.between else measure.fine_format
    signs: alt.Chart = (
        alt.Chart(rows(points))
        .mark_point(filled=True, opacity=1, size=90, strokeWidth=0)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("sight:N", legend=legend, scale=fill_scale),
            shape=alt.Shape("sight:N", legend=legend, scale=shape_scale),
            tooltip=[
                alt.Tooltip("day:T", title=t("Day"), format=look.day_format),
                alt.Tooltip("value:Q", title=t("Value"), format=number),
                alt.Tooltip("rules:N", title=t("Signal")),
            ],
        )
    )
    return signs


def _points(found: ControlChart, at: list[dt.date], sights: Sights) -> list[dict[str, object]]:
    return [
        {
            "day": day,
            "value": float(found.values[place]) if math.isfinite(found.values[place]) else None,
            "sight": sights.names[sights.of_points[place]],
            "rules": sights.rules[place],
        }
        for place, day in enumerate(at)
    ]


def _steps(found: ControlChart, edges: list[dt.date], **columns: Floats | str) -> list[dict[str, object]]:
    """Each point's piece of a line, from half way to the point before to half way to the next; phases do not touch."""
    return [
        {"day": edge, "phase": number}
        | {name: part if isinstance(part, str) else part[place] for name, part in columns.items()}
        for number, phase in enumerate(found.phases)
        for place in range(phase.first, phase.stop)
        for edge in (edges[place], edges[place + 1])
    ]


def _edges(at: list[dt.date]) -> list[dt.date]:
    """Days half way between points, and half a usual step outside the first and the last."""
    steps = sorted(other - one for one, other in pairwise(at))
    outside = max(HALF_A_WEEK, steps[len(steps) // 2] / 2) if steps else HALF_A_WEEK
    return [at[0] - outside, *(one + (other - one) / 2 for one, other in pairwise(at)), at[-1] + outside]


def _span(found: ControlChart, target: float | None) -> tuple[float, float]:
    """Lowest and highest value drawn, with some air."""
    drawn = np.concatenate(
        [found.values, found.centre, found.lower, found.upper, [math.nan if target is None else target]]
    )
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    air = AIR * (high - low) or 0.5
    return low - air, high + air


def _days(found: ControlChart, at: Sequence[Day]) -> list[dt.date]:
    if len(at) != len(found.values):
        raise ValueError(f"at has {len(at)} days, must have {len(found.values)} as the chart has points.")
    return [plain_day(day) for day in at]


def _told(found: ControlChart, measure: Measure, value: float) -> object:
    """A number of the chart as a sentence or a cell prints it."""
    if found.kind.between:
        return float(value)
    return measure.level(float(value)) if measure.share else Level(value)

"""A pilot week by week: what was measured, what would have been expected without it, and what else happened."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from charts.hidden_weeks import hidden_weeks
from charts.look import Look
from charts.measure import Measure
from charts.theme import Translate, days, dressed, named, plain_day, rows, word, wrapped
from stats.curves import WeeklySeries
from stats.messages import N_, Message
from stats.panel import Floats, Weeks

HEIGHT = 240
LINE = 17
"""Height of a line of words above the data: each mark on the time axis has lines of its own, so none hides another."""
WORDS = 34
AIR = 0.08
WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True, kw_only=True)
class Marker:
    """Something else that happened on a day.

    Attributes:
        on: The day.
        text: What happened, in the reader's language.
    """

    on: dt.date
    text: str


def chart(
    series: WeeklySeries,
    *,
    start: dt.date,
    measure: Measure,
    look: Look,
    t: Translate,
    events: Sequence[Marker] = (),
) -> alt.LayerChart:
    """The pilot as points on a line, the expected course as a band, marks in words on the time axis.

    Args:
        series: The weeks, from an evaluation; n is NaN for a week of too few people, where a cross stands.
        start: First day of the pilot.
        measure: The metric.
        look: Who looks.
        t: Translates the chart's words.
        events: What else happened, in order; events outside the weeks are left to the table.
    """
    colours = look.palette
    first, last = series.weeks[0], series.weeks[-1] + WEEK
    marks = _marks(series, start, look, t, events)
    above = LINE * sum(len(mark.lines) for mark in marks) + 10
    low, high = _span(series)
    scale_x = alt.Scale(type="time", domain=days(first, last), nice=False)
    axis_x = alt.Axis(title=None, format=look.day_format, tickCount=6, grid=False)
    scale_y = alt.Scale(domain=[low, high], range=[above + HEIGHT, above], nice=False, zero=False)
    axis_y = alt.Axis(format=measure.format, tickCount=5, **named(measure.heading))
    x, y = alt.X("week:T", scale=scale_x, axis=axis_x), alt.Y("value:Q", scale=scale_y, axis=axis_y)

    pilot, comparison = t("Pilot"), t("Comparison units")
    expected = t("Expected without the change, with its uncertainty")
    names = [pilot]
    layers: list[alt.Chart] = []
    if series.trigger.any():
        triggered = series.weeks[series.trigger]
        window = rows([{"week": triggered[0]}, {"week": triggered[-1] + WEEK}])
        ground = alt.Chart(window).mark_area(color=colours.accent_fill, opacity=1)
        layers.append(ground.encode(x=x, y=alt.value(0), y2=alt.value(above + HEIGHT)))
    if _shown(series.expected):
        names.append(expected)
        band = _rows(series.weeks, value=series.expected_low, top=series.expected_high)
        layers.append(
            alt.Chart(band).mark_area(color=colours.quiet_fill, opacity=0.75).encode(x=x, y=y, y2=alt.Y2("top:Q"))
        )
    lines = []
    if _shown(series.comparison):
        names.append(comparison)
        lines.append((comparison, series.comparison, 1.5))
    if _shown(series.expected):
        lines.append((expected, series.expected, 2.0))
    lines.append((pilot, series.pilot, 2.5))
    styles = {pilot: (colours.sea, [1, 0]), comparison: (colours.quiet, [2, 3]), expected: (colours.quiet, [7, 4])}
    legend = alt.Legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", symbolSize=400)
    colour = alt.Color(
        "line:N", legend=legend, scale=alt.Scale(domain=names, range=[styles[name][0] for name in names])
    )
    dash = alt.StrokeDash(
        "line:N", legend=legend, scale=alt.Scale(domain=names, range=[styles[name][1] for name in names])
    )
    for name, values, width in lines:
        drawn = _rows(series.weeks, value=values, line=name)
        layers.append(alt.Chart(drawn).mark_line(strokeWidth=width).encode(x=x, y=y, color=colour, strokeDash=dash))
    tooltip = [
        alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
        alt.Tooltip("value:Q", title=measure.heading, format=measure.fine_format),
        alt.Tooltip("answers:Q", title=t("Answers"), format=",~f"),
    ]
    points = alt.Chart(_rows(series.weeks, value=series.pilot, answers=series.n))
    layers.append(
        points.mark_point(filled=True, color=colours.sea, size=42, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    )
    hidden = [plain_day(week) for week in series.weeks[np.isnan(series.n)]]
    layers += hidden_weeks(hidden, height=above + HEIGHT, look=look, t=t)
    layers += _drawn_marks(marks, (first, last), look, x)
    return dressed(layers, look, height=above + HEIGHT)


def describe(series: WeeklySeries, *, start: dt.date, measure: Measure) -> Message:
    """The picture in one sentence, for those who hear it."""
    sides = (~series.after, series.after)
    before, after = (int((np.isfinite(series.pilot) & side).sum()) for side in sides)
    level_before, level_after = (measure.level(_level(series, side)) for side in sides)
    return Message(
        N_(
            "Weekly values of the pilot: {before} weeks before the start on {start}, on average {level_before}, "
            "and {after} weeks after it, on average {level_after}."
        ),
        {
            "start": start,
            "before": before,
            "after": after,
            "level_before": level_before,
            "level_after": level_after,
        },
    )


def table(series: WeeklySeries, *, measure: Measure, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a week."""
    found = []
    for place, week in enumerate(series.weeks):
        row: dict[str, object] = {t("Week of"): plain_day(week), t("Pilot"): measure.level(float(series.pilot[place]))}
        row[t("Answers")] = float(series.n[place])
        if math.isnan(series.n[place]):
            row[t("Pilot")] = row[t("Answers")] = t("not shown")
        if _shown(series.comparison):
            row[t("Comparison units")] = measure.level(float(series.comparison[place]))
        if _shown(series.expected):
            row[t("Expected without the change")] = measure.level(float(series.expected[place]))
        found.append(row)
    return found


@dataclass(frozen=True, kw_only=True)
class _Mark:
    on: dt.date | np.datetime64
    lines: list[str]
    colour: str
    dashed: bool
    bold: bool


def _marks(series: WeeklySeries, start: dt.date, look: Look, t: Translate, events: Sequence[Marker]) -> list[_Mark]:
    """What is written above the data: the trigger, the start, the events within the weeks."""
    colours = look.palette
    found = []
    if series.trigger.any():
        text = wrapped(t("The feedback that led to the pilot"), WORDS)
        found.append(
            _Mark(on=series.weeks[series.trigger][0], lines=text, colour=colours.accent, dashed=True, bold=False)
        )
    text = wrapped(t("The pilot starts"), WORDS)
    found.append(_Mark(on=start, lines=text, colour=colours.ink, dashed=False, bold=True))
    first, last = series.weeks[0], series.weeks[-1] + np.timedelta64(6, "D")
    for event in events:
        if first <= np.datetime64(event.on, "D") <= last:
            text = wrapped(event.text, WORDS)
            found.append(_Mark(on=event.on, lines=text, colour=colours.faint_ink, dashed=True, bold=False))
    return found


def _drawn_marks(
    marks: Sequence[_Mark], ends: tuple[np.datetime64, np.datetime64], look: Look, x: alt.X
) -> list[alt.Chart]:
    """A rule from each mark's own line of words down to the axis; words on the side with more room."""
    middle = ends[0] + (ends[1] - ends[0]) / 2
    layers: list[alt.Chart] = []
    top = 10
    for mark in marks:
        here = {"week": mark.on}
        rule = alt.Chart(rows([here])).mark_rule(
            color=mark.colour, strokeWidth=2 if mark.bold else 1.5, strokeDash=[3, 3] if mark.dashed else [1, 0]
        )
        layers.append(rule.encode(x=x, y=alt.value(top - 6), y2=alt.value("height")))
        left = np.datetime64(plain_day(mark.on)) < middle
        layers += word(
            mark.lines,
            look=look,
            colour=mark.colour,
            x=x,
            y=top,
            at=here,
            bold=mark.bold,
            align="left" if left else "right",
            dx=6 if left else -6,
        )
        top += LINE * len(mark.lines)
    return layers


def _shown(values: Floats) -> bool:
    """Whether there is anything to draw."""
    return bool(np.isfinite(values).any())


def _level(series: WeeklySeries, side: np.ndarray) -> float:
    """Mean of some weeks, weighed by their answers; NaN without any."""
    use = side & np.isfinite(series.pilot) & (series.n > 0)
    return float(np.average(series.pilot[use], weights=series.n[use])) if use.any() else math.nan


def _span(series: WeeklySeries) -> tuple[float, float]:
    """Lowest and highest value drawn, with some air."""
    drawn = [series.pilot, series.comparison, series.expected, series.expected_low, series.expected_high]
    values = np.concatenate([part[np.isfinite(part)] for part in drawn])
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    air = AIR * (high - low) or 0.5
    return low - air, high + air


def _rows(weeks: Weeks, **columns: Floats | str) -> alt.Data:
    """A row a week; a column that is one text is repeated."""
    return rows(
        [
            {"week": week} | {name: part if isinstance(part, str) else part[place] for name, part in columns.items()}
            for place, week in enumerate(weeks)
        ]
    )

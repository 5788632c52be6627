"""A pilot week by week: what was measured, what would have been expected without it, and what else happened."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from charts.look import Look
from charts.measure import Measure
from charts.theme import Translate, dressed, moment, named, rows, word, wrapped
from stats.messages import N_, Message
from stats.panel import Floats, Weeks

HEIGHT = 240
LINE = 17
"""Height of a line of words above the data: each mark on the time axis has lines of its own, so none hides another."""
WORDS = 34
AIR = 0.08


@dataclass(frozen=True, kw_only=True)
class Marker:
    """Something else that happened on a day.

    Attributes:
        on: The day.
        text: What happened, in the reader's language.
    """

    on: dt.date
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Weekly:
    """The weeks of a pilot, NaN where there is no value.

    Attributes:
        weeks: (T,) Mondays.
        pilot: (T,) the pilot units' value, in the metric's unit.
        answers: (T,) answers (or exposure) behind it.
        comparison: (T,) the comparison units' value; None without any.
        expected: (T,) what the pilot units would have had without the change; None when nothing was estimated.
        expected_low, expected_high: (T,) the band around it.
        start: First day of the pilot.
        trigger: First and last day of the weeks whose feedback started the pilot.
    """

    weeks: Weeks
    pilot: Floats
    answers: Floats
    comparison: Floats | None = None
    expected: Floats | None = None
    expected_low: Floats | None = None
    expected_high: Floats | None = None
    start: dt.date
    trigger: tuple[dt.date, dt.date] | None = None

    @property
    def after(self) -> np.ndarray:
        """(T,) True in the weeks that begin on or after the start."""
        return self.weeks >= np.datetime64(self.start, "D")

    def level(self, *, after: bool) -> float:
        """Mean of the weeks before or after the start, weighed by answers; NaN without any."""
        use = (self.after == after) & np.isfinite(self.pilot) & (np.nan_to_num(self.answers) > 0)
        return float(np.average(self.pilot[use], weights=self.answers[use])) if use.any() else math.nan


def chart(
    weekly: Weekly, *, measure: Measure, look: Look, t: Translate, events: Sequence[Marker] = ()
) -> alt.LayerChart:
    """The pilot as points on a line, the expected course as a band, marks in words on the time axis.

    Args:
        weekly: The weeks.
        measure: The metric.
        look: Who looks.
        t: Translates the chart's words.
        events: What else happened, in order; events outside the weeks are left to the table.
    """
    colours = look.palette
    domain = [moment(weekly.weeks[0]), moment(weekly.weeks[-1] + np.timedelta64(7, "D"))]
    marks = _marks(weekly, look, t, events)
    above = LINE * sum(len(mark.lines) for mark in marks) + 10
    low, high = _span(weekly)
    scale_x = alt.Scale(type="time", domain=domain, nice=False)
    axis_x = alt.Axis(title=None, format=look.day_format, tickCount=6, grid=False)
    scale_y = alt.Scale(domain=[low, high], range=[above + HEIGHT, above], nice=False, zero=False)
    axis_y = alt.Axis(format=measure.format, tickCount=5, **named(measure.heading))
    x, y = alt.X("week:T", scale=scale_x, axis=axis_x), alt.Y("value:Q", scale=scale_y, axis=axis_y)

    pilot, comparison = t("pilot"), t("comparison units")
    expected = t("expected without the change, with its uncertainty")
    names = [pilot]
    layers: list[alt.Chart | alt.LayerChart] = []
    if weekly.trigger is not None:
        window = {"week": weekly.trigger[0], "end": weekly.trigger[1] + dt.timedelta(days=1)}
        layers.append(alt.Chart(rows([window])).mark_rect(color=colours.accent_fill).encode(x=x, x2="end:T"))
    if weekly.expected is not None and weekly.expected_low is not None and weekly.expected_high is not None:
        names.append(expected)
        band = _rows(weekly.weeks, value=weekly.expected_low, top=weekly.expected_high)
        layers.append(
            alt.Chart(band).mark_area(color=colours.quiet_fill, opacity=0.75).encode(x=x, y=y, y2=alt.Y2("top:Q"))
        )
    lines = []
    if weekly.comparison is not None:
        names.append(comparison)
        lines.append((comparison, weekly.comparison, 1.5))
    if weekly.expected is not None:
        lines.append((expected, weekly.expected, 2.0))
    lines.append((pilot, weekly.pilot, 2.5))
    styles = {pilot: (colours.sea, [1, 0]), comparison: (colours.quiet, [2, 3]), expected: (colours.quiet, [7, 4])}
    legend = alt.Legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", symbolSize=400)
    colour = alt.Color(
        "line:N", legend=legend, scale=alt.Scale(domain=names, range=[styles[name][0] for name in names])
    )
    dash = alt.StrokeDash(
        "line:N", legend=legend, scale=alt.Scale(domain=names, range=[styles[name][1] for name in names])
    )
    for name, values, width in lines:
        drawn = _rows(weekly.weeks, value=values, line=name)
        layers.append(alt.Chart(drawn).mark_line(strokeWidth=width).encode(x=x, y=y, color=colour, strokeDash=dash))
    tooltip = [
        alt.Tooltip("week:T", title=t("week of"), format=look.day_format),
        alt.Tooltip("value:Q", title=measure.heading, format=measure.fine_format),
        alt.Tooltip("answers:Q", title=t("answers"), format=",~f"),
    ]
    points = alt.Chart(_rows(weekly.weeks, value=weekly.pilot, answers=weekly.answers))
    layers.append(
        points.mark_point(filled=True, color=colours.sea, size=42, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    )
    layers += _drawn_marks(marks, domain, look, x)
    return dressed(alt.layer(*layers), look, height=above + HEIGHT)


def describe(weekly: Weekly) -> Message:
    """The picture in one sentence, for those who hear it; values as a share print in per cent through `table`."""
    before, after = (int(np.isfinite(weekly.pilot[weekly.after == side]).sum()) for side in (False, True))
    return Message(
        N_("Weekly values of the pilot from {first}: {before} weeks before the start on {start} and {after} after it."),
        {"first": weekly.weeks[0], "start": weekly.start, "before": before, "after": after},
    )


def table(weekly: Weekly, *, measure: Measure, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a week."""
    found = []
    for place, week in enumerate(weekly.weeks):
        row: dict[str, object] = {t("week of"): week, t("pilot"): measure.level(float(weekly.pilot[place]))}
        row[t("answers")] = float(weekly.answers[place])
        if weekly.comparison is not None:
            row[t("comparison units")] = measure.level(float(weekly.comparison[place]))
        if weekly.expected is not None:
            row[t("expected without the change")] = measure.level(float(weekly.expected[place]))
        found.append(row)
    return found


@dataclass(frozen=True, kw_only=True)
class _Mark:
    on: dt.date
    lines: list[str]
    colour: str
    dashed: bool
    bold: bool


def _marks(weekly: Weekly, look: Look, t: Translate, events: Sequence[Marker]) -> list[_Mark]:
    """What is written above the data: the trigger, the start, the events within the weeks."""
    colours = look.palette
    found = []
    if weekly.trigger is not None:
        text = wrapped(t("the feedback that led to the pilot"), WORDS)
        found.append(_Mark(on=weekly.trigger[0], lines=text, colour=colours.accent, dashed=True, bold=False))
    text = wrapped(t("the pilot starts"), WORDS)
    found.append(_Mark(on=weekly.start, lines=text, colour=colours.ink, dashed=False, bold=True))
    first, last = weekly.weeks[0], weekly.weeks[-1] + np.timedelta64(6, "D")
    for event in events:
        if first <= np.datetime64(event.on, "D") <= last:
            text = wrapped(event.text, WORDS)
            found.append(_Mark(on=event.on, lines=text, colour=colours.faint_ink, dashed=True, bold=False))
    return found


def _drawn_marks(
    marks: Sequence[_Mark], domain: Sequence[str], look: Look, x: alt.X
) -> list[alt.Chart | alt.LayerChart]:
    """A rule from each mark's own line of words down to the axis; words on the side with more room."""
    first, last = (np.datetime64(day, "s").astype(float) for day in domain)
    layers: list[alt.Chart | alt.LayerChart] = []
    top = 10
    for mark in marks:
        here = {"week": mark.on}
        rule = alt.Chart(rows([here])).mark_rule(
            color=mark.colour, strokeWidth=2 if mark.bold else 1.5, strokeDash=[3, 3] if mark.dashed else [1, 0]
        )
        layers.append(rule.encode(x=x, y=alt.value(top - 6), y2=alt.value("height")))
        left = (np.datetime64(mark.on, "s").astype(float) - first) / (last - first) < 0.5
        layers.append(
            word(
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
        )
        top += LINE * len(mark.lines)
    return layers


def _span(weekly: Weekly) -> tuple[float, float]:
    """Lowest and highest value drawn, with some air."""
    drawn = [weekly.pilot, weekly.comparison, weekly.expected, weekly.expected_low, weekly.expected_high]
    values = np.concatenate([part[np.isfinite(part)] for part in drawn if part is not None])
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    air = AIR * (high - low) or 0.5
    return low - air, high + air


def _rows(weeks: Weeks, **columns: object) -> alt.Data:
    """A row a week; a column that is one text is repeated."""
    return rows(
        [
            {"week": week} | {name: part if isinstance(part, str) else part[place] for name, part in columns.items()}
            for place, week in enumerate(weeks)
        ]
    )

"""Which themes matter: how often each is named, and how much worse the outcome is where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.look import Look
from charts.theme import TEXT_SIZE, Translate, dressed, named, rows, word
from stats.messages import N_, Message

HEIGHT = 420
NAMED = 3
"""Themes whose names stand in the picture, by importance; the others have their number, as in the table."""
LINE = 17
"""Pixels that a line of words needs."""
SHORTENED = 34


@dataclass(frozen=True, kw_only=True)
class DriverPoint:
    """A theme in the picture.

    Attributes:
        number: Its place by importance, from 1; the table has the same.
        name: Its name in the reader's language.
        answers: How many answers name it.
        worse: How much worse the outcome is where it is named, positive for worse; percentage points for a yes or no.
        low: Lower end of the interval of `worse`.
        high: Upper end.
        candidate: Whether it may be the most important one.
    """

    number: int
    name: str
    answers: int
    worse: float
    low: float
    high: float
    candidate: bool

    @property
    def clear(self) -> bool:
        """Whether the interval lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


def chart(points: Sequence[DriverPoint], *, axis: str, look: Look, t: Translate) -> alt.LayerChart:
    """Frequency to the right, effect upwards: what is often named and much worse lies at the upper right.

    Args:
        points: The themes.
        axis: What is worse, with its unit, in the reader's language.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    kinds = {
        "candidate": t("May matter most"),
        "clear": t("Makes a difference"),
        "unclear": t("Cannot be told from none"),
    }
    most = max(point.answers for point in points)
    bottom = min(0.0, *(point.low for point in points))
    top = max(point.high for point in points)
    span = (top - bottom) * 1.06
    places = _places(points, most=most, bottom=bottom, span=span)
    drawn = [
        {
            "number": point.number,
            "name": point.name,
            "answers": point.answers,
            "worse": point.worse,
            "low": point.low,
            "high": point.high,
            "kind": kinds[_kind(point)],
            "words": f"{point.number} {_short(point.name)}" if point.number <= NAMED else str(point.number),
            "left": point.answers > 0.55 * most,
            "label": places[point.number],
        }
        for point in points
    ]
    x = alt.X(
        "answers:Q",
        scale=alt.Scale(domain=[0, most * 1.06], nice=False),
        axis=alt.Axis(title=t("Answers that name the theme"), format=",d", tickMinStep=1, tickCount=6, grid=False),
    )
    scale = alt.Scale(domain=[bottom, bottom + span], nice=False, zero=False)
    y = alt.Y("worse:Q", scale=scale, axis=alt.Axis(format=",~f", tickCount=6, **named(axis)))
    base = alt.Chart(rows(drawn))
    tints = [colours.accent, colours.sea, colours.quiet]
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(kinds.values()), range=tints),
        legend=alt.Legend(title=None, orient="bottom", direction="vertical"),
    )
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(kinds.values()), range=["diamond", "circle", "square"]),
        legend=alt.Legend(title=None, orient="bottom", direction="vertical"),
    )
    tooltip = [
        alt.Tooltip("name:N", title=t("Theme")),
        alt.Tooltip("answers:Q", title=t("Answers"), format=",d"),
        alt.Tooltip("worse:Q", title=t("How much worse"), format=",.2f"),
        alt.Tooltip("low:Q", title=t("Lower limit"), format=",.2f"),
        alt.Tooltip("high:Q", title=t("Upper limit"), format=",.2f"),
    ]
    zero = alt.Chart(rows([{"worse": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1.5).encode(y=y)
    intervals = base.mark_rule(strokeWidth=2, opacity=0.35).encode(
        x=x,
        y=alt.Y("low:Q", scale=scale),
        y2="high:Q",
        color=alt.Color("kind:N", scale=alt.Scale(domain=list(kinds.values()), range=tints), legend=None),
        tooltip=tooltip,
    )
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=x, y=y, color=colour, shape=shape, tooltip=tooltip
    )
    words = [
        base.transform_filter("datum.left" if left else "!datum.left")
        .mark_text(align="right" if left else "left", dx=-10 if left else 10, fontSize=TEXT_SIZE, **halo)
        .encode(x=x, y=alt.Y("label:Q", scale=scale), text="words:N")
        for left in (True, False)
        for halo in (
            {"color": colours.ground, "stroke": colours.ground, "strokeWidth": 4, "strokeOpacity": 0.8},
            {"color": colours.ink},
        )
    ]
    corner = word(
        t("Often and much"), look=look, colour=colours.accent, x=alt.value("width"), y=8, dx=-4, align="right",
        bold=True,
    )  # fmt: skip
    return dressed([zero, intervals, marks, *words, *corner], look, height=HEIGHT)


def describe(points: Sequence[DriverPoint]) -> Message:
    """The picture in one sentence, for those who hear it."""
    return Message(
        N_(
            "{themes} themes by how often they are named and how much worse the outcome is where they are. "
            "{worse} go clearly with a worse outcome, {better} with a better one and {unclear} cannot be told from "
            "none. The most important by the estimate: {first}."
        ),
        {
            "themes": len(points),
            "worse": sum(point.low > 0 for point in points),
            "better": sum(point.high < 0 for point in points),
            "unclear": sum(not point.clear for point in points),
            "first": min(points, key=lambda point: point.number).name,
        },
    )


def _kind(point: DriverPoint) -> str:
    return "candidate" if point.candidate else "clear" if point.clear else "unclear"


def _short(name: str) -> str:
    return name if len(name) <= SHORTENED else name[: SHORTENED - 1].rstrip() + "…"


def _places(points: Sequence[DriverPoint], *, most: int, bottom: float, span: float) -> dict[int, float]:
    """Heights at which the words of each point stand, moved up or down where they would touch those of another."""
    line = span * LINE / HEIGHT
    taken: list[tuple[float, float, float]] = []  # from, to as shares of the width, and the height
    found: dict[int, float] = {}
    for point in sorted(points, key=lambda one: one.number):
        at = point.answers / most
        wide = 0.5 if point.number <= NAMED else 0.06
        start, end = (at - wide, at) if at > 0.55 else (at, at + wide)
        for move in sorted(range(-48, 49), key=lambda step: (abs(step), step)):
            height = point.worse + move * line / 2
            inside = bottom + line / 2 <= height <= bottom + span - line / 2
            free = all(end < a or start > b or abs(height - c) >= line for a, b, c in taken)
            if inside and free:
                break
        else:
            height = point.worse
        found[point.number] = height
        taken.append((start, end, height))
    return found

"""One effect with its interval, against zero and the smallest change that matters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from charts.look import Look
from charts.measure import Measure
from charts.theme import Translate, dressed, rows, word, wrapped
from stats.messages import N_, Amount, Message
from stats.results import Evaluation

HEIGHT = 178
MIDDLE = 106
"""Where the interval lies, in pixels from the top; words stand above and below it."""
AIR = 0.06
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+,~f')"
ROOM_FOR_WORDS = 0.34


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An effect and its interval, in the metric's own unit.

    Attributes:
        effect: Pilot minus what would have happened without it.
        low: Lower end of the interval.
        high: Upper end.
        smallest_change: The smallest change that matters, as a positive size.
    """

    effect: float
    low: float
    high: float
    smallest_change: float


def of(evaluation: Evaluation) -> Estimate | None:
    """What an evaluation estimated; None when it could not."""
    if evaluation.effect is None or evaluation.interval is None:
        return None
    return Estimate(
        effect=evaluation.effect,
        low=evaluation.interval.low,
        high=evaluation.interval.high,
        smallest_change=evaluation.plan.smallest_change,
    )


def chart(estimate: Estimate, *, measure: Measure, look: Look, t: Translate) -> alt.LayerChart:
    """The estimate as a point, its interval as a bar, the regions of harm and of a large enough change named.

    Args:
        estimate: What to draw.
        measure: The metric.
        look: Who looks.
        t: Translates the chart's words.
    """
    scale, sign = (100.0 if measure.share else 1.0), measure.direction.sign
    effect, low, high = (scale * value for value in (estimate.effect, estimate.low, estimate.high))
    goal = scale * sign * estimate.smallest_change
    domain = _domain([low, high, effect, 0.0, -goal, 2.0 * goal])
    colours = look.palette
    scale_x = alt.Scale(domain=list(domain), nice=False, zero=False)
    axis = alt.Axis(title=change_heading(measure, t), labelExpr=SIGNED, tickCount=6, grid=False)
    x = alt.X("value:Q", scale=scale_x, axis=axis)
    edges = {True: domain[1], False: domain[0]}
    ground = alt.Chart(
        rows(
            [
                {"value": 0.0, "end": edges[sign < 0], "fill": colours.warning_fill},
                {"value": goal, "end": edges[sign > 0], "fill": colours.good_fill},
            ]
        )
    ).mark_rect()
    ground = ground.encode(x=x, x2="end:Q", color=alt.Color("fill:N", scale=None))
    lines = [
        alt.Chart(rows([{"value": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1.5).encode(x=x),
        alt.Chart(rows([{"value": goal}]))
        .mark_rule(color=colours.accent, strokeWidth=2.5, strokeDash=[6, 4])
        .encode(x=x),
    ]
    tooltip = [
        alt.Tooltip("value:Q", title=t("Estimated effect"), format="+,.2~f"),
        alt.Tooltip("low:Q", title=t("Lower limit"), format="+,.2~f"),
        alt.Tooltip("high:Q", title=t("Upper limit"), format="+,.2~f"),
    ]
    found = rows([{"value": effect, "low": low, "high": high}])
    height = alt.value(MIDDLE)
    bar = alt.Chart(found).mark_rule(color=colours.sea, strokeWidth=7, strokeCap="round", opacity=0.55)
    point = alt.Chart(found).mark_point(
        color=colours.sea, fill=colours.sea, size=260, opacity=1, strokeWidth=2, shape="circle"
    )
    words = [
        *_edge(t("Change for the worse"), colours.warning, look, right=sign < 0),
        *_edge(t("Change large enough"), colours.sea, look, right=sign > 0),
        *_beside(wrapped(t("Smallest change that matters"), 18), 44, goal, domain, colours.accent, look, x, sign),
        *_beside([t("No change")], HEIGHT - 18, 0.0, domain, colours.ink, look, x, sign),
    ]
    layers = [
        ground,
        *lines,
        bar.encode(x=alt.X("low:Q", scale=scale_x, axis=axis), x2="high:Q", y=height, tooltip=tooltip),
        point.encode(x=x, y=height, tooltip=tooltip),
        *words,
    ]
    return dressed(layers, look, height=HEIGHT)


def change_heading(measure: Measure, t: Translate) -> str:
    """What the numbers of a change are: percentage points for a share, else the metric's unit."""
    if measure.share:
        return t("Change, percentage points")
    return t("Change, {unit}").format(unit=measure.unit) if measure.unit else t("Change")


def describe(estimate: Estimate) -> Message:
    """The picture in one sentence, for those who hear it."""
    return Message(
        N_(
            "Estimated effect {effect}, interval from {low} to {high}. "
            "The smallest change that matters is {smallest_change}."
        ),
        _amounts(estimate),
    )


def table(estimate: Estimate, *, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row."""
    values = _amounts(estimate)
    return [
        {
            t("Estimated effect"): values["effect"],
            t("Lower limit"): values["low"],
            t("Upper limit"): values["high"],
            t("Smallest change that matters"): values["smallest_change"],
        }
    ]


def _amounts(estimate: Estimate) -> dict[str, object]:
    return {
        "effect": Amount(estimate.effect),
        "low": Amount(estimate.low),
        "high": Amount(estimate.high),
        "smallest_change": Amount(estimate.smallest_change),
    }


def _domain(values: Sequence[float]) -> tuple[float, float]:
    shown = [value for value in values if math.isfinite(value)]
    low, high = min(shown), max(shown)
    air = AIR * (high - low)
    return low - air, high + air


def _edge(text: str, colour: str, look: Look, *, right: bool) -> list[alt.Chart]:
    """A region's name at its own edge of the picture."""
    place = alt.value("width") if right else alt.value(0)
    align: Literal["left", "right"] = "right" if right else "left"
    return word(text, look=look, colour=colour, x=place, y=18, align=align, dx=-6 if right else 6, bold=True)


def _beside(
    text: list[str], y: int, at: float, domain: tuple[float, float], colour: str, look: Look, x: alt.X, sign: int
) -> list[alt.Chart]:
    """A line's name on its better side, or on the other where the better side is narrow."""
    room = (domain[1] - at if sign > 0 else at - domain[0]) / (domain[1] - domain[0])
    right = (room >= ROOM_FOR_WORDS) == (sign > 0)
    return word(
        text,
        look=look,
        colour=colour,
        x=x,
        y=y,
        at={"value": at},
        align="left" if right else "right",
        dx=7 if right else -7,
    )

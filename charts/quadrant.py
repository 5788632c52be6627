"""Customers' gain across, efficiency upwards: where each pilot lies, with the range it may lie in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.look import Look
from charts.theme import TEXT_SIZE, Translate, dressed, named, rows, word, wrapped
from stats.messages import N_, Message

HEIGHT = 430
FARTHEST = 4.0
"""Intervals that reach further than so many multiples end in an arrow; estimates are always inside."""
PHONE = 290.0
"""Pixels that the narrowest picture has for its points: codes are moved apart so that they can be read there."""
CODE_WIDTH, CODE_HEIGHT = 30.0, 15.0
LEVELS = (-14, 15, -30, 31, -46, 47)
"""Pixels from a point down to its code; the first free one is taken."""
ON_TOP = 9.0
"""Pixels within which points cover each other: their codes then stand together."""
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+,~f')"


@dataclass(frozen=True, kw_only=True)
class QuadrantPoint:
    """A pilot.

    Attributes:
        code: Its code, written at the point.
        name: Its code and title in the reader's language.
        customers: Effect for customers in multiples of the smallest change that matters; positive is better.
        low: Lower end of its interval.
        high: Upper end.
        efficiency: Hours saved a week, or the effect on time or cost in multiples; positive is better.
        efficiency_low: Lower end of its interval; None when it was told rather than measured.
        efficiency_high: Upper end.
        told: The efficiency in words, for the table.
    """

    code: str
    name: str
    customers: float
    low: float
    high: float
    efficiency: float
    efficiency_low: float | None = None
    efficiency_high: float | None = None
    told: str = ""


def chart(points: Sequence[QuadrantPoint], *, upright: str, look: Look, t: Translate) -> alt.LayerChart:
    """The pilots on both axes, the four corners named.

    Args:
        points: The pilots; none is left out.
        upright: What the upright axis is.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    across, up = _domain(points), _upright(points)
    x_scale = alt.Scale(domain=list(across), nice=False, zero=False)
    # Hours bunch near none at all: equal steps there, ever longer ones further out.
    y_scale = alt.Scale(domain=list(up), nice=False, zero=False, type="symlog", constant=1)
    heading = wrapped(t("Effect for customers, in multiples of the smallest change that matters"))
    x_axis = alt.Axis(title=heading, format=",~f", tickMinStep=1, tickCount=8, grid=False)
    y_axis = alt.Axis(values=_ticks(up), labelExpr=SIGNED, grid=True, **named(upright))
    codes_at = _codes(points, across, up)
    drawn = rows([_drawn(point, across) | told for point, told in zip(points, codes_at, strict=True)])
    base = alt.Chart(drawn)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=x_scale, axis=x_axis)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=y_scale, axis=y_axis)

    tooltip = [
        alt.Tooltip("name:N", title=t("Pilot")),
        alt.Tooltip("customers:Q", title=t("Effect for customers"), format="+,.2~f"),
        alt.Tooltip("low:Q", title=t("Lower limit"), format="+,.2~f"),
        alt.Tooltip("high:Q", title=t("Upper limit"), format="+,.2~f"),
        alt.Tooltip("told:N", title=upright),
    ]
    lines = [
        alt.Chart(rows([{"efficiency": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1.5).encode(y=y("efficiency")),
        alt.Chart(rows([{"customers": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1.5).encode(x=x("customers")),
        alt.Chart(rows([{"customers": 1.0}]))
        .mark_rule(color=colours.accent, strokeWidth=2, strokeDash=[6, 4])
        .encode(x=x("customers")),
    ]
    ranges = [
        base.mark_rule(color=colours.sea, strokeWidth=2, opacity=0.4).encode(
            x=x("from"), x2="to:Q", y=y("efficiency"), tooltip=tooltip
        ),
        base.transform_filter("isValid(datum.bottom)")
        .mark_rule(color=colours.sea, strokeWidth=2, opacity=0.4)
        .encode(x=x("customers"), y=y("bottom"), y2="top:Q", tooltip=tooltip),
        *(
            base.transform_filter(f"datum.{end}_cut")
            .mark_point(shape=f"triangle-{side}", color=colours.sea, filled=True, size=60, opacity=0.7)
            .encode(x=x(end), y=y("efficiency"), tooltip=tooltip)
            for end, side in (("from", "left"), ("to", "right"))
        ),
    ]
    points_drawn = base.mark_point(filled=True, color=colours.sea, size=90, opacity=1).encode(
        x=x("customers"), y=y("efficiency"), tooltip=tooltip
    )
    leaders = base.transform_filter("isValid(datum.led)").mark_rule(color=colours.ink, strokeWidth=1)
    codes = [
        base.transform_filter("isValid(datum.written)")
        .mark_text(fontSize=TEXT_SIZE, fontWeight="bold", dy=alt.expr("datum.dy"), **halo)
        .encode(x=x("customers"), y=y("efficiency"), text="written:N")
        for halo in (
            {"color": colours.ground, "stroke": colours.ground, "strokeWidth": 4, "strokeOpacity": 0.9},
            {"color": colours.ink},
        )
    ]
    corners = [
        *_corner([t("Worse for customers,"), t("saves effort")], colours.quiet, look, right=False, low=False),
        *_corner([t("Better for customers,"), t("saves effort")], colours.sea, look, right=True, low=False),
        *_corner([t("Worse for customers,"), t("takes effort")], colours.warning, look, right=False, low=True),
        *_corner([t("Better for customers,"), t("takes effort")], colours.quiet, look, right=True, low=True),
    ]
    led = leaders.encode(x=x("customers"), y=y("efficiency"), y2="led:Q")
    return dressed([*lines, *ranges, led, points_drawn, *corners, *codes], look, height=HEIGHT)


def describe(points: Sequence[QuadrantPoint]) -> Message:
    """The picture in one sentence, for those who hear it."""
    return Message(
        N_(
            "{pilots} pilots: by their estimates {both} are better for customers and save effort or take none, {dear} "
            "are better for customers and take effort, and {worse} are worse for customers."
        ),
        {
            "pilots": len(points),
            "both": sum(point.customers > 0 and point.efficiency >= 0 for point in points),
            "dear": sum(point.customers > 0 and point.efficiency < 0 for point in points),
            "worse": sum(point.customers <= 0 for point in points),
        },
    )


def table(points: Sequence[QuadrantPoint], *, upright: str, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a pilot."""
    return [
        {
            t("Pilot"): point.name,
            t("Effect for customers"): point.customers,
            t("Lower limit"): point.low,
            t("Upper limit"): point.high,
            upright: point.told,
        }
        for point in points
    ]


def _domain(points: Sequence[QuadrantPoint]) -> tuple[float, float]:
    """From harm to well beyond the smallest change; wide intervals stop at FARTHEST, estimates never."""
    effects = [point.customers for point in points]
    low = min([-1.5, *(e - 0.4 for e in effects), *(max(point.low, -FARTHEST) for point in points)])
    high = max([2.5, *(e + 0.4 for e in effects), *(min(point.high, FARTHEST) for point in points)])
    return low, high


def _upright(points: Sequence[QuadrantPoint]) -> tuple[float, float]:
    """Room above and below for the corners' names."""
    ends = [point.efficiency for point in points]
    ends += [max(p.efficiency_low, -FARTHEST * 2) for p in points if p.efficiency_low is not None]
    ends += [min(p.efficiency_high, FARTHEST * 2) for p in points if p.efficiency_high is not None]
    reach = [math.asinh(end) for end in [*ends, -1.0, 1.0]]
    return math.sinh(min(reach) - 0.75), math.sinh(max(reach) + 0.75)


def _ticks(up: tuple[float, float]) -> list[float]:
    steps = [1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0]
    return [0.0, *(s for s in steps if s <= up[1]), *(-s for s in steps if -s >= up[0])]


def _codes(
    points: Sequence[QuadrantPoint], across: tuple[float, float], up: tuple[float, float]
) -> list[dict[str, object]]:
    """What is written at each point and how far below it, so that nothing covers anything, even on a phone."""
    span = [math.copysign(math.log1p(abs(value)), value) for value in up]

    def place(point: QuadrantPoint) -> tuple[float, float]:
        height = math.copysign(math.log1p(abs(point.efficiency)), point.efficiency)
        x = PHONE * (point.customers - across[0]) / (across[1] - across[0])
        return x, HEIGHT * (span[1] - height) / (span[1] - span[0])

    places = [place(point) for point in points]
    taken = [(x, y, ON_TOP, ON_TOP) for x, y in places]
    found: list[dict[str, object]] = [{"written": None, "dy": 0, "led": None} for _ in points]
    together: dict[int, list[int]] = {}
    for number, (x, y) in enumerate(places):
        near = (n for n in together if abs(places[n][0] - x) < ON_TOP and abs(places[n][1] - y) < ON_TOP)
        together.setdefault(next(near, number), []).append(number)
    for first, same in together.items():
        words = ", ".join(points[number].code for number in same)
        x, y = places[first]
        width = CODE_WIDTH * len(same)
        free = (
            dy
            for dy in LEVELS
            if not any(
                abs(x - other_x) < (width + wide) / 2 and abs(y + dy - other_y) < (CODE_HEIGHT + high) / 2
                for other_x, other_y, wide, high in taken
            )
        )
        dy = next(free, LEVELS[0])
        taken.append((x, y + dy, width, CODE_HEIGHT))
        found[first] = {"written": words, "dy": dy, "led": None if abs(dy) < 20 else _value_at(y + dy, span)}
    return found


def _value_at(y: float, span: Sequence[float]) -> float:
    """The efficiency that lies so many pixels from the top."""
    height = span[1] - y * (span[1] - span[0]) / HEIGHT
    return math.copysign(math.expm1(abs(height)), height)


def _drawn(point: QuadrantPoint, across: tuple[float, float]) -> dict[str, object]:
    return {
        "code": point.code,
        "name": point.name,
        "customers": point.customers,
        "low": point.low,
        "high": point.high,
        "efficiency": point.efficiency,
        "told": point.told,
        "from": max(point.low, across[0]),
        "to": min(point.high, across[1]),
        "from_cut": point.low < across[0],
        "to_cut": point.high > across[1],
        "bottom": None if point.efficiency_low is None else max(point.efficiency_low, -FARTHEST * 2),
        "top": None if point.efficiency_high is None else min(point.efficiency_high, FARTHEST * 2),
    }


def _corner(lines: list[str], colour: str, look: Look, *, right: bool, low: bool) -> list[alt.Chart]:
    """A corner's name, in two lines."""
    return word(
        lines,
        look=look,
        colour=colour,
        x=alt.value("width") if right else alt.value(0),
        y=HEIGHT - 28 if low else 12,
        align="right" if right else "left",
        dx=-6 if right else 6,
        bold=True,
    )

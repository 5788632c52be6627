"""The portfolio: every pilot's effect and interval in multiples of its own smallest change that matters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from charts.look import Look
from charts.theme import TEXT_SIZE, Translate, dressed, rows, word, wrapped
from stats.messages import N_, Message
from stats.metric import Direction
from stats.results import Evaluation

ROW, LINE = 46, 17
"""Height in pixels of a pilot's row, its name above and its interval below, and of each further line of the name."""
UNDER_NAME = 22
"""Pixels from the top of a name's last line down to its interval: nearer than to the next name, or rows mix up."""
FARTHEST = 4.0
"""Intervals that reach further than so many multiples end in an arrow; estimates are always inside."""


@dataclass(frozen=True, kw_only=True)
class ForestRow:
    """A pilot of the portfolio.

    Attributes:
        name: Its code and title in the reader's language.
        direction: Which way its metric gets better.
        smallest_change: Its smallest change that matters, a positive size in the metric's unit.
        effect: The estimate in the metric's unit; None when nothing can be said yet.
        low: Lower end of the interval.
        high: Upper end.
        shrunken: The estimate drawn towards the other pilots', when the portfolio computed it.
        verdict: The recommendation in the reader's language, for the table.
    """

    name: str
    direction: Direction = Direction.INCREASE
    smallest_change: float = 1.0
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    shrunken: float | None = None
    verdict: str = ""

    def multiples(self) -> tuple[float, float, float] | None:
        """Estimate and interval in multiples of the smallest change, positive for the better; None without one."""
        if self.effect is None or self.low is None or self.high is None:
            return None
        unit = self.direction.sign * self.smallest_change
        ends = sorted((self.low / unit, self.high / unit))
        return self.effect / unit, ends[0], ends[1]

    def shrunken_multiple(self) -> float | None:
        """The shrunken estimate in the same multiples."""
        return None if self.shrunken is None else self.shrunken / (self.direction.sign * self.smallest_change)


def row_of(name: str, evaluation: Evaluation | None, *, shrunken: float | None = None, verdict: str = "") -> ForestRow:
    """A pilot's row from its evaluation; without one, a row that says so.

    Args:
        name: The pilot's code and title in the reader's language.
        evaluation: The newest evaluation.
        shrunken: The estimate drawn towards the other pilots'.
        verdict: The recommendation in the reader's language.
    """
    if evaluation is None or evaluation.interval is None:
        return ForestRow(name=name, verdict=verdict)
    return ForestRow(
        name=name,
        direction=evaluation.plan.direction,
        smallest_change=evaluation.plan.smallest_change,
        effect=evaluation.effect,
        low=evaluation.interval.low,
        high=evaluation.interval.high,
        shrunken=shrunken,
        verdict=verdict,
    )


def chart(pilots: Sequence[ForestRow], *, look: Look, t: Translate) -> alt.LayerChart:
    """A row a pilot, in the order given, none left out.

    Args:
        pilots: The pilots; the caller orders them, never by effect.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    domain = _domain(pilots)
    lines = max((len(wrapped(row.name)) for row in pilots), default=1)
    height = ROW + LINE * (lines - 1)
    line_y = height // 2 - 14
    name_y = alt.expr(f"{line_y - UNDER_NAME} - {LINE - 1} * (length(datum.lines) - 1)")
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    axis = alt.Axis(
        orient="top",
        title=t("Multiples of the smallest change that matters"),
        format=",~f",
        tickMinStep=1,
        tickCount=8,
        grid=False,
    )
    x = alt.X("value:Q", scale=scale, axis=axis)
    places = list(range(-1, len(pilots)))
    y = alt.Y("row:O", sort=None, axis=None, scale=alt.Scale(domain=places, paddingInner=0, paddingOuter=0))
    ground = alt.Chart(
        rows(
            [
                {"value": domain[0], "end": 0.0, "fill": colours.warning_fill},
                {"value": 1.0, "end": domain[1], "fill": colours.good_fill},
            ]
        )
    ).mark_rect()
    zero = alt.Chart(rows([{"value": 0.0}])).mark_rule(color=colours.ink, strokeWidth=1.5).encode(x=x)
    goal = alt.Chart(rows([{"value": 1.0}])).mark_rule(color=colours.accent, strokeWidth=2.5, strokeDash=[6, 4])
    drawn = rows([_drawn(place, row, domain, t) for place, row in enumerate(pilots)])
    base = alt.Chart(drawn)
    seen = base.transform_filter("isValid(datum.value)")
    tooltip = [
        alt.Tooltip("name:N", title=t("Pilot")),
        alt.Tooltip("value:Q", title=t("Estimated effect"), format=",.2f"),
        alt.Tooltip("low:Q", title=t("Lower limit"), format=",.2f"),
        alt.Tooltip("high:Q", title=t("Upper limit"), format=",.2f"),
    ]
    words = [
        *word(t("Change for the worse"), look=look, colour=colours.warning, x=alt.value(0), y=18, dx=6, bold=True),
        *word(
            t("Change large enough"),
            look=look,
            colour=colours.sea,
            x=alt.value("width"),
            y=18,
            dx=-6,
            align="right",
            bold=True,
        ),
    ]
    ends = seen.mark_rule(color=colours.sea, strokeWidth=4, opacity=0.6, yOffset=line_y)
    layers = [
        ground.encode(x=x, x2="end:Q", color=alt.Color("fill:N", scale=None)),
        zero,
        goal.encode(x=x),
        ends.encode(x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q", y=y, tooltip=tooltip),
        *(
            seen.transform_filter(f"datum.{end}_cut")
            .mark_point(shape=f"triangle-{side}", color=colours.sea, filled=True, size=110, opacity=1, yOffset=line_y)
            .encode(x=alt.X(f"{end}:Q", scale=scale, axis=axis), y=y, tooltip=tooltip)
            for end, side in (("from", "left"), ("to", "right"))
        ),
        seen.mark_point(filled=True, color=colours.sea, size=150, opacity=1, yOffset=line_y).encode(
            x=x, y=y, tooltip=tooltip
        ),
        base.transform_filter("isValid(datum.shrunken)")
        .mark_point(shape="diamond", fill=colours.accent, stroke=colours.ink, size=90, opacity=1, yOffset=line_y)
        .encode(
            x=alt.X("shrunken:Q", scale=scale, axis=axis),
            y=y,
            tooltip=[alt.Tooltip("shrunken:Q", title=t("Estimate in the light of all pilots"), format=",.2f")],
        ),
        *(
            base.mark_text(
                align="left", dy=name_y, baseline="top", lineHeight=LINE - 1, fontSize=TEXT_SIZE, **halo
            ).encode(x=alt.value(4), y=y, text="lines:N")
            for halo in (
                {"color": colours.ground, "stroke": colours.ground, "strokeWidth": 4, "strokeOpacity": 0.8},
                {"color": colours.ink},
            )
        ),
        base.transform_filter("!isValid(datum.value)")
        .mark_text(align="left", dy=line_y, fontStyle="italic", fontSize=TEXT_SIZE)
        .encode(x=alt.value(4), y=y, text="nothing:N", color=alt.value(colours.faint_ink)),
        *words,
    ]
    return dressed(layers, look, height=height * len(places))


def describe(pilots: Sequence[ForestRow]) -> Message:
    """The picture in one sentence, for those who hear it."""
    found = [multiples for row in pilots if (multiples := row.multiples()) is not None]
    return Message(
        N_(
            "{pilots} pilots, each with its interval in multiples of its smallest change that matters: "
            "{better} lie wholly above zero, {worse} wholly below, {unclear} reach across zero and "
            "{nothing} have no estimate yet."
        ),
        {
            "pilots": len(pilots),
            "better": sum(low > 0 for _, low, _ in found),
            "worse": sum(high < 0 for _, _, high in found),
            "unclear": sum(low <= 0 <= high for _, low, high in found),
            "nothing": len(pilots) - len(found),
        },
    )


def table(pilots: Sequence[ForestRow], *, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers in multiples of the smallest change, a row a pilot."""
    found = []
    for row in pilots:
        effect, low, high = row.multiples() or (math.nan,) * 3
        shrunken = row.shrunken_multiple()
        found.append(
            {
                t("Pilot"): row.name,
                t("Estimated effect"): effect,
                t("Lower limit"): low,
                t("Upper limit"): high,
                t("Estimate in the light of all pilots"): math.nan if shrunken is None else shrunken,
                t("Recommendation"): row.verdict,
            }
        )
    return found


def _domain(pilots: Sequence[ForestRow]) -> tuple[float, float]:
    """From harm to well beyond the smallest change; wide intervals stop at FARTHEST, estimates never."""
    found = [multiples for row in pilots if (multiples := row.multiples()) is not None]
    lows, highs = [low for _, low, _ in found], [high for _, _, high in found]
    effects = [effect for effect, _, _ in found]
    effects += [value for row in pilots if (value := row.shrunken_multiple()) is not None]
    low = min([-1.0, *(value - 0.3 for value in effects), *np.clip(lows, -FARTHEST, None)])
    high = max([2.0, *(value + 0.3 for value in effects), *np.clip(highs, None, FARTHEST)])
    return float(low), float(high)


def _drawn(place: int, row: ForestRow, domain: tuple[float, float], t: Translate) -> dict[str, object]:
    multiples = row.multiples()
    drawn: dict[str, object] = {
        "row": place,
        "name": row.name,
        "lines": wrapped(row.name),
        "nothing": t("Not enough data yet"),
    }
    if multiples is None:
        return drawn
    effect, low, high = multiples
    return drawn | {
        "value": effect,
        "low": low,
        "high": high,
        "from": max(low, domain[0]),
        "to": min(high, domain[1]),
        "from_cut": low < domain[0],
        "to_cut": high > domain[1],
        "shrunken": row.shrunken_multiple(),
    }

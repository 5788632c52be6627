"""From feedback to established practice: a bar a stage, none longer than the one above, with the time it took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.look import Look
from charts.theme import SMALLEST_TEXT, TEXT_SIZE, Translate, dressed, rows, wrapped
from stats.messages import N_, Message

LINE, BAR, UNDER = 17, 20, 24
"""Height in pixels of a line of words, of a bar, and of the line below it."""
GAP = 8
LEAST = 0.006
"""Part of the width that a bar of nothing keeps, so that a stage can be seen to be there."""


@dataclass(frozen=True, kw_only=True)
class FunnelStage:
    """One stage.

    Attributes:
        name: In the reader's language.
        themes: Themes that got at least so far.
        pilots: Pilots of theirs that did; None where pilots do not count yet.
        lead: How long it took from the stage before, in the reader's language; "" where that is not known.
        days: The same in days, for the table.
    """

    name: str
    themes: int
    pilots: int | None = None
    lead: str = ""
    days: float | None = None


def chart(stages: Sequence[FunnelStage], *, look: Look, t: Translate) -> alt.LayerChart:
    """The stages from the top down.

    Args:
        stages: In their order; none has more themes than the one before.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    most = max((stage.themes for stage in stages), default=0) or 1
    drawn: list[dict[str, object]] = []
    top = 0
    for stage in stages:
        words = [*wrapped(stage.name), _counted(stage, t)]
        bar = top + LINE * len(words) + 3
        drawn.append(
            {
                "name": stage.name,
                "themes": stage.themes,
                "pilots": stage.pilots,
                "lead": f"↑ {stage.lead}" if stage.lead else None,
                "words": words,
                "top": top,
                "bar": bar,
                "end": bar + BAR,
                "from": 0.0,
                "length": max(stage.themes / most, LEAST),
            }
        )
        top = bar + BAR + UNDER + GAP
    height = max(top, BAR)
    base = alt.Chart(rows(drawn))
    y_scale = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    x_scale = alt.Scale(domain=[0, 1], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=x_scale, axis=None)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=y_scale, axis=None)

    tooltip = [
        alt.Tooltip("name:N", title=t("Stage")),
        alt.Tooltip("themes:Q", title=t("Themes"), format=",d"),
        alt.Tooltip("pilots:Q", title=t("Pilots"), format=",d"),
    ]
    whole = base.mark_rect(color=colours.quiet_fill, opacity=0.55, cornerRadius=3)
    part = base.mark_rect(color=colours.sea, cornerRadius=3)
    layers = [
        whole.encode(x=alt.value(0), x2=alt.value("width"), y=y("bar"), y2="end:Q"),
        part.encode(x=x("from"), x2="length:Q", y=y("bar"), y2="end:Q", tooltip=tooltip),
        # Lines of text need rows of their own: rows that all layers share become a table, which holds no lists.
        alt.Chart(rows([{"words": row["words"], "top": row["top"]} for row in drawn]))
        .mark_text(align="left", baseline="top", fontSize=TEXT_SIZE, lineHeight=LINE, color=colours.ink)
        .encode(x=alt.value(0), y=y("top"), text="words:N"),
        base.transform_filter("isValid(datum.lead)")
        .mark_text(align="left", baseline="top", fontSize=SMALLEST_TEXT, dy=5, color=colours.faint_ink)
        .encode(x=alt.value(0), y=y("end"), text="lead:N"),
    ]
    return dressed(layers, look, height=height)


def describe(stages: Sequence[FunnelStage]) -> Message:
    """The picture in one sentence, for those who hear it."""
    if not stages:
        return Message(N_("There is no stage to show."))
    return Message(
        N_("{count} stages from {first} to {last}. Themes at each stage: {themes}."),
        {
            "count": len(stages),
            "first": stages[0].name,
            "last": stages[-1].name,
            "themes": tuple(stage.themes for stage in stages),
        },
    )


def table(stages: Sequence[FunnelStage], *, t: Translate) -> list[dict[str, object]]:
    """The picture's numbers, a row a stage."""
    return [
        {
            t("Stage"): stage.name,
            t("Themes"): stage.themes,
            t("Pilots"): stage.pilots,
            t("Median days from the stage before"): math.nan if stage.days is None else round(stage.days),
        }
        for stage in stages
    ]


def _counted(stage: FunnelStage, t: Translate) -> str:
    if stage.pilots is None:
        return t("themes {themes}").format(themes=stage.themes)
    return t("themes {themes}, pilots {pilots}").format(themes=stage.themes, pilots=stage.pilots)

"""Themes in rows, places in columns, pilots as marks; what is loud and untried keeps its number in a dashed frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import altair as alt

from charts.look import Look
from charts.theme import TEXT_SIZE, Translate, dressed, rows, wrapped
from stats.messages import N_, Message

LINE, STRIP, GAP = 17, 26, 8
"""Height in pixels of a line of a theme's name, of its cells below it, and of the room to the next theme."""
NAME_WIDTH = 46
"""Characters of a theme's name that fit on a phone."""
PLACE_WIDTH = 30
"""Characters of a place's name in a line; the names stand upright over their columns."""


class Mark(StrEnum):
    """Where a pilot stands."""

    PLANNED = "planned"
    RUNNING = "running"
    TO_DECIDE = "to_decide"
    IN_USE = "in_use"
    LEARNED = "learned"


MARKS: dict[Mark, str] = {
    Mark.PLANNED: N_("planned or an idea"),
    Mark.RUNNING: N_("running"),
    Mark.TO_DECIDE: N_("awaiting decision"),
    Mark.IN_USE: N_("in use"),
    Mark.LEARNED: N_("we learned"),
}
SHAPES: dict[Mark, str] = {
    Mark.PLANNED: "circle",
    Mark.RUNNING: "triangle-right",
    Mark.TO_DECIDE: "diamond",
    Mark.IN_USE: "square",
    Mark.LEARNED: "cross",
}


@dataclass(frozen=True, kw_only=True)
class PlacedPilot:
    """A pilot in a cell.

    Attributes:
        name: Its code and title in the reader's language.
        mark: Where it stands.
    """

    name: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class PlaceCell:
    """A theme in a place.

    Attributes:
        theme: The theme's name.
        theme_code: Its code.
        place: The place's name.
        place_code: Its code.
        unhappy: Unhappy customers; None where they are too few to be told.
        loud: Whether they are many.
        pilots: The pilots there.
    """

    theme: str
    theme_code: str
    place: str
    place_code: str
    unhappy: int | None
    loud: bool = False
    pilots: tuple[PlacedPilot, ...] = field(default=())

    @property
    def gap(self) -> bool:
        """Whether many are unhappy and no pilot answers."""
        return self.loud and not self.pilots


def chart(cells: Sequence[PlaceCell], *, look: Look, t: Translate) -> alt.LayerChart:
    """The cells as a grid, themes and places in the order in which they first occur.

    Args:
        cells: Every theme with every place.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    places = {cell.place_code: cell.place for cell in cells}
    tops, names, height = _rows(cells)
    label = "datum.value"
    for code, name in places.items():
        lines = ", ".join(map(_quoted, wrapped(name, PLACE_WIDTH)))
        label = f"datum.value === {_quoted(code)} ? [{lines}] : {label}"
    axis = alt.Axis(
        title=None, orient="top", labelExpr=label, labelAngle=-90, labelLimit=0, labelOverlap=False, ticks=False,
        domain=False, labelLineHeight=14, labelColor=colours.ink,
    )  # fmt: skip
    x = alt.X("place:N", sort=list(places), axis=axis, scale=alt.Scale(paddingInner=0.08, paddingOuter=0))
    y_scale = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=y_scale, axis=None)

    grounds = rows(
        [
            {
                "place": cell.place_code,
                "where": cell.place,
                "theme": cell.theme,
                "unhappy": cell.unhappy,
                "told": cell.unhappy if cell.gap else None,
                "top": tops[cell.theme_code],
                "end": tops[cell.theme_code] + STRIP,
                "middle": tops[cell.theme_code] + STRIP / 2,
                "fill": colours.warning_fill if cell.loud else colours.grid,
                "gap": cell.gap,
            }
            for cell in cells
        ]
    )
    marks = rows(
        [
            {
                "place": cell.place_code,
                "theme": cell.theme,
                "where": cell.place,
                "name": pilot.name,
                "standing": t(MARKS[pilot.mark]),
                "middle": tops[cell.theme_code] + STRIP / 2,
                "dx": 13 * (number - (len(cell.pilots) - 1) / 2),
            }
            for cell in cells
            for number, pilot in enumerate(cell.pilots)
        ]
        or [{"place": None}]
    )
    tooltip = [
        alt.Tooltip("theme:N", title=t("Theme")),
        alt.Tooltip("where:N", title=t("Place")),
        alt.Tooltip("unhappy:Q", title=t("Unhappy customers in the quarter"), format=",d"),
    ]
    base = alt.Chart(grounds)
    shown = {mark: t(MARKS[mark]) for mark in Mark if any(p.mark is mark for cell in cells for p in cell.pilots)}
    layers = [
        base.mark_rect(cornerRadius=2).encode(
            x=x, y=y("top"), y2="end:Q", color=alt.Color("fill:N", scale=None), tooltip=tooltip
        ),
        base.transform_filter("datum.gap")
        .mark_rect(filled=False, stroke=colours.warning, strokeWidth=2, strokeDash=[4, 3], cornerRadius=2)
        .encode(x=x, y=y("top"), y2="end:Q", tooltip=tooltip),
        base.transform_filter("datum.gap")
        .mark_text(fontSize=TEXT_SIZE, fontWeight="bold", color=colours.ink, baseline="middle")
        .encode(x=x, y=y("middle"), text=alt.Text("told:Q", format=",d"), tooltip=tooltip),
        alt.Chart(marks)
        .transform_filter("isValid(datum.place)")
        .mark_point(
            filled=True, size=120, opacity=1, stroke=colours.ground, strokeWidth=1, xOffset=alt.expr("datum.dx")
        )
        .encode(
            x=x,
            y=y("middle"),
            shape=alt.Shape(
                "standing:N",
                scale=alt.Scale(domain=list(shown.values()), range=[SHAPES[mark] for mark in shown]),
                legend=alt.Legend(title=None, orient="bottom", columns=2, symbolFillColor=colours.sea),
            ),
            color=alt.value(colours.sea),
            tooltip=[
                alt.Tooltip("name:N", title=t("Pilot")),
                alt.Tooltip("standing:N", title=t("Where it stands")),
                alt.Tooltip("theme:N", title=t("Theme")),
                alt.Tooltip("where:N", title=t("Place")),
            ],
        ),
        alt.Chart(rows(names))
        .mark_text(align="left", baseline="top", fontSize=TEXT_SIZE, lineHeight=LINE, color=colours.ink)
        .encode(x=alt.value(0), y=y("top"), text="words:N"),
    ]
    return dressed(layers, look, height=height)


def describe(cells: Sequence[PlaceCell]) -> Message:
    """The picture in one sentence, for those who hear it."""
    return Message(
        N_(
            "{themes} themes in {places} places: in {tried} cells a pilot answers the theme, in {gaps} cells many "
            "are unhappy and nothing is tried."
        ),
        {
            "themes": len({cell.theme_code for cell in cells}),
            "places": len({cell.place_code for cell in cells}),
            "tried": sum(bool(cell.pilots) for cell in cells),
            "gaps": sum(cell.gap for cell in cells),
        },
    )


def table(cells: Sequence[PlaceCell], *, few: str, t: Translate) -> list[dict[str, object]]:
    """The picture's cells that say something, a row each: pilots, or many unhappy customers and none.

    Args:
        cells: The cells.
        few: What is written where the number is not told.
        t: Translates the heads.
    """
    return [
        {
            t("Theme"): cell.theme,
            t("Place"): cell.place,
            t("Unhappy customers in the quarter"): few if cell.unhappy is None else cell.unhappy,
            t("Pilots"): "; ".join(f"{pilot.name} ({t(MARKS[pilot.mark])})" for pilot in cell.pilots)
            or t("nothing is tried"),
        }
        for cell in cells
        if cell.pilots or cell.gap
    ]


def _rows(cells: Sequence[PlaceCell]) -> tuple[dict[str, int], list[dict[str, object]], int]:
    """The top of each theme's cells, each theme's name with its top, and the height of all."""
    tops: dict[str, int] = {}
    names: list[dict[str, object]] = []
    top = 0
    for code, theme in {cell.theme_code: cell.theme for cell in cells}.items():
        words = wrapped(theme, NAME_WIDTH)
        names.append({"words": words, "top": top})
        tops[code] = top + LINE * len(words)
        top = tops[code] + STRIP + GAP
    return tops, names, max(top, STRIP)


def _quoted(text: str) -> str:
    """A text as a literal of Vega's expressions."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

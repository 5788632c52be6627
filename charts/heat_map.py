"""Themes against places or months: the darker a cell, the more is said; a cell of few people keeps its number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.look import Look
from charts.theme import SMALLEST_TEXT, Translate, dressed, rows
from stats.messages import N_, Message

ROW = 28
NUMBERS_UP_TO = 14
"""Columns that leave room for numbers in the cells."""
DARK_FROM = 0.55
"""From this part of the largest value on, a cell's number is written in the ground's colour."""
SLANTED = 96
"""Room to the right for the slanted name of the last column."""
CHOSEN = "chosen"
"""The name of the selection: a click gives the cell's row and column."""


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """One cell.

    Attributes:
        row: Name of the theme.
        column: Name of the place or month.
        row_code: The theme's code.
        column_code: The place's or month's code.
        value: What is coloured, per 100 answers; NaN where it is hidden or there is nothing to divide by.
        few: Whether it is hidden because few people spoke of it.
    """

    row: str
    column: str
    row_code: str
    column_code: str
    value: float
    few: bool


def chart(
    cells: Sequence[HeatCell], *, title: str, few: str, harm: bool, look: Look, t: Translate, decimals: int = 1
) -> alt.LayerChart:
    """The cells as a grid, rows and columns in the order in which they first occur.

    Args:
        cells: Every row with every column.
        title: What the colour stands for.
        few: What is written for a hidden cell.
        harm: Whether more is worse: red rather than blue.
        look: Who looks.
        t: Translates the chart's words.
        decimals: Of the numbers in the cells.
    """
    colours = look.palette
    columns = list(dict.fromkeys(cell.column_code for cell in cells))
    names = {cell.column_code: cell.column for cell in cells} | {cell.row_code: cell.row for cell in cells}
    most = max((cell.value for cell in cells if math.isfinite(cell.value)), default=0.0) or 1.0
    data = rows(
        [
            {
                "row": cell.row_code,
                "column": cell.column_code,
                "theme": cell.row,
                "place": cell.column,
                "value": cell.value,
                "told": few if cell.few else _little(cell.value, decimals, look),
            }
            for cell in cells
        ]
    )
    label = "datum.value"
    for code, name in names.items():
        label = f"datum.value === {_quoted(code)} ? {_quoted(name)} : {label}"
    x = alt.X(
        "column:N",
        sort=columns,
        axis=alt.Axis(
            title=None, orient="top", labelExpr=label, labelAngle=-45, labelLimit=200, labelOverlap=False, ticks=False,
            domain=False,
        ),
    )  # fmt: skip
    y = alt.Y(
        "row:N",
        sort=list(dict.fromkeys(cell.row_code for cell in cells)),
        axis=alt.Axis(title=None, labelExpr=label, labelLimit=170, ticks=False, domain=False),
    )
    low, high = (colours.warning_fill, colours.warning) if harm else (colours.good_fill, colours.sea)
    pick = alt.selection_point(name=CHOSEN, fields=["row", "column"], toggle=False)
    number = f",.{decimals}f"
    tooltip = [
        alt.Tooltip("theme:N", title=t("Theme")),
        alt.Tooltip("place:N", title=t("Place or month")),
        alt.Tooltip("value:Q", title=title, format=number),
    ]
    base = alt.Chart(data)
    ground = base.mark_rect(stroke=colours.ground, strokeWidth=2, cursor="pointer").encode(
        x=x,
        y=y,
        color=alt.Color(
            "value:Q",
            scale=alt.Scale(domain=[0, most], range=[low, high]),
            legend=alt.Legend(
                title=title, orient="bottom", format=",~f", gradientLength=160, tickCount=3, titleLimit=0
            ),
        ),
        tooltip=tooltip,
    )
    layers = [ground.add_params(pick)]
    if len(columns) <= NUMBERS_UP_TO:
        written = (
            base.mark_text(fontSize=SMALLEST_TEXT)
            .transform_filter("!isValid(datum.told)")
            .transform_filter("isValid(datum.value)")
        )
        layers.append(
            written.encode(
                x=x,
                y=y,
                text=alt.Text("value:Q", format=number),
                color=alt.condition(
                    f"datum.value > {DARK_FROM * most:.6g}", alt.value(colours.ground), alt.value(colours.ink)
                ),
            )
        )
        hidden = base.mark_text(fontSize=SMALLEST_TEXT, color=colours.faint_ink).transform_filter("isValid(datum.told)")
        layers.append(hidden.encode(x=x, y=y, text="told:N"))
    made = dressed(layers, look, height=ROW * len({cell.row_code for cell in cells}))
    made.padding = {"left": 4, "right": SLANTED, "top": 6, "bottom": 4}
    return made


def describe(cells: Sequence[HeatCell]) -> Message:
    """The picture in one sentence: its size and its darkest cell."""
    shown = [cell for cell in cells if math.isfinite(cell.value)]
    size: dict[str, object] = {
        "themes": len({cell.row_code for cell in cells}),
        "columns": len({cell.column_code for cell in cells}),
    }
    if not shown or max(cell.value for cell in shown) <= 0:
        return Message(N_("{themes} themes in {columns} columns; no cell has a number to show."), size)
    most = max(shown, key=lambda cell: cell.value)
    return Message(
        N_("{themes} themes in {columns} columns. The most is {value} per 100 answers: {theme}, {place}."),
        size | {"value": round(most.value, 1), "theme": most.row, "place": most.column},
    )


def _little(value: float, decimals: int, look: Look) -> str | None:
    """What is written for nothing at all, and for less than the decimals can tell; None for all else."""
    if value == 0:
        return "0"
    least = 10.0**-decimals
    if not 0 < value < least / 2:
        return None
    told = f"{least:.{decimals}f}"
    return "<" + (told if look.language == "en" else told.replace(".", ","))


def _quoted(text: str) -> str:
    """A text as a literal of Vega's expressions."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

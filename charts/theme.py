"""How every chart looks: the app's colours on a transparent ground, text of 12 pixels or more, the reader's numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import numpy as np

from charts.look import Look

Translate = Callable[[str], str]
"""From an English text to the reader's language."""

FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", sans-serif'
TEXT_SIZE = 13
SMALLEST_TEXT = 12
LINE_OF_TEXT = 44
"""Characters of a heading that fit beside each other on a phone."""


def dressed(layers: Sequence[alt.Chart], look: Look, *, height: int) -> alt.LayerChart:
    """The layers as one chart, as wide as its place, in the colours, letters and numbers of the reader."""
    # Said in one go: each `properties` or `configure` afterwards would copy every layer again.
    return alt.LayerChart(
        layer=list(layers),
        width="container",
        height=height,
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        config=_config(look),
    )


@lru_cache(maxsize=8)
def _config(look: Look) -> alt.Config:
    colours = look.palette
    return alt.Config(
        font=FONT,
        locale=look.locale(),
        customFormatTypes=False,
        padding={"left": 4, "right": 12, "top": 6, "bottom": 4},
        text={"fontSize": TEXT_SIZE, "color": colours.ink},
        view={"stroke": None},
        axis={
            "labelFontSize": SMALLEST_TEXT,
            "labelColor": colours.faint_ink,
            "labelPadding": 6,
            "titleFontSize": TEXT_SIZE,
            "titleFontWeight": "normal",
            "titleColor": colours.ink,
            "gridColor": colours.grid,
            "domainColor": colours.quiet,
            "tickColor": colours.quiet,
        },
        legend={
            "labelFontSize": TEXT_SIZE,
            "labelColor": colours.ink,
            "labelLimit": 0,
            "titleFontSize": TEXT_SIZE,
            "titleColor": colours.ink,
            "symbolSize": 110,
            "rowPadding": 4,
        },
    )


def wrapped(text: str, width: int = LINE_OF_TEXT) -> list[str]:
    """A text in lines of at most `width` characters, broken between words; a longer word keeps its line.

    Example:
        >>> wrapped("Sain olla mukana itseäni koskevassa päätöksenteossa", 26)
        ['Sain olla mukana itseäni', 'koskevassa päätöksenteossa']
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def named(text: str) -> dict[str, Any]:
    """An upright heading over the vertical axis, instead of words turned on their side: settings of `alt.Axis`."""
    lines = wrapped(text)
    return {
        "title": lines,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -12 - (TEXT_SIZE + 4) * (len(lines) - 1),
        "titleLineHeight": TEXT_SIZE + 4,
        "domain": False,
        "ticks": False,
    }


def word(
    text: str | list[str],
    *,
    look: Look,
    colour: str,
    x: alt.X | alt.Value,
    y: int,
    align: Literal["left", "right"] = "left",
    dx: int = 0,
    at: Mapping[str, object] | None = None,
    bold: bool = False,
) -> list[alt.Chart]:
    """Words in the picture, with a halo so that a line behind them does not strike them out.

    Args:
        text: One line, or several.
        look: Who looks.
        colour: Of the letters.
        x: Where they stand.
        y: How many pixels from the top.
        align: left, right or center of x.
        dx: Pixels to the right of x.
        at: The row that x reads from.
        bold: Whether the letters are bold.
    """
    base = alt.Chart(rows([at or {}]))
    marks = [
        base.mark_text(
            text=text,
            align=align,
            dx=dx,
            fontSize=TEXT_SIZE,
            lineHeight=TEXT_SIZE + 3,
            fontWeight="bold" if bold else "normal",
            baseline="middle",
            **halo,
        ).encode(x=x, y=alt.value(y))
        for halo in (
            {"color": look.palette.ground, "stroke": look.palette.ground, "strokeWidth": 4, "strokeOpacity": 0.8},
            {"color": colour},
        )
    ]
    return marks


def moment(day: dt.date | np.datetime64) -> str:
    """A day as Vega reads it: midnight where the reader is, so that no time zone moves it.

    Example:
        >>> moment(dt.date(2026, 3, 2)), moment(np.datetime64("2026-03-02"))
        ('2026-03-02T00:00:00', '2026-03-02T00:00:00')
    """
    return f"{plain_day(day).isoformat()}T00:00:00"


def plain_day(day: dt.date | np.datetime64) -> dt.date:
    """A day from any of the ways a day is kept."""
    return day if isinstance(day, dt.date) else day.astype("datetime64[D]").astype(dt.date)


def time_of(day: dt.date | np.datetime64) -> alt.DateTime:
    """A day on a time axis, midnight where the reader is."""
    plain = plain_day(day)
    return alt.DateTime(year=plain.year, month=plain.month, date=plain.day)


def days(first: dt.date | np.datetime64, last: dt.date | np.datetime64) -> list[alt.DateTime]:
    """The ends of a time axis."""
    return [time_of(first), time_of(last)]


def rows(values: Sequence[Mapping[str, object]]) -> alt.Data:
    """Rows as the chart's own data; a number that is not finite becomes a gap."""
    # Not InlineData: it becomes a named data set, which Streamlit sends as a table that cannot hold lines of text.
    # A tuple, since Altair copies lists at every step.
    plain = tuple({name: _plain(value) for name, value in row.items()} for row in values)
    return alt.Data(values=plain)  # type: ignore[no-untyped-call]


def _plain(value: object) -> object:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, dt.date | np.datetime64):
        return moment(value)
    return value

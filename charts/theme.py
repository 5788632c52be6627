"""How every chart looks: the app's colours on a transparent ground, text of 12 pixels or more, the reader's numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

Translate = Callable[[str], str]
"""From an English text to the reader's language."""

FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", sans-serif'
TEXT_SIZE = 13
SMALLEST_TEXT = 12
LINE_OF_TEXT = 44
"""Characters of a heading that fit beside each other on a phone."""
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of a chart. Meaning never hangs on colour alone: shapes, dashes and words say the same.

    Attributes:
        ground: The page behind, for the halo of words that cross a line.
        ink: Text, axis names.
        faint_ink: Numbers on the axes.
        grid: Lines behind the data.
        sea: The pilot: what the chart is about.
        quiet: What it is compared with.
        quiet_fill: Ground of the uncertain range of the comparison.
        accent: The size that matters.
        warning: Harm.
        good_fill: Ground of the region where the change is large enough.
        warning_fill: Ground of the region of harm.
        accent_fill: Ground of the weeks that triggered the pilot.
    """

    ground: str
    ink: str
    faint_ink: str
    grid: str
    sea: str
    quiet: str
    quiet_fill: str
    accent: str
    warning: str
    good_fill: str
    warning_fill: str
    accent_fill: str


LIGHT = Palette(
    ground="#fbf9f5",
    ink="#0b1218",
    faint_ink="#484d4b",
    grid="#e2dccf",
    sea="#0a4c6e",
    quiet="#5c615f",
    quiet_fill="#d8d1c3",
    accent="#a85d00",
    warning="#a8322d",
    good_fill="#dfeaf0",
    warning_fill="#f9e4e0",
    accent_fill="#fbead0",
)
DARK = Palette(
    ground="#0c1a24",
    ink="#f3efe6",
    faint_ink="#bcc5c9",
    grid="#2b4252",
    sea="#6fb7d6",
    quiet="#a9b3b8",
    quiet_fill="#33495a",
    accent="#f0b860",
    warning="#f0938a",
    good_fill="#14344a",
    warning_fill="#43201f",
    accent_fill="#3f2d12",
)

_TIME = {
    "fi": {
        "months": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu "
        "joulukuu",
        "shortMonths": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        "days": "sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai",
        "shortDays": "su ma ti ke to pe la",
    },
    "sv": {
        "months": "januari februari mars april maj juni juli augusti september oktober november december",
        "shortMonths": "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
        "days": "söndag måndag tisdag onsdag torsdag fredag lördag",
        "shortDays": "sö må ti on to fr lö",
    },
    "en": {
        "months": "January February March April May June July August September October November December",
        "shortMonths": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "days": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
        "shortDays": "Sun Mon Tue Wed Thu Fri Sat",
    },
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks at the chart, and on what ground.

    Attributes:
        language: fi, sv or en; anything else is Finnish.
        dark: Whether the page is dark.
    """

    language: str = "fi"
    dark: bool = False

    @property
    def palette(self) -> Palette:
        """The colours for the ground."""
        return DARK if self.dark else LIGHT

    @property
    def day_format(self) -> str:
        """A day, in d3's notation: 23.11.2026, in English 23 Nov 2026."""
        return "%-d %b %Y" if self.language == "en" else "%-d.%-m.%Y"

    def locale(self) -> dict[str, Any]:
        """Vega's locale: decimal comma, no-break space between thousands and before %, names of months."""
        english = self.language == "en"
        names = {key: text.split() for key, text in _TIME.get(self.language, _TIME["fi"]).items()}
        return {
            "number": {
                "decimal": "." if english else ",",
                "thousands": "," if english else NBSP,
                "grouping": [3],
                "currency": ["€", ""] if english else ["", NBSP + "€"],
                "percent": "%" if english else NBSP + "%",
                "minus": MINUS,
                "nan": "–",
            },
            "time": {
                "dateTime": f"%A {self.day_format} %H:%M",
                "date": self.day_format,
                "time": "%H:%M",
                "periods": ["AM", "PM"],
                **names,
            },
        }


def dressed(chart: alt.Chart | alt.LayerChart, look: Look, *, height: int) -> alt.Chart | alt.LayerChart:
    """The chart as wide as its place, in the colours, letters and numbers of the reader."""
    colours = look.palette
    return chart.properties(
        width="container",
        height=height,
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    ).configure(
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
        "titleY": -12,
        "titleLineHeight": TEXT_SIZE + 4,
        "domain": False,
        "ticks": False,
    }


def word(
    text: str | list[str], *, look: Look, colour: str, x: alt.X | alt.Value, y: int, align: str = "left", dx: int = 0,
    at: Mapping[str, object] | None = None, bold: bool = False,
) -> alt.LayerChart:  # fmt: skip
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
    return alt.layer(*marks)


def moment(day: dt.date | np.datetime64) -> str:
    """A day as Vega reads it: midnight where the reader is, so that no time zone moves it.

    Example:
        >>> moment(dt.date(2026, 3, 2)), moment(np.datetime64("2026-03-02"))
        ('2026-03-02T00:00:00', '2026-03-02T00:00:00')
    """
    return f"{np.datetime64(day, 'D')}T00:00:00"


def rows(values: Sequence[Mapping[str, object]]) -> alt.Data:
    """Rows as the chart's own data; a number that is not finite becomes a gap."""
    return alt.Data(values=[{name: _plain(value) for name, value in row.items()} for row in values])


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

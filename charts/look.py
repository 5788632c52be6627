"""Who reads a chart: the colours of light and dark pages, numbers and days the reader's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

"""The theme: its names are Streamlit's, and its colours can be read (WCAG 2.2 AA; body text AAA)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

CONFIG = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = ("light", "dark")
HUES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_the_standard_one() -> None:
    # The W3C's own examples: black on white is 21:1, #767676 is the lightest grey that reaches 4.5:1 on white.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") >= 4.5 > contrast("#777777", "#ffffff")


def names(section: dict[str, object], prefix: str) -> list[str]:
    found: list[str] = []
    for key, value in section.items():
        found += names(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return found


def test_every_option_exists_in_the_pinned_streamlit() -> None:
    unknown = [name for name in names(CONFIG, "") if name not in config._config_options_template]
    assert unknown == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", ["main", "sidebar"])
def test_text_links_and_borders_can_be_read(theme: str, place: str) -> None:
    colours = CONFIG["theme"][theme] if place == "main" else CONFIG["theme"][theme]["sidebar"]
    for surface in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours["textColor"], colours[surface]) >= 7
        assert contrast(colours["linkColor"], colours[surface]) >= 4.5
    # Streamlit writes white on the primary colour, whatever the theme.
    assert contrast("#ffffff", colours["primaryColor"]) >= 4.5
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3
    assert contrast(colours["borderColor"], colours["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", HUES)
def test_badges_and_notes_can_be_read(theme: str, hue: str) -> None:
    colours = CONFIG["theme"][theme]
    text, own = colours[f"{hue}TextColor"], colours[f"{hue}BackgroundColor"]
    assert contrast(text, own) >= 4.5
    assert contrast(text, colours["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_marks_in_charts_stand_out(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    assert len(colours["chartSequentialColors"]) == len(colours["chartDivergingColors"]) == 10
    for colour in colours["chartCategoricalColors"]:
        assert contrast(colour, colours["backgroundColor"]) >= 3

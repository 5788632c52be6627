"""Colours that can be told apart and read, on the app's own ground; numbers and days the reader's way."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from charts.look import DARK, LIGHT, Look, Palette
from charts.theme import moment, named, wrapped

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB, white point D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(("palette", "theme"), [(LIGHT, "light"), (DARK, "dark")])
def test_the_colours_are_the_apps(palette: Palette, theme: str) -> None:
    own = CONFIG[theme]
    assert palette.ground == own["backgroundColor"]
    assert palette.ink == own["textColor"]
    assert (palette.sea, palette.accent, palette.warning) == (own["blueColor"], own["orangeColor"], own["redColor"])
    assert (palette.good_fill, palette.warning_fill) == (own["blueBackgroundColor"], own["redBackgroundColor"])


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_and_marks_can_be_read(palette: Palette) -> None:
    fills = (palette.good_fill, palette.warning_fill, palette.accent_fill)
    for ground in (palette.ground, *fills):
        assert contrast(palette.ink, ground) >= 7
        for colour in (palette.sea, palette.accent, palette.warning, palette.quiet):
            assert contrast(colour, ground) >= 3
    for words in (palette.sea, palette.accent, palette.warning, palette.faint_ink):
        assert contrast(words, palette.ground) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("sight", [np.eye(3), PROTANOPIA, DEUTERANOPIA], ids=["full", "protanopia", "deuteranopia"])
def test_the_colour_blind_tell_the_pilot_from_the_rest(palette: Palette, sight: np.ndarray) -> None:
    sea, *others = (lab(sight @ linear(colour)) for colour in (palette.sea, palette.accent, palette.warning))
    assert all(np.linalg.norm(sea - other) > 20 for other in others)


def test_finnish_numbers_and_days() -> None:
    look = Look(language="fi")
    number, time = look.locale()["number"], look.locale()["time"]
    assert (number["decimal"], number["thousands"], number["percent"]) == (",", "\u00a0", "\u00a0%")
    assert number["minus"] == "\u2212"
    assert look.day_format == "%-d.%-m.%Y"
    assert time["months"][10] == "marraskuu"
    assert Look(language="sv").locale()["time"]["months"][10] == "november"
    assert Look(language="en").locale()["number"]["decimal"] == "."


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_names_of_months_and_days_are_complete(language: str) -> None:
    time = Look(language=language).locale()["time"]
    assert [len(time[name]) for name in ("months", "shortMonths", "days", "shortDays")] == [12, 12, 7, 7]


def test_long_names_break_between_words_only() -> None:
    name = "Sosiaali- ja terveydenhuollon asiakaskokemus kokonaisuudessaan"
    lines = wrapped(name, 20)
    assert " ".join(lines) == name
    assert all(len(line) <= 20 or " " not in line for line in lines)
    assert named(name)["title"] == wrapped(name)


def test_days_are_local_midnights() -> None:
    assert moment(np.datetime64("2026-03-02")) == "2026-03-02T00:00:00"

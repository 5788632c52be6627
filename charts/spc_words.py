"""The words of a control chart: what each point is seen as, and what is written where a phase begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from charts.theme import Translate, wrapped
from stats.metric import Direction
from stats.spc import ControlChart
from stats.spc.kinds import ChartKind, Rule, Side

WORDS = 34


class Sight(StrEnum):
    """What a point is seen as."""

    USUAL = "usual"
    BETTER = "better"
    WORSE = "worse"


SHAPES: dict[tuple[Sight, bool], str] = {
    (Sight.USUAL, True): "circle",
    (Sight.USUAL, False): "circle",
    (Sight.BETTER, True): "triangle-up",
    (Sight.BETTER, False): "triangle-down",
    (Sight.WORSE, True): "triangle-down",
    (Sight.WORSE, False): "triangle-up",
}
"""Shape by sight and by whether high values are better: a triangle points to the side of the signal."""


@dataclass(frozen=True, kw_only=True)
class Sights:
    """What the points are seen as.

    Attributes:
        of_points: One a point.
        rules: Names of the rules that see a signal at each point, in the reader's language.
        names: What the legend calls each sight.
        better_is_high: Whether high values are better.
    """

    of_points: list[Sight]
    rules: list[str]
    names: dict[Sight, str]
    better_is_high: bool


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Words above the data.

    Attributes:
        on: The day they belong to.
        lines: The words.
        ruled: Whether a rule goes from them down to the axis.
    """

    on: dt.date
    lines: list[str]
    ruled: bool


def better_is_high(found: ControlChart, direction: Direction) -> bool:
    """Whether a high point is good: between rare events a long time is good when fewer of them are."""
    return (direction is Direction.INCREASE) != found.kind.between


def sights_of(found: ControlChart, high_is_better: bool, t: Translate) -> Sights:
    """What each point is seen as. Place goes before trend; too few crossings mark no single point."""
    of_points = [Sight.USUAL] * len(found.values)
    rules: list[list[str]] = [[] for _ in found.values]
    order = list(Rule)
    for signal in sorted(found.signals, key=lambda signal: order.index(signal.rule), reverse=True):
        for point in signal.points:
            rules[point].insert(0, t(signal.rule.label.text))
            if signal.side is not None:
                good = (signal.side is Side.HIGH) == high_is_better
                of_points[point] = Sight.BETTER if good else Sight.WORSE
    return Sights(
        of_points=of_points,
        rules=[", ".join(dict.fromkeys(names)) for names in rules],
        names={
            Sight.USUAL: t("Usual variation"),
            Sight.BETTER: t("Signal for the better"),
            Sight.WORSE: t("Signal for the worse"),
        },
        better_is_high=high_is_better,
    )


def centre_name(found: ControlChart, t: Translate) -> str:
    """What the centre line is: on a t chart the mean of a root, turned back, which is neither mean nor median."""
    if found.kind is ChartKind.T:
        return t("Centre line")
    return t("Median") if found.kind.median else t("Mean")


def marks_of(found: ControlChart, edges: list[dt.date], start: dt.date | None, t: Translate) -> list[Mark]:
    """New phases with their reasons, limits on trial or missing, the end of a baseline, the start of the pilot.

    Args:
        found: The chart's numbers.
        edges: Days half way between points, one more than there are points.
        start: First day of the pilot.
        t: Translates the words.
    """
    marks = []
    for phase in found.phases:
        on = edges[phase.first]
        if phase.first > 0:
            marks.append(Mark(on=on, lines=wrapped(phase.reason or t("A new phase"), WORDS), ruled=True))
        if phase.note is not None:
            marks.append(Mark(on=on, lines=wrapped(t(phase.note.text), WORDS), ruled=False))
        elif phase.trial:
            marks.append(Mark(on=on, lines=wrapped(t("Trial limits: fewer than 12 values"), WORDS), ruled=False))
        if phase.frozen and start is None:
            text = t("From here on judged by the values before")
            marks.append(Mark(on=edges[phase.baseline_stop], lines=wrapped(text, WORDS), ruled=True))
    if start is not None:
        marks.append(Mark(on=start, lines=wrapped(t("The pilot starts"), WORDS), ruled=True))
    return marks

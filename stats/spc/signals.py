"""A signal: points that chance alone would seldom make, by one rule, with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.messages import N_, Level, Message
from stats.panel import Floats
from stats.spc.kinds import ChartKind, Rule, Side
from stats.spc.lines import Lines

SAME = 8.0 * np.finfo(np.float64).eps
"""A point this close to the centre line, relative to it, lies on it."""


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Points that a stable process would seldom show.

    Attributes:
        rule: The rule that saw them.
        points: Their indices in the chart, ascending.
        side: High or low (a trend: rising or falling); None for too few crossings, which have no side.
        message: What was seen, as a sentence.
    """

    rule: Rule
    points: tuple[int, ...]
    side: Side | None
    message: Message


@dataclass(frozen=True, eq=False, kw_only=True)
class Stretch:
    """Points that are judged together: the ones that are there, in order. Missing points are simply not among them.

    Attributes:
        kind: The kind of chart.
        at: (N,) their indices in the chart, ascending.
        values: (N,) what is plotted.
        lines: Lines at these points.
    """

    kind: ChartKind
    at: npt.NDArray[np.int64]
    values: Floats
    lines: Lines

    @property
    def sides(self) -> npt.NDArray[np.int64]:
        """(N,) +1 above the centre line, -1 below it, 0 on it."""
        gap = self.values - self.lines.centre
        same = np.abs(gap) <= SAME * np.maximum(np.abs(self.values), np.abs(self.lines.centre))
        return np.where(same, 0, np.sign(gap)).astype(np.int64)

    def signal(self, rule: Rule, positions: npt.NDArray[np.int64], side: Side | None, **values: object) -> Signal:
        """A signal of points given by their positions in the stretch."""
        points = tuple(int(index) for index in self.at[positions])
        return Signal(rule=rule, points=points, side=side, message=Message(SENTENCES[rule, side], values))

    def told(self, value: float) -> float:
        """A number of the chart for a sentence: a level of the metric, unless the chart shows times between events."""
        return value if self.kind.between else Level(value)


def stretch(kind: ChartKind, values: Floats, lines: Lines, *, first: int, stop: int) -> Stretch:
    """The points of [first, stop) that are there, with their lines."""
    at = np.arange(first, stop)[np.isfinite(values[first:stop])]
    chosen = Lines(
        centre=lines.centre[at],
        lower=lines.lower[at],
        upper=lines.upper[at],
        inner_lower=lines.inner_lower[at],
        inner_upper=lines.inner_upper[at],
    )
    return Stretch(kind=kind, at=at, values=values[at], lines=chosen)


def runs(labels: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Positions of neighbours with the same label, a run each; label 0 is in no run.

    Example:
        >>> [run.tolist() for run in runs(np.array([1, 1, 0, -1, -1, -1]))]
        [[0, 1], [3, 4, 5]]
    """
    breaks = np.flatnonzero(np.diff(labels)) + 1
    parts = np.split(np.arange(len(labels)), breaks)
    return [part for part in parts if len(part) and labels[part[0]] != 0]


SENTENCES: dict[tuple[Rule, Side | None], str] = {
    (Rule.OUTSIDE, Side.HIGH): N_("The value {value} is above the upper limit {limit}."),
    (Rule.OUTSIDE, Side.LOW): N_("The value {value} is below the lower limit {limit}."),
    (Rule.SHIFT, Side.HIGH): N_("{count} values in a row are above the centre line."),
    (Rule.SHIFT, Side.LOW): N_("{count} values in a row are below the centre line."),
    (Rule.TWO_OF_THREE, Side.HIGH): N_("Of three values in a row at least two are near the upper limit or above it."),
    (Rule.TWO_OF_THREE, Side.LOW): N_("Of three values in a row at least two are near the lower limit or below it."),
    (Rule.TREND, Side.HIGH): N_("{count} values in a row rise, each above the one before."),
    (Rule.TREND, Side.LOW): N_("{count} values in a row fall, each below the one before."),
    (Rule.LONG_RUN, Side.HIGH): N_(
        "{count} values in a row are above the centre line; by chance there are seldom more than {most}."
    ),
    (Rule.LONG_RUN, Side.LOW): N_(
        "{count} values in a row are below the centre line; by chance there are seldom more than {most}."
    ),
    (Rule.FEW_CROSSINGS, None): N_(
        "The values cross the centre line {count} times; by chance they seldom do so fewer than {least} times."
    ),
}

"""The rules of NHS England's Making Data Count.

- outside: a point above the upper or below the lower limit;
- shift: 7 or more points in a row on one side of the centre line (a point on the line ends the run);
- two of three: of three points in a row at least two beyond two sigma on the same side;
- trend: 7 or more points in a row that each rise, or each fall (an equal neighbour ends it).

A chart without limits (a run chart, or limits that could not be estimated) is judged by shift and trend alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stats.spc.kinds import Rule, Side
from stats.spc.signals import Signal, Stretch, runs

SHIFT_POINTS = 7
TREND_POINTS = 7
NEAR_WITHIN = 3


def signals(part: Stretch) -> Iterator[Signal]:
    """Signals of one stretch. One a point outside, one a run, one a trend, one a cluster near a limit.

    References:
        NHS England, Making Data Count: Strengthening your decisions (2019); Provost & Murray, The Health Care Data
        Guide (2011).
    """
    for side, beyond, edge in (
        (Side.HIGH, part.values > part.lines.upper, part.lines.upper),
        (Side.LOW, part.values < part.lines.lower, part.lines.lower),
    ):
        for position in np.flatnonzero(beyond):
            yield part.signal(
                Rule.OUTSIDE, np.array([position]), side,
                value=part.told(float(part.values[position])), limit=part.told(float(edge[position])),
            )  # fmt: skip
    sides = part.sides
    for run in runs(sides):
        if len(run) >= SHIFT_POINTS:
            yield part.signal(Rule.SHIFT, run, _side(sides[run[0]]), count=len(run))
    for side, near in (
        (Side.HIGH, part.values > part.lines.inner_upper),
        (Side.LOW, part.values < part.lines.inner_lower),
    ):
        for cluster in _clusters(np.flatnonzero(near)):
            yield part.signal(Rule.TWO_OF_THREE, cluster, side)
    steps = np.sign(np.diff(part.values)).astype(np.int64)
    for run in runs(steps):
        if len(run) >= TREND_POINTS - 1:
            yield part.signal(Rule.TREND, np.arange(run[0], run[-1] + 2), _side(steps[run[0]]), count=len(run) + 1)


def _clusters(near: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Positions near a limit, each with another among the next two: windows of three that overlap are one cluster."""
    parts = np.split(near, np.flatnonzero(np.diff(near) >= NEAR_WITHIN) + 1)
    return [part for part in parts if len(part) > 1]


def _side(sign: np.int64) -> Side:
    return Side.HIGH if sign > 0 else Side.LOW

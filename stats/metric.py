"""What a metric is to the statistics: its kind and the direction in which it gets better."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of a metric: it decides the working scale and the sampling variance of a week."""

    SCORE = "score"
    NPS = "nps"
    PROPORTION = "proportion"
    COUNT = "count"
    DURATION = "duration"
    COST = "cost"

    @property
    def counted(self) -> bool:
        """True when a week is `count` of `n` (proportion) or `count` with exposure `n` (count)."""
        return self in (Kind.PROPORTION, Kind.COUNT)


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"

    @property
    def sign(self) -> int:
        """+1 when more is better, -1 when less is better."""
        return 1 if self is Direction.INCREASE else -1

"""The ends of a metric's scale: what an answer or a week can be at least and at most."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stats.metric import Kind
from stats.panel import Panel

FIVE_REACH, TEN_REACH = 6.0, 13.0
"""Mean plus one SD of most weeks on a 1-5 and on a 0-10 scale."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The smallest and the largest value there can be; infinite where there is no end.

    Attributes:
        low: Lower end, in the metric's unit.
        high: Upper end, in the metric's unit.
        guessed: True when the ends were read from the values rather than stated.
    """

    low: float
    high: float
    guessed: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high) or self.low >= self.high:
            raise ValueError(f"low == {self.low} and high == {self.high}, must be low < high.")


def scale_of(panel: Panel, stated: Scale | None = None) -> Scale:
    """Return the ends of the panel's scale.

    A share lies between 0 and 1, a recommendation index between -100 and 100; counts, durations and costs begin at 0
    and have no upper end. A score has the ends its definition states; without them a 1-5 or a 0-10 scale is read from
    the values where one fits, else it has no ends.

    Args:
        panel: The metric's weeks.
        stated: The ends that the metric's definition states; used for scores only.

    Example:
        >>> from stats.panel_rows import from_weeks
        >>> weeks = ["2026-01-05", "2026-01-12"]
        >>> scale_of(from_weeks(kind=Kind.SCORE, unit=["A", "A"], week=weeks, n=[9, 8], mean=[4.1, 4.4], sd=[1, 1]))
        Scale(low=1.0, high=5.0, guessed=True)
    """
    match panel.kind:
        case Kind.PROPORTION:
            return Scale(low=0.0, high=1.0)
        case Kind.NPS:
            return Scale(low=-100.0, high=100.0)
        case Kind.SCORE:
            return stated if stated is not None else _guessed(panel)
    return Scale(low=0.0, high=math.inf)


def _guessed(panel: Panel) -> Scale:
    mean = panel.mean[panel.observed]
    if len(mean) == 0:
        return Scale(low=-math.inf, high=math.inf, guessed=True)
    reach = float(np.percentile(mean + np.nan_to_num(panel.sd[panel.observed]), 75))
    low, top = float(mean.min()), float(mean.max())
    if top <= 5.0 and low >= 0.0 and reach <= FIVE_REACH:
        return Scale(low=1.0 if low >= 1.0 else 0.0, high=5.0, guessed=True)
    if top <= 10.0 and low >= 0.0 and reach <= TEN_REACH:
        return Scale(low=0.0, high=10.0, guessed=True)
    return Scale(low=-math.inf, high=math.inf, guessed=True)

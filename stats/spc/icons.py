"""The variation and assurance icons of NHS England's Making Data Count, for the latest point of a chart, in words."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from stats.arguments import number
from stats.errors import CannotEstimateError
from stats.messages import N_, Level, Message
from stats.metric import Direction
from stats.spc.chart import ControlChart
from stats.spc.kinds import Rule, Side
from stats.spc.signals import Signal


class Variation(StrEnum):
    """How the process varies at its latest point."""

    COMMON_CAUSE = "common_cause"
    IMPROVING_HIGH = "improving_high"
    IMPROVING_LOW = "improving_low"
    CONCERNING_HIGH = "concerning_high"
    CONCERNING_LOW = "concerning_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"

    @property
    def message(self) -> Message:
        """What it means, as a sentence."""
        return Message(_VARIATION[self])


class Assurance(StrEnum):
    """Whether a process that goes on as it is will meet its target."""

    HIT = "consistently_hit"
    HIT_OR_MISS = "hit_or_miss"
    MISSED = "consistently_missed"

    @property
    def message(self) -> Message:
        """What it means, as a sentence."""
        return Message(_ASSURANCE[self])


def variation(chart: ControlChart, direction: Direction | None) -> Variation:
    """Return the variation icon: special cause when the latest point is part of a signal.

    A signal's side says whether it is high or low. Where the latest point is in several signals, its place (outside the
    limits, on one side, near a limit) goes before its trend. Too few crossings have no side: the point's own counts.

    Args:
        chart: The chart.
        direction: Which way is better; None judges neither. For times between events (g, t) it is the direction of the
            time, not of the number of events.

    Example:
        >>> from stats.spc import control_chart
        >>> chart = control_chart([5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 11], kind="xmr", baseline=11)
        >>> variation(chart, Direction.INCREASE), variation(chart, Direction.DECREASE), variation(chart, None)
        (<Variation.IMPROVING_HIGH: 'improving_high'>, <Variation.CONCERNING_HIGH: 'concerning_high'>, \
<Variation.NEUTRAL_HIGH: 'neutral_high'>)

    References:
        NHS England, Making Data Count: An introduction to SPC icons.
    """
    last = chart.last
    here = [signal for signal in chart.signals if last in signal.points]
    if not here:
        return Variation.COMMON_CAUSE
    high = _side(chart, here) is Side.HIGH
    if direction is None:
        return Variation.NEUTRAL_HIGH if high else Variation.NEUTRAL_LOW
    if high == (direction is Direction.INCREASE):
        return Variation.IMPROVING_HIGH if high else Variation.IMPROVING_LOW
    return Variation.CONCERNING_HIGH if high else Variation.CONCERNING_LOW


def assurance(chart: ControlChart, *, target: float, direction: Direction) -> Assurance:
    """Return the assurance icon: where the target lies against the limits at the latest point.

    Args:
        chart: The chart.
        target: The target, in the unit of what is plotted.
        direction: Which way is better.

    Raises:
        ValueError: The target is no finite number.
        CannotEstimateError: The chart has no limits.

    Example:
        >>> from stats.spc import control_chart
        >>> chart = control_chart([5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 5], kind="xmr")
        >>> assurance(chart, target=9, direction=Direction.INCREASE).value
        'consistently_missed'
    """
    number("target", target)
    lower, upper = (float(line[chart.last]) for line in (chart.lower, chart.upper))
    if np.isnan(lower):
        raise CannotEstimateError(
            N_("Without limits it cannot be said whether the process will meet its target of {target}."),
            target=Level(target),
        )
    if lower <= target <= upper:
        return Assurance.HIT_OR_MISS
    return Assurance.MISSED if (target > upper) == (direction is Direction.INCREASE) else Assurance.HIT


def _side(chart: ControlChart, here: list[Signal]) -> Side:
    order = list(Rule)
    side = min(here, key=lambda signal: order.index(signal.rule)).side
    if side is None:
        return Side.HIGH if chart.values[chart.last] >= chart.centre[chart.last] else Side.LOW
    return side


_VARIATION: dict[Variation, str] = {
    Variation.COMMON_CAUSE: N_("The latest value is part of the usual variation: no sign of a change."),
    Variation.IMPROVING_HIGH: N_("The values are unusually high or rise, which is better: something has changed."),
    Variation.IMPROVING_LOW: N_("The values are unusually low or fall, which is better: something has changed."),
    Variation.CONCERNING_HIGH: N_("The values are unusually high or rise, which is worse: something has changed."),
    Variation.CONCERNING_LOW: N_("The values are unusually low or fall, which is worse: something has changed."),
    Variation.NEUTRAL_HIGH: N_("The values are unusually high or rise: something has changed."),
    Variation.NEUTRAL_LOW: N_("The values are unusually low or fall: something has changed."),
}
_ASSURANCE: dict[Assurance, str] = {
    Assurance.HIT: N_("As the process runs now, it meets the target consistently."),
    Assurance.HIT_OR_MISS: N_("As the process runs now, it meets the target at times and misses it at times."),
    Assurance.MISSED: N_("As the process runs now, it misses the target consistently."),
}

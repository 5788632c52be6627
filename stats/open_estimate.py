"""A number whose interval need not have two ends."""

from __future__ import annotations

from dataclasses import dataclass

from stats.effect import Interval
from stats.messages import Message


@dataclass(frozen=True, kw_only=True)
class OpenEstimate:
    """An estimate with an interval that may be open, as those of ratios and durations are.

    Attributes:
        value: The estimate; NaN when it would have no meaning.
        interval: Its confidence interval; an end without a bound is infinite, and None says that nothing is ruled out.
        reason: Why there is no value or no bound; None when there are both.
    """

    value: float
    interval: Interval | None
    reason: Message | None

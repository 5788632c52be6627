"""Rare events by the day: the days from one to the next, before and after the start of a pilot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stats.panel import Floats

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class EventDays:
    """The days on which something happened in one unit, a day as often as it happened.

    Attributes:
        days: The days, in any order; those after `until` are not used.
        start: First day of the pilot.
        until: Last day that is known about.

    Raises:
        ValueError: `until` is before `start`.
    """

    days: Sequence[dt.date]
    start: dt.date
    until: dt.date

    def __post_init__(self) -> None:
        if self.until < self.start:
            raise ValueError(f"until == {self.until}, must be >= start == {self.start}.")


@dataclass(frozen=True, eq=False, kw_only=True)
class Gaps:
    """Days between events, each at the day on which it ended.

    Attributes:
        days: (G,) days from the event before.
        ended: G days.
        start: How many of them ended before the start.
        running: Days since the latest event (or since the start, when none came after it), which are still growing.
        until: The day to which they are counted.
    """

    days: Floats
    ended: tuple[dt.date, ...]
    start: int
    running: float
    until: dt.date

    @property
    def same_day(self) -> bool:
        """True when two events fell on one day."""
        return bool((self.days == 0).any())


def gaps(events: EventDays) -> Gaps:
    """Return the days between events.

    The wait that was under way at the start is counted from the start: while events come at a steady rate, a wait does
    not know how long it has lasted, and only its later part can tell of the pilot.

    Example:
        >>> found = gaps(EventDays(days=[dt.date(2026, 1, d) for d in (3, 8, 9, 20)], start=dt.date(2026, 1, 12),
        ...                        until=dt.date(2026, 1, 31)))
        >>> found.days.tolist(), found.start, found.running
        ([5.0, 1.0, 9.0], 2, 11.0)
    """
    known = sorted(day for day in events.days if day <= events.until)
    before = [day for day in known if day < events.start]
    after = [day for day in known if day >= events.start]
    eve = events.start - ONE_DAY
    days = _between(before) + _between([eve, *after])
    ended = (*before[1:], *after)
    running = (events.until - (after[-1] if after else eve)).days
    return Gaps(
        days=np.array(days, dtype=np.float64),
        ended=ended,
        start=len(before[1:]),
        running=float(running),
        until=events.until,
    )


def _between(days: Sequence[dt.date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(days)]

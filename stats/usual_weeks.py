"""A unit's last weeks beside the range that its own past lets expect of a week with as many answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats import arguments
from stats.errors import CannotEstimateError
from stats.history import ENOUGH_WEEKS, RECENT_WEEKS, History, history_of
from stats.metric import Kind
from stats.panel import ONE_WEEK, Floats, Panel, Weeks
from stats.unusual import LAST_WEEKS

USUAL_SHARE = 0.95
"""Share of the weeks that lie in the range when nothing changes."""


@dataclass(frozen=True, eq=False, kw_only=True)
class UsualWeeks:
    """The last weeks of a unit. T weeks, NaN where there is nothing.

    Attributes:
        weeks: (T,) Mondays.
        n: (T,) answers, cases or exposure.
        value: (T,) the week's mean, share or rate.
        low, high: (T,) where a week with so many answers would usually lie; all NaN when the past is too short to tell.
        level: The unit's usual level; NaN when the past is too short.
        last: How many of the weeks, the newest, had no say in the range.
    """

    weeks: Weeks
    n: Floats
    value: Floats
    low: Floats
    high: Floats
    level: float
    last: int

    @property
    def known(self) -> bool:
        """Whether there is a range at all."""
        return math.isfinite(self.level)

    @property
    def has_values(self) -> bool:
        """Whether any week has a value."""
        return bool(np.isfinite(self.value).any())

    @property
    def outside(self) -> int:
        """Weeks that lie outside their range."""
        with np.errstate(invalid="ignore"):
            return int(((self.value < self.low) | (self.value > self.high)).sum())


def usual_weeks(
    panel: Panel,
    unit: str,
    *,
    before: np.datetime64,
    shown: int = RECENT_WEEKS,
    last: int = LAST_WEEKS,
    scale: tuple[float | None, float | None] = (None, None),
) -> UsualWeeks:
    """Return a unit's last weeks with the range in which 19 weeks of 20 lie when nothing changes.

    The range is the unit's level plus and minus what chance among the week's answers and the week's own shock make
    of it: 1.96 * sqrt(shock_sd^2 + sd^2 / n). Level, sd and shock_sd are read off the weeks before the last ones, so
    that weeks which set a pilot off do not widen or move the range they are compared with.

    Args:
        panel: The metric in at least this unit.
        unit: The unit.
        before: The Monday after the last week shown.
        shown: How many weeks to show.
        last: How many of the newest weeks have no say in the range.
        scale: Lowest and highest possible value; None where there is no end.

    Raises:
        ValueError: `shown` or `last` is below 1.
        DataError: The unit is not in the panel.

    Example:
        >>> from stats.panel_rows import from_weeks
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(30)]
        >>> means = [3.9, 4.1] * 12 + [3.0] * 6
        >>> panel = from_weeks(kind=Kind.SCORE, unit=["A"] * 30, week=weeks, n=[25] * 30, mean=means, sd=[1.0] * 30)
        >>> found = usual_weeks(panel, "A", before=weeks[-1] + 7)
        >>> len(found.weeks), found.outside, round(found.level, 2)
        (16, 6, 4.0)
    """
    arguments.whole("shown", shown, least=1)
    arguments.whole("last", last, least=1)
    first = before - shown * ONE_WEEK
    seen = panel.restricted(units=[unit]).extended(
        first=min(first, panel.weeks[0]), last=max(before - ONE_WEEK, panel.weeks[-1])
    )
    seen = seen.restricted(since=first, until=before - ONE_WEEK)
    values = np.where(seen.observed[0], seen.mean[0], np.nan)
    n = np.where(seen.observed[0], seen.n[0], np.nan)
    past = _past(panel, unit, before - last * ONE_WEEK)
    if past is None:
        nothing = np.full(shown, np.nan)
        return UsualWeeks(
            weeks=seen.weeks, n=n, value=values, low=nothing, high=nothing, level=math.nan, last=last
        )  # fmt: skip
    away = float(scipy.stats.norm.isf((1.0 - USUAL_SHARE) / 2.0)) * np.sqrt(past.shock_sd**2 + past.sd**2 / n)
    low, high = _ends(past.kind, scale)
    return UsualWeeks(
        weeks=seen.weeks, n=n, value=values, low=np.maximum(past.level - away, low),
        high=np.minimum(past.level + away, high), level=past.level, last=last,
    )  # fmt: skip


def _past(panel: Panel, unit: str, before: np.datetime64) -> History | None:
    """How the weeks vary that have a say; None when they are too few, or all alike."""
    try:
        found = history_of(panel, unit, before=before)
    except CannotEstimateError:
        return None
    return found if found.weeks >= ENOUGH_WEEKS else None


def _ends(kind: Kind, scale: tuple[float | None, float | None]) -> tuple[float, float]:
    if kind is Kind.PROPORTION:
        return 0.0, 1.0
    low = 0.0 if kind is Kind.COUNT or (kind is Kind.DURATION and scale[0] is None) else scale[0]
    return -math.inf if low is None else low, math.inf if scale[1] is None else scale[1]

"""What each pilot of a batch may use on a day: complete weeks, units with enough of them, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.batch.pilots import Index, PilotBatch
from stats.panel import Floats, Weeks
from stats.pilot_data import DEFAULT_TRIGGER_WEEKS, LEAST_WEEKS, SUNDAY, Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """The cells of B pilots that count on a day each; `stats.pilot_data.prepare` over arrays.

    Attributes:
        batch: The pilots.
        weeks: (B,) columns that may be used.
        seen: (B, J, T) True in the cells that count.
        treated: (B, J, T) 1 where a kept pilot unit carries out the change, else 0.
        after: (B, T) True from the start on, within the columns used.
        before: (B, T) True before it.
        pilot_rows: (B, J) True for kept pilot units.
        comparisons: (B,) kept comparison units.
        estimable: (B,) a pilot unit has two weeks on each side.
        last_week: (B,) column of the last week with pilot data; -1 without.
    """

    batch: PilotBatch
    weeks: Index
    seen: Mask
    treated: Floats
    after: Mask
    before: Mask
    pilot_rows: Mask
    comparisons: Index
    estimable: Mask
    last_week: Index

    @property
    def trigger(self) -> Mask:
        """(B, T) the stated trigger window, widened to whole weeks."""
        mondays = self.batch.mondays
        inside = (mondays + SUNDAY >= self.batch.trigger_from[:, None]) & (mondays <= self.batch.trigger_to[:, None])
        return np.asarray(inside & (mondays < self.batch.start[:, None]) & self._used)

    @property
    def last_weeks(self) -> Mask:
        """(B, T) the last weeks before the start."""
        rank = np.cumsum(self.before[:, ::-1], axis=1)[:, ::-1]  # 1 in the last week before the start
        return np.asarray(self.before & (rank <= DEFAULT_TRIGGER_WEEKS))

    @property
    def questioned(self) -> Mask:
        """(B, T) the trigger window where one is stated, else the last weeks before the start."""
        trigger = self.trigger
        stated = np.asarray(trigger.any(axis=1))
        return np.where(stated[:, None], trigger, self.last_weeks)

    @property
    def _used(self) -> Mask:
        return np.asarray(np.arange(self.seen.shape[2]) < self.weeks[:, None])

    def side(self, *, after: bool) -> Mask:
        """(B, J, T) cells of kept units on one side of the start."""
        return np.asarray(self.seen & (self.after if after else self.before)[:, None, :])


def windows(batch: PilotBatch, on: Weeks) -> Windows:
    """Return what may be used on each pilot's day.

    Args:
        batch: B pilots, each with two comparison units or more in its plan.
        on: (B,) the days.
    """
    mondays = batch.mondays
    last_day: Weeks = np.where(on < batch.end, on, batch.end)
    columns = np.arange(mondays.shape[1])
    used = (columns < batch.weeks[:, None]) & (mondays + SUNDAY <= last_day[:, None])
    weeks = used.sum(axis=1)
    after = (mondays >= batch.start[:, None]) & used
    before = used & ~after
    rows = np.arange(batch.n.shape[1])
    is_pilot = rows < batch.pilots[:, None]
    real = rows < batch.units[:, None]
    cut = before & (mondays + SUNDAY >= batch.start[:, None])
    seen = np.isfinite(batch.mean) & (np.nan_to_num(batch.n) > 0) & used[:, None, :]
    seen &= ~(cut[:, None, :] & is_pilot[:, :, None])
    enough = real
    for side in (before, after):
        enough = enough & ((seen & side[:, None, :]).sum(axis=2) >= LEAST_WEEKS)
    seen &= enough[:, :, None]
    pilot_rows = enough & is_pilot
    pilot_weeks: Mask = np.asarray((seen & pilot_rows[:, :, None]).any(axis=1))
    last = np.where(pilot_weeks.any(axis=1), mondays.shape[1] - 1 - pilot_weeks[:, ::-1].argmax(axis=1), -1)
    return Windows(
        batch=batch,
        weeks=weeks,
        seen=seen,
        treated=(pilot_rows[:, :, None] & after[:, None, :]).astype(np.float64),
        after=after,
        before=before,
        pilot_rows=pilot_rows,
        comparisons=(enough & ~is_pilot).sum(axis=1),
        estimable=np.asarray(pilot_rows.any(axis=1)),
        last_week=last,
    )

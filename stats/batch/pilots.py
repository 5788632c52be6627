"""Many pilots' plans and weekly values as padded arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from stats.metric import Direction, Kind
from stats.panel import ONE_WEEK, Floats, Panel, Weeks
from stats.pilot_data import Mask
from stats.plan import Plan, Window

Index = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]


@dataclass(frozen=True, kw_only=True, eq=False)
class PilotBatch:
    """B pilots of possibly different kinds, padded to J units by T weeks; each pilot's own pilot units come first.

    The values have been checked as `stats.panel_rows.from_weeks` and `stats.plan.Plan` check a single pilot's.

    Attributes:
        kind: (B,) Kind of the metric.
        direction: (B,) +1 when more is better, -1 when less is.
        smallest_change: (B,) above 0, in the metric's unit.
        n, mean, sd, count: (B, J, T) as in `stats.panel.Panel`; NaN where missing or padded.
        units: (B,) units of each pilot.
        pilots: (B,) how many of them carry out the change.
        first_week: (B,) Monday of the first column.
        weeks: (B,) weeks of each pilot.
        start, end: (B,) first and last day.
        as_of: (B,) nothing after this day is used.
        trigger_from, trigger_to: (B,) the weeks that set the pilot off; NaT without.
        randomised: (B,) units or their order were drawn by lot.
    """

    kind: Words
    direction: Index
    smallest_change: Floats
    n: Floats
    mean: Floats
    sd: Floats
    count: Floats
    units: Index
    pilots: Index
    first_week: Weeks
    weeks: Index
    start: Weeks
    end: Weeks
    as_of: Weeks
    trigger_from: Weeks
    trigger_to: Weeks
    randomised: Mask

    def __len__(self) -> int:
        return len(self.units)

    @property
    def mondays(self) -> Weeks:
        """(B, T) Monday of every column."""
        columns = np.arange(self.n.shape[2]) * ONE_WEEK
        return np.asarray(self.first_week.astype("datetime64[D]")[:, None] + columns)

    def taken(self, rows: Index) -> PilotBatch:
        """Return some of the pilots."""
        return PilotBatch(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def single(self, i: int) -> tuple[Panel, Plan]:
        """Return one pilot as the panel and plan of `stats.evaluation.evaluate`."""
        units, weeks, pilots = int(self.units[i]), int(self.weeks[i]), int(self.pilots[i])
        names = tuple(f"unit {j + 1}" for j in range(units))
        kind = Kind(self.kind[i])
        n, mean, sd, count = (grid[i, :units, :weeks] for grid in (self.n, self.mean, self.sd, self.count))
        panel = Panel(kind=kind, units=names, weeks=self.mondays[i, :weeks], n=n, mean=mean, sd=sd, count=count)
        trigger = None
        if not np.isnat(self.trigger_from[i]):
            trigger = Window(self.trigger_from[i].astype(object), self.trigger_to[i].astype(object))
        plan = Plan(
            kind=kind,
            direction=Direction.INCREASE if self.direction[i] > 0 else Direction.DECREASE,
            smallest_change=float(self.smallest_change[i]) * int(self.direction[i]),
            pilot_units=names[:pilots],
            comparison_units=names[pilots:],
            randomised=bool(self.randomised[i]),
            start=self.start[i].astype(object),
            end=self.end[i].astype(object),
            trigger=trigger,
        )
        return panel, plan

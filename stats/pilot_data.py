"""A panel seen through a plan: which weeks are before, which after, which units count, up to a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from stats.errors import CannotEstimateError, DataError
from stats.messages import N_
from stats.panel import Floats, Panel
from stats.plan import Plan

Mask = npt.NDArray[np.bool_]

LEAST_WEEKS = 2
HISTORY_WEEKS = 52
SINGLE_HISTORY_WEEKS = 156
DEFAULT_TRIGGER_WEEKS = 4
SUNDAY = np.timedelta64(6, "D")


@dataclass(frozen=True, eq=False, kw_only=True)
class PilotData:
    """The weeks and units an estimate uses. The pilot units come first.

    Attributes:
        plan: The plan.
        panel: J units by T weeks; weeks that the start cuts in two are empty.
        pilots: How many of the units are pilot units.
        treated: (J, T) 1 where the unit carries out the change.
        trigger: (T,) True in the trigger window.
        left_out: Units of the plan without enough weeks on both sides.
    """

    plan: Plan
    panel: Panel
    pilots: int
    treated: Floats
    trigger: Mask
    left_out: tuple[str, ...] = ()

    @property
    def comparisons(self) -> int:
        """How many comparison units have data."""
        return len(self.panel.units) - self.pilots

    @property
    def after(self) -> Mask:
        """(T,) True from the first week in which any pilot unit carries out the change."""
        return np.asarray(self.treated[: self.pilots].any(axis=0))

    @property
    def last_week(self) -> np.datetime64:
        """Monday of the last week with pilot data."""
        seen = self.panel.observed[: self.pilots].any(axis=0)
        return self.panel.weeks[np.flatnonzero(seen)[-1]]  # type: ignore[no-any-return]

    def side(self, unit: int, *, after: bool) -> Mask:
        """(T,) True in the unit's weeks with data before (or after) its own start."""
        return np.asarray(self.panel.observed[unit] & ((self.treated[unit] > 0) == after))

    def without(self, weeks: Mask) -> PilotData:
        """Return the same data with some weeks before the start emptied."""
        return PilotData(
            plan=self.plan, panel=emptied(self.panel, np.broadcast_to(weeks & ~self.after, self.treated.shape)),
            pilots=self.pilots, treated=self.treated, trigger=self.trigger, left_out=self.left_out,
        )  # fmt: skip

    def pilot_answers(self, *, after: bool) -> float:
        """Answers (or exposure) of the pilot units before or after the start."""
        return float(sum(self.panel.n[j][self.side(j, after=after)].sum() for j in range(self.pilots)))


def prepare(panel: Panel, plan: Plan, as_of: date) -> PilotData:
    """Return the data that may be used on `as_of`: complete weeks (Sunday <= as_of), none after the plan's end.

    Raises:
        DataError: The panel is of another kind, or lacks a unit of the plan.
        CannotEstimateError: No pilot unit has two weeks on each side of the start.
    """
    if panel.kind is not plan.kind:
        raise DataError(
            N_("The data are of kind {found}, but the plan's metric is of kind {kind}."),
            found=panel.kind.value, kind=plan.kind.value,
        )  # fmt: skip
    start = np.datetime64(plan.start, "D")
    if start > np.datetime64(as_of, "D"):
        panel.restricted(units=plan.pilot_units + plan.comparison_units)
        raise CannotEstimateError(
            N_("The pilot starts on {start}; there is nothing to evaluate yet."), start=plan.start
        )
    history = HISTORY_WEEKS if len(plan.comparison_units) > 1 else SINGLE_HISTORY_WEEKS
    used = panel.restricted(
        units=plan.pilot_units + plan.comparison_units,
        since=start - np.timedelta64(7 * history, "D"),
        until=np.datetime64(min(as_of, plan.end), "D") - SUNDAY,
    )
    starts = np.array([np.datetime64(plan.starts.get(unit, plan.start), "D") for unit in plan.pilot_units])
    treated = np.zeros(used.n.shape)
    pilots = len(plan.pilot_units)
    treated[:pilots] = used.weeks[None, :] >= starts[:, None]
    cut = np.zeros(used.n.shape, dtype=bool)
    cut[:pilots] = (used.weeks[None, :] < starts[:, None]) & (used.weeks[None, :] + SUNDAY >= starts[:, None])
    used = emptied(used, cut)
    seen = used.observed
    after = used.weeks >= start
    keep = []
    for j, unit in enumerate(used.units):
        own = treated[j] > 0 if j < pilots else after
        if (seen[j] & own).sum() >= LEAST_WEEKS and (seen[j] & ~own).sum() >= LEAST_WEEKS:
            keep.append(unit)
    kept_pilots = [unit for unit in plan.pilot_units if unit in keep]
    if not kept_pilots:
        before_weeks = int(max(((seen[j] & (treated[j] == 0)).sum() for j in range(pilots)), default=0))
        after_weeks = int(max(((seen[j] & (treated[j] > 0)).sum() for j in range(pilots)), default=0))
        raise CannotEstimateError(
            N_(
                "The pilot has {before} full weeks of data before the start and {after} after it; "
                "at least {least} are needed on each side."
            ),
            before=before_weeks, after=after_weeks, least=LEAST_WEEKS,
        )  # fmt: skip
    rows = [used.units.index(unit) for unit in keep]
    return PilotData(
        plan=plan,
        panel=used.restricted(units=keep),
        pilots=len(kept_pilots),
        treated=treated[rows],
        trigger=_trigger(plan, used, start),
        left_out=tuple(unit for unit in used.units if unit not in keep),
    )


def emptied(panel: Panel, cells: Mask) -> Panel:
    """Return the panel with some unit-weeks missing."""
    n, mean, sd, count = (np.where(cells, np.nan, grid) for grid in (panel.n, panel.mean, panel.sd, panel.count))
    return replace(panel, n=n, mean=mean, sd=sd, count=count)


def _trigger(plan: Plan, panel: Panel, start: np.datetime64) -> Mask:
    """The stated trigger window, widened to whole weeks; without one, none."""
    if plan.trigger is None:
        return np.zeros(len(panel.weeks), dtype=bool)
    first, last = np.datetime64(plan.trigger.first, "D"), np.datetime64(plan.trigger.last, "D")
    return np.asarray((panel.weeks + SUNDAY >= first) & (panel.weeks <= last) & (panel.weeks < start))


def last_weeks_before(data: PilotData, weeks: int = DEFAULT_TRIGGER_WEEKS) -> Mask:
    """(T,) True in the last weeks before the start: the window to examine when the plan states no trigger."""
    before = np.flatnonzero(~data.after)
    mask = np.zeros(len(data.panel.weeks), dtype=bool)
    mask[before[-weeks:]] = True
    return mask

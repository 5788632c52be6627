"""The checks that may keep a pilot from scaling or lower its grade, over arrays; a single pilot has their sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.batch.fits import Fits, fit
from stats.batch.pilots import Index, PilotBatch
from stats.batch.window import Windows, windows
from stats.check import MANY_COMPARISONS, Check
from stats.checks_data import ASKED, LEAST_AFTER, LEAST_ANSWERS, LEAST_BEFORE, MUCH_MORE_ANSWERS
from stats.checks_quality import duplicated_values, implausible_spread
from stats.checks_standing import extreme_cells, extreme_weeks
from stats.checks_time import FLAG_Z, LEAST_DIFFERENCE, LEAST_TREND_WEEKS, UNUSUAL_Z, WORTH
from stats.compiled.gls import contrasts
from stats.estimate import estimate
from stats.metric import Kind
from stats.panel import Floats
from stats.pilot_data import Mask, prepare
from stats.volume import volume_shift


@dataclass(frozen=True, kw_only=True, eq=False)
class Failures:
    """Which checks fail; (B,) each.

    Attributes:
        enough_data, regression_to_the_mean, drift, volume_change, novelty_fade: As in `stats.checks`.
        blocks: One of them keeps the pilot from scaling.
    """

    enough_data: Mask
    regression_to_the_mean: Mask
    drift: Mask
    volume_change: Mask
    novelty_fade: Mask
    blocks: Mask

    @property
    def doubts(self) -> Index:
        """(B,) how many steps they take off the grade."""
        return np.asarray(
            self.enough_data.astype(np.int64)
            + self.regression_to_the_mean
            + self.drift
            + self.volume_change
            + self.novelty_fade
        )


def failures(window: Windows, found: Fits) -> Failures:
    """Run the checks on fitted pilots."""
    enough = ~_enough(window)
    mean, drifts, fades = _regression_to_the_mean(window, found), _drift(window, found), _fade(window, found)
    volume = _volume(window, found)
    few = (window.comparisons < MANY_COMPARISONS) & ~window.batch.randomised
    asked = np.isin(window.batch.kind, ASKED)
    return Failures(
        enough_data=enough, regression_to_the_mean=mean, drift=drifts, volume_change=volume, novelty_fade=fades,
        blocks=enough | mean | (drifts & few) | (volume & asked) | fades,
    )  # fmt: skip


def _enough(window: Windows) -> Mask:
    batch = window.batch
    n = np.where(window.seen, batch.n, 0.0)
    enough = np.ones(len(batch), dtype=bool)
    for after, least in ((False, LEAST_BEFORE), (True, LEAST_AFTER)):
        side = window.side(after=after) & window.pilot_rows[:, :, None]
        answers = (n * side).sum(axis=(1, 2))
        enough &= side.sum(axis=2).max(axis=1) >= least
        enough &= (answers >= LEAST_ANSWERS) | np.asarray(batch.kind == Kind.COUNT)
    return np.asarray(enough)


def _contrast(window: Windows, found: Fits, shape: Floats, rows: Index, leave_out: Mask | None = None) -> Floats:
    """(R, 3) extra coefficient and effect beside it, in the metric's unit, and the extra one's z."""
    precision = found.precision[rows]
    if leave_out is not None:
        precision = np.where(leave_out[rows][:, None, :], 0.0, precision)
    seen = precision > 0
    extra = window.pilot_rows[rows][:, :, None] * shape[rows][:, None, :] * seen
    out = np.empty((len(rows), 3))
    contrasts(
        np.where(seen, found.values[rows], 0.0), precision, window.treated[rows] * seen, extra,
        window.batch.units[rows], window.weeks[rows], np.ascontiguousarray(found.parts[rows]), out,
    )  # fmt: skip
    out[:, :2] *= found.slope[rows][:, None]
    return out


def _regression_to_the_mean(window: Windows, found: Fits) -> Mask:
    failed = np.zeros(len(found.effect), dtype=bool)
    questioned, sign = window.questioned, window.batch.direction
    enough = (window.before & ~questioned).sum(axis=1) >= LEAST_TREND_WEEKS // 2
    rows = np.flatnonzero(~found.failed & enough & questioned.any(axis=1))
    if not len(rows):
        return failed
    z = _contrast(window, found, questioned.astype(np.float64), rows)[:, 2] * sign[rows]
    rows = rows[z <= -UNUSUAL_Z]
    if not len(rows):
        return failed
    part = windows(window.batch.taken(rows), window.batch.as_of[rows])
    again = fit(part, leave_out=questioned[rows])
    lost = again.failed
    difference = again.standard_error**2 - found.standard_error[rows] ** 2
    error = np.sqrt(np.maximum(difference, (LEAST_DIFFERENCE * found.standard_error[rows]) ** 2))
    hangs = (found.effect[rows] - again.effect) * sign[rows] > FLAG_Z * error
    failed[rows] = lost | (hangs & (again.effect * sign[rows] < WORTH * window.batch.smallest_change[rows]))
    return failed


def _drift(window: Windows, found: Fits) -> Mask:
    failed = np.zeros(len(found.effect), dtype=bool)
    questioned = window.questioned
    usable = window.before & ~questioned
    pilot_weeks = (window.seen & window.pilot_rows[:, :, None]).any(axis=1)
    rows = np.flatnonzero(~found.failed & ((usable & pilot_weeks).sum(axis=1) >= LEAST_TREND_WEEKS))
    if len(rows):
        weeks = np.arange(usable.shape[1], dtype=np.float64)
        centre = (usable * weeks).sum(axis=1) / np.maximum(usable.sum(axis=1), 1)
        slope = np.where(usable, weeks - centre[:, None], 0.0)
        failed[rows] = np.abs(_contrast(window, found, slope, rows, questioned)[:, 2]) >= FLAG_Z
    return failed


def _fade(window: Windows, found: Fits) -> Mask:
    failed = np.zeros(len(found.effect), dtype=bool)
    length = window.after.sum(axis=1)
    rows = np.flatnonzero(~found.failed & (length >= LEAST_TREND_WEEKS))
    if len(rows):
        rank = np.cumsum(window.after, axis=1) - 1
        late = window.after & (rank >= length[:, None] // 2)
        extra, early, z = _contrast(window, found, late.astype(np.float64), rows).T
        sign = window.batch.direction[rows]
        failed[rows] = (z * sign < -FLAG_Z) & ((early + extra) * sign < window.batch.smallest_change[rows])
    return failed


def _volume(window: Windows, found: Fits) -> Mask:
    """A jump of the number of answers: its size for all at once, its certainty for those in which it is large."""
    batch, failed = window.batch, np.zeros(len(found.effect), dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        sides = []
        for after in (False, True):
            side = window.side(after=after)
            sides.append(np.where(side, batch.n, 0.0).sum(axis=2) / side.sum(axis=2))
        change = np.log(sides[1] / sides[0])
    known, pilots = np.isfinite(change), window.pilot_rows
    others = known & ~pilots
    own = np.where(pilots & known, change, 0.0).sum(axis=1) / np.maximum(pilots.sum(axis=1), 1)
    shift = own - np.where(others, change, 0.0).sum(axis=1) / np.maximum(others.sum(axis=1), 1)
    large = ~found.failed & (np.abs(shift) > np.log(MUCH_MORE_ANSWERS)) & np.asarray(batch.kind != Kind.COUNT)
    for i in np.flatnonzero(large):
        panel, plan = batch.single(int(i))
        found_shift = volume_shift(prepare(panel, plan, batch.as_of[i].astype(object)))
        failed[i] = found_shift is not None and found_shift.beyond(MUCH_MORE_ANSWERS)
    return failed


def implausible_numbers(batch: PilotBatch, rows: Mask) -> Mask:
    """(B,) whether the checks of how the numbers came about block scaling; asked only of `rows`, one by one."""
    failed = np.zeros(len(batch), dtype=bool)
    for i in np.flatnonzero(rows):
        panel, plan = batch.single(int(i))
        data = prepare(panel, plan, batch.as_of[i].astype(object))
        found: tuple[Check | None, ...] = (duplicated_values(data), implausible_spread(data))
        if extreme_cells(data).any():
            found = (*found, extreme_weeks(estimate(data), data))
        failed[i] = any(check is not None and check.passed is False and check.blocks_scale for check in found)
    return failed

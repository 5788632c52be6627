"""The planned reviews of many pilots: estimates, information fractions and bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.batch.fits import Fits, fit
from stats.batch.pilots import Index, PilotBatch
from stats.batch.result import LookRows
from stats.batch.window import Windows, windows
from stats.compiled.gls import projected_variances
from stats.estimate import LEAST_COMPARISONS
from stats.looks import LEAST_STEP, NEARLY_ALL
from stats.panel import ONE_WEEK, Floats, Weeks
from stats.pilot_data import Mask
from stats.plan import FIRST_REVIEW_WEEK
from stats.projection import RECENT_WEEKS
from stats.sequential import many_obrien_fleming_bounds

SIX_DAYS = np.timedelta64(6, "D")


@dataclass(frozen=True, kw_only=True, eq=False)
class Looks:
    """The held reviews of B pilots, at most K each, in their order; NaN and NaT in the places behind the last.

    Attributes:
        count: (B,) reviews held.
        on: (B, K) their days.
        effect, standard_error, low, high, z, bound, information: (B, K).
        crossed: (B, K) z passed the bound.
        mixed: (B,) some review had too few comparison units for the mixed model.
    """

    count: Index
    on: Weeks
    effect: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    z: Floats
    bound: Floats
    information: Floats
    crossed: Mask
    mixed: Mask

    def last(self, values: Floats) -> Floats:
        """(B,) a field's value at each pilot's last review; NaN without one."""
        found = np.take_along_axis(values, np.maximum(self.count - 1, 0)[:, None], axis=1)[:, 0]
        return np.where(self.count > 0, found, np.nan)

    @property
    def first_crossed_on(self) -> Weeks:
        """(B,) the first review that passed its bound; NaT when none did."""
        first = np.take_along_axis(self.on, self.crossed.argmax(axis=1)[:, None], axis=1)[:, 0]
        return np.where(self.crossed.any(axis=1), first, np.datetime64("NaT"))


def review_days(batch: PilotBatch) -> Weeks:
    """(B, K) every Sunday from the third week to the end, the end last; NaT behind it. `stats.plan.default_reviews`."""
    start, end = batch.start.astype("datetime64[D]"), batch.end.astype("datetime64[D]")
    first = start + np.timedelta64(7 * FIRST_REVIEW_WEEK - 1, "D")
    first = first + (-(first.astype(np.int64) + 4) % 7).astype("timedelta64[D]")  # day 3 of 1970 was a Sunday
    most = int(max(((end - first) // ONE_WEEK).max(initial=0) + 2, 1))
    days = first[:, None] + np.arange(most) * ONE_WEEK
    sundays = (days < end[:, None]).sum(axis=1)
    days = np.where(days < end[:, None], days, np.datetime64("NaT"))
    days[np.arange(len(days)), sundays] = end
    return np.asarray(days)


def planned_looks(batch: PilotBatch, whole: Windows, found_now: Fits) -> Looks:
    """Hold every planned review up to each pilot's day; one without a new week of pilot data is passed over.

    Args:
        batch: B pilots.
        whole: What they may use on their day.
        found_now: Their estimates on that day; a review that sees the same weeks is not estimated again.
    """
    days = review_days(batch)
    shape = days.shape
    names = ("effect", "standard_error", "low", "high", "z", "ratio", "coming")
    kept = {name: np.full(shape, np.nan) for name in names}
    on = np.full(shape, np.datetime64("NaT"), dtype="datetime64[D]")
    mixed = np.zeros(shape[0], dtype=bool)
    count, newest = np.zeros(shape[0], dtype=np.int64), np.full(shape[0], -1)
    for k in range(shape[1]):
        due = np.flatnonzero(~np.isnat(days[:, k]) & (days[:, k] <= batch.as_of))
        if not len(due):
            continue
        window = windows(batch.taken(due), days[due, k])
        last = window.last_week
        stale = (count[due] > 0) & (last == newest[due])
        final = days[due, k] >= batch.end[due]
        mixed[due] |= window.estimable & (window.comparisons < LEAST_COMPARISONS)
        wanted = window.estimable & ~mixed[due] & (~stale | final)
        if not wanted.any():
            continue
        rows, day = due[wanted], days[due, k][wanted]
        chosen = batch.taken(rows)
        window = windows(chosen, day)
        same = window.weeks == whole.weeks[rows]
        found = Fits.blank(window.seen.shape)
        found.put(same, found_now.taken(rows[same]))
        if not same.all():
            found.put(~same, fit(windows(chosen.taken(np.flatnonzero(~same)), day[~same])))
        ahead = np.maximum((batch.end[rows] - SIX_DAYS - window_end(window.weeks, chosen)) // ONE_WEEK, 0)
        ok = ~found.failed
        ratio, early = np.ones(len(rows)), ok & (day < batch.end[rows])
        if early.any():
            ahead = ahead.astype(np.int64)
            ratio[early] = variance_ratio(found, window.treated, chosen.units, window.weeks, ahead, early)
        count[rows] -= (stale[wanted] & ok).astype(np.int64)  # the end takes the place of a review with the same data
        good = rows[ok]
        place = count[good]
        for name in ("effect", "standard_error", "low", "high", "z"):
            kept[name][good, place] = getattr(found, name)[ok]
        kept["ratio"][good, place] = ratio[ok]
        kept["coming"][good, place] = (~np.isnat(days[good, k + 1 :])).sum(axis=1)
        on[good, place] = day[ok]
        count[good] += 1
        newest[good] = window.last_week[ok]
    information = _fractions(kept.pop("ratio"), kept.pop("coming"), count, on >= batch.end[:, None])
    bound = many_obrien_fleming_bounds(information, count)
    with np.errstate(invalid="ignore"):
        crossed = kept["z"] >= bound
    held = np.arange(shape[1]) < count[:, None]
    return Looks(count=count, on=on, bound=bound, information=information, crossed=crossed & held, mixed=mixed, **kept)


def look_rows(looks: Looks) -> LookRows:
    """The held reviews one below the other."""
    pilot, place = np.nonzero(np.arange(looks.on.shape[1]) < looks.count[:, None])
    at = (pilot, place)
    return LookRows(
        pilot=pilot, look=place + 1, on=looks.on[at], effect=looks.effect[at],
        standard_error=looks.standard_error[at], interval_low=looks.low[at], interval_high=looks.high[at],
        z=looks.z[at], bound=looks.bound[at], crossed=looks.crossed[at],
    )  # fmt: skip


def window_end(weeks: Index, batch: PilotBatch) -> Weeks:
    """(B,) Monday of the last week used."""
    return np.asarray(batch.first_week + (weeks - 1) * ONE_WEEK)


def variance_ratio(
    found: Fits, treated: Floats, units: Index, weeks: Index, further: Index, rows: Index | Mask
) -> Floats:
    """Variance after `further` more weeks over the variance now, at the fitted components, of some pilots."""
    p, x, parts = (np.ascontiguousarray(part[rows]) for part in (found.precision, treated, found.parts))
    variances = []
    for more in (further[rows], np.zeros_like(further[rows])):
        out = np.empty(len(p))
        projected_variances(p, x, units[rows], weeks[rows], more, RECENT_WEEKS, parts, out)
        variances.append(out)
    return variances[0] / variances[1]


def _fractions(ratio: Floats, coming: Floats, count: Index, final: Mask) -> Floats:
    """Ascending information fractions; 1 only at the plan's end. `stats.looks.information_fractions`."""
    out = np.full(ratio.shape, np.nan)
    previous = np.zeros(len(ratio))
    for k in range(ratio.shape[1]):
        room = (1.0 - previous) / (1.0 + coming[:, k])
        least, most = previous + np.minimum(LEAST_STEP, room), np.maximum(NEARLY_ALL, previous + room)
        here = np.where(final[:, k], 1.0, np.clip(ratio[:, k], least, most))
        out[:, k] = np.where(k < count, here, np.nan)
        previous = np.where(k < count, here, previous)
    return out

"""The mixed model of many pilots: working scale, fit, and the way back to each metric's unit."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from stats.batch.pilots import Index
from stats.batch.window import Windows
from stats.compiled.counted import counted_working
from stats.compiled.elementwise import exponentials, logarithms
from stats.compiled.sums import across, totals, unit_totals
from stats.controlled import RATE_SIGMA_SCALE, SIGMA_SCALE, fit_controlled
from stats.estimate import CLOSE_ENOUGH, LINEARISATIONS
from stats.metric import Kind
from stats.metric_scale import LARGEST_STEP
from stats.panel import Floats
from stats.pilot_data import Mask
from stats.posterior import Summary

COUNTED = (Kind.PROPORTION, Kind.COUNT)


@dataclass(kw_only=True, eq=False)
class Fits:
    """The estimates of B pilots; NaN where nothing could be estimated.

    Attributes:
        effect, standard_error, low, high: (B,) in the metric's unit.
        z: (B,) positive means better.
        parts: (B, 4) rho, sigma, tau and scale.
        slope: (B,) metric units per working unit, for the pilot units.
        values, precision: (B, J, T) the working data.
        failed: (B,) no estimate.
    """

    effect: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    z: Floats
    parts: Floats
    slope: Floats
    values: Floats
    precision: Floats
    failed: Mask

    @classmethod
    def blank(cls, shape: tuple[int, ...]) -> Fits:
        """Fits of pilots that are yet to be estimated."""
        nothing = {
            name: np.full(shape[0], np.nan) for name in ("effect", "standard_error", "low", "high", "z", "slope")
        }
        return cls(
            **nothing, parts=np.full((shape[0], 4), np.nan), values=np.zeros(shape), precision=np.zeros(shape),
            failed=np.ones(shape[0], dtype=bool),
        )  # fmt: skip

    def taken(self, rows: Index) -> Fits:
        """Return the estimates of some pilots."""
        return Fits(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def put(self, rows: Index | Mask, other: Fits) -> None:
        """Take over the estimates of some pilots."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)


def fit(window: Windows, *, leave_out: Mask | None = None) -> Fits:
    """Estimate every pilot of a window.

    Args:
        window: B pilots.
        leave_out: (B, T) weeks before the start to leave out.
    """
    seen = window.seen if leave_out is None else window.seen & ~(leave_out & window.before)[:, None, :]
    out = Fits.blank(seen.shape)
    counted = np.isin(window.batch.kind, COUNTED)
    rates = np.asarray(window.batch.kind == Kind.COUNT)
    for members, method in ((~counted, _fit_means), (counted & ~rates, _fit_counts), (rates, _fit_counts)):
        rows = np.flatnonzero(members)
        if len(rows):
            out.put(rows, method(window, rows, seen[rows]))
    return out


def _fit_means(window: Windows, rows: Index, seen: Mask) -> Fits:
    batch = window.batch
    n = np.where(seen, batch.n[rows], 0.0)
    mean, sd = np.where(seen, batch.mean[rows], 1.0), batch.sd[rows]
    uniform = np.where(seen, mean, np.inf).min(axis=(1, 2)) == np.where(seen, mean, -np.inf).max(axis=(1, 2))
    uniform &= ~(seen & (np.nan_to_num(sd) > 0)).any(axis=(1, 2))
    logged = np.asarray(batch.kind[rows] == Kind.DURATION) & (mean > 0).all(axis=(1, 2))
    curve = logged[:, None, None]
    known = seen & np.isfinite(sd) & (n > 1)
    df = np.where(known, n - 1.0, 0.0)
    units, weeks = batch.units[rows], window.weeks[rows]
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(known, np.where(curve, sd / mean, sd), 0.0)
        spread = np.sqrt(totals(df * relative**2, units, weeks) / totals(df, units, weeks))
        scale_known = np.isfinite(spread) & (spread > 0)
        short = np.where(scale_known, spread, 0.0)[:, None, None] ** 2 / (2.0 * np.where(seen, n, 1.0))
        raw = np.where(seen, np.where(curve, logarithms(np.where(curve, mean, 1.0)) + short, mean), 0.0)
        grand = totals(n * raw, units, weeks) / totals(n, units, weeks)
        gap = np.where(seen, raw - grand[:, None, None], 0.0)
        unit = np.where(scale_known, spread, np.sqrt(totals(n * gap**2, units, weeks) / seen.sum(axis=(1, 2))))
        values = gap / unit[:, None, None]
    possible = ~uniform & window.estimable[rows] & (n > 0).any(axis=(1, 2))
    out = Fits.blank(seen.shape)
    for scale in (True, False):
        part = np.flatnonzero((scale_known == scale) & possible)
        if not len(part):
            continue
        told, parts = _posterior(window, rows[part], values[part], n[part], scale_known=scale)
        treated, own = window.treated[rows[part]], window.pilot_rows[rows[part]]
        mine = (units[part], weeks[part])
        after = unit_totals(n[part] * (treated > 0), *mine)
        weight = after * own
        weight = weight / across(weight, units[part])[:, None]
        total = np.where(own, unit_totals(n[part], *mine), 1.0)
        level = unit_totals(n[part] * (values[part] - told.effect[:, None, None] * treated), *mine) / total
        size, bent = unit[part], logged[part]
        base = np.where(bent, grand[part], 0.0)[:, None] + level * np.where(bent, size, 0.0)[:, None]
        noise = _noise(after, told.standard_error)
        found = np.clip(np.where(bent, told.effect * size, 0.0), -LARGEST_STEP, LARGEST_STEP)[:, None]

        def effect_of(change: Floats, bent: Mask = bent, size: Floats = size, base: Floats = base,
                      noise: Floats = noise, found: Floats = found, weight: Floats = weight,
                      units: Index = units[part]) -> Floats:  # fmt: skip
            step = np.clip(np.where(bent, change * size, 0.0), -LARGEST_STEP, LARGEST_STEP)[:, None] - found
            gap = exponentials(base + found + noise * step) - exponentials(base - (1.0 - noise) * step)
            return np.where(bent, across(weight * gap, units), change * size)

        effect, low, high = (effect_of(change) for change in (told.effect, told.low, told.high))
        tangent = noise * exponentials(base + found) + (1.0 - noise) * exponentials(base)
        slope = np.where(bent, across(weight * tangent, units[part]), 1.0) * size
        out.put(part, Fits(
            effect=effect, standard_error=told.standard_error * slope, low=low, high=high,
            z=told.z * batch.direction[rows[part]], parts=parts, slope=slope, values=values[part], precision=n[part],
            failed=_failed(told),
        ))  # fmt: skip
    return out


def _fit_counts(window: Windows, rows: Index, seen: Mask) -> Fits:
    batch = window.batch
    n = np.where(seen, batch.n[rows], 0.0)
    count = np.where(seen, np.nan_to_num(batch.count[rows]), 0.0)
    rate = np.asarray(batch.kind[rows] == Kind.COUNT)
    treated, pilot_rows = window.treated[rows], window.pilot_rows[rows]
    share = np.where(seen, count / np.where(n > 0, n, 1.0), np.nan)
    spread = np.where(seen, share, -np.inf).max(axis=(1, 2)) - np.where(seen, share, np.inf).min(axis=(1, 2))
    possible = window.estimable[rows] & (spread > 0) & ~(rate & (count.sum(axis=(1, 2)) == 0))
    out = Fits.blank(seen.shape)
    active = np.flatnonzero(possible)
    changes = np.zeros(len(rows))
    for attempt in range(1 + LINEARISATIONS):
        if not len(active):
            break
        before = out.effect[active]
        shape = (len(active), *seen.shape[1:])
        values, precision = np.zeros(shape), np.zeros(shape)
        base, slope = np.zeros(shape[:2]), np.zeros(shape[:2])
        counted_working(
            n[active], count[active], treated[active], batch.units[rows[active]], window.weeks[rows[active]],
            rate[active], changes[active], values, precision, base, slope,
        )  # fmt: skip
        told, parts = _posterior(window, rows[active], values, precision, scale_known=True)
        own = batch.units[rows[active]]
        after = unit_totals(precision * (treated[active] > 0), own, window.weeks[rows[active]])
        weight = after * pilot_rows[active]
        weight = weight / across(weight, own)[:, None]
        found = np.clip(told.effect, -LARGEST_STEP, LARGEST_STEP)[:, None]
        noise = _noise(after, told.standard_error)
        effect, low, high = (
            across(weight * _gap(rate[active], base, found, noise, np.clip(end, -LARGEST_STEP, LARGEST_STEP)), own)
            for end in (told.effect, told.low, told.high)
        )
        sides = [_metric(rate[active], level) for level in (base + found, base)]
        tangents = [np.where(rate[active][:, None], side, side * (1.0 - side)) for side in sides]
        unit = across(weight * (noise * tangents[0] + (1.0 - noise) * tangents[1]), own)
        out.put(active, Fits(
            effect=effect, standard_error=told.standard_error * unit, low=low, high=high,
            z=told.z * batch.direction[rows[active]], parts=parts, slope=unit, values=values, precision=precision,
            failed=_failed(told),
        ))  # fmt: skip
        changes[active] = told.effect
        with np.errstate(invalid="ignore"):
            moved = ~(np.abs(effect - before) < CLOSE_ENOUGH * out.standard_error[active])
        active = active[(moved | (attempt == 0)) & ~out.failed[active]]
    return out


def _metric(rate: Mask, working: Floats) -> Floats:
    """(B, J) rates or shares of working values."""
    rates, odds = exponentials(working), exponentials(-working)
    return np.asarray(np.where(rate[:, None], rates, 1.0 / (1.0 + odds)))


def _gap(rate: Mask, base: Floats, found: Floats, noise: Floats, end: Floats) -> Floats:
    """(B, J) metric units between the levels with and without the change. `stats.metric_scale`."""
    step = end[:, None] - found
    return _metric(rate, base + found + noise * step) - _metric(rate, base - (1.0 - noise) * step)


def _noise(precision: Floats, standard_error: Floats) -> Floats:
    """(B, J) part of the change's variance that is sampling noise of the weeks with the change."""
    seen = np.where(precision > 0, precision, np.inf)
    return np.asarray(np.minimum(1.0 / (seen * standard_error[:, None] ** 2), 1.0))


def _posterior(
    window: Windows, rows: Index, values: Floats, precision: Floats, *, scale_known: bool
) -> tuple[Summary, Floats]:
    rates = window.batch.kind[rows[0]] == Kind.COUNT
    found = fit_controlled(
        values, precision, window.treated[rows], scale_known=scale_known,
        sigma_scale=RATE_SIGMA_SCALE if rates else SIGMA_SCALE, units=window.batch.units[rows],
        weeks=window.weeks[rows],
    )  # fmt: skip
    return found.posterior.summary(), np.stack([found.rho, found.sigma, found.tau, found.scale], axis=1)


def _failed(told: Summary) -> Mask:
    return ~(np.isfinite(told.effect) & (told.standard_error > 0))

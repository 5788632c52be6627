"""The mixed model of many pilots: working scale, fit, and the way back to each metric's unit."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from stats.batch.pilots import Index
from stats.batch.window import Windows
from stats.compiled.counted import counted_working
from stats.compiled.elementwise import exponentials, logarithms
from stats.controlled import RATE_SIGMA_SCALE, SIGMA_SCALE, fit_controlled
from stats.estimate import CLOSE_ENOUGH, LINEARISATIONS
from stats.metric import Kind
from stats.metric_scale import LARGEST_STEP
from stats.panel import Floats
from stats.pilot_data import Mask
from stats.posterior import Summary
from stats.working_scale import SMOOTHING

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
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(known, np.where(curve, sd / mean, sd), 0.0)
        spread = np.sqrt((df * relative**2).sum(axis=(1, 2)) / df.sum(axis=(1, 2)))
        scale_known = np.isfinite(spread) & (spread > 0)
        short = np.where(scale_known, spread, 0.0)[:, None, None] ** 2 / (2.0 * np.where(seen, n, 1.0))
        raw = np.where(seen, np.where(curve, logarithms(np.where(curve, mean, 1.0)) + short, mean), 0.0)
        grand = (n * raw).sum(axis=(1, 2)) / n.sum(axis=(1, 2))
        gap = np.where(seen, raw - grand[:, None, None], 0.0)
        unit = np.where(scale_known, spread, np.sqrt((n * gap**2).sum(axis=(1, 2)) / seen.sum(axis=(1, 2))))
        values = gap / unit[:, None, None]
    possible = ~uniform & window.estimable[rows] & (n > 0).any(axis=(1, 2))
    out = Fits.blank(seen.shape)
    for scale in (True, False):
        part = np.flatnonzero((scale_known == scale) & possible)
        if not len(part):
            continue
        told, parts = _posterior(window, rows[part], values[part], n[part], scale_known=scale)
        treated, own = window.treated[rows[part]], window.pilot_rows[rows[part]]
        weight = (n[part] * (treated > 0)).sum(axis=2) * own
        weight = weight / weight.sum(axis=1, keepdims=True)
        treated_n = n[part] * (treated > 0)
        level = (treated_n * values[part]).sum(axis=2) / np.where(own, treated_n.sum(axis=2), 1.0)
        unit_size, bent = unit[part], logged[part]
        base = np.where(bent, grand[part], 0.0)[:, None] + level * np.where(bent, unit_size, 0.0)[:, None]

        def gained(change: Floats, bent: Mask = bent, size: Floats = unit_size, base: Floats = base,
                   weight: Floats = weight) -> tuple[Floats, Floats]:  # fmt: skip
            step = np.clip(np.where(bent, change * size, 0.0), -LARGEST_STEP, LARGEST_STEP)
            without = (weight * exponentials(base - step[:, None])).sum(axis=1)
            with_it = (weight * exponentials(base)).sum(axis=1)
            return np.where(bent, with_it - without, change * size), np.where(bent, without, 1.0) * size

        effect, slope = gained(told.effect)
        low, high = gained(told.low)[0], gained(told.high)[0]
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
    changes, level = np.zeros(len(rows)), _levels(n, count, treated, rate)
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
        weight = (precision * (treated[active] > 0)).sum(axis=2) * pilot_rows[active]
        weight = weight / weight.sum(axis=1, keepdims=True)
        steps = [np.clip(part, -LARGEST_STEP, LARGEST_STEP)[:, None] for part in (told.effect, told.low, told.high)]
        effect, low, high = (
            (weight * (_metric(rate[active], level[active]) - _metric(rate[active], level[active] - step))).sum(axis=1)
            for step in steps
        )
        without = _metric(rate[active], level[active] - steps[0])
        unit = (weight * np.where(rate[active][:, None], without, without * (1.0 - without))).sum(axis=1)
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


def _levels(n: Floats, count: Floats, treated: Floats, rate: Mask) -> Floats:
    """(B, J) each pilot unit's level since the start, working scale; 0 for the others. `stats.metric_scale`."""
    size, events = (n * (treated > 0)).sum(axis=2), (count * (treated > 0)).sum(axis=2) + SMOOTHING
    share = events / np.where(size > 0, size + np.where(rate, 0.0, 2 * SMOOTHING)[:, None], 1.0)
    level = logarithms(np.where(rate[:, None], share, share / np.where(rate[:, None], 1.0, 1.0 - share)))
    return np.where(size > 0, level, 0.0)


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

"""The mixed model of many pilots: working scale, fit, and the way back to each metric's unit."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from stats.batch.pilots import Index
from stats.batch.window import Windows
from stats.compiled.counted import counted_working
from stats.controlled import fit_controlled
from stats.estimate import CLOSE_ENOUGH, LINEARISATIONS
from stats.metric import Kind
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
    for rows, method in ((np.flatnonzero(~counted), _fit_means), (np.flatnonzero(counted), _fit_counts)):
        if len(rows):
            out.put(rows, method(window, rows, seen[rows]))
    return out


def _fit_means(window: Windows, rows: Index, seen: Mask) -> Fits:
    batch = window.batch
    n = np.where(seen, batch.n[rows], 0.0)
    mean, sd = np.where(seen, batch.mean[rows], 0.0), np.nan_to_num(batch.sd[rows])
    known = seen & np.isfinite(batch.sd[rows]) & (n > 1)
    df = np.where(known, n - 1.0, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt((df * sd**2).sum(axis=(1, 2)) / df.sum(axis=(1, 2)))
        grand = (n * mean).sum(axis=(1, 2)) / n.sum(axis=(1, 2))
        loose = np.sqrt((n * (mean - grand[:, None, None]) ** 2).sum(axis=(1, 2)) / seen.sum(axis=(1, 2)))
    scale_known = np.isfinite(spread) & (spread > 0)
    low, high = np.where(seen, mean, np.inf).min(axis=(1, 2)), np.where(seen, mean, -np.inf).max(axis=(1, 2))
    uniform = (low == high) & ~(seen & (sd > 0)).any(axis=(1, 2))
    slope = np.where(scale_known, spread, loose)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(seen, (mean - grand[:, None, None]) / slope[:, None, None], 0.0)
    out = Fits.blank(seen.shape)
    for scale in (True, False):
        part = np.flatnonzero((scale_known == scale) & ~uniform & window.estimable[rows] & (n > 0).any(axis=(1, 2)))
        if len(part):
            told, parts = _posterior(window, rows[part], values[part], n[part], scale_known=scale)
            sign = window.batch.direction[rows[part]]
            unit = slope[part]
            out.put(part, Fits(
                effect=told.effect * unit, standard_error=told.standard_error * unit, low=told.low * unit,
                high=told.high * unit, z=told.z * sign, parts=parts, slope=unit, values=values[part],
                precision=n[part], failed=_failed(told),
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
        weight = (precision * (treated[active] > 0)).sum(axis=2) * pilot_rows[active]
        weight = weight / weight.sum(axis=1, keepdims=True)
        unit = (weight * slope).sum(axis=1)
        effect, low, high = (
            (weight * _moved(rate[active], base, change[:, None])).sum(axis=1)
            for change in (told.effect, told.low, told.high)
        )
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


def _moved(rate: Mask, base: Floats, change: Floats) -> Floats:
    """(B, J) by how much a change on the working scale moves each unit from its level, in the metric's unit."""
    with np.errstate(over="ignore"):
        rates = np.exp(base + change) - np.exp(base)
        shares = 1.0 / (1.0 + np.exp(-base - change)) - 1.0 / (1.0 + np.exp(-base))
    return np.where(rate[:, None], rates, shares)


def _posterior(
    window: Windows, rows: Index, values: Floats, precision: Floats, *, scale_known: bool
) -> tuple[Summary, Floats]:
    found = fit_controlled(
        values, precision, window.treated[rows], scale_known=scale_known, units=window.batch.units[rows],
        weeks=window.weeks[rows],
    )  # fmt: skip
    return found.posterior.summary(), np.stack([found.rho, found.sigma, found.tau, found.scale], axis=1)


def _failed(told: Summary) -> Mask:
    return ~(np.isfinite(told.effect) & (told.standard_error > 0))

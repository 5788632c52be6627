"""Invented pilots by the thousand, with a known truth: the worlds of `benchmarks._pilots`, drawn as arrays."""

from __future__ import annotations

import numpy as np

from benchmarks._pilots import FIRST_MONDAY, Cell
from stats.batch import PilotBatch
from stats.metric import Kind
from stats.panel import Floats

NOTHING = np.datetime64("NaT", "D")
SCALE = np.arange(1.0, 6.0)


def simulate_batch(cell: Cell, pilots: int, *, effect: float, seed: int) -> PilotBatch:
    """Return pilots of one world; the unit whose last four weeks before the start look worst is the pilot unit.

    Args:
        cell: The world; without staggered starts.
        pilots: How many.
        effect: The true effect, on the cell's scale.
        seed: Same seed, same pilots before the start, whatever the effect.
    """
    random = np.random.default_rng(seed)
    drawn = max(cell.units, 9) if cell.units == 1 else cell.units
    weeks = cell.before + cell.after
    shape = (pilots, drawn, weeks)
    n = random.integers(cell.least, cell.most + 1, shape).astype(np.float64)
    size = cell.sigma * np.exp(cell.unequal * random.normal(size=shape[:2]) - cell.unequal**2)
    level = (
        cell.base
        + cell.tau * random.normal(size=(pilots, drawn, 1))
        + cell.season * np.sin(2 * np.pi * (np.arange(weeks) / 52 + random.uniform(size=(pilots, 1, 1))))
        + _shocks(cell, shape, random) * size[:, :, None]
        + np.cumsum(cell.drift * random.normal(size=shape), axis=2)
    )
    chance, missing = random.uniform(size=shape), random.uniform(size=shape) < cell.missing
    chances = int(random.integers(0, 2**32))
    seen, sd = _observed(cell, level, n, chance, np.random.default_rng(chances))
    worse = -1.0 if cell.effect > 0 else 1.0
    pilot = np.argmax(worse * seen[:, :, cell.before - 4 : cell.before].mean(axis=2), axis=1)
    rows = np.arange(pilots)
    level[rows, pilot, cell.before :] += effect
    seen, sd = _observed(cell, level, n, chance, np.random.default_rng(chances))
    order = np.argsort(np.where(np.arange(drawn) == pilot[:, None], -1, np.arange(drawn)), axis=1)[:, : cell.units]
    n, seen, sd, missing = (np.take_along_axis(part, order[:, :, None], axis=1) for part in (n, seen, sd, missing))
    n, seen, sd = (np.where(missing, np.nan, part) for part in (n, seen, sd))
    start = FIRST_MONDAY + 7 * cell.before
    end = start + 7 * cell.after - 1
    counted = cell.kind.counted
    return PilotBatch(
        kind=np.full(pilots, cell.kind, dtype=object),
        direction=np.full(pilots, 1 if cell.effect > 0 else -1),
        smallest_change=np.full(pilots, abs(cell.smallest)),
        n=n,
        mean=seen,
        sd=np.full_like(seen, np.nan) if counted else sd,
        count=np.round(seen * n) if counted else np.full_like(seen, np.nan),
        units=np.full(pilots, cell.units),
        pilots=np.ones(pilots, dtype=np.int64),
        first_week=np.full(pilots, FIRST_MONDAY),
        weeks=np.full(pilots, weeks),
        start=np.full(pilots, start),
        end=np.full(pilots, end),
        as_of=np.full(pilots, end),
        trigger_from=np.full(pilots, NOTHING),
        trigger_to=np.full(pilots, NOTHING),
        randomised=np.zeros(pilots, dtype=bool),
    )


def _shocks(cell: Cell, shape: tuple[int, int, int], random: np.random.Generator) -> Floats:
    steps = random.standard_t(3, shape) / np.sqrt(3.0) if cell.heavy else random.normal(size=shape)
    out = np.empty(shape)
    out[..., 0] = steps[..., 0]
    for t in range(1, shape[2]):
        out[..., t] = cell.rho * out[..., t - 1] + np.sqrt(1 - cell.rho**2) * steps[..., t]
    return out


def _observed(
    cell: Cell, level: Floats, n: Floats, chance: Floats, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Weekly mean, share or rate, and the SD of single answers; the same draws whatever the effect."""
    if cell.kind is Kind.PROPORTION:
        return random.binomial(n.astype(np.int64), 1 / (1 + np.exp(-level))) / n, np.full_like(level, np.nan)
    if cell.kind is Kind.COUNT:
        return random.poisson(n * np.exp(level)) / n, np.full_like(level, np.nan)
    if cell.likert:
        answers = random.normal(size=(*level.shape, cell.most)).astype(np.float32) + (3.6 + level)[..., None]
        answers = np.clip(np.round(answers), 1, 5)
        keep = np.arange(cell.most) < n[..., None]
        mean = (answers * keep).sum(axis=-1) / n
        return mean, np.sqrt((((answers - mean[..., None]) ** 2) * keep).sum(axis=-1) / (n - 1))
    sd = np.sqrt(2.0 * random.standard_gamma((n - 1) / 2.0) / (n - 1))
    return 3.5 + level + random.normal(size=level.shape) / np.sqrt(n), sd

"""Invented pilots of every kind of metric and design, drawn answer by answer, with the true effect of each pilot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from benchmarks._pilots import FIRST_MONDAY
from stats.batch import PilotBatch
from stats.batch.pilots import Index
from stats.metric import Kind
from stats.panel import Floats

RHO, SIGMA, TAU, SEASON = 0.6, 0.2, 0.3, 0.15
PICKED_FROM, TRIGGER_WEEKS = 9, 4
NOTHING = np.datetime64("NaT", "D")


@dataclass(frozen=True, kw_only=True)
class World:
    """What the answers of one kind of metric look like. Levels are in SDs of a single answer's own scale.

    Attributes:
        kind: The metric's kind.
        sign: +1 when more is better.
        centre: Mean of the metric at level 0; NPS has none, its thresholds are fixed.
        log_sd: SD of the log of a single answer, of durations and costs.
        smallest: The smallest change that matters, in the metric's unit; no interval depends on it.
    """

    kind: Kind
    sign: int
    centre: float = 0.0
    log_sd: float = 0.0
    smallest: float

    def expected(self, level: Floats) -> Floats:
        """The metric's mean at a level: of an answer, of a success, of the events per unit of exposure."""
        if self.kind is Kind.SCORE:
            return np.asarray(self.centre + level)
        if self.kind is Kind.NPS:  # promoters are above 0.3, detractors below -0.6 of a normal answer
            above, below = scipy.special.ndtr(level - 0.3), scipy.special.ndtr(-0.6 - level)
            return np.asarray(100.0 * (above - below))
        if self.kind is Kind.PROPORTION:
            return np.asarray(scipy.special.expit(scipy.special.logit(self.centre) + level))
        return np.asarray(self.centre * np.exp(level * (self.log_sd or 1.0)))

    def observed(self, level: Floats, n: Floats, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Mean, SD of single answers and count of every week; NaN where the kind has none."""
        nothing = np.full(level.shape, np.nan)
        if self.kind is Kind.PROPORTION:
            count = random.binomial(n.astype(np.int64), self.expected(level)).astype(np.float64)
            return count / n, nothing, count
        if self.kind is Kind.COUNT:
            count = random.poisson(n * self.expected(level)).astype(np.float64)
            return count / n, nothing, count
        most = int(n.max())
        single = random.normal(size=(*level.shape, most))
        if self.kind is Kind.SCORE:
            single += self.expected(level)[..., None]
        elif self.kind is Kind.NPS:
            single += level[..., None]
            single = 100.0 * ((single > 0.3).astype(np.float64) - (single < -0.6))
        else:
            single = self.expected(level)[..., None] * np.exp(self.log_sd * single - self.log_sd**2 / 2.0)
        given = np.arange(most) < n[..., None]
        mean = np.where(given, single, 0.0).sum(axis=-1) / n
        squares = np.where(given, (single - mean[..., None]) ** 2, 0.0).sum(axis=-1)
        return mean, np.sqrt(squares / (n - 1.0)), nothing


WORLDS = (
    World(kind=Kind.SCORE, sign=1, centre=3.5, smallest=0.3),
    World(kind=Kind.NPS, sign=1, smallest=20.0),
    World(kind=Kind.PROPORTION, sign=1, centre=0.6, smallest=0.06),
    World(kind=Kind.COUNT, sign=-1, centre=0.3, smallest=0.06),
    World(kind=Kind.DURATION, sign=-1, centre=12.0, log_sd=0.6, smallest=2.0),
    World(kind=Kind.COST, sign=-1, centre=200.0, log_sd=1.0, smallest=40.0),
)
"""A mean score of 3.5 with SD 1; an NPS of 11; 60 %; 0.3 events per unit of exposure; 12 days; 200 euros."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """What the pilot is compared with, and for how long it is known.

    Attributes:
        name: As the table prints it.
        comparisons: Comparison units.
        before, after: Weeks.
        season: Amplitude of a yearly wave that all units share.
        picked: The pilot unit is the one whose last four weeks before the start look worst, of all units (of nine, when
            there are fewer); the plan states those weeks as its trigger.
    """

    name: str
    comparisons: int
    before: int = 12
    after: int = 12
    season: float = SEASON
    picked: bool = False


def simulate(
    world: World, design: Design, *, least: int, most: int, pilots: int, effect: float, seed: list[int]
) -> tuple[PilotBatch, Floats]:
    """Return pilots, and the true effect of each in the metric's unit.

    The truth is the pilot unit's own expected value with the change less that without it, averaged over the weeks
    after the start. On a score it is the effect itself; elsewhere it depends on the unit's level.

    Args:
        world: The kind of metric.
        design: The units and weeks.
        least, most: Answers a week (exposure, for counts), drawn evenly between them.
        pilots: How many.
        effect: In SDs of a single answer, positive means better.
        seed: Same seed, same pilots.
    """
    random = np.random.default_rng(seed)
    units, weeks = 1 + design.comparisons, design.before + design.after
    drawn = max(units, PICKED_FROM) if design.picked else units
    n = random.integers(least, most + 1, (pilots, drawn, weeks)).astype(np.float64)
    level = (
        TAU * random.normal(size=(pilots, drawn, 1))
        + design.season * np.sin(2 * np.pi * (np.arange(weeks) / 52 + random.uniform(size=(pilots, 1, 1))))
        + SIGMA * _shocks((pilots, drawn, weeks), random)
    )
    before, after = slice(0, design.before), slice(design.before, weeks)
    first = world.observed(level[..., before], n[..., before], random)
    pilot = np.zeros(pilots, dtype=np.int64)
    if design.picked:
        last = first[0][..., -TRIGGER_WEEKS:].mean(axis=2)
        pilot = np.argmin(world.sign * last, axis=1)
    rows = np.arange(pilots)
    without = world.expected(level[rows, pilot, after])
    level[rows, pilot, after] += world.sign * effect
    truth = (world.expected(level[rows, pilot, after]) - without).mean(axis=1)
    second = world.observed(level[..., after], n[..., after], random)
    order = np.argsort(np.where(np.arange(drawn) == pilot[:, None], -1, np.arange(drawn)), axis=1)[:, :units, None]
    grids = [np.concatenate(pair, axis=2) for pair in zip(first, second, strict=True)]
    n, mean, sd, count = (np.take_along_axis(grid, order, axis=1) for grid in (n, *grids))
    return _batch(world, design, n, mean, sd, count), truth


def _batch(world: World, design: Design, n: Floats, mean: Floats, sd: Floats, count: Floats) -> PilotBatch:
    pilots, units, weeks = n.shape
    start = FIRST_MONDAY + 7 * design.before
    end = start + 7 * design.after - 1

    def same(value: object, dtype: str | None = None) -> Index:
        return np.full(pilots, value, dtype=dtype)

    return PilotBatch(
        kind=np.full(pilots, world.kind, dtype=object),
        direction=same(world.sign),
        smallest_change=np.full(pilots, world.smallest),
        n=n,
        mean=mean,
        sd=sd,
        count=count,
        units=same(units),
        pilots=same(1),
        first_week=same(FIRST_MONDAY),
        weeks=same(weeks),
        start=same(start),
        end=same(end),
        as_of=same(end),
        trigger_from=same(start - 7 * TRIGGER_WEEKS if design.picked else NOTHING, "datetime64[D]"),
        trigger_to=same(start - 1 if design.picked else NOTHING, "datetime64[D]"),
        randomised=np.zeros(pilots, dtype=bool),
    )


def _shocks(shape: tuple[int, int, int], random: np.random.Generator) -> Floats:
    steps = random.normal(size=shape)
    out = np.empty(shape)
    out[..., 0] = steps[..., 0]
    for week in range(1, shape[2]):
        out[..., week] = RHO * out[..., week - 1] + np.sqrt(1 - RHO**2) * steps[..., week]
    return out

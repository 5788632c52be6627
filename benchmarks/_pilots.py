"""Invented pilots with a known truth, for the benchmarks and the simulation tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from stats.metric import Direction, Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_weeks
from stats.plan import Plan

FIRST_MONDAY = np.datetime64("2025-12-08")
STAGGER = 4


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How a simulated pilot's world behaves. Sizes are in SDs of a single answer (log-odds, log rate when counted).

    The hard cell: 12 weeks before and 12 after, 5-30 answers a week, AR(1) shocks with correlation 0.6, a mild season,
    and the pilot unit is the one whose last four weeks before the start looked worst.
    """

    name: str
    units: int = 9
    before: int = 12
    after: int = 12
    least: int = 5
    most: int = 30
    rho: float = 0.6
    sigma: float = 0.2
    tau: float = 0.3
    season: float = 0.15
    drift: float = 0.0
    unequal: float = 0.0
    heavy: bool = False
    missing: float = 0.0
    likert: bool = False
    staggered: bool = False
    kind: Kind = Kind.SCORE
    base: float = 0.0
    effect: float = 0.5
    smallest: float = 0.3


CELLS = (
    Cell(name="hard cell, 8 comparison units"),
    Cell(name="hard cell, 2 comparison units", units=3),
    Cell(name="drifting units, 8 comparison", drift=0.03),
    Cell(name="drifting units, 2 comparison", drift=0.03, units=3),
    Cell(name="unequal shocks", unequal=0.5),
    Cell(name="Likert 1-5", likert=True),
    Cell(name="season 0.4", season=0.4),
    Cell(name="heavy tails (t3 shocks)", heavy=True),
    Cell(name="15 % of weeks missing", missing=0.15),
    Cell(name="proportions, 8-40 answers", kind=Kind.PROPORTION, least=8, most=40, base=0.4, smallest=0.06),
    Cell(name="counts, about 5 a week", kind=Kind.COUNT, least=1, most=1, base=np.log(5.0), effect=-0.5, smallest=1.0),
    Cell(
        name="counts, calmer weeks (0.1)",
        kind=Kind.COUNT,
        least=1,
        most=1,
        base=np.log(5.0),
        effect=-0.5,
        smallest=1.0,
        sigma=0.1,
        tau=0.2,
    ),
    Cell(name="staggered starts, 2 pilot units", staggered=True),
    Cell(name="one series, no comparison", units=1),
)


def simulate(cell: Cell, *, effect: float, random: np.random.Generator) -> tuple[Panel, Plan]:
    """Return one pilot's data and plan.

    Args:
        cell: The world.
        effect: The true effect, on the cell's scale.
        random: Source of randomness.
    """
    # One series alone is still picked from among nine, because its last weeks looked bad.
    drawn = max(cell.units, 9) if cell.units == 1 else cell.units
    weeks = cell.before + cell.after
    n = random.integers(cell.least, cell.most + 1, (drawn, weeks)).astype(np.float64)
    size = cell.sigma * np.exp(cell.unequal * random.normal(size=drawn) - cell.unequal**2)
    level = (
        cell.base
        + cell.tau * random.normal(size=(drawn, 1))
        + cell.season * np.sin(2 * np.pi * (np.arange(weeks) / 52 + random.uniform()))
        + _shocks(cell, drawn, weeks, random) * size[:, None]
        + np.cumsum(cell.drift * random.normal(size=(drawn, weeks)), axis=1)
    )
    noise = random.normal(size=(drawn, weeks))
    uniform = random.uniform(size=(drawn, weeks))
    chances = random.integers(0, 2**32)
    seen = _observed(cell, level, n, noise, uniform, np.random.default_rng(chances))
    worse = -1.0 if cell.effect > 0 else 1.0
    pilot = int(np.argmax(worse * seen[:, cell.before - 4 : cell.before].mean(axis=1)))
    level[pilot, cell.before :] += effect
    seen = _observed(cell, level, n, noise, uniform, np.random.default_rng(chances))
    order = [pilot, *(j for j in range(drawn) if j != pilot)][: cell.units]
    return _panel(cell, seen[order], n[order], random), _plan(cell)


def simulate_staggered(cell: Cell, *, effect: float, random: np.random.Generator) -> tuple[Panel, Plan]:
    """Return a pilot of two units of which the one with the better last weeks starts four weeks after the other."""
    panel, plan = simulate(replace(cell, staggered=False), effect=effect, random=random)
    others = panel.mean[1:, cell.before - 4 : cell.before].mean(axis=1)
    second = 1 + int(np.argmin(others if cell.effect > 0 else -others))
    start = FIRST_MONDAY + 7 * (cell.before + STAGGER)
    mean = panel.mean.copy()
    mean[second, cell.before + STAGGER :] += effect
    name = panel.units[second]
    units = tuple(unit for unit in plan.comparison_units if unit != name)
    return replace(panel, mean=mean), replace(
        plan, pilot_units=(*plan.pilot_units, name), comparison_units=units, starts={name: start.astype(object)}
    )


def _shocks(cell: Cell, units: int, weeks: int, random: np.random.Generator) -> Floats:
    steps = random.standard_t(3, (units, weeks)) / np.sqrt(3.0) if cell.heavy else random.normal(size=(units, weeks))
    out = np.empty((units, weeks))
    out[:, 0] = steps[:, 0]
    for t in range(1, weeks):
        out[:, t] = cell.rho * out[:, t - 1] + np.sqrt(1 - cell.rho**2) * steps[:, t]
    return out


def _observed(
    cell: Cell, level: Floats, n: Floats, noise: Floats, uniform: Floats, random: np.random.Generator
) -> Floats:
    """Weekly mean, share or count. The same draws give the same weeks before the start whatever the effect."""
    if cell.kind is Kind.PROPORTION:
        return random.binomial(n.astype(int), 1 / (1 + np.exp(-level))) / n
    if cell.kind is Kind.COUNT:
        return random.poisson(n * np.exp(level)) / n
    if cell.likert:
        answers = random.normal(size=(*level.shape, cell.most)) + (3.6 + level)[..., None]
        answers = np.clip(np.round(answers), 1, 5)
        keep = np.arange(cell.most) < n[..., None]
        return (answers * keep).sum(axis=-1) / n
    return level + noise / np.sqrt(n)


def _panel(cell: Cell, seen: Floats, n: Floats, random: np.random.Generator) -> Panel:
    units, weeks = seen.shape
    keep = random.uniform(size=seen.shape) >= cell.missing
    unit = np.repeat([f"U{j}" for j in range(units)], weeks)[keep.ravel()]
    week = np.tile(FIRST_MONDAY + 7 * np.arange(weeks), units)[keep.ravel()]
    values, sizes = seen[keep], n[keep]
    if cell.kind.counted:
        return from_weeks(kind=cell.kind, unit=unit.tolist(), week=week, n=sizes, count=np.round(values * sizes))
    sd = np.sqrt(random.chisquare(sizes - 1) / (sizes - 1)) * (0.95 if cell.likert else 1.0)
    shift = 0.0 if cell.likert else 3.5
    return from_weeks(kind=cell.kind, unit=unit.tolist(), week=week, n=sizes, mean=values + shift, sd=sd)


def _plan(cell: Cell) -> Plan:
    start = FIRST_MONDAY + 7 * cell.before
    end: date = (start + 7 * cell.after - 1).astype(object)
    return Plan(
        kind=cell.kind,
        direction=Direction.INCREASE if cell.effect > 0 else Direction.DECREASE,
        smallest_change=cell.smallest if cell.effect > 0 else -cell.smallest,
        pilot_units=("U0",),
        comparison_units=tuple(f"U{j}" for j in range(1, cell.units)),
        start=start.astype(object),
        end=end,
    )

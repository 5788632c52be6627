"""Scores of single answers, drawn so that each week's expected mean is exactly the stated one.

A score on low..high in whole steps is low plus a beta-binomial count: its mean is exactly the answer's expected value
and its variance the wanted one wherever whole numbers allow it, so rounding never shifts a week's mean. One hidden
number a respondent ties the answer's items together (a Gaussian copula), and whoever names a bad experience scores
lower; the others of the same unit and week score a little higher, so that the week's mean stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from services.demo.county import County
from services.demo.curves import stream
from services.demo.people import Answers, Whole
from services.demo.pilot_facts import DemoPilot
from services.demo.topics import Picks
from services.demo.truth import EVERYONE, RECOMMEND, Key, Truth

COMMON = 0.65
"""Share of a score's hidden number that is the respondent's own rather than the item's (as a correlation root)."""
EDGE = 0.03
"""How near an answer's expected value may come to the ends of its scale, as a share of the scale's width."""
HIDDEN_GROUP = "hidden"

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ItemScores:
    """The scores of one survey item.

    Attributes:
        answer: Index of the answer each score belongs to.
        value: The score.
    """

    item: str
    low: float
    high: float
    answer: Whole
    value: Values


def scale_of(county: County, item: str) -> tuple[float, float]:
    """Lowest and highest score of an item."""
    metric = next(m for m in county.metrics if m.item == item and m.kind == "score")
    if metric.low is None or metric.high is None:
        raise ValueError(f"county.json, metric {metric.code}: low and high must be given for a survey item.")
    return metric.low, metric.high


def draw(county: County, truths: dict[Key, Truth], answers: Answers, picks: Picks, seed: int) -> list[ItemScores]:
    """Draw every score of every answer."""
    person = stream(seed, "respondents").standard_normal(len(answers))
    items = sorted({m.item for m in county.metrics if m.item})
    return [_item(county, truths, answers, picks, item, person, seed) for item in items]


def _item(
    county: County, truths: dict[Key, Truth], answers: Answers, picks: Picks, item: str, person: Values, seed: int
) -> ItemScores:
    rng = stream(seed, "scores", item)
    low, high = scale_of(county, item)
    width = high - low
    size = len(answers)
    expected, spread, asked = np.full(size, np.nan), np.zeros(size), np.zeros(size, dtype=bool)
    chance = rng.random(size)
    for index, unit in enumerate(county.units):
        for population in (EVERYONE, "language:sv"):
            series = truths.get((item, unit.code, population))
            if series is None:
                continue
            here = np.flatnonzero((answers.unit == index) & member(answers, population, rng))
            rate = 1.0 if item == RECOMMEND else min(series.n_week / unit.weekly_responses, 1.0)
            asked[here] = chance[here] < rate
            expected[here] = series.mean[answers.week[here]] + _effects(series, answers, here, rng)
            spread[here] = series.sd
    fixed = np.full(size, np.nan)
    written = answers.comment >= 0
    if item == RECOMMEND:
        fixed[written] = [county.comments[i].recommend for i in answers.comment[written]]
        asked[written] = True
    else:
        asked[written] = False
    at = np.flatnonzero(asked)
    margin = EDGE * width
    target = (np.clip(expected[at], low + margin, high - margin) - low) / width
    mean = _centred(target, picks.push[at] / 10, (fixed[at] - low) / width, answers.cells[at])
    variance = (spread[at] / width) ** 2 - _within(mean, answers.cells[at])
    hidden = COMMON * person[at] + np.sqrt(1 - COMMON**2) * rng.standard_normal(len(at))
    value = low + _whole_steps(mean, variance, hidden, round(width), rng)
    known = ~np.isnan(fixed[at])
    value[known] = fixed[at][known]
    return ItemScores(item=item, low=low, high=high, answer=at, value=value)


def member(answers: Answers, population: str, rng: np.random.Generator, share: float = 0.0) -> NDArray[np.bool_]:
    """Who belongs to a population; a hidden group, which no field of an answer shows, is drawn."""
    if population == HIDDEN_GROUP:
        return rng.random(len(answers)) < share
    if not population:
        return np.ones(len(answers), dtype=bool)
    name, _, value = population.partition(":")
    column = {"language": answers.language, "age": answers.age, "life": answers.life}[name]
    return np.asarray(column == value, dtype=bool)


def _effects(series: Truth, answers: Answers, here: Whole, rng: np.random.Generator) -> Values:
    """The pilot's effect on each answer: the same for all, or by subgroup so that groups and total are as stated."""
    effect: Values = series.effect[answers.week[here]]
    if series.pilot is None:
        return effect
    multiple: Values = group_effects(series.pilot, answers, here, rng) / series.pilot.process.effect
    return effect * multiple


def group_effects(pilot: DemoPilot, answers: Answers, here: Whole, rng: np.random.Generator) -> Values:
    """Each answer's own full effect.

    Effects add up over the groups an answer belongs to; the parts are solved from the stated group effects and the
    stated total (k + 1 equations), with the groups' overlaps as they are among these answers.
    """
    groups = [member(answers, g.population or HIDDEN_GROUP, rng, g.share)[here] for g in pilot.subgroups]
    design = np.column_stack([np.ones(len(here)), *groups]).astype(float)
    rows = [design.mean(axis=0), *(design[group].mean(axis=0) for group in groups)]
    wanted = [pilot.process.effect, *(g.true_effect for g in pilot.subgroups)]
    parts: Values = design @ np.linalg.solve(np.array(rows), np.array(wanted))
    return parts


def _centred(target: Values, push: Values, fixed: Values, cells: Whole) -> Values:
    """Expected values on 0..1 with the pushes in, moved by one amount a cell so that the cell's mean is the target's.

    Fixed scores count with their value. Bisection; where a cell cannot reach its target, its end of the range stays.
    """
    _, cell = np.unique(cells, return_inverse=True)
    size = np.bincount(cell)
    wanted = np.bincount(cell, target) / size
    free = np.isnan(fixed)
    low, high = np.full(len(size), -1.0), np.full(len(size), 1.0)
    for _ in range(40):
        middle = (low + high) / 2
        value = np.where(free, np.clip(target + push + middle[cell], EDGE, 1 - EDGE), fixed)
        too_low = np.bincount(cell, value) / size < wanted
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return np.where(free, np.clip(target + push + high[cell], EDGE, 1 - EDGE), 0.5)


def _within(mean: Values, cells: Whole) -> Values:
    """Variance of the expected values inside each cell, given back for each answer."""
    _, cell = np.unique(cells, return_inverse=True)
    size = np.bincount(cell)
    centre = (np.bincount(cell, mean) / size)[cell]
    within: Values = (np.bincount(cell, (mean - centre) ** 2) / size)[cell]
    return within


def _whole_steps(mean: Values, variance: Values, hidden: Values, steps: int, rng: np.random.Generator) -> Values:
    """Beta-binomial counts of 0..steps with the given mean and variance (both as shares of the scale's width)."""
    ratio = variance * steps / (mean * (1 - mean))
    rho = np.clip((ratio - 1) / (steps - 1), 0.01, 0.95)
    size = 1 / rho - 1
    chance = scipy.special.betaincinv(mean * size, (1 - mean) * size, scipy.special.ndtr(hidden))
    counts: Values = rng.binomial(steps, np.clip(chance, 0, 1)).astype(float)
    return counts

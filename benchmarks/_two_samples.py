"""Typical truths of a small pilot, and the estimators of two samples that should find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.special

from stats.bootstrap import bca_interval
from stats.durations import difference_in_medians, difference_within_target, ratio_of_geometric_means
from stats.effect import Interval
from stats.mean_permutation import mean_permutation
from stats.means import difference_in_means
from stats.nps import difference_in_nps
from stats.ordinal import brunner_munzel
from stats.permutation import assignments
from stats.proportions import difference_in_proportions
from stats.rates import rate_ratio

Random = np.random.Generator
Draw = Callable[[Random, int, int], Any]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One truth and one estimator.

    Attributes:
        name: The estimator.
        truth: What the two sides are, in words.
        value: The true effect.
        draws: (random, draws, n) -> `draws` values of each side, of n answers or a count.
        interval: (baseline, pilot, n) -> the interval.
    """

    name: str
    truth: str
    value: float
    before: Draw
    after: Draw
    interval: Callable[[Any, Any, int], Interval]


@cache
def _shares(before: int, after: int, n: int, method: str) -> Interval:
    return difference_in_proportions(before, n, after, n, method=method).interval  # type: ignore[call-overload]


@cache
def _rates(before: int, after: int, n: int, method: str) -> Interval:
    return rate_ratio(before, n, after, n, method=method).interval  # type: ignore[arg-type]


def _of_shares() -> list[Cell]:
    pairs = [(0.1, 0.1), (0.5, 0.5), (0.8, 0.8), (0.95, 0.95), (0.5, 0.8), (0.8, 0.95)]
    return [
        Cell(
            name=f"shares, {method}", truth=f"{p} -> {q}", value=q - p,
            before=lambda random, draws, n, p=p: random.binomial(n, p, draws),
            after=lambda random, draws, n, q=q: random.binomial(n, q, draws),
            interval=lambda x, y, n, method=method: _shares(int(x), int(y), n, method),
        )
        for method in ("newcombe", "miettinen-nurminen") for p, q in pairs
    ]  # fmt: skip


def _of_rates() -> list[Cell]:
    pairs = [(0.5, 0.5), (2.0, 2.0), (2.0, 1.4)]
    return [
        Cell(
            name=f"rate ratio, {method}", truth=f"{p} -> {q} a unit", value=q / p,
            before=lambda random, draws, n, p=p: random.poisson(n * p, draws),
            after=lambda random, draws, n, q=q: random.poisson(n * q, draws),
            interval=lambda x, y, n, method=method: _rates(int(x), int(y), n, method),
        )
        for method in ("exact", "score") for p, q in pairs
    ]  # fmt: skip


def _normal(mean: float, sd: float) -> Draw:
    return lambda random, draws, n: random.normal(mean, sd, (draws, n))


def _lognormal(mean_log: float, sd_log: float) -> Draw:
    return lambda random, draws, n: random.lognormal(mean_log, sd_log, (draws, n))


def _categories(chances: tuple[float, ...], values: tuple[float, ...]) -> Draw:
    return lambda random, draws, n: random.choice(values, size=(draws, n), p=chances)


def _welch(x: Any, y: Any, n: int) -> Interval:
    return difference_in_means(x, y).interval


def _of_means() -> list[Cell]:
    exponential: Draw = lambda random, draws, n: random.exponential(1.0, (draws, n))  # noqa: E731
    shorter: Draw = lambda random, draws, n: random.exponential(0.7, (draws, n))  # noqa: E731
    return [
        Cell(name="means, Welch", truth="normal, SD 1 -> 1", value=0.5,
             before=_normal(3.0, 1.0), after=_normal(3.5, 1.0), interval=_welch),
        Cell(name="means, Welch", truth="normal, SD 1 -> 2", value=0.5,
             before=_normal(3.0, 1.0), after=_normal(3.5, 2.0), interval=_welch),
        Cell(name="means, Welch", truth="exponential, 1 -> 1", value=0.0,
             before=exponential, after=exponential, interval=_welch),
        Cell(name="means, Welch", truth="exponential, 1 -> 0.7", value=-0.3,
             before=exponential, after=shorter, interval=_welch),
    ]  # fmt: skip


LIKERT = {
    "middling": (0.1, 0.2, 0.3, 0.25, 0.15),
    "good": (0.02, 0.05, 0.13, 0.3, 0.5),
    "at the ceiling": (0.01, 0.02, 0.07, 0.2, 0.7),
}


def _above(before: tuple[float, ...], after: tuple[float, ...]) -> float:
    """P(after > before) + P(tie) / 2."""
    under = np.cumsum(before) - np.array(before) / 2
    return float(np.array(after) @ under)


def _of_likert() -> list[Cell]:
    pairs = [("good", "good"), ("middling", "good"), ("good", "at the ceiling"), ("middling", "at the ceiling")]
    steps = (1.0, 2.0, 3.0, 4.0, 5.0)
    cells = []
    for p, q in pairs:
        value = _above(LIKERT[p], LIKERT[q])
        kinds = (("Brunner-Munzel", None), ("Brunner-Munzel, logit", "logit"))
        cells += [
            Cell(name=name, truth=f"{p} -> {q}: {value:.2f}", value=value,
                 before=_categories(LIKERT[p], steps), after=_categories(LIKERT[q], steps),
                 interval=lambda x, y, n, limits=limits: brunner_munzel(x, y, limits=limits, resamples=499).interval)
            for name, limits in kinds
        ]  # fmt: skip
        mean = float(np.array(steps) @ (np.array(LIKERT[q]) - np.array(LIKERT[p])))
        cells.append(
            Cell(name="means, Welch", truth=f"Likert, {p} -> {q}", value=mean, before=_categories(LIKERT[p], steps),
                 after=_categories(LIKERT[q], steps), interval=_welch)
        )  # fmt: skip
    return cells


def _permutation(x: Any, y: Any, n: int) -> Interval:
    """The interval of stats.costs, without its bootstrap."""
    return mean_permutation(x, y, assignments(n, n, resamples=399, seed=1)).interval(0.95)


def _of_costs() -> list[Cell]:
    kinds: tuple[tuple[str, Callable[[Any, Any, int], Interval]], ...] = (
        ("costs", _permutation),
        ("costs, BCa", lambda x, y, n: bca_interval(x, y, resamples=999)),
        ("costs, Welch", _welch),
    )
    return [
        Cell(
            name=name, truth=f"lognormal, SD log {spread}, x {factor}",
            value=float((factor - 1.0) * np.exp(spread**2 / 2)), before=_lognormal(0.0, spread),
            after=_lognormal(float(np.log(factor)), spread), interval=interval,
        )
        for spread, factor in ((0.8, 0.75), (1.2, 1.0), (1.2, 0.5))
        for name, interval in kinds
    ]  # fmt: skip


def _of_durations() -> list[Cell]:
    cells = []
    for factor in (1.0, 0.6):
        within = [float(scipy.special.ndtr(np.log(14.0 / median) / 0.8)) for median in (20.0, 20.0 * factor)]
        kinds: tuple[tuple[str, float, Callable[[Any, Any, int], Interval]], ...] = (
            ("waits, ratio", factor, lambda x, y, n: ratio_of_geometric_means(x, y).interval),
            ("waits, medians", 20.0 * (factor - 1.0), lambda x, y, n: difference_in_medians(x, y).interval),
            ("waits, within 14 days", within[1] - within[0],
             lambda x, y, n: difference_within_target(x, y, target=14.0).interval),
        )  # fmt: skip
        cells += [
            Cell(name=name, truth=f"lognormal, median 20 x {factor} days", value=value,
                 before=_lognormal(np.log(20.0), 0.8), after=_lognormal(np.log(20.0 * factor), 0.8), interval=interval)
            for name, value, interval in kinds
        ]  # fmt: skip
    return cells


def _of_nps() -> list[Cell]:
    groups = {"0": (0.35, 0.3, 0.35), "30": (0.2, 0.3, 0.5), "60": (0.1, 0.2, 0.7), "88": (0.02, 0.08, 0.9)}
    values = (-100.0, 0.0, 100.0)
    return [
        Cell(
            name="NPS", truth=f"{p} -> {q}", value=float(np.dot(values, groups[q]) - np.dot(values, groups[p])),
            before=_categories(groups[p], values), after=_categories(groups[q], values),
            interval=lambda x, y, n: difference_in_nps(x, y, scale="-100/0/100").interval,
        )
        for p, q in (("0", "0"), ("0", "30"), ("30", "60"), ("60", "60"), ("88", "88"))
    ]  # fmt: skip


CELLS = [
    *_of_shares(), *_of_rates(), *_of_means(), *_of_likert(), *_of_costs(), *_of_durations(), *_of_nps()
]  # fmt: skip
"""Every row of the table."""

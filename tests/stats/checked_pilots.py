"""Pilots measured by what a model reads in comments, made up: the truth is known, and so is what people checked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np

from stats.checked_comments import CheckedComments, Crossed
from stats.metric import Direction, Kind
from stats.misread import Misclassification
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.plan import Plan

START = date(2026, 3, 2)


def drawn_from(rng: np.random.Generator, all_of_them: list[int], checked: int) -> CheckedComments:
    """A period's comments (both, model only, person only, neither), so many of them checked at random."""
    found = [int(k) for k in rng.multivariate_hypergeometric(all_of_them, min(checked, sum(all_of_them)))]
    return CheckedComments(
        picked=all_of_them[0] + all_of_them[1],
        left=all_of_them[2] + all_of_them[3],
        drawn=Crossed(both=found[0], model_only=found[1], person_only=found[2], neither=found[3]),
    )


def read(rng: np.random.Generator, n: int, share: float, sensitivity: float, specificity: float) -> list[int]:
    """Comments by what the model and what a person would say of them."""
    true = rng.binomial(n, share)
    hits, wrong = rng.binomial(true, sensitivity), rng.binomial(n - true, 1.0 - specificity)
    return [int(k) for k in (hits, wrong, true - hits, n - true - wrong)]


def pilot(
    rng: np.random.Generator,
    *,
    comparisons: int = 3,
    weeks: tuple[int, int] = (16, 12),
    comments: int = 15,
    share: float = 0.2,
    change: float = 0.0,
    sensitivity: tuple[float, float] = (0.9, 0.9),
    specificity: float = 0.97,
    checked: int = 60,
    shocks: float = 0.2,
) -> tuple[Panel, Plan, Misclassification]:
    """One pilot; what the model finds may change with the start, in the pilot unit only."""
    before, after = weeks
    sums: dict[tuple[bool, bool], np.ndarray] = defaultdict(lambda: np.zeros(4, dtype=int))
    rows = []
    for j in range(comparisons + 1):
        own = rng.normal(0.0, 0.3) if j else 0.0
        shock = 0.0
        for t in range(before + after):
            late = t >= before
            shock = 0.5 * shock + rng.normal(0.0, shocks) * 0.75**0.5
            level = share + (change if late and j == 0 else 0.0)
            true = 1.0 / (1.0 + np.exp(-(np.log(level / (1.0 - level)) + own + shock)))
            n = int(rng.poisson(comments))
            found = read(rng, n, true, sensitivity[late and j == 0], specificity)
            sums[j > 0, late] += found
            if n:
                rows.append((f"U{j}", np.datetime64(START) + 7 * (t - before), n, found[0] + found[1]))
    unit, week, size, count = zip(*rows, strict=True)
    panel = from_weeks(kind=Kind.PROPORTION, unit=unit, week=week, n=size, count=count)
    plan = Plan(
        kind=Kind.PROPORTION,
        direction=Direction.DECREASE,
        smallest_change=0.05,
        pilot_units=("U0",),
        comparison_units=tuple(f"U{j}" for j in range(1, comparisons + 1)),
        start=START,
        end=START + timedelta(days=7 * after - 1),
    )
    cells = {key: drawn_from(rng, [int(k) for k in sums[key]], checked) for key in sorted(sums)}
    return (
        panel,
        plan,
        Misclassification(
            before=cells[False, False],
            after=cells[False, True],
            comparison_before=cells.get((True, False)),
            comparison_after=cells.get((True, True)),
        ),
    )

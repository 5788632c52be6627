"""Rows that repeat: weeks whose number of answers, mean and spread are exactly those of another week."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.stats

from stats.metric import Kind
from stats.panel import Floats, Panel
from stats.pilot_data import Mask
from stats.scale_ends import scale_of

LARGEST_CHANCE = 0.02
"""Pairs that would be alike by chance more often than this tell nothing and are not compared."""
LEAST_ANSWERS = 8
MOST_DECIMALS = 9
NPS_STEP = 100.0
PEAKED = 1.5
"""How much likelier a tie may be than between normal values with these SDs."""
LEAST_STEPS = 12
"""Steps that a week's answers must lack together to the end of the scale: near it there are few ways to differ."""


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Rows equal to an earlier row, against what chance makes of whole-number answers.

    Attributes:
        rows: (unit, week) index pairs of the rows that repeat an earlier one.
        pairs: Pairs of equal rows among those compared.
        expected: Pairs expected by chance.
        p_value: Chance of at least so many pairs, or of so many at the same distance in weeks (Poisson, Bonferroni).
    """

    rows: tuple[tuple[int, int], ...]
    pairs: int
    expected: float
    p_value: float


def repeated_rows(panel: Panel) -> Repeats | None:
    """Look for weeks exactly like another week of the unit, or like another unit's same week.

    Two weeks of whole-number answers may agree by chance: their sums lie on a grid, and so do their sums of squares,
    which given the sum move in steps of two. From the grids and from how much the units' means and spreads vary, each
    pair of weeks with the same number of answers has a chance of agreeing; these add up to the mean of a Poisson
    distribution. A file read twice also repeats several weeks at one and the same distance, which chance does not.
    Weeks of fewer than eight answers are left out, and those whose answers are (nearly) all at an end of the scale.

    Args:
        panel: The metric's weeks; counted kinds agree by chance far too often to be compared.

    Returns:
        The repeats; None when no pair of weeks could tell anything.

    Example:
        >>> from stats.panel_rows import from_weeks
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(6)]
        >>> found = repeated_rows(from_weeks(kind=Kind.DURATION, unit=["A"] * 6, week=weeks, n=[20] * 6,
        ...     mean=[12.312, 14.62, 11.874, 14.62, 13.05, 12.99], sd=[4.115, 5.02, 3.87, 5.02, 4.46, 4.59]))
        >>> found.rows, found.p_value < 0.001
        (((0, 3),), True)
    """
    if panel.kind.counted:
        return None
    used = panel.observed & (panel.n >= LEAST_ANSWERS) & ~(panel.sd == 0) & ~_nearly_full(panel)
    cells = [(int(j), int(t)) for j, t in np.argwhere(used)]
    if len(cells) < 3:
        return None
    mean_spread, sd_spread = _spreads(panel, used)
    groups: dict[float, list[tuple[int, int]]] = {}
    for cell in cells:
        groups.setdefault(float(panel.n[cell]), []).append(cell)
    # By the distance in weeks; 0 is another unit's same week.
    expected, pairs = np.zeros(len(panel.weeks)), np.zeros(len(panel.weeks), dtype=np.int64)
    rows = set()
    grids = _Grids.of(panel, used)
    for size, group in groups.items():
        chance = _chance(grids, size, _pooled(panel, group), mean_spread, sd_spread)
        near = [pair for pair in combinations(group, 2) if _same_unit_or_week(*pair)]
        if chance > LARGEST_CHANCE or not near:
            continue
        for one, other in near:
            lag = abs(one[1] - other[1])
            expected[lag] += chance
            if _alike(panel, one, other):
                pairs[lag] += 1
                rows.add(max(one, other, key=lambda cell: cell[::-1]))
    if not expected.any():
        return None
    by_lag = np.asarray(scipy.stats.poisson.sf(pairs - 1, expected))[expected > 0]
    overall = float(scipy.stats.poisson.sf(pairs.sum() - 1, expected.sum()))
    p_value = min(2.0 * min(overall, float(by_lag.min()) * len(by_lag)), 1.0) if rows else 1.0
    return Repeats(
        rows=tuple(sorted(rows)), pairs=int(pairs.sum()), expected=float(expected.sum()), p_value=p_value
    )  # fmt: skip


@dataclass(frozen=True)
class _Grids:
    """Steps on which single answers lie (0: none), and to which means and spreads were rounded."""

    step: float
    mean: float
    sd: float

    @classmethod
    def of(cls, panel: Panel, used: Mask) -> _Grids:
        mean, sd = _rounding(panel.mean[used]), _rounding(panel.sd[used & np.isfinite(panel.sd)])
        if panel.kind is Kind.NPS:
            return cls(NPS_STEP, mean, sd)
        total, slack = panel.n[used] * panel.mean[used], panel.n[used] * mean / 2 + 1e-6
        # Where rounding hides it, answers are taken to be whole: ties are likelier then, the check slower to speak.
        whole = panel.kind is Kind.SCORE or bool((np.abs(total - np.round(total)) <= slack).all())
        return cls(1.0 if whole else 0.0, mean, sd)


def _chance(grids: _Grids, size: float, typical_sd: float, mean_spread: float, sd_spread: float) -> float:
    """Chance that two weeks of `size` answers agree: a grid's step over the density's width, for mean and spread."""
    of_mean = _tie(max(grids.step / size, grids.mean), mean_spread)
    if not np.isfinite(typical_sd) or typical_sd <= 0:
        return of_mean
    return of_mean * _tie(max(grids.step**2 / ((size - 1) * typical_sd), grids.sd), sd_spread)


def _tie(step: float, spread: float) -> float:
    """Chance that two values with this SD round to the same point of a grid."""
    return 1.0 if spread <= 0 else min(PEAKED * step / (2 * np.sqrt(np.pi) * spread), 1.0)


def _spreads(panel: Panel, used: Mask) -> tuple[float, float]:
    """SD of the weekly means within units, and of the weekly SDs given the mean."""
    means, sds = [], []
    for j in range(len(panel.units)):
        here = used[j]
        if here.sum() > 1:
            means.append(panel.mean[j][here] - panel.mean[j][here].mean())
            sds.append(panel.sd[j][here] - np.nanmean(panel.sd[j][here]) if np.isfinite(panel.sd[j][here]).any()
                       else np.full(int(here.sum()), np.nan))  # fmt: skip
    if not means:
        return 0.0, 0.0
    mean, sd = np.concatenate(means), np.concatenate(sds)
    known = np.isfinite(sd)
    mean_spread = float(mean.std())
    sd_spread = float(sd[known].std()) if known.sum() > 1 else 0.0
    if sd_spread > 1e-12 and float(mean[known].std()) > 1e-12:
        sd_spread *= float(np.sqrt(max(1.0 - np.corrcoef(mean[known], sd[known])[0, 1] ** 2, 0.0)))
    return (mean_spread if mean_spread > 1e-12 else 0.0), (sd_spread if sd_spread > 1e-12 else 0.0)


def _pooled(panel: Panel, group: list[tuple[int, int]]) -> float:
    values = np.array([panel.sd[cell] for cell in group])
    return float(np.sqrt(np.nanmean(values**2))) if np.isfinite(values).any() else float("nan")


def _nearly_full(panel: Panel) -> Mask:
    """Unit-weeks whose answers are nearly all at an end of the scale, where such an end is known or read."""
    ends, step = scale_of(panel), NPS_STEP if panel.kind is Kind.NPS else 1.0
    if not np.isfinite(ends.high):
        return np.zeros(panel.mean.shape, dtype=bool)
    room = np.minimum(panel.mean - ends.low, ends.high - panel.mean)
    return np.asarray(panel.n * room < LEAST_STEPS * step)


def _same_unit_or_week(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """A file read twice repeats a unit's own week, or one unit's week as another's."""
    return one[0] == other[0] or one[1] == other[1]


def _alike(panel: Panel, one: tuple[int, int], other: tuple[int, int]) -> bool:
    sds = panel.sd[one], panel.sd[other]
    same_sd = sds[0] == sds[1] or (np.isnan(sds[0]) and np.isnan(sds[1]))
    return bool(panel.mean[one] == panel.mean[other] and same_sd)


def _rounding(values: Floats) -> float:
    """The step to which values were rounded: 10^-d for the fewest decimals d that keep them."""
    for decimals in range(MOST_DECIMALS):
        if (np.abs(values - np.round(values, decimals)) <= 1e-12 * np.maximum(np.abs(values), 1.0)).all():
            return float(10.0**-decimals)
    return float(10.0**-MOST_DECIMALS)

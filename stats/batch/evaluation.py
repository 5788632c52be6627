"""Evaluate many pilots at once."""

from __future__ import annotations

import numpy as np

from stats.batch.checks import Failures, failures, implausible_numbers
from stats.batch.fits import Fits, fit
from stats.batch.looks import Looks, look_rows, planned_looks, variance_ratio
from stats.batch.one_by_one import one_by_one
from stats.batch.pilots import Index, PilotBatch, Words
from stats.batch.result import BatchResult, decided, merged
from stats.batch.window import Windows, windows
from stats.check import MANY_COMPARISONS
from stats.estimate import CONTROLLED, LEAST_COMPARISONS
from stats.evidence import FEW, GRADES, MANY, RANDOMISED
from stats.panel import Floats
from stats.pilot_data import Mask
from stats.projection import MOST_WEEKS, WORTHWHILE_RATIO, WORTHWHILE_WEEKS, detectable_effect
from stats.rules import FACTS, RULES

LAST_RULE = RULES[-1].name


def evaluate_batch(batch: PilotBatch) -> BatchResult:
    """Evaluate every pilot of a batch as `stats.evaluation.evaluate` would on its day.

    Pilots with two comparison units or more are evaluated together by compiled loops, ten thousand in seconds. The
    others, and those of which nothing can be estimated, go through `evaluate` one by one.

    Args:
        batch: B pilots.

    Returns:
        Columns of B values, and the held reviews.
    """
    if not len(batch):
        return merged([], 0)
    compared = np.flatnonzero(batch.units - batch.pilots >= LEAST_COMPARISONS)
    parts: list[tuple[Index, BatchResult]] = []
    done = np.zeros(len(batch), dtype=bool)
    if len(compared):
        good, result = _together(batch.taken(compared))
        parts.append((compared[good], result.taken(good)))
        done[compared[good]] = True
    alone = np.flatnonzero(~done)
    if len(alone):
        parts.append((alone, one_by_one(batch.taken(alone))))
    return merged(parts, len(batch))


def _together(batch: PilotBatch) -> tuple[Index, BatchResult]:
    """Evaluate pilots with two comparison units or more; returns which of them the mixed model could estimate."""
    window = windows(batch, batch.as_of)
    found = fit(window)
    looks = planned_looks(batch, window, found)
    failed = failures(window, found)
    facts = _facts(batch, window, looks, failed)
    verdict, rule = decided(facts)
    gained = facts[:, FACTS.index("gain_shown")] & ~found.failed
    facts[:, FACTS.index("check_failed")] |= implausible_numbers(batch, gained)
    ahead = facts[:, FACTS.index("final")] & (facts[:, FACTS.index("gain_shown")] | (rule == LAST_RULE))
    facts[:, FACTS.index("more_weeks_help")] = _more_weeks_help(batch, window, found, ahead & ~found.failed)
    verdict, rule = decided(facts)
    size = len(batch)
    result = BatchResult(
        verdict=verdict, rule=rule, effect=found.effect, standard_error=found.standard_error,
        interval_low=found.low, interval_high=found.high, z=looks.last(looks.z), bound=looks.last(looks.bound),
        crossed=looks.last(looks.crossed.astype(np.float64)) == 1.0, first_crossed_on=looks.first_crossed_on,
        method=np.full(size, CONTROLLED, dtype=object), grade=_grades(batch, window, found, failed),
        reason=np.full(size, "", dtype=object), facts=facts, looks=look_rows(looks),
    )  # fmt: skip
    good = ~found.failed & ~looks.mixed & (window.comparisons >= LEAST_COMPARISONS)
    return np.flatnonzero(good), result


def _facts(batch: PilotBatch, window: Windows, looks: Looks, failed: Failures) -> Mask:
    """(B, F) what the rules ask, as `stats.evaluation` answers it for one pilot."""
    sign, smallest = batch.direction, batch.smallest_change
    reviewed = looks.count > 0
    final = batch.as_of >= batch.end
    best = np.maximum(looks.last(looks.low) * sign, looks.last(looks.high) * sign)
    effect = looks.last(looks.effect) * sign
    cautious = effect + looks.last(looks.bound) * looks.last(looks.standard_error)
    with np.errstate(invalid="ignore"):
        told = {
            "estimable": np.ones(len(batch), dtype=bool),
            "reviewed": reviewed,
            "final": final,
            "gain_shown": looks.crossed.any(axis=1),
            "harm_shown": (looks.z <= -looks.bound).any(axis=1) | (reviewed & final & (best < 0)),
            "reaches_change": reviewed & (effect >= smallest),
            "misses_change": reviewed & (np.where(final, best, np.maximum(best, cautious)) < smallest),
            "worth_its_cost": np.ones(len(batch), dtype=bool),
            "design_may_scale": window.comparisons >= LEAST_COMPARISONS,
            "check_failed": failed.blocks,
        }
    nothing = np.zeros(len(batch), dtype=bool)
    return np.stack([np.asarray(told.get(name, nothing)) for name in FACTS], axis=1)


def _more_weeks_help(batch: PilotBatch, window: Windows, found: Fits, rows: Mask) -> Mask:
    """More weeks settle it, or half a year of them narrows the interval: `stats.projection.more_weeks_help`."""
    helps = np.zeros(len(batch), dtype=bool)
    if not rows.any():
        return helps

    def error(further: int) -> Floats:
        weeks = np.full(len(batch), further)
        ratio = variance_ratio(found, window.treated, batch.units, window.weeks, weeks, rows)
        return found.standard_error[rows] * np.sqrt(ratio)

    enough = detectable_effect(1.0) * np.minimum(found.standard_error[rows], error(MOST_WEEKS))
    narrower = error(WORTHWHILE_WEEKS) <= WORTHWHILE_RATIO * found.standard_error[rows]
    helps[rows] = (enough <= batch.smallest_change[rows]) | narrower
    return helps


def _grades(batch: PilotBatch, window: Windows, found: Fits, failed: Failures) -> Words:
    """(B,) evidence grades: `stats.evidence.grade`."""
    start = np.where(window.comparisons >= MANY_COMPARISONS, MANY.start, FEW.start)
    start = np.where(batch.randomised, RANDOMISED.start, start)
    ends = np.sort(np.stack([found.low, found.high]) * batch.direction, axis=0)
    with np.errstate(invalid="ignore"):
        wide = (ends[0] <= 0) & (ends[1] >= batch.smallest_change)
    return np.asarray(np.array(GRADES, dtype=object)[np.maximum(start - failed.doubts - wide, 0)])

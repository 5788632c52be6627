"""The planned reviews: the estimate at each, its z score and the bound it had to pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from stats.effect import Interval
from stats.errors import CannotEstimateError
from stats.estimate import Estimate
from stats.plan import Plan
from stats.projection import project, weeks_between
from stats.sequential import obrien_fleming_bounds

LEAST_STEP = 0.005
NEARLY_ALL = 0.99


@dataclass(frozen=True, kw_only=True)
class Look:
    """One planned review.

    Attributes:
        on: The review date.
        effect: Estimate on that day, in the metric's unit.
        standard_error: Its standard error.
        interval: Its interval, as if it were the only look.
        z: Deviate of the averaged one-sided tail probability; positive means better, whatever the direction.
        bound: The bound z had to pass for a gain; below minus the bound is harm.
        crossed: z passed the bound.
        information: Information fraction, as known on that day.
    """

    on: date
    effect: float
    standard_error: float
    interval: Interval
    z: float
    bound: float
    crossed: bool
    information: float


def planned_looks(plan: Plan, as_of: date, estimate_on: Callable[[date], Estimate]) -> list[tuple[Look, Estimate]]:
    """Evaluate every planned review up to `as_of`; a review without a new week of data is passed over.

    The information fraction of a review is se_end^2 / se_k^2, where se_end is projected from what was known on that
    day, so that an earlier bound never changes afterwards. The plan's end has fraction 1.

    Args:
        plan: The plan with its reviews.
        as_of: Nothing after this day is looked at.
        estimate_on: Returns the estimate from the data of a day; may raise CannotEstimateError.
    """
    kept: list[tuple[date, Estimate]] = []
    for review in plan.reviews:
        if review > as_of:
            break
        try:
            found = estimate_on(review)
        except CannotEstimateError:
            continue
        if kept and kept[-1][1].data.last_week == found.data.last_week:
            if review < plan.end:
                continue
            kept.pop()
        kept.append((review, found))
    if not kept:
        return []
    fractions = information_fractions(plan, kept)
    bounds = obrien_fleming_bounds(fractions)
    return [
        (
            Look(
                on=review, effect=found.effect, standard_error=found.standard_error, interval=found.interval, z=found.z,
                bound=float(bound),
                crossed=bool(found.z >= bound), information=float(fraction),
            ),
            found,
        )
        for (review, found), bound, fraction in zip(kept, bounds, fractions, strict=True)
    ]  # fmt: skip


def information_fractions(plan: Plan, kept: Sequence[tuple[date, Estimate]]) -> list[float]:
    """Return ascending information fractions; 1 only at the plan's end, and room for every review before it."""
    end = np.datetime64(plan.end, "D")
    fractions: list[float] = []
    for review, found in kept:
        previous = fractions[-1] if fractions else 0.0
        if review >= plan.end:
            fractions.append(1.0)
            continue
        coming = sum(later > review for later in plan.reviews)
        projection = project(found)
        ratio = (projection.standard_error(weeks_between(found, end)) / found.standard_error) ** 2
        room = (1.0 - previous) / (1.0 + coming)
        fractions.append(float(np.clip(ratio, previous + min(LEAST_STEP, room), max(NEARLY_ALL, previous + room))))
    return fractions

"""Planning before the start: how surely a pilot is measured, the change it finds, the weeks it takes."""

from __future__ import annotations

import math

import scipy.stats

from stats import arguments
from stats.errors import CannotEstimateError
from stats.history import History
from stats.messages import N_
from stats.metric import Direction
from stats.planned_pilot import LEAST_SIDE, PlannedPilot
from stats.review_cost import review_cost
from stats.working_scale import LARGEST_CHANGE

FIRST_REVIEW_WEEK = 3
MOST_WEEKS = 104
STEPS, CLOSE = 200, 1e-7


def standard_error_of_plan(
    history: History, *, weeks_before: int, weeks_after: int, comparison_units: int, trigger_weeks: int = 0
) -> float:
    """Return the standard error of the effect that a planned pilot would have, in the metric's unit.

    It is how widely estimates of such pilots scatter, at the history's components; a history read off data adds what
    is not known of those (`History.error_ratio`). With two comparison units or more it is that of the controlled mixed
    model, with one that of the difference of two series, with none that of one series.

    Args:
        history: The unit's past.
        weeks_before: Weeks of data before the start; those beyond what an evaluation uses do not count.
        weeks_after: Weeks of data after it.
        comparison_units: How many units go on as before.
        trigger_weeks: Last weeks before the start that a pilot with fewer than two comparison units leaves out.

    Raises:
        ValueError: An argument is out of its bounds, or the history was taken with comparison units and the plan has
            none (or the other way round), so that it speaks of other shocks.

    Example:
        >>> from stats.metric import Kind
        >>> past = History(kind=Kind.SCORE, level=3.9, answers_a_week=20, sd=1.1, shock_sd=0.2, autocorrelation=0.5,
        ...                between_sd=0.3)
        >>> round(standard_error_of_plan(past, weeks_before=26, weeks_after=12, comparison_units=6), 3)
        0.15

    References:
        Henderson (1975), Biometrics 31:423, for the mixed model's equations that it solves.
    """
    plan = _planned(history, weeks_before, weeks_after, comparison_units, trigger_weeks)
    return math.sqrt(plan.variance(0.0)) * history.error_ratio * history.slope


def minimum_detectable_effect(
    history: History,
    *,
    weeks_before: int,
    weeks_after: int,
    comparison_units: int,
    power: float = 0.8,
    alpha: float = 0.025,
    reviews: int | None = None,
    direction: Direction = Direction.INCREASE,
    trigger_weeks: int = 0,
) -> float:
    """Return the smallest true change that a planned pilot finds with the given power, as a positive size.

    The change has to pass the bounds of the planned reviews. The evaluation does not know how the weeks vary, it
    estimates that too, and its intervals are wider for it: by as much as on the history's own weeks (`tail_ratio`), or
    for a history written down by hand, as a t distribution with the Satterthwaite degrees of freedom of the planned
    design. A share or a count is found on its log scale, where the weeks after the change are as uncertain as
    its new level makes them; so a rise and a fall differ, and `direction` matters.

    Args:
        history: The unit's past.
        weeks_before: Weeks of data before the start.
        weeks_after: Weeks of data after it.
        comparison_units: How many units go on as before.
        power: Chance of finding it.
        alpha: One-sided error.
        reviews: How many planned looks there are; left out: one a week from the third, as in a plan without dates.
        direction: Which way the change goes.
        trigger_weeks: Last weeks before the start that a pilot with fewer than two comparison units leaves out.

    Raises:
        ValueError: An argument is out of its bounds, or the history does not suit the plan.
        CannotEstimateError: No change in that direction would be found, however large: the share or rate would be so
            low (or high) that hardly any event is left to tell it by.

    Example:
        >>> from stats.metric import Kind
        >>> past = History(kind=Kind.SCORE, level=3.9, answers_a_week=20, sd=1.1, shock_sd=0.2, autocorrelation=0.5,
        ...                between_sd=0.3)
        >>> round(minimum_detectable_effect(past, weeks_before=26, weeks_after=12, comparison_units=6), 2)
        0.44

    References:
        Satterthwaite (1946), Biometrics Bulletin 2:110; Jennison & Turnbull (2000), Group Sequential Methods, for the
        cost of looks.
    """
    plan = _planned(history, weeks_before, weeks_after, comparison_units, trigger_weeks)
    looks = _looks(reviews, weeks_after)
    reach = _reach(plan, power=arguments.probability("power", power), alpha=_alpha(alpha), looks=looks)
    change = _found(plan, reach, direction)
    if change is None:
        raise CannotEstimateError(
            N_("No fall from here would be found in {weeks} weeks, however large: too few cases would be left.")
            if direction is Direction.DECREASE
            else N_("No rise from here would be found in {weeks} weeks, however large: too few others would be left."),
            weeks=weeks_after,
        )
    return plan.in_metric(change)


def weeks_needed(
    history: History,
    smallest_change: float,
    *,
    weeks_before: int,
    comparison_units: int,
    power: float = 0.8,
    alpha: float = 0.025,
    reviews: int | None = None,
    direction: Direction = Direction.INCREASE,
    trigger_weeks: int = 0,
    most_weeks: int = MOST_WEEKS,
) -> int | None:
    """Return after how many weeks a planned pilot finds the smallest change that matters with the given power.

    Args:
        history: The unit's past.
        smallest_change: A positive size in the metric's unit.
        weeks_before: Weeks of data before the start.
        comparison_units: How many units go on as before.
        power: Chance of finding it.
        alpha: One-sided error.
        reviews: How many planned looks there are; left out: one a week from the third.
        direction: Which way the change goes.
        trigger_weeks: Last weeks before the start that a pilot with fewer than two comparison units leaves out.
        most_weeks: The longest pilot that is thought of.

    Returns:
        At least 3, the week of the first review; None when `most_weeks` do not do.

    Raises:
        ValueError: An argument is out of its bounds, or the history does not suit the plan.

    Example:
        >>> from stats.metric import Kind
        >>> past = History(kind=Kind.SCORE, level=3.9, answers_a_week=20, sd=1.1, shock_sd=0.1, autocorrelation=0.5,
        ...                between_sd=0.3)
        >>> weeks_needed(past, 0.3, weeks_before=26, comparison_units=6)
        15
    """
    arguments.above("smallest_change", smallest_change, 0)
    arguments.whole("most_weeks", most_weeks, least=FIRST_REVIEW_WEEK, most=520)

    def enough(weeks: int) -> bool:
        try:
            found = minimum_detectable_effect(
                history, weeks_before=weeks_before, weeks_after=weeks, comparison_units=comparison_units, power=power,
                alpha=alpha, reviews=reviews, direction=direction, trigger_weeks=trigger_weeks,
            )  # fmt: skip
        except CannotEstimateError:
            return False
        return found <= smallest_change

    if enough(FIRST_REVIEW_WEEK):
        return FIRST_REVIEW_WEEK
    if not enough(most_weeks):
        return None
    low, high = FIRST_REVIEW_WEEK, most_weeks
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _planned(
    history: History, weeks_before: int, weeks_after: int, comparison_units: int, trigger_weeks: int
) -> PlannedPilot:
    before = arguments.whole("weeks_before", weeks_before, least=LEAST_SIDE)
    return PlannedPilot(
        history=history,
        weeks_before=before,
        weeks_after=arguments.whole("weeks_after", weeks_after, least=LEAST_SIDE, most=520),
        comparison_units=arguments.whole("comparison_units", comparison_units, most=1000),
        trigger_weeks=arguments.whole("trigger_weeks", trigger_weeks, most=before - LEAST_SIDE),
    )


def _alpha(alpha: float) -> float:
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha == {alpha}, must be within (0, 0.5).")
    return float(alpha)


def _looks(reviews: int | None, weeks_after: int) -> int:
    if reviews is None:
        return max(weeks_after - FIRST_REVIEW_WEEK + 1, 1)
    return arguments.whole("reviews", reviews, least=1)


def _reach(plan: PlannedPilot, *, power: float, alpha: float, looks: int) -> float:
    """The change that is found, in standard errors at known components."""
    if power <= alpha:
        raise ValueError(f"power == {power}, must be above alpha ({alpha:g}).")
    history = plan.history
    if math.isnan(history.tail_ratio):
        t = scipy.stats.t(plan.degrees_of_freedom())
        once = t.isf(alpha) + t.ppf(power)
    else:
        normal = scipy.stats.norm
        once = history.tail_ratio * normal.isf(alpha) + history.error_ratio * normal.ppf(power)
    return float(once * review_cost(looks, power=power, alpha=alpha))


def _found(plan: PlannedPilot, reach: float, direction: Direction) -> float | None:
    """The change on the working scale, with its sign, that is `reach` standard errors; None when there is none."""
    size = 0.0
    for _ in range(STEPS):
        wanted = reach * math.sqrt(plan.variance(direction.sign * size))
        if abs(wanted - size) <= CLOSE * wanted:
            return direction.sign * wanted
        size = (size + wanted) / 2.0
        if size > LARGEST_CHANGE:
            return None
    return None

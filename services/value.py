"""What a unit of effect costs: staff hours and euros of the first year, with the uncertainty of the effect."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.metrics import Direction
from services.evaluation import StoredEvaluation
from services.pilots import PilotRow
from services.plans import WholePlan
from services.portfolio import WEEKS_A_YEAR, yearly_hours
from stats.effect import Interval
from stats.open_estimate import OpenEstimate
from stats.value import cost_per_unit


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a pilot costs in its first year, and what that is for a gain.

    Attributes:
        hours: Staff hours: setting up and 52 weeks; negative when the change saves time.
        setup_hours: Of them, once.
        weekly_hours: Hours a week.
        euros: Money spent on setting up; working time is in the hours, not in the euros.
        gain: The effect, positive for better, in the metric's unit; None without an evaluation.
        gain_interval: Its interval.
        smallest_change: The smallest change that matters, a size.
        hours_per_change: Hours for each smallest change gained; None when no hours are spent or there is no effect.
        hours_per_unit: The same for each whole unit of the metric (a point, a day, an event).
        euros_per_change: Euros for each smallest change gained; None when no money is spent or there is no effect.
        euros_per_unit: The same for each whole unit.
        reach: Answers, cases or weeks of exposure measured in a year at the pilot's pace; None when unknown.
        hours_per_case: Hours for each of them, whatever the effect; None when no hours are spent or reach is unknown.
        hours_per_gain: Hours for each unit of the metric times each case: one more success, one day less for one
            customer, one error less. None as above.
        euros_per_gain: The same in euros.
    """

    hours: float
    setup_hours: float
    weekly_hours: float
    euros: float
    gain: float | None
    gain_interval: Interval | None
    smallest_change: float
    hours_per_change: OpenEstimate | None
    hours_per_unit: OpenEstimate | None
    euros_per_change: OpenEstimate | None
    euros_per_unit: OpenEstimate | None
    reach: float | None
    hours_per_case: float | None
    hours_per_gain: OpenEstimate | None
    euros_per_gain: OpenEstimate | None

    @property
    def saves_time(self) -> bool:
        """Whether the change gives back more hours than it takes."""
        return self.hours < 0

    @property
    def shows_a_gain(self) -> bool:
        """Whether the whole interval of the effect lies on the better side."""
        return self.gain_interval is not None and self.gain_interval.low > 0


def value(row: PilotRow, whole: WholePlan, stored: StoredEvaluation | None) -> Value:
    """What a pilot costs for what it gains.

    The costs are those the team stated at the registration and count as known; the uncertainty is that of the effect
    (Fieller's intervals, which may have no upper end).

    Args:
        row: The pilot.
        whole: The plan that was evaluated.
        stored: The newest evaluation; None before the first.
    """
    hours, euros = yearly_hours(row), row.pilot.setup_eur
    smallest = whole.plan.smallest_change
    result = stored.result if stored else None
    gain = error = interval = reach = None
    if result is not None and result.effect is not None and result.standard_error is not None and result.interval:
        sign = 1.0 if whole.plan.direction is Direction.INCREASE else -1.0
        gain, error = sign * result.effect, result.standard_error
        low, high = sorted((sign * result.interval.low, sign * result.interval.high))
        interval = Interval(low=low, high=high)
        reach = _reach(result.answers_after, weeks=_weeks_after(stored))

    def per(cost: float, size: float) -> OpenEstimate | None:
        if cost <= 0 or gain is None or error is None or not (math.isfinite(gain) and math.isfinite(error)):
            return None
        return cost_per_unit(gain / size, error / size, cost)

    return Value(
        hours=hours,
        setup_hours=row.pilot.setup_hours,
        weekly_hours=row.pilot.staff_hours_per_week,
        euros=euros,
        gain=gain,
        gain_interval=interval,
        smallest_change=smallest,
        hours_per_change=per(hours, smallest),
        hours_per_unit=per(hours, 1.0),
        euros_per_change=per(euros, smallest),
        euros_per_unit=per(euros, 1.0),
        reach=reach,
        hours_per_case=hours / reach if reach and hours > 0 else None,
        hours_per_gain=per(hours, 1.0 / reach) if reach else None,
        euros_per_gain=per(euros, 1.0 / reach) if reach else None,
    )


def _weeks_after(stored: StoredEvaluation | None) -> int:
    """Weeks with values of the pilot units since the start."""
    result = stored.result if stored else None
    if result is None or result.series is None:
        return 0
    return int((result.series.after & (result.series.n > 0)).sum())


def _reach(answers: float, *, weeks: int) -> float | None:
    return answers / weeks * WEEKS_A_YEAR if weeks and answers > 0 else None

"""A measure week by week: weeks of too few people are shown neither in a picture nor in a table, as in the exports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.metrics import Metric, MetricFamily, MetricKind
from services.small_numbers import LEAST_CUSTOMERS, LEAST_STAFF
from stats.curves import WeeklySeries
from stats.panel import Floats
from stats.usual_weeks import UsualWeeks

OF_PEOPLE = (MetricKind.SCORE, MetricKind.NPS, MetricKind.PROPORTION)
"""Kinds whose weekly number rests on people's answers; behind the others stand events, minutes, euros."""


def least(metric: Metric) -> int | None:
    """The fewest answers a week is shown of; None for a measure that is not made of people's answers."""
    if metric.kind not in OF_PEOPLE or metric.manual:
        return None
    return LEAST_STAFF if metric.family is MetricFamily.STAFF else LEAST_CUSTOMERS


def hidden(metric: Metric, n: Floats) -> NDArray[np.bool_]:
    """(T,) weeks with answers, but so few that they are not shown."""
    fewest = least(metric)
    found: NDArray[np.bool_] = (n > 0) & (n < fewest) if fewest is not None else np.zeros(len(n), dtype=bool)
    return found


def told_series(series: WeeklySeries, metric: Metric) -> WeeklySeries:
    """The weeks of an evaluation as they may be shown: NaN for the value and the answers of those that may not."""
    small = hidden(metric, series.n)
    return replace(series, pilot=np.where(small, np.nan, series.pilot), n=np.where(small, np.nan, series.n))


def told_usual(weeks: UsualWeeks, metric: Metric) -> UsualWeeks:
    """A unit's last weeks as they may be shown; without their range too: it is wider the fewer the answers are."""
    small = hidden(metric, weeks.n)
    value, n, low, high = (np.where(small, np.nan, part) for part in (weeks.value, weeks.n, weeks.low, weeks.high))
    return replace(weeks, value=value, n=n, low=low, high=high)


def few_answers(metric: Metric, answers: tuple[float, float]) -> bool:
    """Whether an effect rests on so few people, before or after the start, that its numbers are not shown."""
    fewest = least(metric)
    return fewest is not None and min(answers) < fewest

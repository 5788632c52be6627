"""Customers' gain beside efficiency: what every evaluated pilot did for customers, and what it took or saved."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.metrics import Direction, Metric, MetricFamily
from services.i18n import N_
from services.portfolio import PortfolioRow
from services.weekly_told import few_answers
from stats.effect import EffectEstimate, Interval

NOT_CUSTOMERS = frozenset({MetricFamily.STAFF, MetricFamily.COST})
"""Families whose metrics tell nothing of how customers fare."""


class Missing(enum.StrEnum):
    """Why a pilot has no place in the picture."""

    ESTIMATE = "estimate"
    CUSTOMERS = "customers"
    EFFICIENCY = "efficiency"


MISSING: dict[Missing, str] = {
    Missing.ESTIMATE: N_("no estimate yet"),
    Missing.CUSTOMERS: N_("its metric tells nothing of customers"),
    Missing.EFFICIENCY: N_("nothing is known of time or cost"),
}


@dataclass(frozen=True, kw_only=True)
class Multiple:
    """An effect in multiples of a size that matters; positive is better.

    Attributes:
        effect: The estimate.
        low: Lower end of its interval.
        high: Upper end.
    """

    effect: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured of time or cost.

    Attributes:
        metric: What was measured.
        change: The estimate in the metric's unit.
        multiple: The estimate in multiples of the worsening that would be too much; positive is better.
    """

    metric: Metric
    change: EffectEstimate
    multiple: Multiple


@dataclass(frozen=True, kw_only=True)
class Both:
    """A pilot on both axes.

    Attributes:
        row: The pilot.
        customers: Effect on the primary metric in multiples of its smallest change; None without an estimate, or when
            the metric tells nothing of customers.
        hours_saved: Hours of staff time a week that the team told, positive when the change saves time; None when it
            told of neither hours nor money.
        measured: A metric of time or cost among the pilot's own, where there is one with an estimate.
    """

    row: PortfolioRow
    customers: Multiple | None
    hours_saved: float | None
    measured: Measured | None

    def missing(self, *, measured: bool) -> Missing | None:
        """Why it has no place in the picture; None when it has one.

        Args:
            measured: Whether the upright axis is what was measured rather than the hours that were told.
        """
        if self.customers is None:
            tells_customers = self.row.metric.family not in NOT_CUSTOMERS
            return Missing.ESTIMATE if tells_customers else Missing.CUSTOMERS
        return Missing.EFFICIENCY if (self.measured if measured else self.hours_saved) is None else None


def both_axes(session: Session, rows: Iterable[PortfolioRow]) -> list[Both]:
    """Every pilot that has started to be evaluated, in the order given, on both axes as far as they are known."""
    metrics = {metric.code: metric for metric in session.exec(select(Metric).order_by(col(Metric.id))).all()}
    return [_both(row, metrics) for row in rows if row.stored is not None]


def _both(row: PortfolioRow, metrics: dict[str, Metric]) -> Both:
    pilot, told = row.row.pilot, row.metric.family not in NOT_CUSTOMERS
    spoke = any((pilot.staff_hours_per_week, pilot.setup_hours, pilot.setup_eur))
    return Both(
        row=row,
        customers=_primary(row) if told else None,
        hours_saved=0.0 - pilot.staff_hours_per_week if spoke else None,
        measured=_measured(row, metrics),
    )


def _primary(row: PortfolioRow) -> Multiple | None:
    result = row.stored.result if row.stored else None
    if result is None or result.effect is None or result.interval is None:
        return None
    if few_answers(row.metric, (result.answers_before, result.answers_after)):
        return None
    return _multiple(result.effect, result.interval, result.plan.direction.sign * result.plan.smallest_change)


def _measured(row: PortfolioRow, metrics: dict[str, Metric]) -> Measured | None:
    """The pilot's own metric of time or cost: a guardrail, else the primary one."""
    result = row.stored.result if row.stored else None
    if result is None:
        return None
    for guard in result.guardrails:
        metric = metrics.get(guard.name)
        if metric is not None and metric.family is MetricFamily.COST and guard.estimate is not None:
            size = guard.margin * (1 if metric.direction is Direction.INCREASE else -1)
            multiple = _multiple(guard.estimate.effect, guard.estimate.interval, size)
            return Measured(metric=metric, change=guard.estimate, multiple=multiple)
    known = _primary(row)
    if row.metric.family is not MetricFamily.COST or known is None:
        return None
    if result.effect is None or result.standard_error is None or result.interval is None or result.method is None:
        return None
    change = EffectEstimate(
        effect=result.effect, standard_error=result.standard_error, interval=result.interval, method=result.method
    )
    return Measured(metric=row.metric, change=change, multiple=known)


def _multiple(effect: float, interval: Interval, size: float) -> Multiple:
    low, high = sorted((interval.low / size, interval.high / size))
    return Multiple(effect=effect / size, low=low, high=high)

"""Weeks of a measure: those of few people are not shown, and what is no number of people always is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlmodel import Session

from models.metrics import Direction, Metric, MetricFamily, MetricKind
from services import last_weeks, process_chart
from services.weekly_told import few_answers, hidden, least, told_series
from stats.curves import WeeklySeries
from tests.services.small_county import TODAY, measure, metric, stored_county


def of(kind: MetricKind, family: MetricFamily = MetricFamily.OWN, *, manual: bool = False) -> Metric:
    return Metric(code="m", kind=kind, family=family, manual=manual, direction=Direction.INCREASE)


def series(n: list[float]) -> WeeklySeries:
    first = np.datetime64(dt.date(2026, 3, 2))
    nothing = np.full(len(n), np.nan)
    return WeeklySeries(
        weeks=first + np.arange(len(n)) * np.timedelta64(7, "D"),
        pilot=np.linspace(3.0, 4.0, len(n)),
        n=np.array(n),
        comparison=nothing,
        expected=nothing,
        expected_low=nothing,
        expected_high=nothing,
        after=np.arange(len(n)) >= len(n) // 2,
        trigger=np.zeros(len(n), dtype=bool),
    )


@pytest.mark.parametrize(
    ("measured", "fewest"),
    [
        (of(MetricKind.SCORE), 10),
        (of(MetricKind.NPS), 10),
        (of(MetricKind.PROPORTION), 10),
        (of(MetricKind.SCORE, MetricFamily.STAFF), 5),
        (of(MetricKind.SCORE, manual=True), None),
        (of(MetricKind.COUNT), None),
        (of(MetricKind.DURATION), None),
        (of(MetricKind.COST), None),
    ],
)
def test_the_fewest_answers_a_week_is_shown_of(measured: Metric, fewest: int | None) -> None:
    assert least(measured) == fewest
    n = np.array([0.0, 1.0, 4.0, 5.0, 9.0, 10.0])
    assert hidden(measured, n).tolist() == [0 < size < (fewest or 0) for size in n]
    assert few_answers(measured, (200.0, 4.0)) == (fewest is not None)
    assert not few_answers(measured, (10.0, 200.0))


def test_a_hidden_week_has_neither_value_nor_answers() -> None:
    found = told_series(series([12.0, 9.0, 0.0, 30.0]), of(MetricKind.SCORE))
    assert np.isnan(found.n).tolist() == [False, True, False, False]
    assert np.isnan(found.pilot).tolist() == [False, True, False, False]


def test_the_control_chart_leaves_hidden_weeks_out() -> None:
    whole = process_chart.own_weeks(series([20.0] * 20), of(MetricKind.SCORE))
    some = process_chart.own_weeks(series([20.0, 9.0] + [20.0] * 18), of(MetricKind.SCORE))
    assert whole is not None
    assert some is not None
    assert np.isfinite(whole.chart.values).sum() - np.isfinite(some.chart.values).sum() == 1
    assert process_chart.own_weeks(series([9.0] * 20), of(MetricKind.SCORE)) is None


def test_a_units_last_weeks_are_shown_without_the_small_ones(session: Session) -> None:
    unit = stored_county(session)["A1"]
    measured = metric(session, "wait")
    measure(session, measured, unit, [4.0] * 30)
    found = last_weeks.usual(session, metric=measured, unit_id=unit.id or 0, today=TODAY)
    assert found is not None
    assert np.isfinite(found.value).all()
    other = metric(session, "small")
    measure(session, other, unit, [4.0] * 30, n=9.0)
    assert last_weeks.usual(session, metric=other, unit_id=unit.id or 0, today=TODAY) is None

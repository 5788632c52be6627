"""What a unit of effect costs: P01 and P13 of the demo county by hand, saved time, effects that may be nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from models.metrics import Direction
from services import evaluation, pilots, plans
from services.rows import key
from services.value import Value, value
from stats.effect import Interval
from tests.databases import DEMO_TODAY

Z = 1.959963984540054  # qnorm(0.975)


def of_demo(session: Session, code: str) -> tuple[Value, evaluation.StoredEvaluation]:
    pilot_id = key(pilots.by_code(session, code).id)
    stored = evaluation.latest(session, pilot_id)
    assert stored is not None
    row = pilots.pilot_row(session, pilot_id=pilot_id, today=DEMO_TODAY)
    return value(row, plans.current(session, pilot_id), stored), stored


def test_p01_by_hand(demo_session: Session) -> None:
    """Setting up 6 h, 2 h a week, no money; the share of calls returned within two hours rises, 8 points matter."""
    found, stored = of_demo(demo_session, "P01")
    result = stored.result
    assert result is not None
    assert result.effect is not None
    assert result.standard_error is not None
    hours = 6 + 52 * 2
    assert (found.hours, found.euros, found.saves_time) == (hours, 0.0, False)
    assert found.euros_per_change is None
    # A known cost over a normal effect: the interval's ends are the cost over the effect's ends.
    low, high = result.effect - Z * result.standard_error, result.effect + Z * result.standard_error
    assert low > 0
    one = found.hours_per_change
    assert one is not None
    assert one.interval is not None
    assert one.value == pytest.approx(hours * 0.08 / result.effect)
    assert (one.interval.low, one.interval.high) == (
        pytest.approx(hours * 0.08 / high),
        pytest.approx(hours * 0.08 / low),
    )
    # 12 weeks of calls in the pilot, at that pace for a year; one more call returned in time.
    reach = result.answers_after / 12 * 52
    assert found.reach == pytest.approx(reach)
    assert found.hours_per_gain is not None
    assert found.hours_per_gain.value == pytest.approx(hours / (result.effect * reach))
    assert found.hours_per_case == pytest.approx(hours / reach)


def test_p13_by_hand(demo_session: Session) -> None:
    """Setting up 12 h and 600 euros, then 3 hours a week are saved; missed visits may have fallen, 2 points matter."""
    found, stored = of_demo(demo_session, "P13")
    result = stored.result
    assert result is not None
    assert result.effect is not None
    assert result.standard_error is not None
    assert found.hours == 12 - 52 * 3
    assert found.saves_time
    assert (found.hours_per_change, found.hours_per_gain, found.hours_per_case) == (None, None, None)
    assert found.gain == -result.effect
    assert -result.effect - Z * result.standard_error < 0 < -result.effect
    one = found.euros_per_change
    assert one is not None
    assert one.interval is not None
    assert one.value == pytest.approx(600 * 0.02 / -result.effect)
    assert one.interval.low == pytest.approx(600 * 0.02 / (-result.effect + Z * result.standard_error))
    assert math.isinf(one.interval.high)
    assert one.reason is not None
    assert not found.shows_a_gain


@dataclass
class Told:
    """What a result says, as far as the value reads it."""

    effect: float | None = 0.4
    standard_error: float | None = 0.1
    interval: Interval | None = None
    answers_after: float = 0.0
    series: None = None


GAIN = Told(interval=Interval(low=0.2, high=0.6))


def made(told: Told | None, *, hours: float = 2.0, direction: Direction = Direction.INCREASE) -> Value:
    row = SimpleNamespace(pilot=SimpleNamespace(setup_hours=0.0, setup_eur=0.0, staff_hours_per_week=hours))
    whole = SimpleNamespace(plan=SimpleNamespace(direction=direction, smallest_change=0.2))
    stored = None if told is None else SimpleNamespace(result=told)
    return value(row, whole, stored)  # type: ignore[arg-type]


def test_without_an_evaluation_or_an_effect_only_costs_are_told() -> None:
    for told in (None, replace(GAIN, effect=None, standard_error=None, interval=None)):
        found = made(told)
        assert (found.hours, found.gain, found.hours_per_change, found.reach) == (104.0, None, None, None)


def test_a_change_for_the_worse_has_no_price() -> None:
    found = made(GAIN, direction=Direction.DECREASE)
    assert found.gain == pytest.approx(-0.4)
    assert found.gain_interval == Interval(low=-0.6, high=-0.2)
    assert found.hours_per_change is not None
    assert found.hours_per_change.interval is None
    assert math.isnan(found.hours_per_change.value)


def test_a_free_change_has_no_cost_per_gain() -> None:
    found = made(GAIN, hours=0.0)
    assert (found.hours, found.hours_per_change, found.saves_time) == (0.0, None, False)

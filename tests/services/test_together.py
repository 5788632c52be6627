"""The portfolio's pilots estimated together: in each one's own unit, whichever way its metric gets better."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session

from services import portfolio
from services.together import together
from stats.errors import CannotEstimateError
from stats.metric import Direction
from stats.portfolio import shrink
from tests.databases import DEMO_TODAY

END = dt.date(2026, 5, 24)


def row(
    pilot_id: int,
    effect: float | None,
    error: float | None = 0.1,
    *,
    direction: Direction = Direction.INCREASE,
    smallest: float = 0.3,
    z: float | None = None,
    over: bool = True,
) -> Any:
    """A pilot as far as `together` looks at it."""
    plan = SimpleNamespace(direction=direction, smallest_change=smallest, end=END)
    result = SimpleNamespace(
        plan=plan,
        effect=effect,
        standard_error=error,
        looks=() if z is None else (SimpleNamespace(z=9.9), SimpleNamespace(z=z)),
        as_of=END if over else END - dt.timedelta(days=7),
    )
    return SimpleNamespace(
        row=SimpleNamespace(pilot=SimpleNamespace(id=pilot_id)), stored=SimpleNamespace(result=result)
    )


def test_each_pilot_is_told_in_its_own_unit_and_direction() -> None:
    """Two scores, a waiting time and a share that should fall, in multiples of their smallest changes."""
    found = together(
        [
            row(1, 0.6, 0.15, smallest=0.3),
            row(2, 0.03, 0.03, smallest=0.1),
            row(3, -4.0, 1.0, smallest=2.0, direction=Direction.DECREASE),
            row(4, 0.02, 0.02, smallest=0.05, direction=Direction.DECREASE),
        ]
    )
    expected = shrink([2.0, 0.3, 2.0, -0.4], [0.5, 0.3, 0.5, 0.4])
    units = np.array([0.3, 0.1, -2.0, -0.05])
    effects = np.array([found.estimates[pilot].effect for pilot in (1, 2, 3, 4)])
    assert effects == pytest.approx(expected.effects * units)
    errors = [found.estimates[pilot].standard_error for pilot in (1, 2, 3, 4)]
    assert errors == pytest.approx(expected.standard_errors * abs(units))
    faster = found.estimates[3].interval
    assert faster.low == pytest.approx(-2.0 * expected.intervals[2].high)
    assert faster.high == pytest.approx(-2.0 * expected.intervals[2].low)
    assert found.mean.effect == pytest.approx(expected.mean.effect)


def test_gains_that_stand_when_all_are_judged_at_once() -> None:
    """One-sided p-values .0002, .014, .03, .16, .5; at a rate of 0.1 three are finds: .03 <= 0.1 * 3 / 5."""
    zs = [3.54, 2.2, 1.88, 1.0, 0.0]
    found = together([row(k, 0.1 * z, z=z) for k, z in enumerate(zs)])
    assert (found.finished, found.gains) == (5, 3)
    # One whose end has not come is not judged, however large its effect.
    more = together([*(row(k, 0.1 * z, z=z) for k, z in enumerate(zs)), row(9, 0.9, z=9.0, over=False)])
    assert (more.finished, more.gains) == (5, 3)
    assert len(more.estimates) == 6


def test_pilots_without_an_effect_are_passed_over() -> None:
    rows = [row(1, 0.2), row(2, 0.3), row(3, 0.1), row(4, None, None), row(5, 0.2, float("nan"))]
    unread = SimpleNamespace(row=SimpleNamespace(pilot=SimpleNamespace(id=6)), stored=None)
    assert sorted(together([*rows, unread]).estimates) == [1, 2, 3]


def test_two_pilots_say_nothing_of_each_other() -> None:
    with pytest.raises(CannotEstimateError, match="at least 3 of them with an effect; there are 2"):
        together([row(1, 0.2), row(2, 0.3), row(3, None, None)])


def test_the_demo_county(demo_session: Session) -> None:
    rows = portfolio.rows(demo_session, today=DEMO_TODAY)
    found = together(rows)
    evaluated = [one for one in rows if one.stored and one.stored.result and one.stored.result.effect is not None]
    assert len(found.estimates) == len(evaluated)
    assert 0 < found.gains <= found.finished < len(evaluated)
    raw, shrunken = [], []
    for one in evaluated:
        assert one.stored is not None
        result = one.stored.result
        assert result is not None
        assert result.effect is not None
        unit = result.plan.direction.sign * result.plan.smallest_change
        raw.append(result.effect / unit)
        shrunken.append(found.estimates[one.row.pilot.id or 0].effect / unit)
    assert np.ptp(shrunken) < np.ptp(raw)
    best = int(np.argmax(raw))
    assert shrunken[best] < raw[best]

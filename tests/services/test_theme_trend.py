"""Whether a theme is spoken of more: only when chance does not explain the difference."""

from __future__ import annotations

import datetime as dt

import pytest
from scipy.stats import poisson

from services.theme_browse import Scope
from services.theme_trend import Trend, comparable, last_weeks, trend
from tests.services.conftest import TODAY, World


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (31, 12, Trend.MORE),  # (31 - 12)^2 = 361 > 3.84 * 43 = 165
        (12, 31, Trend.LESS),
        (9, 4, Trend.LEVEL),  # 25 < 3.84 * 13 = 49.9
        (0, 0, Trend.LEVEL),
        (3, 0, Trend.LEVEL),  # 9 < 11.5
        (4, 0, Trend.MORE),  # 16 > 15.4
        (4, None, Trend.UNKNOWN),
    ],
)
def test_words_for_two_counts(now: int, before: int | None, expected: Trend) -> None:
    assert trend(now, before) is expected


def test_equal_rates_are_seldom_called_a_change() -> None:
    # Exact probability of an arrow when both counts are Poisson with mean 20: one in twenty, as the name CHANCE says.
    mean, wrong = 20, 0.0
    for a in range(80):
        for b in range(80):
            if trend(a, b) is not Trend.LEVEL:
                wrong += float(poisson.pmf(a, mean) * poisson.pmf(b, mean))
    assert 0.035 < wrong < 0.06


def test_the_last_whole_weeks() -> None:
    first, last = last_weeks(dt.date(2026, 11, 25), 4)
    assert (first, last) == (dt.date(2026, 10, 26), dt.date(2026, 11, 22))


def test_nothing_is_compared_with_a_time_before_the_record(world: World) -> None:
    scope = Scope(first=TODAY - dt.timedelta(days=28), last=TODAY - dt.timedelta(days=1))
    assert not comparable(world.session, scope)
    world.answer(world.ward, scope.first)
    assert not comparable(world.session, scope)
    world.answer(world.ward, scope.before().first)
    assert comparable(world.session, scope)

"""The right chart for each kind of metric, and what the weeks after the start are said to show."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from stats.errors import CannotEstimateError
from stats.metric import Direction, Kind
from stats.spc import control_chart
from stats.spc.events import EventDays, gaps
from stats.spc.kinds import ChartKind, Rule
from stats.spc.pilot import SinceStart, signal_since_start

UP, DOWN = Direction.INCREASE, Direction.DECREASE
NAN = float("nan")
BEFORE = [3.5, 3.4, 3.6, 3.5, 3.3, 3.6, 3.4, 3.5, 3.6, 3.4, 3.5, 3.4]
START = dt.date(2026, 3, 2)


def days(*ago: int) -> list[dt.date]:
    """Days counted from the start; negative ones are before it."""
    return [START + dt.timedelta(days=day) for day in ago]


def judged(values: list[float], *, kind: Kind = Kind.SCORE, direction: Direction = UP, n: float = 20) -> SinceStart:
    return signal_since_start(values, [n] * len(values), kind=kind, direction=direction, start=12)


@pytest.mark.parametrize(
    ("kind", "values", "chart"),
    [
        (Kind.SCORE, [*BEFORE, 3.4], ChartKind.XMR),
        (Kind.NPS, [30, 20, 25, 35, 30, 20, 25, 30, 35, 30, 20, 25, 30], ChartKind.XMR),
        (Kind.DURATION, [*BEFORE, 3.4], ChartKind.XMR),
        (Kind.COST, [*BEFORE, 3.4], ChartKind.XMR),
        (Kind.PROPORTION, [8, 9, 7, 8, 10, 9, 8, 7, 9, 8, 8, 9, 8], ChartKind.P_PRIME),
        (Kind.COUNT, [8, 9, 7, 8, 10, 9, 8, 7, 9, 8, 8, 9, 8], ChartKind.U_PRIME),
        (Kind.COUNT, [1, 0, 2, 1, 0, 0, 1, 3, 0, 1, 0, 1, 0], ChartKind.C),
    ],
)
def test_the_chart_follows_the_kind(kind: Kind, values: list[float], chart: ChartKind) -> None:
    found = judged(values, kind=kind)
    assert found.chart.kind is chart
    assert found.chart.phases[0].baseline_stop == 12
    assert (found.better, found.worse, found.ended) == (False, False, None)
    told = "notices only large changes" in " ".join(str(note) for note in found.notes)
    assert told == (chart is ChartKind.C)


def test_rare_counts_with_exposures_that_differ() -> None:
    values = [1, 0, 2, 1, 0, 0, 1, 3, 0, 1, 0, 1, 0, 1]
    found = signal_since_start(values, list(range(50, 64)), kind=Kind.COUNT, direction=DOWN, start=12)
    assert found.chart.kind is ChartKind.U


@pytest.mark.parametrize(
    ("after", "high", "low"),
    [
        ([3.5, 3.4, 3.6], False, False),
        ([3.5, 4.4, 3.6], True, False),
        ([3.5, 2.4, 3.6], False, True),
        ([3.5, 4.4, 2.4], True, True),
        ([3.6] * 7, True, False),
    ],
)
def test_good_and_bad_turn_with_the_direction(after: list[float], high: bool, low: bool) -> None:
    up, down = (judged([*BEFORE, *after], direction=direction) for direction in (UP, DOWN))
    assert (up.better, up.worse) == (high, low)
    assert (down.better, down.worse) == (low, high)
    assert ("not why" in str(up.message)) == (high or low)


def test_what_began_before_the_start_is_not_laid_to_the_pilot() -> None:
    # Eight weeks above the mean, but only four of them after the start.
    values = [3.4, 3.3, 3.5, 3.3, 3.4, 3.3, 3.2, 3.4, 3.5, 3.6, 3.5, 3.6, 3.5, 3.6, 3.5, 3.6]
    whole = control_chart(values, kind="xmr", baseline=12)
    assert [signal.rule for signal in whole.signals] == [Rule.SHIFT]
    found = judged(values)
    assert found.signals == ()
    assert found.chart.signals == (), "the picture shows what is said"


def test_a_signal_before_the_start_is_in_the_picture_only() -> None:
    found = judged([*BEFORE[:4], 5.0, *BEFORE[5:], 3.5, 3.7])
    # The outlier of week 5 lifts the mean, so the weeks after it lie below; both end before the start.
    assert [signal.points for signal in found.chart.signals] == [(4,), tuple(range(5, 12))]
    assert found.signals == ()


def test_missing_and_empty_weeks_are_left_out() -> None:
    n = np.full(15, 20.0)
    n[13] = 0
    n[2] = NAN
    found = signal_since_start([*BEFORE, 3.5, 9.9, 3.4], n, kind=Kind.SCORE, direction=UP, start=12)
    assert found.signals == ()
    assert np.isnan(found.chart.values).nonzero()[0].tolist() == [2, 13]
    assert [str(note) for note in found.notes] == ["Trial limits: they rest on 11 values only."]


def test_a_baseline_without_variation_says_so() -> None:
    found = judged([3.5] * 12 + [3.7, 3.9])
    assert "All values are equal" in str(found.notes[0])
    assert not found.better, "a single point cannot be judged without limits"
    assert judged([3.5] * 12 + [3.7] * 7).better, "seven on one side can"


RARE = [0.0] * 20
STEADY_EVENTS = days(-140, -128, -121, -105, -98, -80, -73, -61, -49, -44, -30, -22, -9)
"""Gaps of 12, 7, 16, 7, 18, 7, 12, 12, 5, 14, 8, 13 days."""


def rare(after: list[dt.date], *, direction: Direction = DOWN, until: int = 83) -> SinceStart:
    values = [1.0, *RARE, 0.0]
    events = EventDays(days=[*after, *STEADY_EVENTS], start=START, until=START + dt.timedelta(days=until))
    return signal_since_start(values, [1] * 22, kind=Kind.COUNT, direction=direction, start=20, events=events)


def test_rare_events_are_shown_by_the_time_between_them() -> None:
    found = rare(days(10, 22, 30, 44, 50, 63, 75))
    assert found.chart.kind is ChartKind.T
    assert found.start == 12
    assert found.chart.values[12:].tolist() == [11.0, 12.0, 8.0, 14.0, 6.0, 13.0, 12.0]
    assert found.ended is not None
    assert found.ended[:1] + found.ended[-1:] == tuple(days(-128, 75))
    assert (found.better, found.worse) == (False, False)
    assert found.chart.upper[0] == pytest.approx(
        control_chart([12, 7, 16, 7, 18, 7, 12, 12, 5, 14, 8, 13], kind="t").upper[0]
    )


def test_longer_waits_are_better_when_fewer_events_are() -> None:
    for direction, better in ((DOWN, True), (UP, False)):
        found = rare(days(60), direction=direction)
        assert (found.better, found.worse) == (better, not better)


def test_a_wait_that_still_runs_counts_once_it_is_long() -> None:
    found = rare([])
    assert found.chart.values[12:].tolist() == [84.0]
    assert found.ended is not None
    assert found.ended[-1] == START + dt.timedelta(days=83)
    assert found.better
    assert "still growing" in " ".join(str(note) for note in found.notes)


def test_no_event_yet_and_not_unusual() -> None:
    found = rare([], until=5)
    assert (found.start, len(found.chart.values)) == (12, 12)
    assert (found.better, found.worse) == (False, False)
    assert str(found.message).startswith("No event has happened since the start")


def test_two_events_on_one_day_make_it_a_g_chart() -> None:
    found = rare([*days(10, 10, 22)])
    assert found.chart.kind is ChartKind.G
    assert found.chart.values[12:15].tolist() == [11.0, 0.0, 12.0]


def test_too_few_events_before_the_start_fall_back_on_weeks_and_say_so() -> None:
    events = EventDays(days=days(-60, -20), start=START, until=START + dt.timedelta(days=30))
    found = signal_since_start([1.0, *RARE], [1] * 21, kind=Kind.COUNT, direction=DOWN, start=12, events=events)
    assert found.chart.kind is ChartKind.C
    assert "notices only large changes" in str(found.notes[0])


def test_events_after_the_last_known_day_are_not_used() -> None:
    found = gaps(EventDays(days=days(-9, -4, 3, 40), start=START, until=START + dt.timedelta(days=10)))
    assert found.days.tolist() == [5.0, 4.0]
    assert (found.start, found.running) == (1, 7.0)
    with pytest.raises(ValueError, match=r"until == 2026-03-01, must be >= start == 2026-03-02\."):
        EventDays(days=[], start=START, until=START - dt.timedelta(days=1))


def test_without_weeks_on_both_sides_there_is_no_chart() -> None:
    for values in ([NAN] * 12 + [3.5], [*BEFORE, NAN]):
        with pytest.raises(CannotEstimateError, match="both before the start and after it"):
            judged(values)


@pytest.mark.parametrize(
    ("values", "n", "start", "sentence"),
    [
        ([1, 2, 3], [1, 2], 1, "values has shape"),
        ([1], [1], 1, "values has 1 weeks, must have at least 2."),
        ([1, 2], [5, -1], 1, r"n\[1\] == -1.0, must be a number >= 0"),
        ([1, 2], [5, 5], 2, "start == 2, must be a whole number from 1 to 1."),
        ([1, 2], [5, 5], 0, "start == 0, must be a whole number from 1 to 1."),
    ],
)
def test_what_is_refused(values: list[float], n: list[float], start: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        signal_since_start(values, n, kind=Kind.SCORE, direction=UP, start=start)

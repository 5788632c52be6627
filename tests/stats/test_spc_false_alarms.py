"""How often a stable process makes a signal: against exact rates, and against the same simulation in R."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import scipy.stats

from stats.metric import Direction, Kind
from stats.spc import control_chart
from stats.spc.chart import find_signals
from stats.spc.kinds import ChartKind, Rule, RuleSet
from stats.spc.lines import symmetric
from stats.spc.pilot import signal_since_start

POINTS = 24
TRIES = 3_000


def close(found: int, expected: float, tries: int = TRIES) -> bool:
    """Within four standard errors of a simulation."""
    return abs(found / tries - expected) < 4 * np.sqrt(expected * (1 - expected) / tries)


def chance_of_a_run(length: int, points: int) -> float:
    """Exact chance of a run of at least `length` in fair coin tosses, by the length of the run under way."""
    state = np.zeros(length)
    state[1] = 1.0
    for _ in range(points - 1):
        following = np.zeros(length)
        following[1] = state.sum() / 2
        following[2:] = state[1:-1] / 2
        state = following
    return 1.0 - float(state.sum())


def chance_of_two_in_three(points: int) -> float:
    """Exact chance of two of three beyond two sigma on the same side, by the last two points' sides."""
    tail = float(scipy.stats.norm.sf(2))
    chance = {1: tail, -1: tail, 0: 1 - 2 * tail}
    state = {(0, 0): 1.0}
    for _ in range(points):
        following: dict[tuple[int, int], float] = {}
        for (one, two), weight in state.items():
            for new, p in chance.items():
                if new == 0 or new not in (one, two):
                    following[two, new] = following.get((two, new), 0.0) + weight * p
        state = following
    return 1.0 - sum(state.values())


@pytest.mark.slow
def test_nhs_rules_about_known_lines() -> None:
    random = np.random.default_rng(11)
    lines = symmetric(np.zeros(POINTS), np.ones(POINTS))
    found: Counter[str] = Counter()
    for _ in range(TRIES):
        signals = find_signals(ChartKind.XMR, RuleSet.NHS, random.normal(size=POINTS), lines, [(0, POINTS)])
        found.update({signal.rule for signal in signals} or {"none"})
    assert close(found[Rule.OUTSIDE], 1 - (1 - 2 * scipy.stats.norm.sf(3)) ** POINTS)
    assert close(found[Rule.SHIFT], chance_of_a_run(7, POINTS))
    assert close(found[Rule.TWO_OF_THREE], chance_of_two_in_three(POINTS))
    # R, 100,000 tries: outside 0.0628, shift 0.1435, two of three 0.0433, trend 0.0055, any 0.2310
    assert close(found[Rule.TREND], 0.0055)
    assert close(TRIES - found["none"], 0.2310)


@pytest.mark.slow
def test_nhs_rules_about_lines_from_the_same_24_points() -> None:
    # R 4.2, 100,000 tries of rnorm(24) with an XmR chart of its own:
    # outside 0.0952, shift 0.0856, two of three 0.0571, trend 0.0061, any 0.1934
    random = np.random.default_rng(12)
    found: Counter[str] = Counter()
    for _ in range(TRIES):
        found.update({s.rule for s in control_chart(random.normal(size=POINTS), kind="xmr").signals} or {"none"})
    rates = {Rule.OUTSIDE: 0.0952, Rule.SHIFT: 0.0856, Rule.TWO_OF_THREE: 0.0571, Rule.TREND: 0.0061}
    assert all(close(found[rule], rate) for rule, rate in rates.items())
    assert close(TRIES - found["none"], 0.1934)


@pytest.mark.slow
def test_anhoej_rules_on_run_charts_of_24_points() -> None:
    # R 4.2, 100,000 tries of rnorm(24) about its median: long run 0.0040, few crossings 0.0304, any 0.0313
    random = np.random.default_rng(13)
    found: Counter[str] = Counter()
    for _ in range(TRIES):
        found.update({s.rule for s in control_chart(random.normal(size=POINTS), kind="run").signals} or {"none"})
    assert close(found[Rule.LONG_RUN], 0.0040)
    assert close(found[Rule.FEW_CROSSINGS], 0.0304)
    assert close(TRIES - found["none"], 0.0313)


@pytest.mark.slow
def test_twelve_weeks_after_a_start_that_changed_nothing() -> None:
    # R 4.2, 100,000 tries of 12 more points judged by the XmR chart of b points:
    # b = 8: 0.3453, b = 12: 0.2878, b = 24: 0.2140, b = 52: 0.1645. So a signal is a hint and no proof.
    random = np.random.default_rng(14)
    for weeks, expected in ((12, 0.2878), (52, 0.1645)):
        found = Counter(
            (since.better, since.worse)
            for since in (
                signal_since_start(
                    random.normal(size=weeks + 12),
                    np.full(weeks + 12, 20),
                    kind=Kind.SCORE,
                    direction=Direction.INCREASE,
                    start=weeks,
                )
                for _ in range(TRIES // 2)
            )
        )
        assert close(TRIES // 2 - found[False, False], expected, TRIES // 2)
        assert abs(found[True, False] - found[False, True]) < 4 * np.sqrt(found[True, False] + found[False, True])


def test_how_skewed_a_g_chart_is() -> None:
    # > m <- 163 / 5; 1 - pgeom(floor(m + 3 * sqrt(m * (m + 1))), 1 / (1 + m))    0.0185327
    chart = control_chart([20, 30, 40, 50, 23], kind="g")
    # scipy counts the event itself, R and the chart only what came before it.
    beyond = scipy.stats.geom.sf(np.floor(chart.upper[0]) + 1, 1 / (1 + 163 / 5))
    assert beyond == pytest.approx(0.0185327, abs=1e-7)
    assert chart.lower[0] == 0.0

"""The two sets of rules: against the rules written out in R, and on series made for one rule each."""

from __future__ import annotations

import numpy as np
import pytest

from stats.spc import ControlChart, control_chart
from stats.spc.anhoej import anhoej_limits
from stats.spc.kinds import Rule, RuleSet, Side
from tests.stats import spc_series as data


def points(chart: ControlChart, rule: Rule, side: Side | None = None) -> list[int]:
    """Indices of all points in signals of a rule."""
    found = [s for s in chart.signals if s.rule is rule and (side is None or s.side is side)]
    return sorted(point for signal in found for point in signal.points)


def spans(chart: ControlChart, rule: Rule) -> list[tuple[int, int]]:
    """First and last point of each signal of a rule."""
    return [(signal.points[0], signal.points[-1]) for signal in chart.signals if signal.rule is rule]


# R 4.2, indices from 0 as here; x is centre and sigma:
#   nhs <- function(y, x) { s <- sign(y - x[1]); r <- rle(s); e <- cumsum(r$lengths); b <- e - r$lengths + 1
#     q <- rle(sign(diff(y))); f <- cumsum(q$lengths); a <- f - q$lengths + 1
#     sh <- which(r$lengths >= 7 & r$values != 0); tr <- which(q$lengths >= 6 & q$values != 0)
#     w <- function(z) sort(unique(unlist(lapply(seq_len(length(y) - 2),
#       function(i) if (sum(z[i:(i + 2)]) >= 2) (i:(i + 2))[z[i:(i + 2)]]))))
#     list(outside = which(abs(y - x[1]) > 3 * x[2]) - 1, shift = rbind(b[sh], e[sh]) - 1,
#       trend = rbind(a[tr], f[tr] + 1) - 1, high = w(y > x[1] + 2 * x[2]) - 1, low = w(y < x[1] - 2 * x[2]) - 1) }
def test_nhs_rules_on_the_nile_judged_by_its_first_28_years() -> None:
    # > nhs(Nile, c(1097.75, (1473.302593 - 1097.75) / 3))
    chart = control_chart(data.NILE, kind="xmr", baseline=28)
    assert points(chart, Rule.OUTSIDE) == [31, 34, 36, 42, 44, 54, 69, 70, 97, 98]
    assert spans(chart, Rule.SHIFT) == [(19, 25), (28, 44), (47, 92)]
    assert spans(chart, Rule.TREND) == []
    assert points(chart, Rule.TWO_OF_THREE, Side.HIGH) == []
    assert points(chart, Rule.TWO_OF_THREE, Side.LOW) == [
        *(28, 29, 31, 33, 34, 36, 40, 41, 42, 43, 44, 47, 48, 49, 50, 51, 54, 55, 56, 57, 59, 60, 62, 66, 68),
        *(69, 70, 71, 72, 73, 74, 80, 81, 82, 95, 97, 98, 99),
    ]


def test_nhs_rules_on_lake_huron() -> None:
    # > nhs(LakeHuron, c(579.004082, (580.441331 - 579.004082) / 3))
    chart = control_chart(data.LAKE_HURON, kind="xmr")
    assert points(chart, Rule.OUTSIDE) == [
        *(1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 50, 51, 54, 56, 57, 58, 59, 60, 61, 62, 65, 66, 77, 83, 84, 88, 89, 90)
    ]
    assert spans(chart, Rule.SHIFT) == [(0, 19), (46, 53), (56, 67), (86, 93)]
    assert spans(chart, Rule.TREND) == [(77, 84)]
    assert chart.signals[[s.rule for s in chart.signals].index(Rule.TREND)].side is Side.LOW
    high = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 42, 43, 77, 78]
    low = [49, 50, 51, 52, 56, 57, 58, 59, 60, 61, 62, 63, 65, 66, 83, 84, 87, 88, 89, 90, 91]
    assert points(chart, Rule.TWO_OF_THREE, Side.HIGH) == high
    assert points(chart, Rule.TWO_OF_THREE, Side.LOW) == low


def test_nhs_rules_on_counts() -> None:
    # > nhs(discoveries, c(3.1, sqrt(3.1)))
    chart = control_chart(data.DISCOVERIES, kind="c")
    assert points(chart, Rule.OUTSIDE) == [25, 27, 28]
    assert spans(chart, Rule.SHIFT) == [(1, 7), (9, 16), (71, 78), (80, 86), (93, 99)]
    assert points(chart, Rule.TWO_OF_THREE) == [24, 25, 27, 28, 31, 32]
    # > nhs(nhtemp, ...)
    warm = control_chart(data.NHTEMP, kind="xmr")
    assert points(warm, Rule.OUTSIDE) == [5, 41]
    assert spans(warm, Rule.SHIFT) == [(2, 8), (10, 17), (37, 43)]


# > n <- c(1, 2, 5, 8, ...); round(log2(n)) + 3; qbinom(.05, n - 1, .5)
ANHOEJ_N = (1, 2, 5, 8, 10, 12, 15, 16, 20, 22, 23, 24, 30, 45, 46, 60, 90, 91, 100, 181, 182, 500)
ANHOEJ_RUN = (3, 4, 5, 6, 6, 7, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 12)
ANHOEJ_CROSSINGS = (0, 0, 0, 1, 2, 3, 4, 4, 6, 7, 7, 8, 10, 17, 17, 23, 37, 37, 41, 79, 79, 231)


@pytest.mark.parametrize(("useful", "run", "crossings"), list(zip(ANHOEJ_N, ANHOEJ_RUN, ANHOEJ_CROSSINGS, strict=True)))
def test_what_chance_seldom_passes(useful: int, run: int, crossings: int) -> None:
    found = anhoej_limits(useful)
    assert (found.longest_run, found.crossings) == (run, crossings)


# > an <- function(y, cl) { s <- sign(y - cl); s <- s[s != 0]; r <- rle(s)$lengths; n <- length(s)
# >   c(n, max(r), round(log2(n)) + 3, length(r) - 1, qbinom(.05, n - 1, .5)) }
# > an(lynx, median(lynx)); an(nhtemp, median(nhtemp)); an(Nile, median(Nile)); an(discoveries, median(discoveries))
# 114 7 10 23 48;  60 8 9 21 23;  100 11 10 29 41;  80 7 9 35 32
@pytest.mark.parametrize(
    ("values", "run", "crossings"),
    [
        (data.LYNX, None, (23, 48)),
        (data.NHTEMP, None, (21, 23)),
        (data.NILE, (11, 10), (29, 41)),
        (data.DISCOVERIES, None, None),
    ],
)
def test_anhoej_rules_on_run_charts(
    values: list[float], run: tuple[int, int] | None, crossings: tuple[int, int] | None
) -> None:
    chart = control_chart(values, kind="run")
    assert chart.rules is RuleSet.ANHOEJ, "the rules of a chart without limits"
    found = {signal.rule: signal for signal in chart.signals}
    assert (Rule.LONG_RUN in found, Rule.FEW_CROSSINGS in found) == (run is not None, crossings is not None)
    if run is not None:
        told = found[Rule.LONG_RUN].message.values
        assert (told["count"], told["most"]) == run
        assert len(found[Rule.LONG_RUN].points) == run[0]
    if crossings is not None:
        told = found[Rule.FEW_CROSSINGS].message.values
        assert (told["count"], told["least"]) == crossings
        assert found[Rule.FEW_CROSSINGS].side is None


def test_points_on_the_centre_line_are_not_useful() -> None:
    # Median 5; six points on it: 18 useful ones in two runs of 9, cut by points on the line.
    values = [4, 3, 5, 2, 4, 5, 3, 4, 2, 5, 3, 4, 6, 7, 5, 8, 6, 7, 5, 8, 6, 7, 5, 8]
    chart = control_chart(values, kind="run")
    long = [signal for signal in chart.signals if signal.rule is Rule.LONG_RUN]
    assert [(signal.points, signal.side) for signal in long] == [
        ((0, 1, 3, 4, 6, 7, 8, 10, 11), Side.LOW),
        ((12, 13, 15, 16, 17, 19, 20, 21, 23), Side.HIGH),
    ]


STEADY = [5.0, 4.0, 6.0, 5.5, 4.5, 5.0, 4.0, 6.0, 5.5, 4.5, 5.0, 5.0]
"""Mean 5; mean moving range 10 / 11, so the limits are 2.58 and 7.42, two sigma 3.39 and 6.61."""


@pytest.mark.parametrize(
    ("after", "rule", "side", "places"),
    [
        ([5, 8.5, 5], Rule.OUTSIDE, Side.HIGH, (13,)),
        ([5, 1.5, 5], Rule.OUTSIDE, Side.LOW, (13,)),
        ([5.5, 5.4, 5.3, 5.8, 5.5, 5.7, 5.6], Rule.SHIFT, Side.HIGH, tuple(range(12, 19))),
        ([4.5, 4.6, 4.7, 4.2, 4.5, 4.3, 4.4], Rule.SHIFT, Side.LOW, tuple(range(12, 19))),
        ([4.5, 7, 4.5, 7, 4.5], Rule.TWO_OF_THREE, Side.HIGH, (13, 15)),
        ([4.5, 3, 3, 5.5], Rule.TWO_OF_THREE, Side.LOW, (13, 14)),
        ([4.1, 4.4, 4.7, 5.2, 5.4, 5.6, 5.9, 4.9], Rule.TREND, Side.HIGH, tuple(range(12, 19))),
        ([5.9, 5.6, 5.4, 5.2, 4.7, 4.4, 4.1, 5.1], Rule.TREND, Side.LOW, tuple(range(12, 19))),
    ],
)
def test_one_rule_at_a_time(after: list[float], rule: Rule, side: Side, places: tuple[int, ...]) -> None:
    chart = control_chart([*STEADY, *after], kind="xmr", baseline=len(STEADY))
    assert [(signal.rule, signal.side, signal.points) for signal in chart.signals] == [(rule, side, places)]
    assert str(chart.signals[0].message).endswith(".")


@pytest.mark.parametrize(
    "after",
    [
        [5.5, 5.4, 5.3, 5.8, 5.5, 5.7],  # six on one side
        [5.5, 5.4, 5.3, 5, 5.8, 5.5, 5.7, 5.6],  # one of them on the line
        [4.2, 4.4, 4.7, 5.2, 5.4, 5.9],  # six that rise
        [4.1, 4.4, 4.7, 5.2, 5.2, 5.4, 5.6],  # two alike
        [7, 5.5, 4.5, 7],  # two near the limit, but of four
        [7, 3, 5.5],  # near both limits
    ],
)
def test_just_short_of_a_signal(after: list[float]) -> None:
    assert control_chart([*STEADY, *after], kind="xmr", baseline=len(STEADY)).signals == ()


def test_nhs_rules_on_a_chart_without_limits_ask_for_shift_and_trend_only() -> None:
    values = [*STEADY, 9, 9, 9, 9, 9, 9, 9, *STEADY]
    chart = control_chart(values, kind="run", rules="nhs")
    assert {signal.rule for signal in chart.signals} == {Rule.SHIFT}
    flat = control_chart([3.0] * 12 + [2.0] * 7, kind="xmr", baseline=12)
    assert [(signal.rule, signal.side) for signal in flat.signals] == [(Rule.SHIFT, Side.LOW)]


def test_sets_are_never_mixed_and_each_is_labelled() -> None:
    for rules in RuleSet:
        chart = control_chart(data.NILE, kind="xmr", rules=rules)
        assert chart.signals
        assert {signal.rule.rule_set for signal in chart.signals} == {rules}
    assert str(RuleSet.NHS.label) == "Rules: NHS Making Data Count"
    assert all(str(rule.label) for rule in Rule)


def test_missing_weeks_neither_lengthen_nor_end_a_run() -> None:
    whole = control_chart([*STEADY, 5.5, 5.4, 5.3, 5.8, 5.5, 5.7, 5.6], kind="xmr", baseline=12)
    gaps = control_chart([*STEADY, 5.5, np.nan, 5.4, 5.3, np.nan, 5.8, 5.5, 5.7, 5.6], kind="xmr", baseline=12)
    assert whole.signals[0].points == tuple(range(12, 19))
    assert gaps.signals[0].points == (12, 14, 15, 17, 18, 19, 20)


def test_no_rule_looks_across_a_new_phase() -> None:
    values = [*STEADY, 5.5, 5.4, 5.3, 5.8, 5.5, 5.7, 5.6, 5.5]
    assert [s.rule for s in control_chart(values, kind="xmr", baseline=12).signals] == [Rule.SHIFT]
    assert control_chart(values, kind="xmr", baseline=12, split_at=[16]).signals == ()

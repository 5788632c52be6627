"""Centre and limits of every kind of chart against the formulas written out in R."""

from __future__ import annotations

import numpy as np
import pytest

from stats.spc import control_chart
from tests.stats import spc_series as data

# Every figure of an individuals chart comes from this function of an R 4.2 session (Nelson 1982: screened once):
#   xmr <- function(y) { mr <- abs(diff(y)); m <- mean(mr, na.rm = TRUE)
#     k <- mr[!is.na(mr) & mr <= 3.267 * m]; mean(y, na.rm = TRUE) + c(0, -2.66, 2.66) * mean(k) }
INDIVIDUALS = [
    # > xmr(nhtemp)       51.1600000 47.9905424 54.3294576
    (data.NHTEMP, 51.16, 47.9905424, 54.3294576),
    # > xmr(LakeHuron)    579.004082 577.566833 580.441331
    (data.LAKE_HURON, 579.004082, 577.566833, 580.441331),
    # > xmr(presidents)   56.3070175 36.2227974 76.3912377     6 missing: no range across a gap
    (data.PRESIDENTS, 56.3070175, 36.2227974, 76.3912377),
    # > xmr(c(1,2,1,2,10,1,2,1,2,1,2,1,2,1,2,1,2,1))  1.94444444 -0.715555556 4.60444444
    # Without screening the outlier would widen its own limits to -3.0626 and 6.9515.
    ([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], 1.94444444, -0.715555556, 4.60444444),
]


@pytest.mark.parametrize(("values", "centre", "lower", "upper"), INDIVIDUALS)
def test_individuals(values: list[float], centre: float, lower: float, upper: float) -> None:
    chart = control_chart(values, kind="xmr")
    assert chart.centre == pytest.approx(np.full(len(values), centre), rel=1e-8)
    assert chart.lower == pytest.approx(np.full(len(values), lower), rel=1e-8)
    assert chart.upper == pytest.approx(np.full(len(values), upper), rel=1e-8)
    sigma = (upper - centre) / 3
    assert chart.lines.inner_upper[0] == pytest.approx(centre + 2 * sigma)
    assert chart.lines.inner_lower[0] == pytest.approx(centre - 2 * sigma)


def test_phases_have_lines_of_their_own() -> None:
    # > xmr(Nile[1:28])     1097.75 722.197407 1473.30259
    # > xmr(Nile[29:100])   849.972222 521.804222 1178.14022
    chart = control_chart(data.NILE, kind="xmr", split_at=[28])
    lines = [chart.centre, chart.lower, chart.upper]
    assert [line[27] for line in lines] == pytest.approx([1097.75, 722.197407, 1473.30259])
    assert [line[28] for line in lines] == pytest.approx([849.972222, 521.804222, 1178.14022])
    frozen = control_chart(data.NILE, kind="xmr", baseline=28)
    assert [line[99] for line in (frozen.centre, frozen.lower, frozen.upper)] == pytest.approx(
        [1097.75, 722.197407, 1473.30259]
    )


def test_counts() -> None:
    # > mean(discoveries) + c(0, -3, 3) * sqrt(mean(discoveries))     3.10000000 -2.18204506 8.38204506
    chart = control_chart(data.DISCOVERIES, kind="c")
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == pytest.approx((3.1, 0.0, 8.38204506))


def test_shares() -> None:
    # > adm <- apply(UCBAdmissions, c(1, 3), sum); n <- colSums(adm); p <- sum(adm[1, ]) / sum(n)
    # > s <- sqrt(p * (1 - p) / n); p; p - 3 * s; p + 3 * s
    # 0.387759611
    # 0.33990512 0.327325019 0.339515736 0.335819732 0.327273299 0.333056198
    # 0.435614103 0.448194203 0.436003487 0.439699491 0.448245923 0.442463024
    chart = control_chart(data.ADMITTED, kind="p", denominators=data.APPLICANTS)
    assert chart.centre == pytest.approx(np.full(6, 0.387759611), rel=1e-8)
    lower = [0.33990512, 0.327325019, 0.339515736, 0.335819732, 0.327273299, 0.333056198]
    upper = [0.435614103, 0.448194203, 0.436003487, 0.439699491, 0.448245923, 0.442463024]
    assert chart.lower == pytest.approx(lower, rel=1e-7)
    assert chart.upper == pytest.approx(upper, rel=1e-7)
    assert chart.values == pytest.approx(np.array(data.ADMITTED) / data.APPLICANTS)


def test_shares_that_vary_more_than_chance() -> None:
    # > p <- sum(r) / sum(n); s <- sqrt(p * (1 - p) / n); sz <- mean(abs(diff((r / n - p) / s))) / 1.128
    # > p; sz; (p - 3 * s * sz)[c(1, 19)]; (p + 3 * s * sz)[c(1, 19)]
    # 0.952878685; 10.743984; 0.939981592 0.939938400; 0.965775777 0.965818969
    chart = control_chart(data.SEEN_IN_TIME, kind="p_prime", denominators=data.ATTENDANCES)
    assert chart.centre[0] == pytest.approx(0.952878685)
    assert chart.lower[[0, 18]] == pytest.approx([0.939981592, 0.9399384], abs=1e-8)
    assert chart.upper[[0, 18]] == pytest.approx([0.965775777, 0.965818969], abs=1e-8)
    plain = control_chart(data.SEEN_IN_TIME, kind="p", denominators=data.ATTENDANCES)
    assert (chart.upper - chart.centre) / (plain.upper - plain.centre) == pytest.approx(np.full(19, 10.743984))
    # Weeks of hundreds of thousands of patients: a p chart calls most of them special, a p' chart none.
    # > sum(abs(r / n - p) > 3 * s)    16
    outside = [signal for signal in plain.signals if signal.rule == "outside_limits"]
    assert (len(outside), len(chart.signals)) == (16, 0)


def test_rates() -> None:
    # > u <- sum(y) / sum(d); s <- sqrt(u / d); u; (u - 3 * s)[c(1, 18)]; (u + 3 * s)[c(1, 18)]
    # 0.00138845379; 0.000468584482 0.000456516358; 0.00230832309 0.00232039122
    chart = control_chart(data.INFECTIONS, kind="u", denominators=data.BED_DAYS)
    assert chart.centre[0] == pytest.approx(0.00138845379)
    assert chart.lower[[0, 17]] == pytest.approx([0.000468584482, 0.000456516358])
    assert chart.upper[[0, 17]] == pytest.approx([0.00230832309, 0.00232039122])


def test_rates_by_laney() -> None:
    # > v <- Seatbelts[1:24, "VanKilled"]; k <- Seatbelts[1:24, "kms"]; u <- sum(v) / sum(k); s <- sqrt(u / k)
    # > sz <- mean(abs(diff((v / k - u) / s))) / 1.128; u; sz; (u - 3 * s * sz)[c(1, 24)]; (u + 3 * s * sz)[c(1, 24)]
    # 0.000985929431; 0.917341662; 7.80354055e-05 0.000152185445; 0.00189382346 0.00181967342
    chart = control_chart(data.VAN_KILLED, kind="u_prime", denominators=data.KILOMETRES)
    assert chart.centre[0] == pytest.approx(0.000985929431)
    assert chart.lower[[0, 23]] == pytest.approx([7.80354055e-05, 0.000152185445])
    assert chart.upper[[0, 23]] == pytest.approx([0.00189382346, 0.00181967342])


def test_opportunities_between_events() -> None:
    # > m <- mean(g); median(g); m; m + 3 * sqrt(m * (m + 1))      22.5 32.7 132.288704
    # > p <- 1 / (1 + m); m + 3 * sqrt(1 - p) / p                  132.288704   (as the package qcc writes sigma)
    chart = control_chart(data.OPERATIONS_BETWEEN, kind="g")
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == pytest.approx((22.5, 0.0, 132.288704))
    # > m + 2 * sqrt(m * (m + 1))    99.0924694
    assert chart.lines.inner_upper[0] == pytest.approx(99.0924694)


def test_time_between_events() -> None:
    # > t <- round(diff(boot::coal$date) * 365.25)[1:40]; x <- xmr(t^(1/3.6)); x; pmax(x, 0)^3.6
    # 3.29754230 -0.21773699 6.81282159; 73.364397 0.000000 999.947636
    chart = control_chart(data.COAL_GAPS, kind="t")
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == pytest.approx((73.364397, 0.0, 999.947636))


def test_a_run_chart_has_a_median_and_no_limits() -> None:
    # > median(lynx)    771
    chart = control_chart(data.LYNX, kind="run")
    assert chart.centre[0] == 771.0
    assert np.isnan(chart.lower).all()
    assert np.isnan(chart.upper).all()
    assert chart.phases[0].note is None, "it has no limits by design, so nothing is to be explained"


def test_limits_stay_within_what_is_possible() -> None:
    chart = control_chart([9, 10, 8, 10, 9, 10], kind="p", denominators=10)
    assert chart.upper[0] == 1.0
    assert chart.lower[0] > 0.0
    for kind in ("u", "u_prime"):
        assert (control_chart([0, 1, 0, 3, 1], kind=kind, denominators=[9.5, 8, 12, 10, 11]).lower == 0.0).all()


@pytest.mark.parametrize(
    ("kind", "values", "denominators", "note"),
    [
        ("xmr", [3.5] * 14, None, "All values are equal"),
        ("xmr", [0.1 + 0.2, 0.3, 0.3], None, "All values are equal"),
        ("xmr", [3.5], None, "No two values follow each other"),
        ("xmr", [3.5, np.nan, 3.1, np.nan, 3.9], None, "No two values follow each other"),
        ("t", [7.0, 7.0, 7.0], None, "All values are equal"),
        ("c", [0, 0, 0], None, "All values are equal"),
        ("g", [0, 0], None, "All values are equal"),
        ("p", [0, 0], 20, "All values are equal"),
        ("p", [7, 20, 11], [7, 20, 11], "All values are equal"),
        ("p_prime", [4, 6, 2], [20, 30, 10], "All values are equal"),
        ("p_prime", [4], 20, "No two values follow each other"),
        ("u_prime", [3, np.nan, 2], 1.5, "No two values follow each other"),
    ],
)
def test_limits_that_cannot_be_estimated_are_missing_and_say_why(
    kind: str, values: list[float], denominators: float | list[float] | None, note: str
) -> None:
    chart = control_chart(values, kind=kind, denominators=denominators)
    assert np.isnan(chart.lower).all()
    assert np.isnan(chart.upper).all()
    assert np.isfinite(chart.centre).all()
    assert note in str(chart.phases[0].note)
    assert chart.signals == ()

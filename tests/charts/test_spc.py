from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from charts import spc
from charts.look import Look
from charts.measure import Measure
from charts.spc_words import Sight, better_is_high, sights_of
from stats.metric import Direction, Kind
from stats.spc import ControlChart, Rebase, control_chart
from tests.charts.specs import LOOKS, drawn, said, same, spec, values

SCORE = Measure(name="Was heard", kind=Kind.SCORE, direction=Direction.INCREASE, unit="1–5")
SHARE = Measure(name="Seen in time", kind=Kind.PROPORTION, direction=Direction.INCREASE)
FALLS = Measure(name="Falls", kind=Kind.COUNT, direction=Direction.DECREASE)
MONDAY = dt.date(2026, 1, 5)
BEFORE = [3.5, 3.4, 3.6, 3.5, 3.3, 3.6, 3.4, 3.5, 3.6, 3.4, 3.5, 3.4]
AFTER = [3.5, math.nan, 4.4, 3.4, 2.5]
START = MONDAY + dt.timedelta(weeks=12)


def weeks(chart: ControlChart) -> list[dt.date]:
    return [MONDAY + dt.timedelta(weeks=week) for week in range(len(chart.values))]


@pytest.fixture(scope="module")
def frozen() -> ControlChart:
    """Twelve weeks before the start; after it one week above the limits, one below, one missing."""
    return control_chart([*BEFORE, *AFTER], kind="xmr", baseline=12)


CHARTS = [
    control_chart([*BEFORE, *AFTER], kind="run"),
    control_chart([*BEFORE, *AFTER], kind="xmr", split_at=[Rebase(at=12, reason="New premises since April")]),
    control_chart([8, 9, 7, 8], kind="p", denominators=[40, 10, 80, 30]),
    control_chart([8, 9, 7, 8], kind="u_prime", denominators=[4, 1, 8, 3], rules="anhoej"),
    control_chart([3.5], kind="xmr"),
    control_chart([12, 3, 40, 9], kind="t"),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("found", CHARTS, ids=lambda found: found.kind)
def test_it_is_drawn_for_every_reader(found: ControlChart, look: Look) -> None:
    spec(spc.chart(found, at=weeks(found), measure=SCORE, look=look, t=same, target=3.8, start=START))


def test_lines_are_the_charts(frozen: ControlChart) -> None:
    picture = spec(spc.chart(frozen, at=weeks(frozen), measure=SCORE, look=Look(), t=same, target=4.0))
    lines = drawn(picture, "line", "value")
    found = {(row["line"], round(row["value"], 9)) for row in lines}
    limits = "Limits of the usual variation"
    assert found == {
        ("Mean", round(float(frozen.centre[0]), 9)),
        (limits, round(float(frozen.lower[0]), 9)),
        (limits, round(float(frozen.upper[0]), 9)),
        ("Target", 4.0),
    }
    points = drawn(picture, "sight")
    assert [row["value"] for row in points if row["value"] is not None] == [*BEFORE, 3.5, 4.4, 3.4, 2.5]
    assert [row["day"] for row in points if row["value"] is None] == ["2026-04-06T00:00:00"], "a gap, not a bridge"


def test_signals_differ_in_shape_colour_and_words(frozen: ControlChart) -> None:
    picture = spec(spc.chart(frozen, at=weeks(frozen), measure=SCORE, look=Look(), t=same))
    points = {row["value"]: row for row in drawn(picture, "sight")}
    assert points[4.4]["sight"] == "Signal for the better"
    assert points[2.5]["sight"] == "Signal for the worse"
    assert points[4.4]["rules"] == "outside the limits"
    assert points[3.5]["sight"] == "Usual variation"
    shapes = next(part for part in values(picture, "range") if "circle" in part)
    assert shapes == ["circle", "triangle-up", "triangle-down"]
    assert "Rules: NHS Making Data Count" in said(picture)
    assert {"top", "bottom"} <= set(values(picture, "orient")), "two legends side by side would not fit a phone"


def test_triangles_point_to_the_side_of_the_signal(frozen: ControlChart) -> None:
    fewer = Measure(name="Wait", kind=Kind.DURATION, direction=Direction.DECREASE, unit="days")
    picture = spec(spc.chart(frozen, at=weeks(frozen), measure=fewer, look=Look(), t=same))
    points = {row["value"]: row["sight"] for row in drawn(picture, "sight")}
    assert (points[4.4], points[2.5]) == ("Signal for the worse", "Signal for the better")
    shapes = next(part for part in values(picture, "range") if "circle" in part)
    assert shapes == ["circle", "triangle-down", "triangle-up"], "better is low here"


def test_long_times_between_unwanted_events_are_good() -> None:
    found = control_chart([12, 3, 40, 9, 20, 14, 8, 11, 17, 6, 10, 13, 400], kind="t", baseline=12)
    assert better_is_high(found, Direction.DECREASE)
    assert sights_of(found, True, same).of_points[-1] is Sight.BETTER
    at = [MONDAY + dt.timedelta(days=int(day)) for day in np.cumsum(found.values)]
    picture = spec(spc.chart(found, at=at, measure=FALLS, look=Look(), t=same))
    assert "Falls: from one event to the next" in said(picture)
    assert spc.describe(found, measure=FALLS).english().endswith("which is better: something has changed.")


def test_phases_are_apart_and_told() -> None:
    found = control_chart([*BEFORE, *AFTER], kind="xmr", split_at=[Rebase(at=12, reason="New premises since April")])
    picture = spec(spc.chart(found, at=weeks(found), measure=SCORE, look=Look(), t=same))
    assert {"New premises since April", "Trial limits: fewer than 12 values"} <= set(said(picture))
    means = [row for row in drawn(picture, "line", "value") if row["line"] == "Mean"]
    assert {row["phase"] for row in means} == {0, 1}
    ends = max(row["day"] for row in means if row["phase"] == 0)
    assert ends == min(row["day"] for row in means if row["phase"] == 1) == "2026-03-26T00:00:00"


def test_the_start_or_the_end_of_the_baseline_is_marked(frozen: ControlChart) -> None:
    for start, text in ((None, "From here on judged by the values before"), (START, "The pilot starts")):
        picture = spec(spc.chart(frozen, at=weeks(frozen), measure=SCORE, look=Look(), t=same, start=start))
        assert text in " ".join(said(picture))


def test_limits_follow_each_weeks_size() -> None:
    found = control_chart([8, 9, 7, 8], kind="p", denominators=[40, 10, 80, 30])
    picture = spec(spc.chart(found, at=weeks(found), measure=SHARE, look=Look(), t=same))
    edges = [row["value"] for row in drawn(picture, "line", "value") if row["line"].startswith("Limits")]
    assert len(set(edges)) >= 7, "each week has limits of its own"
    assert drawn(picture, "top")


def test_a_chart_without_limits_says_why_or_has_none_to_show() -> None:
    flat = control_chart([3.5] * 14, kind="xmr")
    picture = spec(spc.chart(flat, at=weeks(flat), measure=SCORE, look=Look(), t=same))
    assert "All values are equal, so the usual variation cannot be estimated." in " ".join(said(picture))
    run = control_chart(BEFORE, kind="run")
    picture = spec(spc.chart(run, at=weeks(run), measure=SCORE, look=Look(), t=same))
    assert {row["line"] for row in drawn(picture, "line", "value")} == {"Median"}
    assert "Rules: Anhøj" in said(picture)


def test_everything_lies_inside_the_picture(frozen: ControlChart) -> None:
    picture = spec(spc.chart(frozen, at=weeks(frozen), measure=SCORE, look=Look(), t=same, target=5.0))
    domain = next(part for part in values(picture, "domain") if isinstance(part, list) and isinstance(part[0], float))
    shown = [row["value"] for row in drawn(picture, "value") if row["value"] is not None]
    assert domain[0] < min(shown)
    assert max(shown) < domain[1]


def test_in_words(frozen: ControlChart) -> None:
    words = spc.describe(frozen, measure=SCORE, target=5.0).english()
    assert words == (
        "16 values, 2 signals. The latest value is 2.5, the centre line 3.48, the limits 3.06 to 3.89. "
        "The values are unusually low or fall, which is worse: something has changed. "
        "As the process runs now, it misses the target consistently."
    )
    run = control_chart(BEFORE, kind="run")
    assert "limits" not in spc.describe(run, measure=SCORE).english()
    assert spc.describe(run, measure=SCORE, target=4.0).english().endswith("will meet its target of 4.")


def test_as_a_table(frozen: ControlChart) -> None:
    table = spc.table(frozen, at=weeks(frozen), measure=SCORE, t=same)
    assert list(table[0]) == ["Day", "Value", "Mean", "Lower limit", "Upper limit", "Signal"]
    assert [row["Signal"] for row in table[12:]] == ["", "", "outside the limits", "", "outside the limits"]
    assert table[0]["Day"] == MONDAY
    run = control_chart(BEFORE, kind="run")
    assert list(spc.table(run, at=weeks(run), measure=SCORE, t=same)[0]) == ["Day", "Value", "Median", "Signal"]


def test_days_and_points_must_match(frozen: ControlChart) -> None:
    with pytest.raises(ValueError, match="at has 1 days, must have 17"):
        spc.chart(frozen, at=[MONDAY], measure=SCORE, look=Look(), t=same)

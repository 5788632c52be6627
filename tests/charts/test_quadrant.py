from __future__ import annotations

import random

import pytest

from charts import quadrant
from charts.look import Look
from charts.quadrant import FARTHEST, QuadrantPoint
from tests.charts.specs import LOOKS, drawn, said, same, spec, values

POINTS = [
    QuadrantPoint(code="P01", name="P01 Gain", customers=1.7, low=1.0, high=2.5, efficiency=-2.0, told="-2 h"),
    QuadrantPoint(code="P02", name="P02 Same place", customers=1.71, low=0.2, high=9.0, efficiency=-2.0),
    QuadrantPoint(code="P13", name="P13 Saves", customers=1.1, low=-1.4, high=4.0, efficiency=3.0),
    QuadrantPoint(
        code="P19", name="P19 Harm", customers=-6.2, low=-9.0, high=-0.7, efficiency=0.4, efficiency_low=-1.0,
        efficiency_high=30.0,
    ),
]  # fmt: skip


def made(points: list[QuadrantPoint]) -> dict[str, object]:
    return spec(quadrant.chart(points, upright="Hours saved a week", look=Look(), t=same))


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(quadrant.chart(POINTS, upright="Hours saved a week", look=look, t=same))


def test_every_pilot_is_inside_and_only_intervals_are_cut() -> None:
    chart = made(POINTS)
    domain = list(quadrant._domain(POINTS))
    assert domain in list(values(chart, "domain"))
    rows = {row["code"]: row for row in drawn(chart, "code")}
    assert set(rows) == {point.code for point in POINTS}
    for point in POINTS:
        row = rows[point.code]
        assert domain[0] < point.customers < domain[1]
        assert row["from"] >= domain[0]
        assert row["to"] <= domain[1]
        assert row["to_cut"] == (point.high > domain[1])
    assert rows["P02"]["to_cut"]
    assert rows["P19"]["top"] == 2 * FARTHEST


def test_pilots_in_one_place_share_a_label() -> None:
    written = [row["written"] for row in drawn(made(POINTS), "written") if row["written"]]
    assert sorted(written) == ["P01, P02", "P13", "P19"]


def test_codes_do_not_cover_each_other_on_a_phone() -> None:
    lots = random.Random(4)
    points = [
        QuadrantPoint(
            code=f"P{n:02d}", name=f"P{n:02d}", customers=lots.uniform(-1, 4), low=0, high=1,
            efficiency=lots.uniform(-12, 4),
        )
        for n in range(14)
    ]  # fmt: skip
    across, up = quadrant._domain(points), quadrant._upright(points)
    placed = quadrant._codes(points, across, up)
    boxes = []
    for point, told in zip(points, placed, strict=True):
        if told["written"]:
            x = quadrant.PHONE * (point.customers - across[0]) / (across[1] - across[0])
            boxes.append((x, point.efficiency, told))
    leaders = [told["led"] for _, _, told in boxes if told["led"] is not None]
    assert len(boxes) + sum(str(told["written"]).count(",") for _, _, told in boxes) == len(points)
    for led in leaders:
        assert up[0] < float(str(led)) < up[1]


def test_the_corners_are_named() -> None:
    words = said(made(POINTS))
    for corner in ("Worse for customers,", "Better for customers,", "saves effort", "takes effort"):
        assert corner in words


def test_its_words_count_what_is_better_and_what_is_worse() -> None:
    sentence = quadrant.describe(POINTS).english()
    assert "4 pilots" in sentence
    assert "1 are better for customers and save effort" in sentence
    assert "2 are better for customers and take effort" in sentence
    assert "1 are worse for customers" in sentence
    assert quadrant.table(POINTS, upright="Hours", t=same)[0]["Hours"] == "-2 h"

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from charts import funnel
from charts.funnel import FunnelStage
from charts.look import Look
from tests.charts.specs import LOOKS, drawn, same, spec

STAGES = [
    FunnelStage(name="Customers speak of it", themes=17),
    FunnelStage(name="A pilot has started", themes=9, pilots=12, lead="half within 35 days", days=35.0),
    FunnelStage(name="Established practice", themes=0, pilots=0),
]


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    made = spec(funnel.chart(STAGES, look=look, t=same))
    assert "data" not in made, "shared rows are sent as a table, and lines of text would come out in brackets"


def test_bars_are_parts_of_the_first_and_nothing_is_still_seen() -> None:
    rows = drawn(spec(funnel.chart(STAGES, look=Look(), t=same)), "length")
    assert [round(row["length"], 3) for row in rows] == [1.0, round(9 / 17, 3), funnel.LEAST]
    assert [row["words"][-1] for row in rows] == ["themes 17", "themes 9, pilots 12", "themes 0, pilots 0"]
    assert [row["lead"] for row in rows] == [None, "↑ half within 35 days", None]


def test_no_row_covers_another() -> None:
    rows = drawn(spec(funnel.chart(STAGES, look=Look(), t=same)), "length")
    for before, after in pairwise(rows):
        assert before["top"] < before["bar"] < before["end"] < after["top"]


def test_a_county_without_themes_is_drawn_too() -> None:
    spec(funnel.chart([FunnelStage(name="Customers speak of it", themes=0)], look=Look(), t=same))
    spec(funnel.chart([], look=Look(), t=same))
    assert "no stage" in funnel.describe([]).english()


def test_its_words_and_its_table_have_every_number() -> None:
    assert "Themes at each stage: 17, 9, 0." in funnel.describe(STAGES).english()
    rows = funnel.table(STAGES, t=same)
    assert [row["Themes"] for row in rows] == [17, 9, 0]
    assert rows[1]["Median days from the stage before"] == 35.0
    assert math.isnan(float(str(rows[2]["Median days from the stage before"])))

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from charts import series
from charts.look import Look
from charts.measure import Measure
from charts.series import Marker
from stats.evaluation import Evaluation
from stats.metric import Direction, Kind
from tests.charts.conftest import START
from tests.charts.specs import LOOKS, drawn, said, same, spec, tables, values

SCORE = Measure(name="Was heard", kind=Kind.SCORE, direction=Direction.INCREASE, unit="1–5")
EVENTS = [
    Marker(on=dt.date(2026, 4, 6), text="New feedback kiosk"),
    Marker(on=dt.date(2024, 1, 1), text="Long before"),
]


def made(evaluation: Evaluation, look: Look = Look()) -> dict[str, object]:  # noqa: B008  frozen
    return spec(series.chart(evaluation.series, start=START, measure=SCORE, look=look, t=same, events=EVENTS))


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(evaluation: Evaluation, look: Look) -> None:
    assert made(evaluation, look)["width"] == "container"


def test_lines_follow_the_evaluation(evaluation: Evaluation) -> None:
    rows = drawn(made(evaluation), "line", "value")
    pilot = [row["value"] for row in rows if row["line"] == "Pilot"]
    expected = evaluation.series.pilot
    assert pilot[3] is None, "a missing week is a gap, not a bridge"
    assert np.delete(np.array(pilot, dtype=float), 3) == pytest.approx(np.delete(expected, 3))
    assert {row["line"] for row in rows} == {
        "Pilot",
        "Comparison units",
        "Expected without the change, with its uncertainty",
    }


def test_every_value_lies_inside_the_picture(evaluation: Evaluation) -> None:
    picture = made(evaluation)
    domain = next(part for part in values(picture, "domain") if isinstance(part, list) and isinstance(part[0], float))
    drawn_values = [row[name] for row in drawn(picture, "week") for name in ("value", "top") if row.get(name)]
    assert domain[0] < min(drawn_values)
    assert max(drawn_values) < domain[1]


def test_start_trigger_and_events_are_named(evaluation: Evaluation) -> None:
    picture = made(evaluation)
    words = said(picture)
    assert {"The feedback that led to the pilot", "The pilot starts", "New feedback kiosk"} <= set(words)
    assert "Long before" not in words
    window = next(rows for rows in tables(picture) if len(rows) == 2)
    assert [row["week"] for row in window] == ["2026-05-04T00:00:00", "2026-06-01T00:00:00"]


def test_no_comparison_no_line(alone: Evaluation) -> None:
    assert {row["line"] for row in drawn(made(alone), "line", "value")} == {
        "Pilot",
        "Expected without the change, with its uncertainty",
    }


def test_in_words_and_as_a_table(evaluation: Evaluation) -> None:
    message = series.describe(evaluation.series, start=START, measure=SCORE)
    assert message.english().startswith("Weekly values of the pilot: 11 weeks before the start on 2026-06-01")
    # Every week has 20 answers, so the weighed level is the plain mean.
    before = np.nanmean(evaluation.series.pilot[:12])
    assert float(message.values["level_before"]) == pytest.approx(before)  # type: ignore[arg-type]
    table = series.table(evaluation.series, measure=SCORE, t=same)
    assert len(table) == 24
    assert table[0]["Week of"] == dt.date(2026, 3, 9)
    assert list(table[0]) == ["Week of", "Pilot", "Answers", "Comparison units", "Expected without the change"]
    assert table[5]["Pilot"] == pytest.approx(float(evaluation.series.pilot[5]))

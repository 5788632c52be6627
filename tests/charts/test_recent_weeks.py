from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from charts import recent_weeks
from charts.look import Look
from charts.measure import Measure
from stats.metric import Direction, Kind
from stats.usual_weeks import UsualWeeks
from tests.charts.specs import LOOKS, drawn, said, same, spec

SCORE = Measure(name="Score", kind=Kind.SCORE, direction=Direction.INCREASE, unit="points")
SHARE = Measure(name="Share", kind=Kind.PROPORTION, direction=Direction.DECREASE)


def weeks_of(*, known: bool = True) -> UsualWeeks:
    """Eight weeks, one of them silent, two of them below their range."""
    value = np.array([0.80, 0.82, np.nan, 0.81, 0.79, 0.80, 0.40, 0.41])
    n = np.where(np.isnan(value), np.nan, 20.0)
    range_of = np.where(np.isnan(value), np.nan, 0.1) if known else np.full(8, np.nan)
    return UsualWeeks(
        weeks=np.datetime64("2026-09-28") + 7 * np.arange(8),
        n=n,
        value=value,
        low=0.8 - range_of,
        high=0.8 + range_of,
        level=0.8 if known else np.nan,
        last=2,
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("marked", [True, False])
def test_it_is_drawn_for_every_reader(look: Look, known: bool, marked: bool) -> None:
    spec(recent_weeks.chart(weeks_of(known=known), measure=SCORE, look=look, t=same, marked=marked))


def test_every_week_is_there_with_its_range_and_a_silent_one_is_a_gap() -> None:
    made = spec(recent_weeks.chart(weeks_of(), measure=SHARE, look=Look(), t=same))
    shown = drawn(made, "value", "low", "kind")
    assert len(shown) == 8
    assert [row["value"] for row in shown if row["week"].startswith("2026-10-12")] == [None]
    assert {(round(row["low"], 2), round(row["high"], 2)) for row in shown if row["low"] is not None} == {(0.7, 0.9)}


def test_the_marked_weeks_are_said_in_words_and_only_then() -> None:
    plain, marked = (
        said(spec(recent_weeks.chart(weeks_of(), measure=SHARE, look=Look(), t=same, marked=flag)))
        for flag in (False, True)
    )
    assert "unusual weeks" in marked
    assert "unusual weeks" not in plain
    made = spec(recent_weeks.chart(weeks_of(), measure=SHARE, look=Look(), t=same, marked=True))
    ground = [row for row in drawn(made, "end") if "value" not in row]
    assert [row["week"][:10] for row in ground] == ["2026-11-09"]


def test_in_words_and_as_a_table() -> None:
    assert recent_weeks.describe(weeks_of(), measure=SHARE).english() == (
        "The last 8 weeks: 7 have values, the usual level is 80 %, 2 lie outside their range."
    )
    assert "too short" in recent_weeks.describe(weeks_of(known=False), measure=SHARE).english()
    table = recent_weeks.table(weeks_of(), measure=SHARE, t=same)
    assert (len(table), table[0]["Week of"]) == (8, dt.date(2026, 9, 28))
    assert "Lower limit" in table[0]
    assert "Lower limit" not in recent_weeks.table(weeks_of(known=False), measure=SHARE, t=same)[0]

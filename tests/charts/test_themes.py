from __future__ import annotations

import datetime as dt
import math

import pytest

from charts import themes
from charts.look import Look
from charts.themes import FEWEST, ThemeWeek
from tests.charts.specs import LOOKS, drawn, same, spec, values

WEEKS = [
    ThemeWeek(week=dt.date(2026, 6, 1), answers=12, unhappy=4, rated=10),
    ThemeWeek(week=dt.date(2026, 6, 8), answers=0, unhappy=0, rated=0),
    ThemeWeek(week=dt.date(2026, 6, 15), answers=7, unhappy=3, rated=FEWEST - 1),
]


@pytest.mark.parametrize("look", LOOKS)
def test_both_are_drawn_for_every_reader(look: Look) -> None:
    spec(themes.weekly_volume(WEEKS, look=look, t=same))
    spec(themes.negative_share(WEEKS, look=look, t=same))


def test_columns_stand_on_each_other() -> None:
    rows = drawn(spec(themes.weekly_volume(WEEKS, look=Look(), t=same)), "kind")
    first = [row for row in rows if row["week"] == "2026-06-01T00:00:00"]
    assert [(row["kind"], row["from"], row["to"]) for row in first] == [
        ("Unhappy answers", 0, 4),
        ("Other answers", 4, 12),
    ]
    assert first[0]["end"] == "2026-06-07T00:00:00"


def test_the_days_on_the_axis_are_mondays_and_not_too_many() -> None:
    year = [
        ThemeWeek(week=dt.date(2026, 1, 5) + dt.timedelta(weeks=k), answers=k, unhappy=0, rated=0) for k in range(52)
    ]
    for weeks, count in ((WEEKS, 3), (year, 8)):
        made = spec(themes.weekly_volume(weeks, look=Look(), t=same))
        shown = next(part for part in values(made, "values") if part and "year" in part[0])
        assert len(shown) == count
        assert all(dt.date(day["year"], day["month"], day["date"]).weekday() == 0 for day in shown)


def test_a_share_of_few_answers_is_not_drawn() -> None:
    rows = drawn(spec(themes.negative_share(WEEKS, look=Look(), t=same)), "share")
    assert [row["share"] for row in rows] == [0.4, None, None]
    assert math.isnan(WEEKS[2].share)


def test_in_words_and_as_a_table() -> None:
    assert themes.describe(WEEKS).english() == (
        "19 answers in 3 weeks, at most 12 in the week of 2026-06-01. 7 of the 14 rated answers were unhappy."
    )
    assert themes.describe([]).english() == "No answers in these weeks."
    unrated = [ThemeWeek(week=dt.date(2026, 6, 1), answers=2, unhappy=0, rated=0)]
    assert themes.describe(unrated).english().endswith("none had a rating.")
    assert themes.table(WEEKS, t=same)[2] == {
        "Week of": dt.date(2026, 6, 15),
        "Answers": 7,
        "Rated answers": 4,
        "Unhappy answers": 3,
    }

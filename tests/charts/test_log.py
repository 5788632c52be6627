from __future__ import annotations

import math

import pytest

from charts import log
from charts.log import Happened, LoggedWeek
from charts.look import Look
from tests.charts.specs import LOOKS, drawn, same, spec, values

WEEKS = [
    LoggedWeek(number=1, happened=Happened.YES, work_went=4),
    LoggedWeek(number=2, happened=Happened.PARTLY),
    LoggedWeek(number=4, happened=Happened.NO, work_went=2.5),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("weeks", [WEEKS, []])
def test_it_is_drawn_for_every_reader(weeks: list[LoggedWeek], look: Look) -> None:
    spec(log.chart(weeks, total=12, look=look, t=same))


def test_each_week_has_its_sign_and_its_number() -> None:
    made = spec(log.chart(WEEKS, total=12, look=Look(), t=same))
    assert [(row["week"], row["happened"], row["work"]) for row in drawn(made, "happened")] == [
        (1, "yes", 4),
        (2, "partly", None),
        (4, "no", 2.5),
    ]
    shapes = next(part for part in values(made, "range") if "circle" in part)
    assert len(set(shapes)) == 3, "the answers differ in shape, not in colour alone"


def test_a_week_without_an_answer_breaks_the_line() -> None:
    weeks = [LoggedWeek(number=n, happened=Happened.YES, work_went=w) for n, w in ((1, 4), (2, 3), (3, None), (4, 2))]
    found = drawn(
        spec(
            log.chart([*weeks, LoggedWeek(number=6, happened=Happened.NO, work_went=5)], total=12, look=Look(), t=same)
        ),
        "happened",
    )
    runs = {row["week"]: row["run"] for row in found}
    assert runs[1] == runs[2]
    assert len({runs[1], runs[4], runs[6]}) == 3


def test_the_axis_holds_the_whole_plan_and_any_week_after_it() -> None:
    for total, last in ((12, 12.5), (3, 4.5)):
        made = spec(log.chart(WEEKS, total=total, look=Look(), t=same))
        assert [0.5, last] in [part for part in values(made, "domain") if isinstance(part, list)]


def test_in_words_and_as_a_table() -> None:
    assert log.describe(WEEKS, total=12).english() == (
        "3 of 12 weeks logged: the change happened in 1, partly in 1, not in 1."
    )
    assert log.describe(WEEKS, total=2).english().startswith("2 of 2 weeks logged")
    assert log.describe([], total=12).english() == "Nothing has been logged yet."
    table = log.table(WEEKS, t=same)
    assert [row["Did the change happen?"] for row in table] == ["yes", "partly", "no"]
    assert math.isnan(table[1]["How the work went, from 1 to 5"])  # type: ignore[arg-type]

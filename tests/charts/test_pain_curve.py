from __future__ import annotations

import pytest

from charts import pain_curve
from charts.look import Look
from charts.pain_curve import WalkedStage, WalkGroup, took
from tests.charts.specs import LOOKS, drawn, said, same, spec

STAGES = ("contact", "choosing a time", "visit")


def walk(*felt: int, pace: float = 1.0) -> tuple[WalkedStage, ...]:
    return tuple(WalkedStage(stage=n, feeling=one, minute=n * 60 * pace) for n, one in enumerate(felt))


BEFORE = WalkGroup(name="without a pilot", walks=(walk(3, 1, 4), walk(4, 2, 4, pace=3), walk(3, 2)))
DURING = WalkGroup(name="during P03", walks=(walk(4, 5, 4),))


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(pain_curve.chart([BEFORE, DURING], stages=STAGES, look=look, t=same))
    spec(pain_curve.chart([BEFORE], stages=STAGES, look=look, t=same))


def test_the_strong_line_is_the_median_of_those_who_got_so_far() -> None:
    assert BEFORE.middle() == [(0, 3.0, 0.0, 3), (1, 2.0, 60.0, 3), (2, 4.0, 240.0, 2)]
    made = spec(pain_curve.chart([BEFORE], stages=STAGES, look=Look(language="en"), t=same))
    medians = [(row["stage"], row["feeling"], row["time"]) for row in drawn(made, "time")]
    assert medians == [(0, 3.0, "0 min"), (1, 2.0, "60 min"), (2, 4.0, "4 h")]


def test_every_walk_is_a_line_of_its_own() -> None:
    made = spec(pain_curve.chart([BEFORE, DURING], stages=STAGES, look=Look(), t=same))
    assert len({row["walk"] for row in drawn(made, "walk")}) == 4


def test_the_worst_stage_is_said_in_words() -> None:
    assert pain_curve.worst([BEFORE, DURING]) == (1, 2.0)
    assert "worst: choosing a time" in said(spec(pain_curve.chart([BEFORE], stages=STAGES, look=Look(), t=same)))
    sentence = pain_curve.describe([BEFORE, DURING], stages=STAGES).english()
    assert sentence == "Walks: 4. The worst stage is choosing a time, 2 of 5; the best is visit, 4 of 5."
    tied = WalkGroup(name="", walks=(walk(2, 2, 4), walk(2, 1, 4), walk(2, 2, 4)))
    assert pain_curve.worst([tied]) == (1, 2.0), "of equal medians the lower mean"
    alike = WalkGroup(name="", walks=(walk(3, 3, 3),))
    assert "Every stage felt alike, 3 of 5" in pain_curve.describe([alike], stages=STAGES).english()


def test_a_path_nobody_has_walked() -> None:
    nobody = WalkGroup(name="", walks=())
    spec(pain_curve.chart([nobody], stages=STAGES, look=Look(), t=same))
    assert pain_curve.worst([nobody]) is None
    assert "Nobody" in pain_curve.describe([nobody], stages=STAGES).english()


def test_more_groups_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="6 groups, must be at most 5"):
        pain_curve.chart([DURING] * 6, stages=STAGES, look=Look(), t=same)


def test_times_are_said_as_people_say_them() -> None:
    assert took(2.2 * 24 * 60, Look(language="fi"), same) == "2,2 d"
    assert took(119, Look(), same) == "119 min"
    rows = pain_curve.table([BEFORE, DURING], stages=STAGES, look=Look(), t=same)
    assert [row["Walks"] for row in rows] == ["without a pilot"] * 3 + ["during P03"] * 3
    assert "Walks" not in pain_curve.table([BEFORE], stages=STAGES, look=Look(), t=same)[0]

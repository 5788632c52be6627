from __future__ import annotations

import itertools

import pytest

from charts import drivers
from charts.drivers import HEIGHT, LINE, NAMED, DriverPoint
from charts.look import Look
from tests.charts.specs import LOOKS, drawn, said, same, spec


def point(number: int, **changes: object) -> DriverPoint:
    given: dict[str, object] = {
        "number": number, "name": f"Theme {number}", "answers": 100, "worse": 1.0, "low": 0.6, "high": 1.4,
        "candidate": False,
    }  # fmt: skip
    return DriverPoint(**{**given, **changes})  # type: ignore[arg-type]


POINTS = [
    point(1, answers=600, worse=1.1, candidate=True),
    point(2, answers=90, worse=1.5, low=1.0, high=2.0),
    point(3, answers=300, worse=0.1, low=-0.2, high=0.4),
    point(4, answers=200, worse=-0.4, low=-0.6, high=-0.2),
]


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(drivers.chart(POINTS, axis="Points worse", look=look, t=same))


def test_kinds_have_colour_and_shape_and_words() -> None:
    made = spec(drivers.chart(POINTS, axis="Points worse", look=Look(), t=same))
    rows = drawn(made, "number")
    assert [row["kind"] for row in rows] == [
        "May matter most", "Makes a difference", "Cannot be told from none", "Makes a difference",
    ]  # fmt: skip
    assert {"May matter most", "Often and much", "Points worse", "Answers that name the theme"} <= set(said(made))


def test_the_first_have_their_names_and_the_others_their_numbers() -> None:
    rows = drawn(spec(drivers.chart([point(n) for n in range(1, 9)], axis="", look=Look(), t=same)), "number")
    assert [row["words"] for row in rows][NAMED - 1 : NAMED + 1] == ["3 Theme 3", "4"]
    long = drawn(spec(drivers.chart([point(1, name="word " * 20)], axis="", look=Look(), t=same)), "number")
    assert long[0]["words"].endswith("…")


def test_words_do_not_touch_each_other() -> None:
    """Twelve themes in one place: every two lines of words are at least a line's height apart."""
    rows = drawn(spec(drivers.chart([point(n) for n in range(1, 13)], axis="", look=Look(), t=same)), "number")
    heights = sorted(row["label"] for row in rows)
    line = 1.4 * 1.06 * LINE / HEIGHT
    assert min(b - a for a, b in itertools.pairwise(heights)) >= line * 0.999


def test_in_words() -> None:
    assert drivers.describe(POINTS).english() == (
        "4 themes by how often they are named and how much worse the outcome is where they are. 2 go clearly with a "
        "worse outcome, 1 with a better one and 1 cannot be told from none. The most important by the estimate: "
        "Theme 1."
    )

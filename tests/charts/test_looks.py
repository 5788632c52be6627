from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from charts import looks
from charts.look import Look
from stats.evaluation import Evaluation
from tests.charts.specs import LOOKS, drawn, said, same, spec, values


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(evaluation: Evaluation, look: Look) -> None:
    spec(looks.chart(evaluation.looks, planned=evaluation.plan.reviews, look=look, t=same))


def test_points_are_the_reviews_and_far_bounds_end_at_the_top(alone: Evaluation) -> None:
    early = replace(alone.looks[0], bound=8.0, z=0.4)
    picture = spec(looks.chart((early, *alone.looks[1:]), planned=alone.plan.reviews, look=Look(), t=same))
    rows = drawn(picture, "on", "z")
    assert [row["z"] for row in rows] == [0.4, *(look.z for look in alone.looks[1:])]
    assert (rows[0]["bound"], rows[0]["exact"]) == (rows[0]["top"], 8.0)


def test_reviews_to_come_have_their_place(alone: Evaluation) -> None:
    picture = spec(looks.chart(alone.looks, planned=alone.plan.reviews, look=Look(), t=same))
    assert len(alone.looks) < len(alone.plan.reviews)
    end = next(part[1] for part in values(picture, "domain") if isinstance(part, list) and "year" in part[0])
    assert dt.date(end["year"], end["month"], end["date"]) > alone.plan.end


def test_the_bound_for_harm_is_drawn_once_a_result_comes_near(evaluation: Evaluation) -> None:
    planned = evaluation.plan.reviews
    worse = [replace(review, crossed=False, z=-2.5, bound=2.0) for review in evaluation.looks]
    for held, shown in ((worse, True), (evaluation.looks, False)):
        words = said(spec(looks.chart(held, planned=planned, look=Look(), t=same)))
        assert ("Harm is shown" in words) is shown
    assert looks.describe(worse, planned=planned).english().endswith(f"harm was first passed on {worse[0].on}.")


def test_in_words(evaluation: Evaluation) -> None:
    planned = evaluation.plan.reviews
    quiet = [replace(look, crossed=False, z=1.5, bound=2.0) for look in evaluation.looks]
    assert looks.describe([], planned=planned).english() == "No review has been held yet; 3 are planned."
    assert looks.describe(quiet[:2], planned=planned).english() == (
        "2 of 3 reviews held. At the latest the strength of evidence was 1.5; 2 is needed. "
        "No review has reached its bound."
    )
    reached = [quiet[0], replace(quiet[1], crossed=True), quiet[2]]
    assert looks.describe(reached, planned=planned).english().endswith(f"first reached on {quiet[1].on}.")


def test_as_a_table(evaluation: Evaluation) -> None:
    table = looks.table(evaluation.looks, t=same)
    assert [row["Review"] for row in table] == [look.on for look in evaluation.looks]
    assert [row["Reached"] for row in table] == ["yes" if look.crossed else "no" for look in evaluation.looks]

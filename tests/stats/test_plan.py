"""Plans: what is refused, the default reviews, the canonical form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stats.errors import PlanError
from stats.plan import Plan

PLAN: dict[str, Any] = {
    "metric": {"kind": "score", "direction": "increase", "smallest_change": 0.3},
    "pilot_units": ["A"],
    "comparison_units": ["B", "C"],
    "randomised": False,
    "start": "2026-03-02",
    "end": "2026-05-24",
    "trigger": {"from": "2026-02-02", "to": "2026-03-01"},
}


def test_default_reviews_are_sundays_from_week_three() -> None:
    reviews = Plan.from_dict(PLAN).reviews
    assert len(reviews) == 10
    assert reviews[0] == date(2026, 3, 22)
    assert reviews[-1] == date(2026, 5, 24)
    assert {day.weekday() for day in reviews} == {6}


def test_a_plan_at_the_end_of_the_calendar_has_reviews() -> None:
    plan = Plan.from_dict(PLAN | {"start": "9999-12-25", "end": "9999-12-31", "trigger": None})
    assert plan.reviews == (date(9999, 12, 31),)


def test_the_end_is_always_the_last_review() -> None:
    plan = Plan.from_dict(PLAN | {"reviews": ["2026-04-12"]})
    assert plan.reviews == (date(2026, 4, 12), date(2026, 5, 24))


def test_the_canonical_form_reads_back_the_same() -> None:
    plan = Plan.from_dict(PLAN)
    assert Plan.from_dict(plan.to_dict()) == plan
    swapped = Plan.from_dict(PLAN | {"comparison_units": ["C", "B"]})
    assert swapped.to_dict() == plan.to_dict()


def test_a_signed_change_must_agree_with_the_direction() -> None:
    metric = {"kind": "duration", "direction": "decrease", "smallest_change": -2}
    assert Plan.from_dict(PLAN | {"metric": metric}).smallest_change == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"comparison_units": ["A", "B"]}, "The unit A is in both 'pilot_units' and 'comparison_units'"),
        ({"pilot_units": []}, "The plan's field 'pilot_units' is empty"),
        ({"pilot_units": "A"}, "The plan's field 'pilot_units' must be a list"),
        ({"comparison_units": ["B", "B"]}, "The plan's field 'comparison_units' names the unit B twice"),
        ({"end": "2026-03-02"}, "The plan's field 'end' is 2026-03-02; it must be after the start 2026-03-02"),
        ({"start": "2.3.2026"}, "The plan's field 'start' is 2.3.2026; it must be a date"),
        ({"start": None}, "The plan's field 'start' is missing"),
        ({"reviews": ["2026-04-12", "2026-04-05"]}, "The plan's field 'reviews' has 2026-04-05 after 2026-04-12"),
        ({"reviews": ["2026-06-12"]}, "The plan's field 'reviews' has 2026-06-12; a review must lie between"),
        ({"trigger": {"from": "2026-02-02", "to": "2026-03-09"}}, "The plan's field 'trigger' runs from 2026-02-02"),
        ({"trigger": {"from": "2026-02-02"}}, "The plan's field 'trigger.to' is missing"),
        ({"comparision_units": ["B"]}, "The plan has an unknown field 'comparision_units'"),
        ({"randomised": "yes"}, "The plan's field 'randomised' is yes; it must be true or false"),
        ({"starts": {"B": "2026-03-09"}}, "The plan's field 'starts' has B on 2026-03-09"),
        ({"end": "2126-12-31"}, "The plan's field 'end' is 2126-12-31; it may be at most 260 weeks after the start"),
        ({"end": "9999-12-31"}, "The plan's field 'end' is 9999-12-31; it may be at most 260 weeks after the start"),
        ({"start": 20260302}, "The plan's field 'start' is 20260302; it must be a date"),
        ({"start": "20260302"}, "The plan's field 'start' is 20260302; it must be a date"),
        ({"start": "2026-W10-1"}, "The plan's field 'start' is 2026-W10-1; it must be a date"),
        ({"comparison_units": 0}, "The plan's field 'comparison_units' must be a list"),
        ({"comparison_units": ""}, "The plan's field 'comparison_units' must be a list"),
        ({"randomised": 0}, "The plan's field 'randomised' is 0; it must be true or false"),
        ({"reviews": False}, "The plan's field 'reviews' must be a list"),
        ({"starts": []}, "The plan's field 'starts' must be an object"),
    ],
)
def test_bad_plans_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PlanError) as refusal:
        Plan.from_dict(PLAN | changes)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kind", "rating", "The plan's field 'metric.kind' is rating; allowed are score, nps"),
        ("direction", "up", "The plan's field 'metric.direction' is up; allowed are increase, decrease"),
        ("smallest_change", "0.3", "The plan's field 'metric.smallest_change' is 0.3; it must be a number"),
        ("smallest_change", 0, "The plan's field 'metric.smallest_change' is 0; it must be a number other than 0"),
        ("smallest_change", -0.3, "The plan's field 'metric.smallest_change' is -0.3, but the metric should increase"),
        ("smallest_change", 10**400, "The plan's field 'metric.smallest_change' is inf; it must be a number"),
        ("smallest_change", None, "The plan's field 'metric.smallest_change' is missing"),
    ],
)
def test_bad_metrics_are_refused(field: str, value: object, sentence: str) -> None:
    with pytest.raises(PlanError) as refusal:
        Plan.from_dict(PLAN | {"metric": PLAN["metric"] | {field: value}})
    assert str(refusal.value).startswith(sentence)

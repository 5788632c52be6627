"""What a registration proposes, from a small county of four units."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session

from models.base import validated
from models.metrics import Direction, MetricFamily, MetricKind
from models.organisation import Unit
from models.people import Person, Role
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import registration, theme_facts
from services.rows import key
from tests.services.small_county import TODAY, answer, measure, metric, stored_county


@pytest.fixture
def county(session: Session) -> dict[str, Unit]:
    """The small county, stored."""
    return stored_county(session)


def test_the_metric_with_most_data_comes_first(session: Session, county: dict[str, Unit]) -> None:
    few, many = metric(session, "a_few"), metric(session, "b_many")
    staff = metric(session, "c_staff", family=MetricFamily.STAFF)
    metric(session, "d_nothing")
    measure(session, few, county["A1"], [3.0] * 16, n=5)
    measure(session, many, county["A1"], [3.0] * 16, n=30)
    measure(session, staff, county["A1"], [3.0] * 16, n=90)
    choices = registration.metrics(session, unit_id=key(county["A1"].id), today=TODAY)
    assert [c.metric.code for c in choices] == ["b_many", "a_few", "c_staff", "d_nothing"]
    assert (choices[0].per_week, choices[0].weeks) == (30.0, 16)
    assert choices[3].weeks == 0


def test_answers_count_as_data_of_every_metric_they_feed(session: Session, county: dict[str, Unit]) -> None:
    fed = metric(session, "thl1", item="thl1")
    for weeks_ago in (1, 1, 2):
        answer(session, county["A1"], weeks_ago=weeks_ago)
    repeat = answer(session, county["A1"])
    repeat.repeats_id = key(repeat.id) - 1
    session.add(repeat)
    session.commit()
    choice = registration.metrics(session, unit_id=key(county["A1"].id), today=TODAY)[0]
    assert (choice.metric.code, choice.weeks, choice.per_week) == (fed.code, 2, 1.5)


@pytest.mark.parametrize(
    ("fields", "level", "expected"),
    [
        ({"smallest_change": 0.3}, 4.0, 0.3),
        ({}, 4.0, 0.2),  # (5 - 1) / 20
        ({"kind": MetricKind.PROPORTION, "scale_low": None, "scale_high": None}, 0.5, 0.05),
        ({"kind": MetricKind.DURATION, "scale_low": None, "scale_high": None}, 28.0, 2.8),
        ({"kind": MetricKind.DURATION, "scale_low": None, "scale_high": None}, None, 1.0),
    ],
)
def test_smallest_change_has_a_sensible_default(
    session: Session, fields: dict[str, object], level: float | None, expected: float
) -> None:
    assert registration.smallest_change(metric(session, "m", **fields), level) == pytest.approx(expected)


def test_target_goes_the_better_way_and_stays_on_the_scale(session: Session) -> None:
    up = metric(session, "up")
    down = metric(session, "down", kind=MetricKind.PROPORTION, direction=Direction.DECREASE)
    assert registration.target(up, 4.0, 0.3) == pytest.approx(4.3)
    assert registration.target(up, 4.9, 0.3) == 5.0
    assert registration.target(down, 0.12, 0.05) == pytest.approx(0.07)
    assert registration.target(down, 0.02, 0.05) == 0.0


def test_dates_are_twelve_whole_weeks_from_next_monday() -> None:
    assert registration.dates(TODAY) == registration.Dates(
        start_on=dt.date(2026, 11, 30), end_on=dt.date(2027, 2, 21), decide_on=dt.date(2027, 2, 28)
    )
    assert registration.dates(dt.date(2026, 11, 30)).start_on == dt.date(2026, 12, 7)


def test_staff_pulse_and_one_safety_metric_are_preticked(session: Session, county: dict[str, Unit]) -> None:
    primary = metric(session, "thl1", item="thl1")
    metric(session, "same_answers", item="thl1", is_guardrail=True)
    metric(session, "pulse", family=MetricFamily.STAFF, is_guardrail=True, smallest_change=0.2)
    safety = metric(session, "safety", family=MetricFamily.SAFETY, is_guardrail=True, smallest_change=0.1)
    process = metric(session, "process", family=MetricFamily.PROCESS, is_guardrail=True)
    metric(session, "not_a_guardrail")
    for row in (safety, process):
        measure(session, row, county["A1"], [3.0] * 16)
    found = registration.guardrails(session, metric=primary, unit_id=key(county["A1"].id), today=TODAY)
    assert [(c.metric.code, c.proposed, c.has_data) for c in found] == [
        ("safety", True, True),
        ("pulse", True, False),
        ("process", False, True),
    ]
    assert found[1].margin == 0.2


def test_a_family_that_a_template_names_is_preticked_when_it_has_data(
    session: Session, county: dict[str, Unit]
) -> None:
    primary = metric(session, "primary")
    cost = metric(session, "cost", family=MetricFamily.COST, is_guardrail=True)
    metric(session, "process", family=MetricFamily.PROCESS, is_guardrail=True)
    measure(session, cost, county["A1"], [3.0] * 16)

    def ticked(*families: MetricFamily) -> list[str]:
        unit_id = key(county["A1"].id)
        found = registration.guardrails(session, metric=primary, unit_id=unit_id, today=TODAY, families=families)
        return [choice.metric.code for choice in found if choice.proposed]

    assert ticked() == []
    assert ticked(MetricFamily.COST, MetricFamily.PROCESS) == ["cost"]


def test_groups_are_offered_when_ten_of_their_answers_feed_the_metric(
    session: Session, county: dict[str, Unit]
) -> None:
    fed = metric(session, "thl1", item="thl1")
    for _ in range(9):
        answer(session, county["A1"])
    assert registration.groups(session, metric=fed, unit_id=key(county["A1"].id), today=TODAY) == []
    answer(session, county["A1"])
    found = registration.groups(session, metric=fed, unit_id=key(county["A1"].id), today=TODAY)
    assert [(c.group, c.answers, c.proposed) for c in found] == [("age:75+", 10, True), ("language:sv", 10, True)]
    measured = metric(session, "measured")
    assert registration.groups(session, metric=measured, unit_id=key(county["A1"].id), today=TODAY) == []


def test_voice_quotes_the_unit_or_else_the_county(session: Session, county: dict[str, Unit]) -> None:
    theme = validated(Theme, code="T01", name={"fi": "Jono"})
    session.add(theme)
    session.flush()
    for unit, text in (("A1", "Jonotin tunnin."), ("A1", "Kukaan ei soittanut."), ("B1", "Hyvin meni.")):
        row = answer(session, county[unit], text=text)
        session.add(validated(ThemeAssignment, feedback_id=row.id, theme_id=theme.id, assigned_by=AssignedBy.RULE))
    session.flush()
    theme_facts.rebuild(session)
    session.commit()
    own = registration.voice(session, theme=theme, unit_id=key(county["A1"].id), today=TODAY)
    assert (own.answers, own.people, own.own_unit) == (2, 2, True)
    assert own.quotes == ("Kukaan ei soittanut.", "Jonotin tunnin.")
    silent = registration.voice(session, theme=theme, unit_id=key(county["A2"].id), today=TODAY)
    assert (silent.answers, silent.own_unit) == (3, False)


def test_a_lead_registers_in_the_own_unit_and_staff_nowhere(session: Session, county: dict[str, Unit]) -> None:
    def person(code: str, role: Role, unit: str | None) -> Person:
        row = validated(Person, code=code, name=code, role=role, unit_id=county[unit].id if unit else None)
        session.add(row)
        session.commit()
        return row

    def codes(by: Person) -> list[str]:
        return [unit.code for unit in registration.units_of(session, by)]

    assert codes(person("lead", Role.TEAM_LEAD, "A2")) == ["A2"]
    assert codes(person("coach", Role.COACH, None)) == ["A1", "A2", "B1", "B2"]
    assert codes(person("staff", Role.STAFF, "A2")) == []

"""Evaluations: the same inputs give the same snapshot, gaps are said, the portfolio puts each pilot in its pile."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlmodel import select

from models import decisions as tables
from models.organisation import Event, EventUnit
from models.pilots import Pilot, Status
from services import evaluation, pilots, plans, portfolio
from services.errors import Conflict, NotAllowed
from services.portfolio import Pile
from stats.guardrails import Guard
from stats.rules import Verdict
from tests.services.conftest import TODAY, World

START = TODAY + dt.timedelta(days=7)
WEEK = dt.timedelta(days=7)
OVER = START + 14 * WEEK


def weeks_of(world: World, unit: object, metric: object, levels: list[float], *, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for offset, level in enumerate(levels):
        day = START + (offset - 12) * WEEK
        world.measure(unit, metric, day, n=40, mean=level + rng.normal(0, 0.05), sd=1.0)  # type: ignore[arg-type]


@pytest.fixture
def pilot(world: World) -> Pilot:
    """A pilot whose metric rose from 4 to 6 while two other wards stayed, and whose staff did not suffer."""
    weeks_of(world, world.ward, world.score, [4.0] * 12 + [6.0] * 12, seed=1)
    weeks_of(world, world.other_ward, world.score, [4.2] * 24, seed=2)
    weeks_of(world, world.station, world.score, [3.9] * 24, seed=3)
    weeks_of(world, world.ward, world.pulse, [3.5] * 24, seed=4)
    plan = world.plan(comparison_unit_ids=(world.other_ward.id, world.station.id))
    return pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)


def test_a_large_clean_gain_with_two_comparison_units_scales(world: World, pilot: Pilot) -> None:
    stored = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=world.lead)
    result = stored.result
    assert result is not None
    assert (result.verdict, stored.row.verdict.value) == (Verdict.SCALE, "scale")
    assert result.effect == pytest.approx(2.0, abs=0.25)
    assert [guard.status for guard in result.guardrails] == [Guard.HELD]
    assert stored.row.effect == result.effect
    assert stored.row.as_of == plans.current(world.session, pilot.id).plan.end_on


def test_the_same_inputs_are_stored_once_and_a_changed_value_again(world: World, pilot: Pilot) -> None:
    first = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None)
    again = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER + WEEK, by=None)
    assert again.row.id == first.row.id
    world.measure(world.ward, world.score, START, n=5, mean=1.0, sd=1.0)
    changed = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None)
    assert changed.row.id != first.row.id
    assert changed.row.inputs_hash != first.row.inputs_hash
    latest = evaluation.latest(world.session, pilot.id)
    assert latest is not None
    assert latest.row.id == changed.row.id


def test_nothing_after_the_day_is_used(world: World, pilot: Pilot) -> None:
    middle = START + 5 * WEEK
    before = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=middle, by=None)
    world.measure(world.ward, world.score, middle + WEEK, n=500, mean=0.0, sd=1.0)
    after = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=middle, by=None)
    assert after.row.id == before.row.id


def test_a_pilot_without_data_is_said_to_lack_them_and_has_no_effect(world: World) -> None:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    stored = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None)
    assert stored.result is not None
    assert (stored.result.verdict, stored.result.effect) == (Verdict.NOT_ENOUGH_DATA, None)
    assert (stored.row.effect, stored.row.interval_low) == (None, None)


def test_a_comparison_unit_without_data_is_left_out_of_the_design(world: World) -> None:
    weeks_of(world, world.ward, world.score, [4.0] * 12 + [6.0] * 12, seed=1)
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    result = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None).result
    assert result is not None
    assert result.design.name == "short_history"
    assert result.verdict is not Verdict.SCALE


def test_before_the_start_and_without_the_right_there_is_no_evaluation(world: World, pilot: Pilot) -> None:
    with pytest.raises(Conflict):
        evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=TODAY, by=None)
    for person in (world.nurse, world.other_lead, world.trustee):
        with pytest.raises(NotAllowed):
            evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=person)
    assert world.session.exec(select(tables.Evaluation)).all() == []


def test_a_snapshot_of_another_version_is_kept_but_not_read(world: World, pilot: Pilot) -> None:
    stored = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None)
    stored.row.result = {"$type": "stats.results:Gone", "fields": {}}
    world.session.add(stored.row)
    world.session.commit()
    latest = evaluation.latest(world.session, pilot.id)
    assert latest is not None
    assert latest.result is None
    assert portfolio.rows(world.session, today=OVER)[0].pile is Pile.TO_DECIDE


def test_every_started_pilot_is_evaluated_and_lies_in_its_pile(world: World, pilot: Pilot) -> None:
    later = world.plan(
        start_on=OVER + WEEK,
        end_on=OVER + 20 * WEEK,
        decide_on=OVER + 20 * WEEK,
        comparison_unit_ids=(world.station.id,),
    )
    pilots.register_pilot(world.session, fields=world.fields(), plan=later, by=world.lead, today=TODAY)
    assert [found.pilot.code for found in evaluation.evaluate_all(world.session, today=OVER)] == [pilot.code]
    assert [row.pile for row in portfolio.rows(world.session, today=OVER)] == [Pile.TO_DECIDE, Pile.PLANNED]


def test_a_harmed_guardrail_comes_first_in_the_meeting_until_decided(world: World, pilot: Pilot) -> None:
    weeks_of(world, world.ward, world.pulse, [3.5] * 12 + [1.5] * 12, seed=5)
    stored = evaluation.evaluate_pilot(world.session, pilot_id=pilot.id, today=OVER, by=None)
    assert stored.result is not None
    assert stored.result.verdict is Verdict.ADAPT
    assert portfolio.pile_of(Status.AWAITING_DECISION, stored) is Pile.HARM
    assert portfolio.pile_of(Status.RUNNING, stored) is Pile.HARM
    assert portfolio.pile_of(Status.STOPPED, stored) is Pile.LEARNED
    assert portfolio.pile_of(Status.SCALING, stored) is Pile.FOLLOW_UP


def test_events_of_the_county_and_of_the_plans_units_are_near_it(world: World, pilot: Pilot) -> None:
    for name, day, unit in (
        ("county", START, None),
        ("own", START, world.ward),
        ("elsewhere", START, world.area),
        ("long ago", START - 60 * WEEK, None),
    ):
        event = Event(on_date=day, name={"fi": name})
        world.session.add(event)
        world.session.flush()
        if unit:
            world.session.add(EventUnit(event_id=event.id, unit_id=unit.id))
    world.session.commit()
    near = evaluation.events_near(world.session, plans.current(world.session, pilot.id))
    assert [event.name["fi"] for event in near] == ["county", "own"]

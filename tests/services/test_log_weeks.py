"""Which weeks can be logged, and when the log is read."""

from __future__ import annotations

import datetime as dt

import pytest

from models.base import week_of
from models.pilots import Happened, Pilot, Status
from models.plans import PilotPlan
from services import log_weeks, pilots, weekly_log
from services.errors import BadInput, Conflict
from tests.services.conftest import TODAY, World


@pytest.fixture
def pilot(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


@pytest.fixture
def plan(world: World, pilot: Pilot) -> PilotPlan:
    return pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY).plan


def test_the_week_before_the_start_is_not_open(plan: PilotPlan) -> None:
    first = week_of(plan.start_on)
    assert log_weeks.open_weeks(plan, plan.start_on) == (first,)
    assert log_weeks.open_weeks(plan, plan.start_on + dt.timedelta(weeks=1)) == (first + 1, first)
    assert log_weeks.week_to_log(plan, plan.start_on, None) == first
    with pytest.raises(BadInput):
        log_weeks.week_to_log(plan, plan.start_on, first - 1)


def test_after_the_end_only_the_last_week_and_only_for_a_week(plan: PilotPlan) -> None:
    last = week_of(plan.end_on)
    awaiting = Status.AWAITING_DECISION
    a_week, two = plan.end_on + dt.timedelta(weeks=1), plan.end_on + dt.timedelta(weeks=2)
    assert log_weeks.open_weeks(plan, a_week, status=awaiting) == (last,)
    assert log_weeks.week_to_log(plan, a_week, None, status=awaiting) == last
    assert log_weeks.open_weeks(plan, two, status=awaiting) == ()
    for today, week in ((a_week, last + 1), (two, None), (two, last), (two, last + 2)):
        with pytest.raises(Conflict, match="ended on"):
            log_weeks.week_to_log(plan, today, week, status=awaiting)
    assert log_weeks.open_weeks(plan, two, status=Status.SCALING) == (last + 2, last + 1)
    assert log_weeks.open_weeks(plan, plan.end_on, status=Status.STOPPED) == ()
    with pytest.raises(Conflict, match="not running"):
        log_weeks.week_to_log(plan, plan.end_on, None, status=Status.STOPPED)


def test_last_week_is_empty_until_somebody_logs_it(world: World, plan: PilotPlan) -> None:
    second = plan.start_on + dt.timedelta(weeks=1)
    assert not log_weeks.last_week_is_empty(world.session, plan, plan.start_on)
    assert log_weeks.last_week_is_empty(world.session, plan, second)
    assert not log_weeks.last_week_is_empty(world.session, plan, plan.end_on + dt.timedelta(weeks=3))
    entry = weekly_log.record(
        world.session,
        pilot_id=plan.pilot_id,
        happened=Happened.NO,
        by=world.nurse,
        today=second,
        week=week_of(second) - 1,
    )
    assert not log_weeks.last_week_is_empty(world.session, plan, second)
    weekly_log.undo(world.session, entry_id=entry.id, by=world.nurse)
    assert log_weeks.last_week_is_empty(world.session, plan, second)


def test_the_count_of_saves_only_grows(world: World, plan: PilotPlan) -> None:
    def count() -> int:
        return log_weeks.times_logged(world.session, plan.pilot_id, world.nurse)

    assert count() == 0
    entry = weekly_log.record(
        world.session, pilot_id=plan.pilot_id, happened=Happened.NO, by=world.nurse, today=plan.start_on
    )
    weekly_log.undo(world.session, entry_id=entry.id, by=world.nurse)
    assert count() == 1


def test_the_log_is_read_at_the_next_review_then_at_the_decision(plan: PilotPlan) -> None:
    sunday = plan.start_on + dt.timedelta(days=20)
    assert sunday.weekday() == 6
    assert log_weeks.read_next(plan, plan.start_on) == sunday
    assert log_weeks.read_next(plan, sunday + dt.timedelta(days=1)) == sunday + dt.timedelta(weeks=1)
    assert log_weeks.read_next(plan, plan.end_on + dt.timedelta(days=1)) == plan.decide_on
    assert log_weeks.read_next(plan, plan.decide_on + dt.timedelta(days=1)) is None

"""The weekly log, its measurements, and undo."""

from __future__ import annotations

import datetime as dt

import pytest

from models.base import week_of
from models.pilots import Happened, LogEntry, Pilot, Status
from services import pilots, series, staff_views, weekly_log
from services.errors import BadInput, Conflict, NotAllowed
from tests.services.conftest import TODAY, World

IN_WEEK_TWO = TODAY + dt.timedelta(days=15)


@pytest.fixture
def pilot(world: World) -> Pilot:
    plan = world.plan(metric_id=world.errors.id, smallest_change=1.5)
    return pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)


def logged_values(world: World) -> list[float]:
    rows = series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).rows
    return rows["count"].to_list()


def test_a_number_becomes_a_measurement_and_undo_takes_it_back(world: World, pilot: Pilot) -> None:
    entry = weekly_log.record(
        world.session, pilot_id=pilot.id, happened=Happened.YES, work_went=4, value=7, by=world.nurse, today=IN_WEEK_TWO
    )
    assert logged_values(world) == [7]
    assert weekly_log.fidelity(world.session, pilot.id) == 1.0
    weekly_log.undo(world.session, entry_id=entry.id, by=world.nurse)
    assert logged_values(world) == []
    assert weekly_log.entries(world.session, pilot.id) == []
    assert weekly_log.fidelity(world.session, pilot.id) is None
    with pytest.raises(Conflict):
        weekly_log.undo(world.session, entry_id=entry.id, by=world.nurse)


def test_logging_twice_corrects_and_undoing_restores_the_earlier_number(world: World, pilot: Pilot) -> None:
    for value in (7, 5):
        entry = weekly_log.record(
            world.session, pilot_id=pilot.id, happened=Happened.PARTLY, value=value, by=world.nurse, today=IN_WEEK_TWO
        )
    assert logged_values(world) == [5]
    weekly_log.undo(world.session, entry_id=entry.id, by=world.nurse)
    assert logged_values(world) == [7]


def test_notes_are_redacted_before_they_are_stored(world: World, pilot: Pilot) -> None:
    entry = weekly_log.record(
        world.session,
        pilot_id=pilot.id,
        happened=Happened.NO,
        note="Soitti 040 123 4567, hetu 010190-999W.",
        by=world.nurse,
        today=IN_WEEK_TWO,
    )
    assert "4567" not in entry.note
    assert "999W" not in entry.note
    assert "[PHONE]" in entry.note


def test_only_the_unit_logs_and_only_a_running_pilot(world: World, pilot: Pilot) -> None:
    with pytest.raises(NotAllowed):
        weekly_log.record(
            world.session, pilot_id=pilot.id, happened=Happened.YES, by=world.other_lead, today=IN_WEEK_TWO
        )
    with pytest.raises(Conflict):
        weekly_log.record(world.session, pilot_id=pilot.id, happened=Happened.YES, by=world.nurse, today=TODAY)


@pytest.mark.parametrize(("work_went", "value"), [(0, None), (6, None), (3, -1.0), (3, 2.5)])
def test_values_out_of_range_are_refused(world: World, pilot: Pilot, work_went: int, value: float | None) -> None:
    with pytest.raises(BadInput):
        weekly_log.record(
            world.session,
            pilot_id=pilot.id,
            happened=Happened.YES,
            work_went=work_went,
            value=value,
            by=world.nurse,
            today=IN_WEEK_TWO,
        )
    world.session.rollback()
    assert logged_values(world) == []


def test_the_week_number_stays_within_the_plan(world: World, pilot: Pilot) -> None:
    plan = pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY).plan
    weeks = [weekly_log.pilot_week(plan, day) for day in (TODAY, IN_WEEK_TWO, plan.end_on + dt.timedelta(days=90))]
    assert [week.number for week in weeks] == [1, 2, 12]
    assert {week.total for week in weeks} == {12}


def test_the_same_again_is_the_entry_there_is_until_it_is_undone(world: World, pilot: Pilot) -> None:
    def log(note: str, value: float | None = 4) -> LogEntry:
        return weekly_log.record(
            world.session,
            pilot_id=pilot.id,
            happened=Happened.YES,
            value=value,
            note=note,
            by=world.nurse,
            today=IN_WEEK_TWO,
        )

    first = log("Soitto 040 123 4567.")
    assert log(" Soitto 040 123 4567. ").id == first.id
    assert log("Soitto 040 123 4567.", value=5).id != first.id, "another number is another entry"
    assert logged_values(world) == [5]
    last = log("Muuta.")
    weekly_log.undo(world.session, entry_id=last.id, by=world.nurse)
    assert log("Muuta.").id != last.id


def test_last_week_can_be_logged_and_no_other(world: World, pilot: Pilot) -> None:
    this = week_of(IN_WEEK_TWO)

    def log(week: int, value: float) -> LogEntry:
        return weekly_log.record(
            world.session,
            pilot_id=pilot.id,
            happened=Happened.YES,
            value=value,
            by=world.nurse,
            today=IN_WEEK_TWO,
            week=week,
        )

    log(this, 2)
    assert log(this - 1, 6).week == this - 1
    assert logged_values(world) == [6, 2]
    for week in (this - 2, this + 1):
        with pytest.raises(BadInput, match="Only this week"):
            log(week, 1)


def test_weeks_after_the_plan_do_not_change_how_faithful_it_was(world: World, pilot: Pilot) -> None:
    def log(happened: Happened, today: dt.date) -> LogEntry:
        return weekly_log.record(world.session, pilot_id=pilot.id, happened=happened, by=world.nurse, today=today)

    plan = pilots.pilot_row(world.session, pilot_id=pilot.id, today=TODAY).plan
    log(Happened.YES, IN_WEEK_TWO)
    later = plan.end_on + dt.timedelta(weeks=3)
    with pytest.raises(Conflict, match="ended on"):
        log(Happened.NO, later)
    pilots.set_status(world.session, pilot_id=pilot.id, status=Status.SCALING, by_id=world.lead.id)
    world.session.commit()
    assert log(Happened.NO, later).week == week_of(later)
    assert weekly_log.fidelity(world.session, pilot.id) == 1.0
    view = staff_views.of_all(world.session, today=later)[pilot.id]
    assert (view.entries, view.carried_out) == (1, 1.0)

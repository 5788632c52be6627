"""What waits for whom."""

from __future__ import annotations

import datetime as dt

from models.base import validated
from models.decisions import Story, StoryStatus
from models.people import Person
from models.pilots import Happened, Status
from services import pilots, weekly_log
from services.pilots import register_pilot
from services.rows import key
from services.todo import TaskKind, waiting
from tests.services.conftest import TODAY, World

MIDWAY = TODAY + dt.timedelta(weeks=4)
OVER = TODAY + dt.timedelta(weeks=14)


def registered(world: World) -> int:
    pilot = register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    return key(pilot.id)


def kinds(world: World, person: Person, today: dt.date) -> list[TaskKind]:
    return [task.kind for task in waiting(world.session, person=person, today=today)]


def test_a_log_waits_until_somebody_logged_the_week(world: World) -> None:
    pilot_id = registered(world)
    assert kinds(world, world.nurse, TODAY) == [], "it has not started"
    assert kinds(world, world.nurse, MIDWAY) == [TaskKind.LOG]
    assert kinds(world, world.other_lead, MIDWAY) == [], "another unit's"
    assert kinds(world, world.trustee, MIDWAY) == []
    entry = weekly_log.record(world.session, pilot_id=pilot_id, happened=Happened.YES, by=world.lead, today=MIDWAY)
    assert kinds(world, world.nurse, MIDWAY) == []
    weekly_log.undo(world.session, entry_id=key(entry.id), by=world.lead)
    assert kinds(world, world.nurse, MIDWAY) == [TaskKind.LOG]


def test_decisions_wait_for_those_who_may_decide(world: World) -> None:
    registered(world)
    assert kinds(world, world.leader, OVER) == [TaskKind.DECIDE]
    assert kinds(world, world.director, OVER) == [TaskKind.DECIDE]
    assert kinds(world, world.lead, OVER) == []


def test_a_story_waits_for_its_writer_then_for_someone_else(world: World) -> None:
    pilot_id = registered(world)
    pilots.set_status(world.session, pilot_id=pilot_id, status=Status.STOPPED, by_id=world.leader.id)
    world.session.commit()
    assert kinds(world, world.lead, OVER) == [TaskKind.WRITE_STORY]
    story = validated(
        Story,
        pilot_id=pilot_id,
        you_said={"fi": "a"},
        we_tried={"fi": "b"},
        what_happened={"fi": "c"},
        written_by_id=world.lead.id,
    )
    world.session.add(story)
    world.session.commit()
    assert kinds(world, world.lead, OVER) == []
    assert kinds(world, world.director, OVER) == [TaskKind.APPROVE_STORY]
    story.written_by_id = world.director.id
    world.session.add(story)
    world.session.commit()
    assert kinds(world, world.director, OVER) == [], "nobody approves one's own"
    story.status, story.approved_by_id, story.approved_at = StoryStatus.APPROVED, world.leader.id, story.written_at
    world.session.add(story)
    world.session.commit()
    assert kinds(world, world.leader, OVER) == []

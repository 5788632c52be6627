"""What waits for whom."""

from __future__ import annotations

import datetime as dt

from models.base import validated
from models.decisions import Choice, Decision, Evaluation, Story, StoryStatus, Verdict
from models.people import Person
from models.pilots import Happened, Status
from services import ideas, pilots, plans, weekly_log
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


def test_ideas_wait_for_whoever_answers_them(world: World) -> None:
    idea = ideas.propose(world.session, unit_id=key(world.ward.id), words="Lappu odottajalle.", by=world.nurse)
    (task,) = waiting(world.session, person=world.lead, today=TODAY)
    assert task.kind is TaskKind.ANSWER_IDEA
    assert task.idea is not None
    assert (task.idea.idea.id, task.row) == (idea.id, None)
    assert kinds(world, world.nurse, TODAY) == kinds(world, world.director, TODAY) == []
    ideas.solve(world.session, idea_id=key(idea.id), done="Tehty.", by=world.lead)
    assert kinds(world, world.lead, TODAY) == []


def test_a_pilot_outside_the_mandate_waits_for_someone_who_decides(world: World) -> None:
    pilot_id = registered(world)
    pilots.set_status(world.session, pilot_id=pilot_id, status=Status.IDEA, by_id=world.lead.id)
    world.session.commit()
    assert kinds(world, world.director, TODAY) == kinds(world, world.leader, TODAY) == [TaskKind.APPROVE_START]
    assert kinds(world, world.lead, TODAY) == kinds(world, world.trustee, TODAY) == []
    assert kinds(world, world.director, OVER) == [TaskKind.APPROVE_START], "it does not start by itself"


def test_a_scaled_pilot_is_looked_at_again_on_the_agreed_day(world: World) -> None:
    pilot_id = registered(world)
    pilots.set_status(world.session, pilot_id=pilot_id, status=Status.SCALING, by_id=world.leader.id)
    evaluation = validated(
        Evaluation,
        pilot_id=pilot_id,
        plan_id=plans.current(world.session, pilot_id).plan.id,
        as_of=OVER,
        inputs_hash="0" * 64,
        code_version="1",
        verdict=Verdict.SCALE,
        rule="effect",
        result={},
    )
    world.session.add(evaluation)
    world.session.flush()
    decision = validated(
        Decision,
        pilot_id=pilot_id,
        evaluation_id=evaluation.id,
        recommended=Verdict.SCALE,
        choice=Choice.SCALE,
        overrides=False,
        owner_id=world.nurse.id,
        review_on=OVER,
        by_id=world.leader.id,
    )
    world.session.add(decision)
    world.session.commit()
    before = OVER - dt.timedelta(days=1)
    for person in (world.leader, world.nurse, world.lead):
        assert TaskKind.FOLLOW_UP not in kinds(world, person, before)
        assert TaskKind.FOLLOW_UP in kinds(world, person, OVER), "leadership, the decision's owner, the pilot's owner"
    assert kinds(world, world.trustee, OVER) == []
    pilots.set_status(world.session, pilot_id=pilot_id, status=Status.ESTABLISHED, by_id=world.leader.id)
    world.session.commit()
    assert TaskKind.FOLLOW_UP not in kinds(world, world.leader, OVER)

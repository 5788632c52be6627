"""What waits for a person: logs of this week, decisions, second persons, stories to write and to approve."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import week_of
from models.decisions import Decision, DecisionApproval, Story, StoryStatus
from models.people import Person
from models.pilots import LogEntry, Status
from services.permissions import MATRIX, May, reach
from services.pilots import PilotRow, list_pilots
from services.rows import key

DECIDED = (Status.SCALING, Status.ESTABLISHED, Status.ADAPTING, Status.STOPPED)


class TaskKind(enum.StrEnum):
    """What sort of thing waits, the most urgent first."""

    SECOND_PERSON = "second_person"
    DECIDE = "decide"
    LOG = "log"
    APPROVE_STORY = "approve_story"
    WRITE_STORY = "write_story"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for the person."""

    kind: TaskKind
    row: PilotRow


def waiting(session: Session, *, person: Person, today: dt.date) -> list[Task]:
    """Everything a person may do now and nobody has done yet, by kind and then by the pilot's code."""
    units = reach(session, person)
    logged = set(
        session.exec(
            select(LogEntry.pilot_id).where(LogEntry.week == week_of(today), col(LogEntry.undone_at).is_(None))
        ).all()
    )
    stories = {story.pilot_id: story for story in session.exec(select(Story)).all()}
    open_decisions = _without_second_person(session)

    found: list[Task] = []
    for row in list_pilots(session, today=today, unit_ids=units):
        pilot_id = key(row.pilot.id)
        story, decision = stories.get(pilot_id), open_decisions.get(pilot_id)
        conditions = {
            TaskKind.SECOND_PERSON: (May.APPROVE, decision is not None and decision.by_id != person.id),
            TaskKind.DECIDE: (May.DECIDE, row.status is Status.AWAITING_DECISION and decision is None),
            TaskKind.LOG: (May.LOG, row.status is Status.RUNNING and pilot_id not in logged),
            TaskKind.APPROVE_STORY: (
                May.APPROVE_STORY,
                story is not None and story.status is StoryStatus.DRAFT and story.written_by_id != person.id,
            ),
            TaskKind.WRITE_STORY: (May.WRITE_STORY, story is None and row.status in DECIDED),
        }
        found += [
            Task(kind=kind, row=row)
            for kind, (may, waits) in conditions.items()
            if waits and may in MATRIX[person.role]
        ]
    order = list(TaskKind)
    return sorted(found, key=lambda task: (order.index(task.kind), task.row.pilot.code))


def _without_second_person(session: Session) -> dict[int, Decision]:
    """Per pilot id, its decision that nobody has approved yet."""
    query = (
        select(Decision)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(col(Decision.overrides), col(DecisionApproval.by_id).is_(None))
    )
    return {decision.pilot_id: decision for decision in session.exec(query).all()}

"""What waits for a person: decisions, starts, logs of this week, ideas without an answer, stories, follow-ups."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from models.base import week_of
from models.decisions import Decision, DecisionApproval, Story, StoryStatus
from models.people import Person
from models.pilots import LogEntry, Status
from services import idea_list
from services.idea_list import IdeaRow
from services.permissions import MATRIX, May, reach
from services.pilots import PilotRow, list_pilots
from services.rows import key

DECIDED = (Status.SCALING, Status.ESTABLISHED, Status.ADAPTING, Status.STOPPED)


class TaskKind(enum.StrEnum):
    """What sort of thing waits, the most urgent first."""

    SECOND_PERSON = "second_person"
    DECIDE = "decide"
    APPROVE_START = "approve_start"
    LOG = "log"
    ANSWER_IDEA = "answer_idea"
    FOLLOW_UP = "follow_up"
    APPROVE_STORY = "approve_story"
    WRITE_STORY = "write_story"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for the person.

    Attributes:
        kind: What is to be done.
        row: The pilot it is about; None for an idea.
        idea: The idea it is about; None for a pilot.
        since: The day from which it has waited, where one is agreed or known.
    """

    kind: TaskKind
    row: PilotRow | None = None
    idea: IdeaRow | None = None
    since: dt.date | None = None

    @property
    def name(self) -> str:
        """What tasks of one kind are ordered by."""
        return self.row.pilot.code if self.row is not None else ""


def waiting(session: Session, *, person: Person, today: dt.date, rows: Sequence[PilotRow] | None = None) -> list[Task]:
    """Everything a person may do now and nobody has done yet, by kind and then by the pilot's code.

    Args:
        session: Reads the record.
        person: Whose tasks.
        today: The day it is.
        rows: The pilots within the person's reach, when they have been read already.
    """
    if rows is None:
        rows = list_pilots(session, today=today, unit_ids=reach(session, person))
    logged = set(
        session.exec(
            select(LogEntry.pilot_id).where(LogEntry.week == week_of(today), col(LogEntry.undone_at).is_(None))
        ).all()
    )
    stories = {story.pilot_id: story for story in session.exec(select(Story)).all()}
    open_decisions = _without_second_person(session)
    reviews = _reviews_due(session, today)

    found: list[Task] = []
    for row in rows:
        pilot_id = key(row.pilot.id)
        story, decision, review = stories.get(pilot_id), open_decisions.get(pilot_id), reviews.get(pilot_id)
        due = review is not None and row.status is Status.SCALING
        owner = person.id in ((review.owner_id, row.pilot.owner_id) if review is not None else ())
        conditions: dict[TaskKind, tuple[May, bool, dt.date | None]] = {
            TaskKind.SECOND_PERSON: (May.APPROVE, decision is not None and decision.by_id != person.id, None),
            TaskKind.DECIDE: (
                May.DECIDE,
                row.status is Status.AWAITING_DECISION and decision is None,
                row.plan.decide_on,
            ),
            TaskKind.APPROVE_START: (May.DECIDE, row.status is Status.IDEA, row.plan.start_on),
            TaskKind.LOG: (May.LOG, row.status is Status.RUNNING and pilot_id not in logged, None),
            TaskKind.FOLLOW_UP: (
                May.SEE_PILOTS if owner else May.DECIDE,
                due,
                review.review_on if review is not None else None,
            ),
            TaskKind.APPROVE_STORY: (
                May.APPROVE_STORY,
                story is not None and story.status is StoryStatus.DRAFT and story.written_by_id != person.id,
                None,
            ),
            TaskKind.WRITE_STORY: (May.WRITE_STORY, story is None and row.status in DECIDED, None),
        }
        found += [
            Task(kind=kind, row=row, since=since)
            for kind, (may, waits, since) in conditions.items()
            if waits and may in MATRIX[person.role]
        ]
    if May.ANSWER_IDEAS in MATRIX[person.role]:
        found += [
            Task(kind=TaskKind.ANSWER_IDEA, idea=idea, since=idea.idea.at.date())
            for idea in idea_list.to_answer(session, person=person)
        ]
    order = list(TaskKind)
    return sorted(found, key=lambda task: (order.index(task.kind), task.name))


def _without_second_person(session: Session) -> dict[int, Decision]:
    """Per pilot id, its newest decision when nobody has approved it yet; one decided anew waits for nobody."""
    newest = select(func.max(Decision.id)).group_by(col(Decision.pilot_id))
    query = (
        select(Decision)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(col(Decision.overrides), col(DecisionApproval.by_id).is_(None), col(Decision.id).in_(newest))
    )
    return {decision.pilot_id: decision for decision in session.exec(query).all()}


def _reviews_due(session: Session, today: dt.date) -> dict[int, Decision]:
    """Per pilot id, its newest decision in force when that agreed on a day for looking again, and the day has come."""
    query = (
        select(Decision)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(sa.or_(sa.not_(col(Decision.overrides)), col(DecisionApproval.by_id).is_not(None)))
        .order_by(col(Decision.id))
    )
    newest = {decision.pilot_id: decision for decision in session.exec(query).all()}
    return {
        pilot_id: decision
        for pilot_id, decision in newest.items()
        if decision.review_on is not None and decision.review_on <= today
    }

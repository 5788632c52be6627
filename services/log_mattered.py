"""Your log mattered: which reviews and decisions had what a person logged to read. Computed, not praised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import monday_of, week_of
from models.decisions import Choice, Decision, DecisionApproval, Evaluation
from models.people import Person
from models.pilots import LogEntry, Pilot
from services.rows import key


@dataclass(frozen=True, kw_only=True)
class Mattered:
    """A review or a decision that came after something the person logged.

    Attributes:
        pilot: The pilot.
        week: Monday of the newest week of the person's that was there to be read.
        on: The day of the decision, or of the review.
        choice: What was decided; None for a review.
        entries: How many entries of the pilot were there to be read, whoever wrote them.
    """

    pilot: Pilot
    week: dt.date
    on: dt.date
    choice: Choice | None
    entries: int


def logged_this_week(session: Session, *, person: Person, today: dt.date) -> set[int]:
    """Ids of the pilots that the person has logged in this week."""
    query = select(LogEntry.pilot_id).where(
        LogEntry.by_id == person.id, LogEntry.week == week_of(today), col(LogEntry.undone_at).is_(None)
    )
    return set(session.exec(query).all())


def mattered(session: Session, *, person: Person, limit: int = 2) -> list[Mattered]:
    """Per pilot that the person logged, its newest decision in force, else its newest review; the newest first.

    Only entries written by that day count, so nothing is claimed for one that came too late.
    """
    own = select(LogEntry.pilot_id).where(LogEntry.by_id == person.id, col(LogEntry.undone_at).is_(None)).distinct()
    pilots = {key(pilot.id): pilot for pilot in session.exec(select(Pilot).where(col(Pilot.id).in_(own))).all()}
    logged: dict[int, list[LogEntry]] = {}
    entries = select(LogEntry).where(col(LogEntry.pilot_id).in_(list(pilots)), col(LogEntry.undone_at).is_(None))
    for entry in session.exec(entries).all():
        logged.setdefault(entry.pilot_id, []).append(entry)
    decided, reviewed = _decisions(session, list(pilots)), _reviews(session, list(pilots))
    found = []
    for pilot_id, pilot in pilots.items():
        decision = decided.get(pilot_id)
        on = decision.at.date() if decision is not None else reviewed.get(pilot_id)
        if on is None:
            continue
        read = [entry for entry in logged[pilot_id] if entry.at.date() <= on]
        mine = [entry.week for entry in read if entry.by_id == person.id]
        if mine:
            found.append(
                Mattered(
                    pilot=pilot,
                    week=monday_of(max(mine)),
                    on=on,
                    choice=Choice(decision.choice) if decision is not None else None,
                    entries=len(read),
                )
            )
    return sorted(found, key=lambda row: row.on, reverse=True)[:limit]


def _decisions(session: Session, pilot_ids: list[int]) -> dict[int, Decision]:
    """The newest decision in force of each pilot."""
    query = (
        select(Decision)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(
            col(Decision.pilot_id).in_(pilot_ids),
            sa.or_(sa.not_(col(Decision.overrides)), col(DecisionApproval.by_id).is_not(None)),
        )
        .order_by(col(Decision.id))
    )
    return {decision.pilot_id: decision for decision in session.exec(query).all()}


def _reviews(session: Session, pilot_ids: list[int]) -> dict[int, dt.date]:
    """The day of each pilot's newest evaluation."""
    query = (
        sa.select(col(Evaluation.pilot_id), sa.func.max(col(Evaluation.as_of)))
        .where(col(Evaluation.pilot_id).in_(pilot_ids))
        .group_by(col(Evaluation.pilot_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}

"""Decisions: what a person decided on the evidence, with a reason and a second person where it differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import validated
from models.decisions import Choice, Decision, DecisionApproval, DecisionUnit, Evaluation
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, Status
from services import pilots
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key

STATUS_AFTER = {
    Choice.SCALE: Status.SCALING,
    Choice.EXTEND: Status.RUNNING,
    Choice.ADAPT: Status.ADAPTING,
    Choice.STOP: Status.STOPPED,
}


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision with the people and units in it."""

    decision: Decision
    by: Person
    approved_by: Person | None
    units: tuple[Unit, ...]

    @property
    def in_force(self) -> bool:
        """Whether it counts: an override waits for its second person."""
        return not self.decision.overrides or self.approved_by is not None


def record_decision(
    session: Session,
    *,
    evaluation_id: int,
    choice: Choice,
    by: Person,
    today: dt.date,
    reason: str = "",
    owner_id: int | None = None,
    review_on: dt.date | None = None,
    scale_to: Sequence[int] = (),
) -> Decision:
    """Append a decision on an evaluation.

    Following the recommendation takes effect at once; going against it needs a reason, and takes effect when a
    second person has approved it.

    Raises:
        BadInput: An override has no reason, a scale-up names no unit or no review day, the review lies in the past.
        Conflict: Another decision waits for its second person, or a newer evaluation exists.
        NotAllowed: The person may not decide on the unit's pilots.
    """
    evaluation = get(session, Evaluation, evaluation_id)
    pilot = get(session, Pilot, evaluation.pilot_id)
    require(session, by, May.DECIDE, unit_id=pilot.unit_id)
    newest = select(Evaluation.id).where(Evaluation.pilot_id == pilot.id).order_by(col(Evaluation.id).desc())
    if session.exec(newest).first() != evaluation.id:
        raise Conflict("The pilot has been evaluated again since you opened it. Look at the new result first.")
    if any(not row.in_force for row in decisions_of(session, key(pilot.id))):
        raise Conflict("A decision on this pilot already waits for its second person.")
    overrides = choice.value != evaluation.verdict.value
    if overrides and not reason.strip():
        raise BadInput("Deciding against the recommendation needs a reason in writing.", field="reason")
    if choice is Choice.SCALE and not scale_to:
        raise BadInput("Say which units take the change into use.", field="scale_to")
    if choice is Choice.SCALE and review_on is None:
        raise BadInput("Say when you check that the effect has held.", field="review_on")
    if review_on is not None and review_on <= today:
        raise BadInput("The review must lie in the future.", field="review_on")
    decision = validated(
        Decision,
        pilot_id=pilot.id,
        evaluation_id=evaluation.id,
        recommended=evaluation.verdict,
        choice=choice,
        overrides=overrides,
        reason=reason.strip(),
        owner_id=owner_id,
        review_on=review_on,
        by_id=by.id,
    )
    session.add(decision)
    session.flush()
    for unit_id in dict.fromkeys(scale_to if choice is Choice.SCALE else ()):
        get(session, Unit, unit_id)
        session.add(DecisionUnit(decision_id=key(decision.id), unit_id=unit_id))
    if not overrides:
        _take_effect(session, decision, by)
    session.commit()
    return decision


def approve_override(session: Session, *, decision_id: int, by: Person) -> None:
    """The second person behind a decision against the recommendation; it takes effect now.

    Raises:
        Conflict: It needs no approval, has one already, or the approver is the one who decided.
        NotAllowed: The person may not approve decisions of the unit.
    """
    decision = get(session, Decision, decision_id)
    pilot = get(session, Pilot, decision.pilot_id)
    require(session, by, May.APPROVE, unit_id=pilot.unit_id)
    if not decision.overrides:
        raise Conflict("This decision follows the recommendation and needs no second person.")
    if decision.by_id == by.id:
        raise Conflict("The second person must be someone else than the one who decided.")
    if session.get(DecisionApproval, decision_id) is not None:
        raise Conflict("This decision has been approved already.")
    session.add(DecisionApproval(decision_id=decision_id, by_id=key(by.id)))
    _take_effect(session, decision, by)
    session.commit()


def _take_effect(session: Session, decision: Decision, by: Person) -> None:
    status = STATUS_AFTER[Choice(decision.choice)]
    pilots.set_status(session, pilot_id=decision.pilot_id, status=status, by_id=by.id, note=decision.reason[:2000])


def decisions_of(session: Session, pilot_id: int) -> list[DecisionRow]:
    """A pilot's decisions, newest first."""
    query = (
        select(Decision, Person)
        .join(Person, col(Person.id) == Decision.by_id)
        .where(Decision.pilot_id == pilot_id)
        .order_by(col(Decision.id).desc())
    )
    rows = []
    for decision, by in session.exec(query).all():
        approval = session.get(DecisionApproval, decision.id)
        units = session.exec(
            select(Unit)
            .join(DecisionUnit, col(DecisionUnit.unit_id) == Unit.id)
            .where(DecisionUnit.decision_id == decision.id)
            .order_by(Unit.code)
        ).all()
        approver = get(session, Person, approval.by_id) if approval else None
        rows.append(DecisionRow(decision=decision, by=by, approved_by=approver, units=tuple(units)))
    return rows


def in_force(session: Session, pilot_id: int) -> DecisionRow | None:
    """The newest decision that counts."""
    return next((row for row in decisions_of(session, pilot_id) if row.in_force), None)

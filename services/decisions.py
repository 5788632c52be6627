"""Decisions: what a person decided on the evidence, with a reason and a second person where it differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.base import validated
from models.decisions import Choice, Decision, DecisionApproval, DecisionUnit, Evaluation
from models.meetings import MeetingItem
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, Status
from services import given, meetings, pilots, webhooks
from services.errors import BadInput, Conflict
from services.owners import able_owner
from services.permissions import May, require
from services.rows import get, held, key

LONGEST_REASON = 4000
STATUS_AFTER = {
    Choice.SCALE: Status.SCALING,
    Choice.EXTEND: Status.RUNNING,
    Choice.ADAPT: Status.ADAPTING,
    Choice.STOP: Status.STOPPED,
}


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision with the people and units in it.

    Attributes:
        decision: What was decided.
        by: Who decided.
        approved_by: The second person behind an override.
        units: Units that a scale-up reaches.
        owner: Who carries it through.
        replaced: Whether the pilot has a newer decision.
    """

    decision: Decision
    by: Person
    approved_by: Person | None
    units: tuple[Unit, ...]
    owner: Person | None = None
    replaced: bool = False

    @property
    def in_force(self) -> bool:
        """Whether it counts: an override waits for its second person."""
        return not self.decision.overrides or self.approved_by is not None

    @property
    def waiting(self) -> bool:
        """Whether a second person is still to approve it."""
        return not self.in_force and not self.replaced


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
    meeting_id: int | None = None,
    replaces: int | None = None,
    read: int | None = None,
) -> Decision:
    """Append a decision on an evaluation.

    Following the recommendation takes effect at once; going against it needs a reason, and takes effect when a
    second person has approved it.

    Args:
        session: A writing session.
        evaluation_id: What it rests on: the pilot's newest evaluation.
        choice: What is decided.
        by: Who decides.
        today: The day it is.
        reason: Why; personal data in it are taken out.
        owner_id: Who carries it through.
        review_on: When it is looked at again.
        scale_to: Units that take the change into use.
        meeting_id: The open meeting that decides.
        replaces: A decision of the same person in the same meeting, decided anew. It stays in the record; a newer one
            stands in its place.
        read: The newest decision that whoever decides has read, 0 where there was none; None does not ask.

    Raises:
        BadInput: An override has no reason, a scale-up names no unit or no review day, the review lies in the past.
        Conflict: A decision was not read or waits for its second person, a newer evaluation exists, the meeting
            is over or is somebody else's, or what is to be replaced is not the newest decision of this meeting.
        NotAllowed: The person may not decide on the unit's pilots.
    """
    evaluation = get(session, Evaluation, evaluation_id)
    pilot = held(session, Pilot, evaluation.pilot_id)
    require(session, by, May.DECIDE, unit_id=pilot.unit_id)
    newest = select(Evaluation.id).where(Evaluation.pilot_id == pilot.id).order_by(col(Evaluation.id).desc())
    if session.exec(newest).first() != evaluation.id:
        raise Conflict("The pilot has been evaluated again since you opened it. Look at the new result first.")
    if meeting_id is not None:
        meetings.require_open(session, meeting_id=meeting_id, by=by)
    made = decisions_of(session, key(pilot.id))
    require_read(made, read)
    if replaces is not None:
        _require_own(made, replaces=replaces, meeting_id=meeting_id, by=by)
    elif any(row.waiting for row in made):
        raise Conflict("A decision on this pilot already waits for its second person.")
    overrides = choice.value != evaluation.verdict.value
    reason = given.words(reason, most=LONGEST_REASON, field="reason")
    if overrides and not reason:
        raise BadInput("Deciding against the recommendation needs a reason in writing.", field="reason")
    if choice is Choice.SCALE and not scale_to:
        raise BadInput("Say which units take the change into use.", field="scale_to")
    if choice is Choice.SCALE and review_on is None:
        raise BadInput("Say when you check that the effect has held.", field="review_on")
    if review_on is not None and review_on <= today:
        raise BadInput("The review must lie in the future.", field="review_on")
    if owner_id is not None:
        able_owner(session, owner_id)
    decision = validated(
        Decision,
        pilot_id=pilot.id,
        evaluation_id=evaluation.id,
        recommended=evaluation.verdict,
        choice=choice,
        overrides=overrides,
        reason=reason,
        owner_id=owner_id,
        review_on=review_on,
        meeting_id=meeting_id,
        by_id=by.id,
    )
    session.add(decision)
    session.flush()
    if meeting_id is not None:
        session.merge(MeetingItem(meeting_id=meeting_id, pilot_id=key(pilot.id), postponed=False, note=""))
    for unit_id in dict.fromkeys(scale_to if choice is Choice.SCALE else ()):
        get(session, Unit, unit_id)
        session.add(DecisionUnit(decision_id=key(decision.id), unit_id=unit_id))
    if not overrides:
        _take_effect(session, decision, by)
    session.commit()
    return decision


def require_read(made: Sequence[DecisionRow], read: int | None) -> None:
    """Nobody decides over a decision they have not seen.

    Args:
        made: The pilot's decisions, the newest first.
        read: The newest one that whoever decides has read, 0 where there was none; None does not ask.

    Raises:
        Conflict: There is a newer one.
    """
    if read is not None and read != (made[0].decision.id if made else 0):
        raise Conflict("This pilot has been decided on since you opened it. Look at the decision first.")


def _require_own(made: Sequence[DecisionRow], *, replaces: int, meeting_id: int | None, by: Person) -> None:
    newest = made[0].decision if made else None
    if newest is None or newest.id != replaces or meeting_id is None or newest.meeting_id != meeting_id:
        raise Conflict("Only the newest decision can be decided anew, in the meeting that made it.")
    if newest.by_id != by.id:
        raise Conflict("Only the person who decided can decide anew.")


def approve_override(session: Session, *, decision_id: int, by: Person) -> None:
    """The second person behind a decision against the recommendation; it takes effect now.

    Raises:
        Conflict: It needs no approval, has one already, a newer decision stands in its place, or the approver is the
            one who decided.
        NotAllowed: The person may not approve decisions of the unit.
    """
    decision = get(session, Decision, decision_id)
    pilot = held(session, Pilot, decision.pilot_id)
    require(session, by, May.APPROVE, unit_id=pilot.unit_id)
    if not decision.overrides:
        raise Conflict("This decision follows the recommendation and needs no second person.")
    if decision.by_id == by.id:
        raise Conflict("The second person must be someone else than the one who decided.")
    if session.get(DecisionApproval, decision_id) is not None:
        raise Conflict("This decision has been approved already.")
    if any(row.replaced for row in decisions_of(session, decision.pilot_id) if row.decision.id == decision_id):
        raise Conflict("A newer decision stands in the place of this one.")
    session.add(DecisionApproval(decision_id=decision_id, by_id=key(by.id)))
    _take_effect(session, decision, by)
    session.commit()


def _take_effect(session: Session, decision: Decision, by: Person) -> None:
    """Set where the pilot stands; a change that is established practice already stays so when it is kept in use."""
    status = STATUS_AFTER[Choice(decision.choice)]
    if status is Status.SCALING and pilots.history(session, decision.pilot_id)[-1].status == Status.ESTABLISHED:
        status = Status.ESTABLISHED
    pilots.set_status(session, pilot_id=decision.pilot_id, status=status, by_id=by.id, note=decision.reason[:2000])
    webhooks.tell_of_decision(session, decision)


def decisions_of(session: Session, pilot_id: int) -> list[DecisionRow]:
    """A pilot's decisions, newest first."""
    return by_pilot(session, [pilot_id]).get(pilot_id, [])


def by_pilot(session: Session, pilot_ids: Iterable[int] | None = None) -> dict[int, list[DecisionRow]]:
    """Every pilot's decisions, newest first, in two queries; pilots without one are left out.

    Args:
        session: Reads the record.
        pilot_ids: Only these pilots; None for all.
    """
    second, carries = aliased(Person), aliased(Person)
    query = (
        select(Decision, Person, second, carries)
        .join(Person, col(Person.id) == Decision.by_id)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .outerjoin(second, col(second.id) == DecisionApproval.by_id)
        .outerjoin(carries, col(carries.id) == Decision.owner_id)
        .order_by(col(Decision.id).desc())
    )
    links = (
        select(DecisionUnit.decision_id, Unit)
        .join(Unit, col(Unit.id) == DecisionUnit.unit_id)
        .join(Decision, col(Decision.id) == DecisionUnit.decision_id)
        .order_by(Unit.code)
    )
    if pilot_ids is not None:
        wanted = col(Decision.pilot_id).in_(list(pilot_ids))
        query, links = query.where(wanted), links.where(wanted)
    units: dict[int, list[Unit]] = {}
    for decision_id, unit in session.exec(links).all():
        units.setdefault(decision_id, []).append(unit)
    found: dict[int, list[DecisionRow]] = {}
    for decision, by, approver, owner in session.exec(query).all():
        of_pilot = found.setdefault(decision.pilot_id, [])
        of_pilot.append(
            DecisionRow(
                decision=decision,
                by=by,
                approved_by=approver,
                units=tuple(units.get(key(decision.id), ())),
                owner=owner,
                replaced=bool(of_pilot),
            )
        )
    return found


def in_force(session: Session, pilot_id: int) -> DecisionRow | None:
    """The newest decision that counts."""
    return next((row for row in decisions_of(session, pilot_id) if row.in_force), None)

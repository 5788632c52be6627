"""The newest decisions in force, for those who read what was decided and do not decide themselves."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.decisions import Choice, Decision, DecisionApproval
from models.organisation import Unit
from models.pilots import Pilot


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision in force.

    Attributes:
        decision: The decision.
        choice: What was decided.
        pilot: The pilot it is on.
        unit: The pilot's unit.
    """

    decision: Decision
    choice: Choice
    pilot: Pilot
    unit: Unit


def decided_lately(session: Session, *, limit: int) -> list[Decided]:
    """Decisions that count, the newest first; one against the rules counts once a second person stands behind it."""
    query = (
        select(Decision, Pilot, Unit)
        .join(Pilot, col(Pilot.id) == Decision.pilot_id)
        .join(Unit, col(Unit.id) == Pilot.unit_id)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(sa.or_(sa.not_(col(Decision.overrides)), col(DecisionApproval.by_id).is_not(None)))
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
        .limit(limit)
    )
    return [
        Decided(decision=decision, choice=Choice(decision.choice), pilot=pilot, unit=unit)
        for decision, pilot, unit in session.exec(query).all()
    ]

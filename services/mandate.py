"""What a unit may start by its own decision: limits of work, money and risk, and who approves what lies beyond them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import validated
from models.people import Person, Role, Setting
from models.pilots import Pilot, PilotStatus, RiskClass, Status
from services import given, plans
from services.errors import BadInput, Conflict
from services.permissions import May, allowed, require
from services.rows import get, held, key
from stats.messages import Message

HOURS, EUROS, RISK = "mandate.hours", "mandate.euros", "mandate.risk"
ORDER = (RiskClass.LOW, RiskClass.MODERATE, RiskClass.HIGH)
NEAR = 1e-9
LONGEST_NOTE = 2000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a unit's own decision reaches; a value at the limit is still inside.

    Attributes:
        hours: Hours of work: preparation, and what the weeks of the trial add.
        euros: Purchases.
        risk: The highest risk.
    """

    hours: float = 40.0
    euros: float = 500.0
    risk: RiskClass = RiskClass.LOW


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """Whether a pilot lies within the limits.

    Attributes:
        within: Whether the unit may start by its own decision.
        reasons: A sentence for each limit that it exceeds.
    """

    within: bool
    reasons: tuple[Message, ...]


def limits(session: Session) -> Limits:
    """The limits in force: what the administrator has set, else 40 hours, 500 euros and low risk."""
    usual = Limits()
    rows = session.exec(select(Setting).where(col(Setting.key).in_((HOURS, EUROS, RISK)))).all()
    told = {row.key: row.value for row in rows}
    return Limits(
        hours=float(told.get(HOURS, usual.hours)),
        euros=float(told.get(EUROS, usual.euros)),
        risk=RiskClass(told.get(RISK, usual.risk)),
    )


def set_limits(session: Session, *, hours: float, euros: float, risk: RiskClass, by: Person) -> Limits:
    """Set the limits; pilots saved earlier stay as they were judged.

    Raises:
        BadInput: A limit is negative or not a number.
        NotAllowed: The person does not administer the installation.
    """
    require(session, by, May.ADMINISTER)
    for name, value in (("hours", hours), ("euros", euros)):
        if not 0 <= value < math.inf:
            raise BadInput("The limit must be a number from zero up.", field=name)
        given.amount(value, field=name)
    for setting, text in ((HOURS, repr(float(hours))), (EUROS, repr(float(euros))), (RISK, RiskClass(risk).value)):
        session.merge(validated(Setting, key=setting, value=text))
    session.commit()
    return limits(session)


def working_hours(*, setup: float, weekly: float, weeks: int) -> float:
    """Hours that a trial takes in all: preparation and what it adds to the weeks; a week that saves time adds none.

    Example:
        >>> working_hours(setup=10, weekly=2, weeks=12), working_hours(setup=10, weekly=-2, weeks=12)
        (34, 10)
    """
    return setup + max(weekly, 0) * weeks


def judge(within: Limits, *, hours: float, euros: float, risk: RiskClass) -> Mandate:
    """Compare a pilot with the limits.

    Example:
        >>> judge(Limits(), hours=40, euros=500, risk=RiskClass.LOW).within
        True
        >>> print(judge(Limits(), hours=41, euros=0, risk=RiskClass.LOW).reasons[0])
        The work takes 41 hours; up to 40 may be started without approval.
    """
    reasons = []
    if hours > within.hours + NEAR:
        reasons.append(
            Message(
                "The work takes {hours} hours; up to {limit} may be started without approval.",
                {"hours": hours, "limit": within.hours},
            )
        )
    if euros > within.euros + NEAR:
        reasons.append(
            Message(
                "The purchases cost {euros} euros; up to {limit} may be started without approval.",
                {"euros": euros, "limit": within.euros},
            )
        )
    if ORDER.index(risk) > ORDER.index(within.risk):
        reasons.append(Message("More can go wrong than the unit may decide on alone."))
    return Mandate(within=not reasons, reasons=tuple(reasons))


def approvers(session: Session, *, unit_id: int) -> list[Person]:
    """Who may approve a start in a unit: the directors whose area it is in, the county's leadership where none is."""
    people = session.exec(select(Person).where(col(Person.active)).order_by(Person.name)).all()
    found = [person for person in people if allowed(session, person, May.DECIDE, unit_id=unit_id)]
    return [person for person in found if person.role is Role.AREA_DIRECTOR] or found


def waits(session: Session, pilot_id: int) -> bool:
    """Whether a pilot waits for the approval of its start."""
    newest = select(PilotStatus).where(PilotStatus.pilot_id == pilot_id).order_by(col(PilotStatus.id).desc())
    row = session.exec(newest).first()
    return row is not None and Status(row.status) is Status.IDEA


def reasons_of(session: Session, pilot_id: int) -> tuple[Message, ...]:
    """Which limits a stored pilot exceeds today."""
    pilot, plan = get(session, Pilot, pilot_id), plans.current(session, pilot_id).plan
    hours = working_hours(
        setup=pilot.setup_hours,
        weekly=pilot.staff_hours_per_week,
        weeks=weeks_of(plan.start_on, plan.end_on),
    )
    return judge(limits(session), hours=hours, euros=pilot.setup_eur, risk=RiskClass(pilot.risk)).reasons


def weeks_of(start_on: dt.date, end_on: dt.date) -> int:
    """Weeks from a first day to a last day, a part of one counted as one.

    Example:
        >>> weeks_of(dt.date(2026, 11, 30), dt.date(2027, 2, 21))
        12
    """
    return math.ceil(((end_on - start_on).days + 1) / 7)


def approve_start(
    session: Session, *, pilot_id: int, by: Person, today: dt.date, start_on: dt.date | None = None, note: str = ""
) -> PilotStatus:
    """Let a pilot start that lies beyond the unit's own limits; from now on it is planned.

    Args:
        session: A writing session.
        pilot_id: The pilot.
        by: Who approves.
        today: The day.
        start_on: A new first day; the plan's other days move with it. None keeps the plan as it is.
        note: What the approver wants to say; personal data in it is redacted.

    Raises:
        BadInput: The new start lies in the past.
        Conflict: The pilot does not wait for approval, or its start has passed and no new one was given.
        NotAllowed: The person may not decide on the unit's pilots.
    """
    pilot = held(session, Pilot, pilot_id)
    require(session, by, May.DECIDE, unit_id=pilot.unit_id)
    if not waits(session, pilot_id):
        raise Conflict("This pilot does not wait for the approval of its start.")
    whole = plans.current(session, pilot_id)
    if start_on is None and whole.plan.start_on < today:
        raise Conflict("The planned start {date} has passed. Choose a new day to start.", date=whole.plan.start_on)
    if start_on is not None and start_on < today:
        raise BadInput(
            "The plan is fixed before the start: choose {today} or a later day.", field="start_on", today=today
        )
    if start_on is not None and start_on != whole.plan.start_on:
        plans.store_version(
            session,
            pilot_id=pilot_id,
            plan=moved(plans.as_input(whole), start_on),
            version=whole.plan.version + 1,
            by_id=by.id,
            amendment=False,
            reason="",
        )
    row = validated(
        PilotStatus,
        pilot_id=pilot_id,
        status=Status.PLANNED,
        by_id=key(by.id),
        note=given.words(note, most=LONGEST_NOTE, field="note"),
    )
    session.add(row)
    session.commit()
    return row


def moved(plan: plans.PlanInput, start_on: dt.date) -> plans.PlanInput:
    """The same plan with another first day: end, decision and reviews move with it, the weeks behind it stay."""
    by = start_on - plan.start_on
    return dataclasses.replace(
        plan,
        start_on=start_on,
        end_on=plan.end_on + by,
        decide_on=plan.decide_on + by,
        reviews=tuple(review + by for review in plan.reviews),
    )

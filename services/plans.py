"""The plan of a pilot: checked at the door, hashed, locked at the start, amended afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import validated
from models.metrics import Direction, Metric
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.plans import PilotPlan, PlanGuardrail, PlanUnit, PlanUnitRole
from services import given
from services.errors import BadInput
from services.permissions import May, require, require_within
from services.rows import get, held, key

LONGEST_WEEKS = 52
LONGEST_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """What a plan fixes.

    Attributes:
        metric_id: The primary metric.
        smallest_change: Size of the smallest change that matters, in the metric's unit.
        start_on: First day of the change.
        end_on: Last day whose data the verdict uses.
        decide_on: Day of the decision.
        pilot_unit_ids: Units that try the change.
        comparison_unit_ids: Units it is compared with.
        guardrails: Metric id and the worsening (a size) that would be too much.
        trigger: First and last day of the feedback that set the pilot off.
        reviews: Planned review days; empty for every Sunday from week 3.
        subgroups: Groups looked at separately, such as age:75+ and language:sv.
        population: The group the pilot is for; "" for everyone.
        randomised: Whether chance chose the pilot units.
    """

    metric_id: int
    smallest_change: float
    start_on: dt.date
    end_on: dt.date
    decide_on: dt.date
    pilot_unit_ids: tuple[int, ...]
    comparison_unit_ids: tuple[int, ...] = ()
    guardrails: tuple[tuple[int, float], ...] = ()
    trigger: tuple[dt.date, dt.date] | None = None
    reviews: tuple[dt.date, ...] = ()
    subgroups: tuple[str, ...] = ()
    population: str = ""
    randomised: bool = False


@dataclass(frozen=True, kw_only=True)
class WholePlan:
    """A stored plan with its units and guardrails."""

    plan: PilotPlan
    metric: Metric
    pilot_units: tuple[Unit, ...]
    comparison_units: tuple[Unit, ...]
    guardrails: tuple[tuple[Metric, float], ...]


def check(plan: PlanInput) -> None:
    """Refuse a plan that could not be evaluated.

    Raises:
        BadInput: A date is out of order, a unit is on both sides, a size is not positive.
    """
    if not plan.pilot_unit_ids:
        raise BadInput("Choose the unit that tries the change.", field="pilot_units")
    if set(plan.pilot_unit_ids) & set(plan.comparison_unit_ids):
        raise BadInput("A unit cannot be both the pilot and its comparison.", field="comparison_units")
    if not plan.smallest_change > 0:
        raise BadInput("The smallest change that matters must be greater than zero.", field="smallest_change")
    given.amount(plan.smallest_change, field="smallest_change")
    if plan.end_on <= plan.start_on:
        raise BadInput("The pilot must end after it starts.", field="end_on")
    if (plan.end_on - plan.start_on).days > LONGEST_WEEKS * 7:
        raise BadInput("A pilot may last at most {weeks} weeks.", field="end_on", weeks=LONGEST_WEEKS)
    if plan.decide_on < plan.end_on:
        raise BadInput("The decision comes after the end of the pilot.", field="decide_on")
    if plan.trigger and not plan.trigger[0] <= plan.trigger[1] < plan.start_on:
        raise BadInput("The weeks that set the pilot off must lie before its start.", field="trigger")
    if any(not plan.start_on <= review <= plan.end_on for review in plan.reviews):
        raise BadInput("Reviews must lie between the start and the end.", field="reviews")
    if any(not margin > 0 for _, margin in plan.guardrails):
        raise BadInput("What would be too much worsening must be greater than zero.", field="guardrails")
    for _, margin in plan.guardrails:
        given.amount(margin, field="guardrails")
    metrics = [metric for metric, _ in plan.guardrails]
    if plan.metric_id in metrics or len(set(metrics)) < len(metrics):
        raise BadInput("A guardrail must be a metric of its own.", field="guardrails")


def canonical(session: Session, plan: PlanInput, *, direction: Direction) -> str:
    """The plan as one line of JSON that says the same whenever the plan is the same; units and metrics by code."""
    units = {key(unit.id): unit.code for unit in session.exec(select(Unit)).all()}
    metrics = {key(metric.id): metric.code for metric in session.exec(select(Metric)).all()}
    facts = {
        "metric": metrics[plan.metric_id],
        "direction": direction.value,
        "smallest_change": plan.smallest_change,
        "population": plan.population,
        "start": plan.start_on.isoformat(),
        "end": plan.end_on.isoformat(),
        "decide": plan.decide_on.isoformat(),
        "reviews": [review.isoformat() for review in sorted(plan.reviews)],
        "trigger": [day.isoformat() for day in plan.trigger] if plan.trigger else None,
        "pilot_units": sorted(units[unit] for unit in plan.pilot_unit_ids),
        "comparison_units": sorted(units[unit] for unit in plan.comparison_unit_ids),
        "guardrails": sorted([metrics[metric], margin] for metric, margin in plan.guardrails),
        "subgroups": sorted(plan.subgroups),
        "randomised": plan.randomised,
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def store_version(
    session: Session, *, pilot_id: int, plan: PlanInput, version: int, by_id: int | None, amendment: bool, reason: str
) -> PilotPlan:
    """Append a version with its units, guardrails and hash, in the caller's transaction."""
    check(plan)
    metric = get(session, Metric, plan.metric_id)
    for unit_id in (*plan.pilot_unit_ids, *plan.comparison_unit_ids):
        get(session, Unit, unit_id)
    for metric_id, _ in plan.guardrails:
        get(session, Metric, metric_id)
    digest = hashlib.sha256(canonical(session, plan, direction=metric.direction).encode()).hexdigest()
    row = validated(
        PilotPlan,
        pilot_id=pilot_id,
        version=version,
        metric_id=plan.metric_id,
        direction=metric.direction,
        smallest_change=plan.smallest_change,
        population=plan.population,
        start_on=plan.start_on,
        end_on=plan.end_on,
        decide_on=plan.decide_on,
        reviews=[review.isoformat() for review in plan.reviews],
        trigger_from=plan.trigger[0] if plan.trigger else None,
        trigger_to=plan.trigger[1] if plan.trigger else None,
        randomised=plan.randomised,
        subgroups=list(plan.subgroups),
        plan_hash=digest,
        amendment=amendment,
        reason=reason,
        by_id=by_id,
    )
    session.add(row)
    session.flush()
    plan_id = key(row.id)
    for role, unit_ids in (
        (PlanUnitRole.PILOT, plan.pilot_unit_ids),
        (PlanUnitRole.COMPARISON, plan.comparison_unit_ids),
    ):
        session.add_all(PlanUnit(plan_id=plan_id, unit_id=unit_id, role=role) for unit_id in dict.fromkeys(unit_ids))
    session.add_all(
        PlanGuardrail(plan_id=plan_id, metric_id=metric, margin=margin) for metric, margin in plan.guardrails
    )
    session.flush()
    return row


def amend_plan(
    session: Session, *, pilot_id: int, plan: PlanInput, reason: str, by: Person, today: dt.date
) -> PilotPlan:
    """Append a new version. From the start on it is an amendment: it needs a reason, and every verdict shows it.

    Personal data in the reason are taken out.

    Raises:
        BadInput: The plan cannot be evaluated, is unchanged, or an amendment lacks its reason.
        NotAllowed: The person may not register pilots in the unit.
    """
    pilot = held(session, Pilot, pilot_id)
    require(session, by, May.REGISTER, unit_id=pilot.unit_id)
    before = current(session, pilot_id)
    latest = before.plan
    require_within(session, by, {*plan.pilot_unit_ids} - {key(unit.id) for unit in before.pilot_units})
    locked = is_locked(latest, today)
    reason = given.words(reason, most=LONGEST_REASON, field="reason")
    if locked and not reason:
        raise BadInput("The plan is locked since the start. An amendment needs a reason.", field="reason")
    row = store_version(
        session,
        pilot_id=pilot_id,
        plan=plan,
        version=latest.version + 1,
        by_id=by.id,
        amendment=locked,
        reason=reason,
    )
    if row.plan_hash == latest.plan_hash:
        session.rollback()
        raise BadInput("The plan is the same as before.", field="plan")
    session.commit()
    return row


def is_locked(plan: PilotPlan, today: dt.date) -> bool:
    """Whether the pilot has started, so that changes are amendments."""
    return today >= plan.start_on


def versions(session: Session, pilot_id: int) -> Sequence[PilotPlan]:
    """Every version of a pilot's plan, oldest first."""
    query = select(PilotPlan).where(PilotPlan.pilot_id == pilot_id).order_by(col(PilotPlan.version))
    return session.exec(query).all()


def current(session: Session, pilot_id: int) -> WholePlan:
    """The plan in force: the newest version, with its units and guardrails."""
    plan = versions(session, pilot_id)[-1]
    pairs = session.exec(
        select(PlanUnit, Unit).join(Unit, col(Unit.id) == PlanUnit.unit_id).where(PlanUnit.plan_id == plan.id)
    ).all()
    guards = session.exec(
        select(PlanGuardrail, Metric)
        .join(Metric, col(Metric.id) == PlanGuardrail.metric_id)
        .where(PlanGuardrail.plan_id == plan.id)
    ).all()
    return WholePlan(
        plan=plan,
        metric=get(session, Metric, plan.metric_id),
        pilot_units=tuple(u for link, u in sorted(pairs, key=lambda p: p[1].code) if link.role is PlanUnitRole.PILOT),
        comparison_units=tuple(
            u for link, u in sorted(pairs, key=lambda p: p[1].code) if link.role is PlanUnitRole.COMPARISON
        ),
        guardrails=tuple((metric, guard.margin) for guard, metric in sorted(guards, key=lambda p: p[1].code)),
    )


def as_input(whole: WholePlan) -> PlanInput:
    """The stored plan in the form it was given, to amend it or to check its hash."""
    plan = whole.plan
    return PlanInput(
        metric_id=plan.metric_id,
        smallest_change=plan.smallest_change,
        start_on=plan.start_on,
        end_on=plan.end_on,
        decide_on=plan.decide_on,
        pilot_unit_ids=tuple(key(unit.id) for unit in whole.pilot_units),
        comparison_unit_ids=tuple(key(unit.id) for unit in whole.comparison_units),
        guardrails=tuple((key(metric.id), margin) for metric, margin in whole.guardrails),
        trigger=(plan.trigger_from, plan.trigger_to) if plan.trigger_from and plan.trigger_to else None,
        reviews=tuple(dt.date.fromisoformat(day) for day in plan.reviews),
        subgroups=tuple(plan.subgroups),
        population=plan.population,
        randomised=plan.randomised,
    )


def hash_holds(session: Session, whole: WholePlan) -> bool:
    """Whether the stored plan still is what was hashed."""
    text = canonical(session, as_input(whole), direction=Direction(whole.plan.direction))
    return hashlib.sha256(text.encode()).hexdigest() == whole.plan.plan_hash

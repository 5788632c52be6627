"""Pilots with their locked plans, histories, logs, decisions and stories as rows of the record."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlmodel import Session, select

from models import decisions as tables
from models.base import validated, week_of
from models.decisions import Choice, Decision, DecisionApproval, DecisionUnit, Story, StoryStatus
from models.pilots import LogEntry, Pilot, PilotStatus, PilotTheme
from services import evaluation, pilots, plans
from services.demo.facts import DemoDecision
from services.demo.pilot_facts import DemoPilot
from services.demo.simulate import DemoData
from services.demo.stored_county import Ids, added, at
from services.plans import PlanInput
from services.rows import key
from themes.redaction import redact

DECIDER, SECOND = "u7", "u13"
"""Who decides, and who stands behind a decision against the recommendation."""
REVIEW = dt.timedelta(weeks=26)
DECIDE_AFTER = dt.timedelta(weeks=1)
TOLD_AFTER = dt.timedelta(days=10)
"""Customers hear what changed within two weeks of the decision."""


def store_pilots(session: Session, data: DemoData, ids: Ids) -> dict[str, int]:
    """Add every pilot with its plan, statuses and log, in the caller's transaction; ids by code."""
    stored = {pilot.code: _pilot(session, data, ids, pilot) for pilot in data.county.pilots}
    for change in data.statuses:
        decided = change.note != ""
        by = DECIDER if decided else data.county.pilot(change.pilot).owner
        status = validated(
            PilotStatus,
            pilot_id=stored[change.pilot],
            status=change.status,
            note=change.note,
            by_id=ids.people[by],
            at=at(data.day(change.week, change.day), hour=12),
        )
        session.add(status)
    for entry in data.log:
        day = data.day(entry.week, entry.day)
        row = validated(
            LogEntry,
            pilot_id=stored[entry.pilot],
            week=week_of(day),
            happened=entry.happened,
            work_went=entry.work_went,
            note=redact(entry.note).text,
            by_id=ids.people[entry.by] if entry.by else None,
            at=at(day, hour=13),
        )
        session.add(row)
    session.flush()
    return stored


def _pilot(session: Session, data: DemoData, ids: Ids, pilot: DemoPilot) -> int:
    history = [change for change in data.statuses if change.pilot == pilot.code]
    written = at(data.day(history[0].week, history[0].day))
    lead, *further = [ids.themes[theme] for theme in pilot.themes]
    row = validated(
        Pilot,
        code=pilot.code,
        unit_id=ids.units[pilot.unit],
        lead_theme_id=lead,
        title=pilot.title,
        customers_say=pilot.customers_say,
        change=pilot.change,
        prediction=pilot.prediction,
        noticing=pilot.noticing,
        must_not_worsen=pilot.must_not_worsen,
        resources=pilot.resources,
        taken_part=pilot.taken_part,
        setup_hours=pilot.setup_hours,
        setup_eur=pilot.setup_eur,
        staff_hours_per_week=pilot.staff_hours_per_week,
        kind=pilot.kind,
        risk=pilot.risk,
        customer_type=pilot.customer_type,
        lesson=pilot.lesson,
        owner_id=ids.people[pilot.owner],
        log_token=secrets.token_urlsafe(9),
        is_demo=True,
        created_at=written,
    )
    pilot_id = added(session, row)
    session.add_all(PilotTheme(pilot_id=pilot_id, theme_id=theme) for theme in further)
    version = plans.store_version(
        session,
        pilot_id=pilot_id,
        plan=plan_of(data, ids, pilot),
        version=1,
        by_id=ids.people[pilot.owner],
        amendment=False,
        reason="",
    )
    registered = next((change for change in history if change.status == "planned"), history[0])
    version.at = at(data.day(registered.week, registered.day))
    session.add(version)
    return pilot_id


def plan_of(data: DemoData, ids: Ids, pilot: DemoPilot) -> PlanInput:
    """The plan that was fixed before the start; an idea has the dates it proposes."""
    week = pilot.start_week if pilot.start_week is not None else pilot.proposed_start_week
    if week is None:
        raise ValueError(f"county.json, pilot {pilot.code}: start_week or proposed_start_week must be given.")
    start, end = data.day(week), data.day(week + pilot.planned_weeks - 1, 6)
    trigger = (start - dt.timedelta(weeks=pilot.trigger_weeks), start - dt.timedelta(days=1))
    return PlanInput(
        metric_id=ids.metrics[pilot.metric],
        smallest_change=abs(pilot.smallest_change),
        start_on=start,
        end_on=end,
        decide_on=end + DECIDE_AFTER,
        pilot_unit_ids=(ids.units[pilot.unit],),
        comparison_unit_ids=tuple(ids.units[unit] for unit in pilot.comparison_units),
        guardrails=tuple((ids.metrics[guard.metric], abs(guard.limit)) for guard in pilot.guardrails),
        trigger=trigger if pilot.trigger_weeks else None,
        subgroups=tuple(
            group.population
            for group in pilot.subgroups
            if group.population is not None and group.population != pilot.population
        ),
        population=pilot.population,
    )


def store_decisions(session: Session, data: DemoData, ids: Ids, stored: dict[str, int]) -> None:
    """Add every decision on the evaluation of its day; one that goes against the rules has its second person."""
    for decision in data.county.decisions:
        on = data.shifted(decision.date)
        evaluated = _evaluated(session, stored[decision.pilot], on)
        choice = Choice(decision.choice)
        overrides = choice.value != evaluated.verdict.value
        row = validated(
            Decision,
            pilot_id=stored[decision.pilot],
            evaluation_id=evaluated.id,
            recommended=evaluated.verdict,
            choice=choice,
            overrides=overrides,
            reason=decision.reason["fi"],
            owner_id=ids.people[data.county.pilot(decision.pilot).owner],
            review_on=on + REVIEW if choice is Choice.SCALE else None,
            by_id=ids.people[DECIDER],
            at=at(on, hour=12),
        )
        decision_id = added(session, row)
        session.add_all(DecisionUnit(decision_id=decision_id, unit_id=ids.units[unit]) for unit in decision.units)
        if overrides:
            session.add(DecisionApproval(decision_id=decision_id, by_id=ids.people[SECOND], at=at(on, hour=13)))
    session.flush()


def evaluate_started(session: Session, today: dt.date) -> None:
    """Evaluate the started pilots that no decision has had evaluated, so that the portfolio has something to show."""
    have = set(session.exec(select(tables.Evaluation.pilot_id)).all())
    for row in pilots.list_pilots(session, today=today):
        if key(row.pilot.id) not in have and evaluation.has_started(row, today):
            with _within(session) as inner:
                evaluation.evaluate_pilot(inner, pilot_id=key(row.pilot.id), today=today, by=None)


def _evaluated(session: Session, pilot_id: int, today: dt.date) -> tables.Evaluation:
    """What the rules said on a day."""
    with _within(session) as inner:
        row = evaluation.evaluate_pilot(inner, pilot_id=pilot_id, today=today, by=None).row
        row.at = at(today, hour=8)
        inner.add(row)
        inner.commit()
        return row


def _within(session: Session) -> Session:
    """A session for services that commit: to a savepoint here, so that the whole load stays one transaction."""
    return Session(session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)


def store_stories(session: Session, data: DemoData, ids: Ids, stored: dict[str, int]) -> None:
    """Add the public stories, written by the pilot's owner and approved by someone else."""
    decided: dict[str, DemoDecision] = {decision.pilot: decision for decision in data.county.decisions}
    for story in data.county.stories:
        decision = decided[story.pilot]
        told = data.shifted(decision.date) + TOLD_AFTER
        owner = data.county.pilot(story.pilot).owner
        row = validated(
            Story,
            pilot_id=stored[story.pilot],
            you_said=story.you_said,
            we_tried=story.we_tried,
            what_happened=story.what_happened,
            what_next=story.what_next,
            next_on=data.shifted(decision.date) + REVIEW if decision.choice == "scale" else None,
            status=StoryStatus.APPROVED,
            written_by_id=ids.people[owner],
            written_at=at(told - dt.timedelta(days=2)),
            approved_by_id=ids.people[DECIDER],
            approved_at=at(told),
        )
        session.add(row)
    session.flush()

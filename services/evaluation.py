"""Evaluations: load what the plan names, ask the statistics, keep the snapshot."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session, col, func, select

from models import decisions as tables
from models.base import validated
from models.metrics import Metric
from models.organisation import Event, EventUnit
from models.people import Person
from models.pilots import Pilot, Status
from services import evaluation_inputs, pilots, plans, series, snapshot, theme_outcome
from services.errors import Conflict
from services.permissions import May, permitted
from services.plans import WholePlan
from services.rows import get, key
from services.series import Series
from services.version import code_version
from stats.evaluation import Evaluation, GuardrailData, SubgroupData, evaluate
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.plan import Plan, Window

HISTORY_WEEKS = 160
"""How far back before the start values are loaded; the statistics use as much of it as the design calls for."""
EVENT_WEEKS = 26
"""How far back before the start other events are shown."""


@dataclass(frozen=True)
class StoredEvaluation:
    """A snapshot and, when this version can read it, the result object in it."""

    row: tables.Evaluation

    @cached_property
    def result(self) -> Evaluation | None:
        """What the statistics said; None when another version wrote it and the pilot must be evaluated again."""
        try:
            found = snapshot.decode(self.row.result)
        except snapshot.SnapshotError:
            return None
        return found if isinstance(found, Evaluation) else None


@dataclass(frozen=True, kw_only=True)
class EvaluatedPilot:
    """A pilot with its evaluation."""

    pilot: Pilot
    stored: StoredEvaluation


def evaluate_pilot(session: Session, *, pilot_id: int, today: dt.date, by: Person | None) -> StoredEvaluation:
    """Evaluate a pilot as it stands; the same inputs give the same snapshot, stored once.

    Args:
        session: A writing session.
        pilot_id: The pilot.
        today: Data after this day are not used; nor are any after the plan's end.
        by: Who asks; None for the service itself (schedules, the command line).

    Raises:
        Conflict: The pilot has not started.
        NotAllowed: The person may not evaluate the unit's pilots.
    """
    stored = _evaluated(session, pilot_id=pilot_id, today=today, by=by)
    session.commit()
    return stored


def _evaluated(session: Session, *, pilot_id: int, today: dt.date, by: Person | None) -> StoredEvaluation:
    pilot = get(session, Pilot, pilot_id)
    permitted(session, by, May.EVALUATE, unit_id=pilot.unit_id)
    whole = plans.current(session, pilot_id)
    if today < whole.plan.start_on:
        raise Conflict("This pilot starts on {date}; there is nothing to evaluate yet.", date=whole.plan.start_on)
    as_of = min(today, whole.plan.end_on)
    inputs = _Inputs(session, whole, as_of)
    result = inputs.evaluate()
    row = session.exec(
        select(tables.Evaluation).where(
            tables.Evaluation.plan_id == whole.plan.id,
            tables.Evaluation.as_of == as_of,
            tables.Evaluation.inputs_hash == inputs.digest,
            tables.Evaluation.code_version == code_version(),
        )
    ).first()
    if row is None:
        row = validated(
            tables.Evaluation,
            pilot_id=pilot_id,
            plan_id=whole.plan.id,
            as_of=as_of,
            inputs_hash=inputs.digest,
            code_version=code_version(),
            verdict=result.verdict.value,
            rule=result.rule.name,
            effect=result.effect,
            interval_low=result.interval.low if result.interval else None,
            interval_high=result.interval.high if result.interval else None,
            result=snapshot.encode(result),
        )
        session.add(row)
        session.flush()
    return StoredEvaluation(row)


def evaluate_all(
    session: Session,
    *,
    today: dt.date,
    progress: Callable[[Sequence[pilots.PilotRow], str], Iterable[pilots.PilotRow]] = lambda rows, _: rows,
) -> list[EvaluatedPilot]:
    """Evaluate every pilot that has started, each in a transaction of its own.

    Args:
        session: A writing session.
        today: As in `evaluate_pilot`.
        progress: Wraps the pilots to show how far it is.
    """
    rows = [row for row in pilots.list_pilots(session, today=today) if has_started(row, today)]
    found = []
    for row in progress(rows, "pilots"):
        stored = evaluate_pilot(session, pilot_id=key(row.pilot.id), today=today, by=None)
        found.append(EvaluatedPilot(pilot=row.pilot, stored=stored))
    return found


def has_started(row: pilots.PilotRow, today: dt.date) -> bool:
    """Whether there can be anything to evaluate."""
    return row.status not in (Status.IDEA, Status.PLANNED) and today >= row.plan.start_on


def latest(session: Session, pilot_id: int) -> StoredEvaluation | None:
    """The newest snapshot of a pilot."""
    query = select(tables.Evaluation).where(tables.Evaluation.pilot_id == pilot_id)
    row = session.exec(query.order_by(col(tables.Evaluation.id).desc())).first()
    return StoredEvaluation(row) if row else None


def latest_of_all(session: Session) -> dict[int, StoredEvaluation]:
    """The newest snapshot of every pilot that has one, by pilot id."""
    newest = select(func.max(tables.Evaluation.id)).group_by(col(tables.Evaluation.pilot_id))
    rows = session.exec(select(tables.Evaluation).where(col(tables.Evaluation.id).in_(newest))).all()
    return {row.pilot_id: StoredEvaluation(row) for row in rows}


class _Inputs:
    """Everything an evaluation reads, with one digest over all of it."""

    def __init__(self, session: Session, whole: WholePlan, as_of: dt.date) -> None:
        self.whole, self.as_of = whole, as_of
        self.unit_ids = [key(unit.id) for unit in (*whole.pilot_units, *whole.comparison_units)]
        self.first = whole.plan.start_on - dt.timedelta(weeks=HISTORY_WEEKS)
        self.session = session
        self._digests = [whole.plan.plan_hash, as_of.isoformat()]
        self.panel = self._series(whole.metric, whole.plan.population).padded(
            [unit.code for unit in (*whole.pilot_units, *whole.comparison_units)], whole.plan.start_on
        )
        self.guardrails = [
            GuardrailData(
                name=metric.code,
                kind=Kind(metric.kind.value),
                direction=Direction(metric.direction.value),
                margin=margin,
                panel=panel,
            )
            for metric, margin in whole.guardrails
            if (panel := self._panel(metric, "")) is not None
        ]
        self.subgroups = [
            SubgroupData(name=population, panel=panel)
            for population in whole.plan.subgroups
            if population != whole.plan.population and (panel := self._panel(whole.metric, population)) is not None
        ]

        self.misread = theme_outcome.misclassification(session, whole, as_of=as_of)
        if self.misread is not None:
            self._digests.append(repr(self.misread))
        self.around = evaluation_inputs.load(session, whole, as_of=as_of, first=self.first)
        self._digests.append(self.around.digest)

    def _panel(self, metric: Metric, population: str) -> Panel | None:
        return self._series(metric, population).panel

    def _series(self, metric: Metric, population: str) -> Series:
        loaded = series.load(
            self.session,
            metric=metric,
            unit_ids=self.unit_ids,
            population=population,
            first=theme_outcome.first_day(self.whole.plan.start_on) if metric.theme_id is not None else self.first,
            last=self.as_of,
        )
        self._digests.append(f"{population}:{loaded.digest()}")
        return loaded

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self._digests).encode()).hexdigest()

    def evaluate(self) -> Evaluation:
        return evaluate(
            self.panel,
            as_stats_plan(self.whole),
            as_of=self.as_of,
            guardrails=self.guardrails,
            subgroups=self.subgroups,
            around=self.around.facts,
            misclassification=self.misread,
        )


def as_stats_plan(whole: WholePlan) -> Plan:
    """The stored plan as the statistics read it."""
    plan = whole.plan
    return Plan(
        kind=Kind(whole.metric.kind.value),
        direction=Direction(plan.direction.value),
        smallest_change=plan.smallest_change,
        pilot_units=tuple(unit.code for unit in whole.pilot_units),
        comparison_units=tuple(unit.code for unit in whole.comparison_units),
        randomised=plan.randomised,
        start=plan.start_on,
        end=plan.end_on,
        reviews=tuple(dt.date.fromisoformat(day) for day in plan.reviews),
        trigger=Window(plan.trigger_from, plan.trigger_to) if plan.trigger_from and plan.trigger_to else None,
    )


def events_near(session: Session, whole: WholePlan) -> list[Event]:
    """What else happened to the plan's units, or to the whole county, from the baseline to the end."""
    unit_ids = {key(unit.id) for unit in (*whole.pilot_units, *whole.comparison_units)}
    first = whole.plan.start_on - dt.timedelta(weeks=EVENT_WEEKS)
    query = select(Event).where(Event.on_date >= first, Event.on_date <= whole.plan.end_on).order_by(col(Event.on_date))
    concerned: dict[int, set[int]] = {}
    for link in session.exec(select(EventUnit)).all():
        concerned.setdefault(link.event_id, set()).add(link.unit_id)
    return [
        event
        for event in session.exec(query).all()
        if key(event.id) not in concerned or concerned[key(event.id)] & unit_ids
    ]

"""The weekly log: twenty seconds on a phone, and undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import monday_of, now, validated, week_of
from models.metrics import Measurement, MeasurementSource, Metric, MetricKind
from models.people import Person
from models.pilots import Happened, LogEntry, Pilot
from models.plans import PilotPlan
from services import given, log_weeks, plans
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.pilots import pilot_row
from services.rows import get, held, key
from themes.redaction import redact

LONGEST_NOTE = 2000
UNDO_REASON = "Undone by the person who logged it."


@dataclass(frozen=True, kw_only=True)
class WeekOf:
    """Where the pilot is in its weeks.

    Attributes:
        number: This week's number, 1 for the week of the start.
        total: How many weeks the plan has.
    """

    number: int
    total: int


def pilot_week(plan: PilotPlan, today: dt.date) -> WeekOf:
    """Which week of the pilot it is, within 1 and the plan's length."""
    total = week_of(plan.end_on) - week_of(plan.start_on) + 1
    return WeekOf(number=min(max(week_of(today) - week_of(plan.start_on) + 1, 1), total), total=total)


def record(
    session: Session,
    *,
    pilot_id: int,
    happened: Happened,
    by: Person,
    today: dt.date,
    work_went: int | None = None,
    value: float | None = None,
    note: str = "",
    week: int | None = None,
) -> LogEntry:
    """Log a week of a pilot; a value becomes a measurement when the metric is one that staff enter.

    Saving the same again changes nothing: who presses twice, or again after a lost answer, gets the entry there is.

    Args:
        session: Writes the record.
        pilot_id: The pilot.
        happened: Whether the change was carried out.
        by: Who logs.
        today: The day it is.
        work_went: How the work went, from 1 to 5.
        value: The week's number.
        note: What was noticed; personal data in it is redacted.
        week: This week or the one before it, as models.base.week_of numbers them; the newest open one when left out.

    Raises:
        BadInput: A value is out of its range, or is given for a metric that staff do not enter; or the week is over.
        Conflict: The pilot is not running, or its last week is over and it is not being scaled.
        NotAllowed: The person does not work in the pilot's unit.
    """
    held(session, Pilot, pilot_id)
    row = pilot_row(session, pilot_id=pilot_id, today=today)
    require(session, by, May.LOG, unit_id=row.pilot.unit_id)
    week = log_weeks.week_to_log(row.plan, today, week, status=row.status)
    if work_went is not None and not 1 <= work_went <= 5:
        raise BadInput("How the work went is given from 1 to 5, not {value}.", field="work_went", value=work_went)
    said = {"happened": happened, "work_went": work_went, "note": given.words(note, most=LONGEST_NOTE, field="note")}
    before = _newest_of(session, pilot_id=pilot_id, week=week, by=by)
    if before is not None and said == before.model_dump(include=set(said)) and value == value_of(session, before):
        return before
    metric = get(session, Metric, row.plan.metric_id)
    measurement_id = None
    if value is not None:
        measurement_id = _store_value(session, metric=metric, unit_id=row.pilot.unit_id, value=value, by=by, week=week)
    entry = validated(LogEntry, pilot_id=pilot_id, week=week, measurement_id=measurement_id, by_id=by.id, **said)
    session.add(entry)
    session.commit()
    return entry


def as_saved(note: str) -> str:
    """A note as it is stored: without personal data.

    >>> as_saved(" Soita 040 123 4567. ")
    'Soita [PHONE].'
    """
    return redact(given.clean(note)).text


def value_of(session: Session, entry: LogEntry) -> float | None:
    """The number that was logged with an entry."""
    if entry.measurement_id is None:
        return None
    measurement = get(session, Measurement, entry.measurement_id)
    return measurement.mean if measurement.count is None else measurement.count


def _newest_of(session: Session, *, pilot_id: int, week: int, by: Person) -> LogEntry | None:
    query = select(LogEntry).where(
        LogEntry.pilot_id == pilot_id, LogEntry.week == week, LogEntry.by_id == by.id, col(LogEntry.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(LogEntry.id).desc())).first()


def _store_value(session: Session, *, metric: Metric, unit_id: int, value: float, by: Person, week: int) -> int:
    if not metric.manual:
        raise BadInput("This pilot's metric comes from elsewhere; no number is entered here.", field="value")
    counted = metric.kind is MetricKind.COUNT
    given.amount(value, field="value", low=-given.LARGEST)
    low = 0.0 if counted else metric.scale_low
    high = None if counted else metric.scale_high
    if (low is not None and value < low) or (high is not None and value > high) or (counted and value != round(value)):
        raise BadInput("The number {value} is outside what the metric allows.", field="value", value=value)
    earlier = session.exec(
        select(Measurement).where(
            Measurement.metric_id == metric.id,
            Measurement.unit_id == unit_id,
            Measurement.week == week,
            Measurement.source == MeasurementSource.LOG,
        )
    ).all()
    superseded = {row.supersedes_id for row in earlier}
    standing = [row for row in earlier if row.id not in superseded]
    row = validated(
        Measurement,
        metric_id=metric.id,
        unit_id=unit_id,
        on_date=monday_of(week),
        week=week,
        n=1.0,
        mean=None if counted else value,
        count=value if counted else None,
        source=MeasurementSource.LOG,
        supersedes_id=standing[0].id if standing else None,
        reason="Logged again in the same week." if standing else "",
        by_id=by.id,
    )
    session.add(row)
    session.flush()
    return key(row.id)


def undo(session: Session, *, entry_id: int, by: Person) -> None:
    """Take back a log entry; its measurement is retracted, nothing is deleted.

    Raises:
        Conflict: It was undone already.
        NotAllowed: Someone else logged it.
    """
    entry = held(session, LogEntry, entry_id)
    pilot = get(session, Pilot, entry.pilot_id)
    require(session, by, May.LOG, unit_id=pilot.unit_id)
    if entry.undone_at is not None:
        raise Conflict("This entry was undone already.")
    if entry.by_id != by.id:
        raise Conflict("Only the person who logged an entry can undo it.")
    entry.undone_at = now()
    if entry.measurement_id is not None:
        _take_back(session, get(session, Measurement, entry.measurement_id), by)
    session.add(entry)
    session.commit()


def _take_back(session: Session, value: Measurement, by: Person) -> None:
    """Let the value before this one stand again, or none; a value already corrected is left alone."""
    if session.exec(select(Measurement).where(Measurement.supersedes_id == value.id)).first() is not None:
        return
    before = session.get(Measurement, value.supersedes_id) if value.supersedes_id is not None else None
    restored = before if before is not None and not before.retracted else None
    session.add(
        validated(
            Measurement,
            **(restored or value).model_dump(exclude={"id", "at", "supersedes_id", "retracted", "reason", "by_id"}),
            supersedes_id=value.id,
            retracted=restored is None,
            reason=UNDO_REASON,
            by_id=by.id,
        )
    )


def entries(session: Session, pilot_id: int) -> Sequence[LogEntry]:
    """A pilot's log in order, undone entries left out."""
    query = select(LogEntry).where(LogEntry.pilot_id == pilot_id, col(LogEntry.undone_at).is_(None))
    return session.exec(query.order_by(col(LogEntry.week), col(LogEntry.id))).all()


def fidelity(session: Session, pilot_id: int) -> float | None:
    """Share of the plan's logged weeks in which the change happened, partly counting half; None when none was logged.

    Weeks after the plan's last one, when the change is scaled, are not counted.
    """
    plan = plans.current(session, pilot_id).plan
    worth = {Happened.YES: 1.0, Happened.PARTLY: 0.5, Happened.NO: 0.0}
    values = [
        worth[Happened(entry.happened)] for entry in entries(session, pilot_id) if log_weeks.within(plan, entry.week)
    ]
    return sum(values) / len(values) if values else None


def metric_to_enter(session: Session, pilot_id: int) -> Metric | None:
    """The pilot's metric when staff enter its number in the log."""
    metric = plans.current(session, pilot_id).metric
    return metric if metric.manual else None

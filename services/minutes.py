"""The minutes of a meeting: who, when, what was decided and why, what was left, harm that is still open first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.decisions import Choice, Evaluation
from models.meetings import MeetingItem
from models.metrics import Metric
from models.people import Person
from models.pilots import PilotStatus, Status
from services import decisions, meetings, pilots
from services.decisions import DecisionRow
from services.evaluation import StoredEvaluation
from services.meetings import MeetingRow
from services.permissions import May, reach, require
from services.pilots import PilotRow
from services.portfolio import Pile, harmed, pile_of
from services.rows import key
from services.settings import ZONE
from stats.guardrails import Guard


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision of the meeting.

    Attributes:
        row: The pilot.
        metric: What it is judged by.
        stored: The evaluation that the decision rests on.
        made: The decision with its people and units.
        pile: Where the pilot lay before the meeting decided.
        worse: Metrics of the guardrails that its evaluation found worse off.
        established: Whether a check made it an established practice.
    """

    row: PilotRow
    metric: Metric
    stored: StoredEvaluation
    made: DecisionRow
    pile: Pile
    worse: tuple[Metric, ...]
    established: bool


@dataclass(frozen=True, kw_only=True)
class Left:
    """A pilot left for the next meeting.

    Attributes:
        row: The pilot.
        note: Why, when somebody said.
        harm: Whether somebody may be harmed, by its newest evaluation of that time.
    """

    row: PilotRow
    note: str
    harm: bool


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """What a meeting did.

    Attributes:
        of: The meeting and who led it.
        decided: Decisions in force or waiting for their second person, by the pilot's code.
        left: What was left for the next meeting, by code.
        counts: Pilots in each pile when the meeting began with them.
    """

    of: MeetingRow
    decided: tuple[Decided, ...]
    left: tuple[Left, ...]
    counts: Mapping[Pile, int]

    @property
    def harm_open(self) -> tuple[Left, ...]:
        """Pilots that may harm somebody and were not decided: named before anything else."""
        return tuple(one for one in self.left if one.harm)

    @property
    def waiting(self) -> tuple[Decided, ...]:
        """Decisions that a second person is still to approve."""
        return tuple(one for one in self.decided if one.made.waiting)


def assemble(session: Session, *, meeting_id: int, by: Person, today: dt.date) -> Minutes:
    """The minutes of a meeting, so far when it is still open.

    Args:
        session: Reads the record.
        meeting_id: The meeting.
        by: Who asks.
        today: The day it is.

    Raises:
        NotAllowed: The person may not hold meetings.
        NotFound: There is no such meeting.
    """
    require(session, by, May.MEET)
    of = meetings.meeting_row(session, meeting_id)
    listed = pilots.list_pilots(session, today=today, unit_ids=reach(session, of.led_by))
    rows = {key(row.pilot.id): row for row in listed}
    ended = of.meeting.ended_at
    day = today if ended is None else min(today, ended.astimezone(ZONE).date())
    decided = _decided(session, meeting_id, rows, day)
    newest = _newest_then(session, rows, of.meeting.ended_at)
    items = [item for item in meetings.items(session, meeting_id).values() if item.postponed]
    left = tuple(_left(item, rows[item.pilot_id], newest) for item in items if item.pilot_id in rows)
    return Minutes(
        of=of,
        decided=tuple(sorted(decided, key=lambda one: one.row.pilot.code)),
        left=tuple(sorted(left, key=lambda one: one.row.pilot.code)),
        counts=_counts(session, ended, day, rows, newest, decided),
    )


def _decided(session: Session, meeting_id: int, rows: Mapping[int, PilotRow], day: dt.date) -> list[Decided]:
    """The newest decision that the meeting made of each pilot."""
    found: dict[int, tuple[DecisionRow, bool]] = {}
    until: dict[int, dt.datetime | None] = {}
    for pilot_id, made in decisions.by_pilot(session, rows).items():
        own = next((one for one in made if one.decision.meeting_id == meeting_id), None)
        if own is not None:
            before = (one for one in made if one.in_force and one.decision.meeting_id != meeting_id)
            scaled = next((Choice(one.decision.choice) is Choice.SCALE for one in before), False)
            found[pilot_id] = own, scaled
            newer = made[: made.index(own)]
            until[pilot_id] = newer[-1].decision.at if newer else None
    evaluations = _evaluations(session, [own.decision.evaluation_id for own, _ in found.values()])
    metrics = {metric.id: metric for metric in session.exec(select(Metric)).all()}
    by_code = {metric.code: metric for metric in metrics.values()}

    def pile(row: PilotRow, stored: StoredEvaluation, *, scaled: bool) -> Pile:
        if scaled:
            return Pile.FOLLOW_UP
        if harmed(stored):
            return Pile.HARM
        return Pile.TO_DECIDE if day > row.plan.end_on else Pile.RUNNING

    return [
        Decided(
            row=rows[pilot_id],
            metric=metrics[rows[pilot_id].plan.metric_id],
            stored=evaluations[own.decision.evaluation_id],
            made=own,
            pile=pile(rows[pilot_id], evaluations[own.decision.evaluation_id], scaled=scaled),
            worse=_worse(evaluations[own.decision.evaluation_id], by_code),
            established=scaled and _established(session, pilot_id, since=own.decision.at, until=until[pilot_id]),
        )
        for pilot_id, (own, scaled) in found.items()
    ]


def _worse(stored: StoredEvaluation, by_code: Mapping[str, Metric]) -> tuple[Metric, ...]:
    guards = stored.result.guardrails if stored.result is not None else ()
    return tuple(by_code[one.name] for one in guards if one.status is Guard.HARMED)


def _established(session: Session, pilot_id: int, *, since: dt.datetime, until: dt.datetime | None) -> bool:
    """Whether the pilot became an established practice with a decision: after it, and before the next one."""
    query = select(PilotStatus).where(PilotStatus.pilot_id == pilot_id, PilotStatus.status == Status.ESTABLISHED)
    return any(since <= row.at and (until is None or row.at < until) for row in session.exec(query).all())


def _evaluations(session: Session, ids: Sequence[int]) -> dict[int, StoredEvaluation]:
    query = select(Evaluation).where(col(Evaluation.id).in_(ids))
    return {key(row.id): StoredEvaluation(row) for row in session.exec(query).all()}


def _newest_then(
    session: Session, rows: Mapping[int, PilotRow], until: dt.datetime | None
) -> dict[int, StoredEvaluation]:
    """Each pilot's newest evaluation when the meeting ended; its first where all were made later."""
    query = select(Evaluation.pilot_id, Evaluation.id, Evaluation.at).order_by(col(Evaluation.id))
    chosen: dict[int, int] = {}
    for pilot_id, evaluation_id, at in session.exec(query).all():
        if pilot_id in rows and (pilot_id not in chosen or until is None or at <= until):
            chosen[pilot_id] = key(evaluation_id)
    found = _evaluations(session, list(chosen.values()))
    return {pilot_id: found[evaluation_id] for pilot_id, evaluation_id in chosen.items()}


def _left(item: MeetingItem, row: PilotRow, newest: Mapping[int, StoredEvaluation]) -> Left:
    return Left(row=row, note=item.note, harm=harmed(newest.get(item.pilot_id)))


def _counts(
    session: Session,
    ended: dt.datetime | None,
    day: dt.date,
    rows: Mapping[int, PilotRow],
    newest: Mapping[int, StoredEvaluation],
    decided: Sequence[Decided],
) -> dict[Pile, int]:
    """Pilots in each pile as the meeting found them: what it decided counts where it lay before; later ones do not."""
    standing: dict[int, Status] = {}
    for status in session.exec(select(PilotStatus).order_by(col(PilotStatus.id))).all():
        if status.pilot_id not in standing or ended is None or status.at <= ended:
            standing[status.pilot_id] = Status(status.status)
    before = {key(one.row.pilot.id): one.pile for one in decided}
    counted = Counter(
        before.get(pilot_id) or pile_of(pilots.standing(standing[pilot_id], row.plan, day), newest.get(pilot_id))
        for pilot_id, row in rows.items()
        if pilot_id in before or ended is None or row.pilot.created_at <= ended
    )
    return {pile: counted[pile] for pile in Pile}

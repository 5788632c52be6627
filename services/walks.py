"""Walks in the customer's shoes: the paths there are, a walk along one, and what the walks say together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import localised, now, validated
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, Status
from models.walks import ServicePath, Walk, WalkStep
from services import given
from services.errors import BadInput, Conflict, NotFound
from services.permissions import May, allowed, require, require_any
from services.pilots import list_pilots
from services.rows import get, key

FEWEST_STAGES, MOST_STAGES = 2, 12
LONGEST_NAME = 60
"""Characters of a stage or an alternative: more does not fit under a picture."""
LONGEST_NOTE, LONGEST_WHOM = 500, 200


@dataclass(frozen=True, kw_only=True)
class StepInput:
    """How one stage felt.

    Attributes:
        stage: Place in the path's stages, from 0.
        minute: Minutes since the first stage began.
        feeling: 1 very bad ... 5 very good.
        note: What was seen; redacted before it is stored.
    """

    stage: int
    minute: float
    feeling: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WalkRow:
    """A walk with what lists show beside it; who walked is not among it.

    Attributes:
        walk: The walk.
        unit: Where it was walked.
        pilot: The pilot that ran at the time, if the walker named one.
        steps: The stages that were walked, in order.
    """

    walk: Walk
    unit: Unit
    pilot: Pilot | None
    steps: tuple[WalkStep, ...] = field(default=())


def paths(session: Session) -> Sequence[ServicePath]:
    """Every service path, by code."""
    return session.exec(select(ServicePath).order_by(ServicePath.code)).all()


def path_by_code(session: Session, code: str) -> ServicePath:
    """The path with a code.

    Raises:
        NotFound: There is none.
    """
    found = session.exec(select(ServicePath).where(ServicePath.code == code)).first()
    if found is None:
        raise NotFound("There is no service path with the code {code}.", code=code)
    return found


def times_walked(session: Session, path_id: int, by: Person) -> int:
    """How often the person has saved a walk of the path, those taken back too: it never shrinks."""
    count = select(sa.func.count(col(Walk.id))).where(Walk.path_id == path_id, Walk.by_id == by.id)
    return session.exec(count).one()


def walks_of(session: Session, path_id: int) -> list[WalkRow]:
    """The walks along a path, oldest first; those taken back are left out."""
    query = (
        select(Walk, Unit, Pilot)
        .join(Unit, col(Unit.id) == Walk.unit_id)
        .outerjoin(Pilot, col(Pilot.id) == Walk.pilot_id)
        .where(Walk.path_id == path_id, col(Walk.taken_back_at).is_(None))
        .order_by(col(Walk.walked_on), col(Walk.id))
    )
    found = session.exec(query).all()
    ids = [key(walk.id) for walk, _, _ in found]
    steps: dict[int, list[WalkStep]] = {walk_id: [] for walk_id in ids}
    of_walks = select(WalkStep).where(col(WalkStep.walk_id).in_(ids)).order_by(col(WalkStep.stage))
    for step in session.exec(of_walks).all():
        steps[step.walk_id].append(step)
    return [WalkRow(walk=walk, unit=unit, pilot=pilot, steps=tuple(steps[key(walk.id)])) for walk, unit, pilot in found]


def counts(session: Session) -> dict[int, int]:
    """How many walks each path has, by the path's id; those taken back are left out."""
    query = sa.select(col(Walk.path_id), sa.func.count()).where(col(Walk.taken_back_at).is_(None))
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(col(Walk.path_id))).all()}


def running_pilots(session: Session, *, unit_id: int, today: dt.date) -> list[Pilot]:
    """The pilots a walk in a unit may happen during."""
    rows = list_pilots(session, today=today, unit_ids=[unit_id])
    during = (Status.RUNNING, Status.AWAITING_DECISION, Status.SCALING, Status.ESTABLISHED)
    return [row.pilot for row in rows if row.status in during]


def record_walk(
    session: Session,
    *,
    path_id: int,
    unit_id: int,
    steps: Sequence[StepInput],
    by: Person,
    today: dt.date,
    alternative: int | None = None,
    as_whom: str = "",
    pilot_id: int | None = None,
    walked_on: dt.date | None = None,
) -> Walk:
    """Store a walk. Stages that the walker did not get to are simply absent.

    Raises:
        BadInput: No stage was felt, a stage is not the path's, minutes run backwards, the day lies ahead.
        NotAllowed: The person may not walk in the unit.
        NotFound: There is no such path, unit or pilot.
    """
    require(session, by, May.WALK, unit_id=unit_id)
    path = get(session, ServicePath, path_id)
    get(session, Unit, unit_id)
    day = walked_on or today
    if day > today:
        raise BadInput("A walk cannot lie in the future.", field="walked_on")
    if alternative is not None and not 0 <= alternative < len(path.alternatives):
        raise BadInput("Choose one of the path's own alternatives.", field="alternative")
    if pilot_id is not None and get(session, Pilot, pilot_id).unit_id != unit_id:
        raise BadInput("The pilot belongs to another unit than the walk.", field="pilot")
    walked = sorted(steps, key=lambda step: step.stage)
    _check(path, walked)
    walk = validated(
        Walk,
        path_id=path_id,
        unit_id=unit_id,
        pilot_id=pilot_id,
        alternative=alternative,
        walked_on=day,
        as_whom=given.words(as_whom, most=LONGEST_WHOM, field="as_whom"),
        by_id=by.id,
    )
    session.add(walk)
    session.flush()
    for step in walked:
        session.add(
            validated(
                WalkStep,
                walk_id=key(walk.id),
                stage=step.stage,
                minute=step.minute,
                feeling=step.feeling,
                note=given.words(step.note, most=LONGEST_NOTE, field="steps"),
            )
        )
    session.commit()
    return walk


def _check(path: ServicePath, walked: Sequence[StepInput]) -> None:
    if not walked:
        raise BadInput("Say how at least one stage felt.", field="steps")
    places = [step.stage for step in walked]
    if len(set(places)) < len(places) or not all(0 <= stage < len(path.stages) for stage in places):
        raise BadInput("Each stage of the path can be walked once.", field="steps")
    for step in walked:
        if not 1 <= step.feeling <= 5:
            raise BadInput("A feeling is given from 1 to 5, not {value}.", field="steps", value=step.feeling)
        if step.minute < 0:
            raise BadInput("Time is counted from the start of the path, so it is 0 or more.", field="steps")
        given.amount(step.minute, field="steps")
        if len(step.note) > LONGEST_NOTE:
            raise BadInput("A note has at most {most} characters.", field="steps", most=LONGEST_NOTE)
    for before, after in pairwise(walked):
        if after.minute < before.minute:
            raise BadInput(
                "Stage {later} cannot begin before stage {earlier}: check the times.",
                field="steps",
                later=after.stage + 1,
                earlier=before.stage + 1,
            )


def take_back(session: Session, *, walk_id: int, by: Person) -> None:
    """Take back one's own walk; it stays in the record, marked.

    Raises:
        Conflict: It was taken back already, or is somebody else's.
        NotAllowed: The person may not walk in the unit.
    """
    walk = get(session, Walk, walk_id)
    require(session, by, May.WALK, unit_id=walk.unit_id)
    if walk.by_id != by.id:
        raise Conflict("Only the person who walked can take a walk back.")
    if walk.taken_back_at is not None:
        raise Conflict("This walk was taken back already.")
    walk.taken_back_at = now()
    session.add(walk)
    session.commit()


def put_back(session: Session, *, walk_id: int, by: Person) -> None:
    """Let one's own walk count again that was taken back.

    Raises:
        Conflict: It was not taken back, or is somebody else's.
        NotAllowed: The person may not walk in the unit.
    """
    walk = get(session, Walk, walk_id)
    require(session, by, May.WALK, unit_id=walk.unit_id)
    if walk.by_id != by.id:
        raise Conflict("Only the person who walked can put a walk back.")
    if walk.taken_back_at is None:
        raise Conflict("This walk is in the picture already.")
    walk.taken_back_at = None
    session.add(walk)
    session.commit()


def may_define(session: Session, person: Person | None) -> bool:
    """Whether a person may define a service path: who registers pilots, and who keeps the lists."""
    return any(allowed(session, person, may) for may in (May.REGISTER, May.CURATE))


def define_path(
    session: Session,
    *,
    name: str,
    stages: Sequence[str],
    by: Person,
    alternatives: Sequence[str] = (),
    language: str = "fi",
) -> ServicePath:
    """Add a service path in the language it is written in; empty lines are passed over.

    Raises:
        BadInput: The name or the stages are missing, too long or twice the same.
        Conflict: A path has the name already.
        NotAllowed: The person may not define paths.
    """
    require_any(session, by, (May.REGISTER, None), (May.CURATE, None))
    called = given.clean(name)
    if not called:
        raise BadInput("Give the path a name.", field="name")
    lines = [line for line in map(given.clean, stages) if line]
    ways = [line for line in map(given.clean, alternatives) if line]
    if not FEWEST_STAGES <= len(lines) <= MOST_STAGES:
        raise BadInput(
            "A path has {fewest} to {most} stages, one a line; now there are {now}.",
            field="stages",
            fewest=FEWEST_STAGES,
            most=MOST_STAGES,
            now=len(lines),
        )
    for found, where in (([called], "name"), (lines, "stages"), (ways, "alternatives")):
        if any(len(line) > LONGEST_NAME for line in found):
            raise BadInput("Keep each name to {most} characters.", field=where, most=LONGEST_NAME)
        if len({line.casefold() for line in found}) < len(found):
            raise BadInput("The same name stands twice. Give each its own.", field=where)
    if any(localised(path.name, language).casefold() == called.casefold() for path in paths(session)):
        raise Conflict("There is a path of this name already.")
    path = validated(
        ServicePath,
        code=_free_code(session),
        name={language: called},
        stages=[{language: line} for line in lines],
        alternatives=[{language: line} for line in ways],
    )
    session.add(path)
    session.commit()
    return path


def _free_code(session: Session) -> str:
    taken = {path.code for path in paths(session)}
    number = len(taken) + 1
    while f"path{number}" in taken:
        number += 1
    return f"path{number}"

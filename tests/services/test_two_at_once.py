"""Two people at one moment: what one did is read by the other, and nobody meets an accident, on either engine."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.database import make_write_engine
from models.decisions import Choice, Verdict
from models.people import Person
from services import decisions, meetings, pilots, plans
from services.errors import Conflict, ServiceError
from services.rows import get, key
from tests.services.conftest import TODAY, World
from tests.services.test_decisions import evaluated

DECIDED = TODAY + dt.timedelta(days=100)


def at_once(
    world: World, url: str, act: Callable[[Session, Person], object], *people: Person
) -> list[Exception | None]:
    """What each met who did it at the same moment."""
    ids = [key(person.id) for person in people]
    world.session.rollback()  # on SQLite it would keep everybody waiting
    start = threading.Barrier(len(ids))
    met: list[Exception | None] = []

    def do(person_id: int) -> None:
        engine = make_write_engine(url)
        start.wait()
        try:
            with Session(engine, expire_on_commit=False) as session:
                act(session, get(session, Person, person_id))
            met.append(None)
        except Exception as error:
            met.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=do, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


@pytest.fixture
def waiting(world: World) -> int:
    """A decision against the recommendation that waits for its second person."""
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    evaluation = evaluated(world, pilot, Verdict.STOP)
    decision = decisions.record_decision(
        world.session,
        evaluation_id=key(evaluation.id),
        choice=Choice.EXTEND,
        by=world.director,
        today=DECIDED,
        reason="Kausi kesken.",
    )
    return key(decision.id)


def test_two_second_persons(world: World, waiting: int, database_url: str) -> None:
    met = at_once(
        world,
        database_url,
        lambda session, by: decisions.approve_override(session, decision_id=waiting, by=by),
        world.leader,
        world.leader,
    )
    assert [type(error) for error in met if error is not None] == [Conflict]


def test_two_amendments(world: World, waiting: int, database_url: str) -> None:
    pilot_id = get(world.session, decisions.Decision, waiting).pilot_id
    plan = world.plan(smallest_change=0.4)
    met = at_once(
        world,
        database_url,
        lambda session, by: plans.amend_plan(
            session, pilot_id=pilot_id, plan=plan, reason="Tarkennus.", by=by, today=TODAY
        ),
        world.lead,
        world.lead,
    )
    assert [isinstance(error, ServiceError) for error in met if error is not None] == [True]


def test_two_who_decide_when_neither_has_read_the_others(world: World, database_url: str) -> None:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    evaluation_id = key(evaluated(world, pilot, Verdict.STOP).id)
    met = at_once(
        world,
        database_url,
        lambda session, by: decisions.record_decision(
            session, evaluation_id=evaluation_id, choice=Choice.STOP, by=by, today=DECIDED, read=0
        ),
        world.director,
        world.leader,
    )
    assert [type(error) for error in met if error is not None] == [Conflict]
    assert len(decisions.decisions_of(world.session, key(pilot.id))) == 1


def test_two_windows_that_end_a_meeting(world: World, database_url: str) -> None:
    meeting_id = key(meetings.open_meeting(world.session, by=world.director).id)
    met = at_once(
        world,
        database_url,
        lambda session, by: meetings.end_meeting(session, meeting_id=meeting_id, by=by),
        world.director,
        world.director,
    )
    assert [type(error) for error in met if error is not None] == [Conflict]

"""The portfolio's rows: read in a few queries however many pilots; what staff's logs say together."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from models.base import now, validated, week_of
from models.people import Person, Role
from models.pilots import Happened, LogEntry, Pilot, PilotStatus, Status
from services import pilots, portfolio, staff_views
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World


@pytest.fixture
def pilot(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def test_how_the_work_went_is_not_told_of_fewer_than_five(world: World, pilot: Pilot) -> None:
    people = [Person(code=f"n{k}", name=f"n{k}", role=Role.STAFF, unit_id=world.ward.id) for k in range(5)]
    world.session.add_all(people)
    world.session.flush()

    def log(person: Person, happened: Happened, went: int, *, undone: bool = False) -> None:
        entry = validated(
            LogEntry, pilot_id=pilot.id, week=week_of(TODAY) + 2, happened=happened, work_went=went, by_id=person.id,
            undone_at=now() if undone else None,
        )  # fmt: skip
        world.session.add(entry)
        world.session.commit()

    assert staff_views.of_all(world.session, today=TODAY) == {}
    for person in people[:4]:
        log(person, Happened.PARTLY, 4)
    log(people[0], Happened.NO, 1, undone=True)
    later = TODAY + dt.timedelta(weeks=4)

    def went(today: dt.date) -> float | None:
        return staff_views.of_all(world.session, [key(pilot.id)], today=today)[key(pilot.id)].work_went

    view = staff_views.of_all(world.session, today=later)[key(pilot.id)]
    assert (view.entries, view.carried_out, view.work_went) == (4, 0.5, None)
    log(people[4], Happened.YES, 5)
    assert went(later) == pytest.approx(4.2)
    assert went(TODAY + dt.timedelta(weeks=3)) is None, "the week can still be logged"


def test_the_sixth_answer_is_not_told_by_what_it_changes(world: World, pilot: Pilot) -> None:
    people = [Person(code=f"m{k}", name=f"m{k}", role=Role.STAFF, unit_id=world.ward.id) for k in range(6)]
    world.session.add_all(people)
    world.session.flush()
    later = TODAY + dt.timedelta(weeks=12)

    def log(weeks: int, *who: int, went: int) -> float | None:
        for one in who:
            row = LogEntry(
                pilot_id=pilot.id, week=week_of(TODAY) + weeks, happened=Happened.YES, work_went=went,
                by_id=people[one].id,
            )  # fmt: skip
            world.session.add(row)
        world.session.commit()
        return staff_views.of_all(world.session, today=later)[key(pilot.id)].work_went

    assert log(2, 0, 1, 2, 3, 4, went=4) == 4
    assert log(3, 5, went=1) == 4
    assert log(4, 0, 1, 2, went=1) == 4
    assert log(5, 3, went=1) == pytest.approx((5 * 4 + 5 * 1) / 10)


def test_the_portfolio_is_read_in_as_many_queries_for_fifty_pilots(demo_session: Session) -> None:
    """No query a pilot: 24 pilots of the demo county, then 26 more with statuses, decisions and logs of their own."""

    def queries() -> tuple[int, list[str]]:
        seen: list[str] = []
        engine = demo_session.get_bind()
        demo_session.expunge_all()
        demo_session.connection()  # a writing session's turn is no query of the portfolio's

        def note(*arguments: object) -> None:
            statement = str(arguments[2])
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        rows = portfolio.rows(demo_session, today=DEMO_TODAY)
        event.remove(engine, "before_cursor_execute", note)
        return len(rows), seen

    portfolio.rows(demo_session, today=DEMO_TODAY)  # evaluations are read once a process
    few, first = queries()
    leader = demo_session.exec(select(Person).where(Person.code == "u10")).one()
    more_pilots(demo_session, leader, 26)
    many, second = queries()
    assert (few, many) == (24, 50)
    assert len(second) == len(first) <= 12, second


def more_pilots(session: Session, by: Person, count: int) -> None:
    """Copies of the demo county's running pilots."""
    rows = [row for row in pilots.list_pilots(session, today=DEMO_TODAY) if row.status is Status.RUNNING]
    for number in range(count):
        row = rows[number % len(rows)]
        fields = row.pilot.model_dump(exclude={"id", "code", "log_token"})
        copy = validated(Pilot, **fields, code=f"X{number}", log_token=f"x{number}")
        session.add(copy)
        session.flush()
        plan = validated(type(row.plan), **{**row.plan.model_dump(exclude={"id"}), "pilot_id": copy.id})
        session.add(plan)
        session.add(validated(PilotStatus, pilot_id=copy.id, status=Status.RUNNING, by_id=by.id))
    session.commit()

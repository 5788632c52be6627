"""The funnel: nested stages, medians worked out by hand, the counter of unused feedback against SQL, the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from models.base import validated
from models.decisions import Choice, Decision, DecisionUnit, Evaluation, Verdict
from models.ideas import Idea, IdeaStatus
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, PilotStatus, Status
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import pilots
from services.errors import NotAllowed
from services.funnel import Funnel, Stage, first_feedback, funnel
from services.rows import key
from services.taken_up import TARGET_DAYS, clock, taken_up
from services.theme_facts import refresh
from services.theme_scope import Scope
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World

YEAR_AGO = TODAY - dt.timedelta(days=365)
TEXT = "Tähän tarvittaisiin jokin muutos."


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def theme(world: World, code: str, **fields: Any) -> Theme:
    row = validated(Theme, code=code, name={"fi": code}, **fields)
    world.session.add(row)
    world.session.commit()
    return row


def said(
    world: World, of: Theme, unit: Unit, days_ago: Iterable[int], *, score: float = 1, text: str | None = TEXT
) -> None:
    """An answer a day named, each by somebody else, all unhappy unless the score says otherwise."""
    session = world.session
    for ago in days_ago:
        row = world.answer(unit, TODAY - dt.timedelta(days=ago), score=score, text=text)
        session.add(validated(ThemeAssignment, feedback_id=row.id, theme_id=of.id, assigned_by=AssignedBy.RESPONDENT))
        session.flush()
        refresh(session, [key(row.id)])
    session.commit()


def pilot(world: World, of: Theme, *, written: int, start: int | None = None, unit: Unit | None = None) -> Pilot:
    """A pilot of the ward, written down and started so many days ago."""
    home = unit or world.ward
    begin = TODAY - dt.timedelta(days=start) if start is not None else TODAY + dt.timedelta(days=7)
    row = pilots.register_pilot(
        world.session,
        fields=world.fields(theme_ids=(of.id,), unit_id=home.id),
        plan=world.plan(
            start_on=begin, end_on=begin + dt.timedelta(days=83), decide_on=begin + dt.timedelta(days=90),
            pilot_unit_ids=(home.id,), comparison_unit_ids=(),
        ),
        by=world.lead if home is world.ward else world.other_lead,
        today=begin - dt.timedelta(days=1),
    )  # fmt: skip
    row.created_at = noon(TODAY - dt.timedelta(days=written))
    world.session.add(row)
    world.session.commit()
    return row


def decided(world: World, of: Pilot, *, ago: int, choice: Choice, units: Iterable[Unit] = ()) -> None:
    """A decision along the recommendation, in force on its day."""
    session, when = world.session, TODAY - dt.timedelta(days=ago)
    plan = pilots.pilot_row(session, pilot_id=key(of.id), today=TODAY).plan
    stored = validated(
        Evaluation,
        pilot_id=of.id,
        plan_id=plan.id,
        as_of=when,
        inputs_hash="0" * 64,
        code_version="test",
        verdict=Verdict(choice.value),
        rule="test",
        result={},
    )
    session.add(stored)
    session.flush()
    made = validated(
        Decision,
        pilot_id=of.id,
        evaluation_id=stored.id,
        recommended=Verdict(choice.value),
        choice=choice,
        overrides=False,
        by_id=world.leader.id,
        at=noon(when),
    )
    session.add(made)
    session.flush()
    session.add_all(DecisionUnit(decision_id=key(made.id), unit_id=key(unit.id)) for unit in units)
    status = {Choice.SCALE: Status.SCALING, Choice.STOP: Status.STOPPED}[choice]
    session.add(validated(PilotStatus, pilot_id=of.id, status=status, at=noon(when)))
    session.commit()


def found(world: World, **changes: Any) -> Funnel:
    scope = Scope(first=changes.pop("first", YEAR_AGO), last=TODAY, unit_ids=changes.pop("unit_ids", None))
    return funnel(world.session, scope=scope, today=TODAY, by=changes.pop("by", world.trustee))


def themes(of: Funnel) -> list[int]:
    return [stage.themes for stage in of.stages]


def test_stages_are_nested_and_medians_are_those_worked_out_by_hand(world: World) -> None:
    """
    Phone: heard on day 300 (its third unhappy customer), written down on day 280, started on 250, decided on 160 and
    scaled. Food: heard on 200, written down on 190, started on 150, nothing more. Light: only spoken of.

        proposed after 20 and 10 days: median 15;  tried after 30 and 40: median 35;  decided after 90;  in use 0
    """
    food, light = theme(world, "T16"), theme(world, "T13")
    said(world, world.phone, world.ward, (320, 310, 300, 20))
    said(world, food, world.ward, (205, 204, 200))
    said(world, light, world.station, (9,))
    first = pilot(world, world.phone, written=280, start=250)
    decided(world, first, ago=160, choice=Choice.SCALE, units=[world.other_ward])
    pilot(world, food, written=190, start=150)
    of = found(world)
    assert themes(of) == [3, 2, 2, 1, 1, 0]
    assert [stage.pilots for stage in of.stages] == [0, 2, 2, 1, 1, 0]
    assert [(stage.days, stage.timed) for stage in of.stages] == [
        (None, 0), (15, 2), (35, 2), (90, 1), (0, 1), (None, 0),
    ]  # fmt: skip
    assert of.answers == 8
    world.session.add(validated(PilotStatus, pilot_id=first.id, status=Status.ESTABLISHED, at=noon(TODAY)))
    world.session.commit()
    last = found(world).stages[-1]
    assert (last.stage, last.themes, last.days) == (Stage.ESTABLISHED, 1, 160)


def test_an_idea_answers_a_theme_until_it_is_declined(world: World) -> None:
    said(world, world.phone, world.ward, (30,))
    idea = validated(
        Idea, unit_id=world.ward.id, theme_id=world.phone.id, words="Kaksi vuoroa", by_id=world.nurse.id,
        at=noon(TODAY - dt.timedelta(days=3)),
    )  # fmt: skip
    world.session.add(idea)
    world.session.commit()
    assert themes(found(world))[:3] == [1, 1, 0]
    assert found(world).ideas == 1
    assert found(world).unused.unused == 0
    idea.status, idea.answer = IdeaStatus.DECLINED, "Ei nyt."
    world.session.add(idea)
    world.session.commit()
    assert themes(found(world))[:2] == [1, 0]
    assert found(world).unused.unused == 1


def test_only_the_chosen_units_and_time(world: World) -> None:
    said(world, world.phone, world.ward, (100,))
    said(world, world.phone, world.station, (20,))
    pilot(world, world.phone, written=90, start=80)
    assert themes(found(world))[:3] == [1, 1, 1]
    assert themes(found(world, unit_ids={key(world.station.id)}))[:2] == [1, 0], "the pilot is the ward's"
    recent = found(world, first=TODAY - dt.timedelta(days=30))
    assert themes(recent)[:2] == [1, 0], "written down before the time that is looked at"
    assert first_feedback(world.session) == TODAY - dt.timedelta(days=100)


def test_thanks_and_what_no_unit_can_change_are_left_out(world: World) -> None:
    said(world, world.praise, world.ward, (5,))
    said(world, theme(world, "T14", controllable=False), world.ward, (5,))
    of = found(world)
    assert (themes(of)[0], of.answers, of.unused.comments, of.unused.share) == (0, 0, 0, None)


def test_a_machine_is_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        found(world, by=None)
    with pytest.raises(NotAllowed):
        clock(world.session, today=TODAY, by=None)


def test_a_scale_up_takes_up_what_was_said_where_it_reaches(world: World) -> None:
    said(world, world.phone, world.other_ward, (40, 30))
    said(world, world.phone, world.station, (40,))
    assert found(world).unused.unused == 3
    decided(
        world, pilot(world, world.phone, written=200, start=190), ago=50, choice=Choice.SCALE, units=[world.other_ward]
    )
    unused = found(world).unused
    assert (unused.comments, unused.unused, unused.share) == (3, 1, pytest.approx(1 / 3))
    pairs = taken_up(world.session, today=TODAY)
    phone = key(world.phone.id)
    assert pairs[phone, key(world.ward.id)] == TODAY - dt.timedelta(days=190)
    assert pairs[phone, key(world.other_ward.id)] == TODAY - dt.timedelta(days=50)
    assert (phone, key(world.station.id)) not in pairs


def test_the_clock_runs_from_the_third_unhappy_customer_to_the_first_change(world: World) -> None:
    said(world, world.phone, world.ward, (60, 50, TARGET_DAYS))
    said(world, world.phone, world.station, (60, 50), score=1)
    said(world, world.phone, world.station, (45,), score=10)
    session = world.session
    assert clock(session, today=TODAY, by=world.trustee).overdue == (), "the aim is reached on the last day still"
    later = TODAY + dt.timedelta(days=1)
    [waiting] = clock(session, today=later, by=world.trustee).overdue
    assert (waiting.unit.code, waiting.days, waiting.unhappy) == ("SAI3", TARGET_DAYS + 1, 3)
    assert waiting.heard_on == TODAY - dt.timedelta(days=TARGET_DAYS)
    assert not waiting.proposed
    pilot(world, world.phone, written=5)
    [waiting] = clock(session, today=later, by=world.trustee).overdue
    assert waiting.proposed, "planned, but nothing has changed yet"
    after = clock(session, today=TODAY + dt.timedelta(days=8), by=world.trustee)
    assert after.overdue == ()
    assert (after.changed, after.in_time, after.median_days) == (1, 0, TARGET_DAYS + 7)


def test_what_is_no_longer_spoken_of_is_not_overdue(world: World) -> None:
    said(world, world.phone, world.ward, (200, 199, 198))
    assert clock(world.session, today=TODAY, by=world.trustee).overdue == ()


def test_three_customers_over_more_than_a_quarter_are_not_heard_yet(world: World) -> None:
    said(world, world.phone, world.ward, (220, 125, 33))
    assert clock(world.session, today=TODAY, by=world.trustee).overdue == ()


def test_an_idea_solved_on_the_spot_stops_the_clock(world: World) -> None:
    said(world, world.phone, world.ward, (80, 79, 70))
    idea = validated(
        Idea, unit_id=world.ward.id, theme_id=world.phone.id, words="Kaksi vuoroa", by_id=world.nurse.id,
        status=IdeaStatus.SOLVED, answered_at=noon(TODAY - dt.timedelta(days=60)),
    )  # fmt: skip
    world.session.add(idea)
    world.session.commit()
    of = clock(world.session, today=TODAY, by=world.trustee)
    assert (of.overdue, of.changed, of.in_time, of.median_days) == ((), 1, 1, 10)


def test_the_counters_of_the_demo_county_equal_counts_of_their_own(demo_session: Session) -> None:
    by = demo_session.exec(select(Person).where(Person.code == "u9")).one()
    scope = Scope(first=dt.date(2025, 9, 1), last=DEMO_TODAY)
    of = funnel(demo_session, scope=scope, today=DEMO_TODAY, by=by)
    assert themes(of) == sorted(themes(of), reverse=True)
    assert [stage.pilots for stage in of.stages[1:]] == sorted((s.pilots for s in of.stages[1:]), reverse=True)
    count = sa.text(
        """
        SELECT count(DISTINCT f.id) FROM feedback f
        JOIN theme_answer a ON a.feedback_id = f.id JOIN theme t ON t.id = a.theme_id
        WHERE f.text IS NOT NULL AND t.controllable AND NOT t.praise AND NOT EXISTS (
            SELECT 1 FROM theme_answer b JOIN theme tb ON tb.id = b.theme_id
            WHERE b.feedback_id = f.id AND tb.controllable AND NOT tb.praise AND (
                EXISTS (
                    SELECT 1 FROM pilot p LEFT JOIN pilot_theme pt ON pt.pilot_id = p.id
                    WHERE (p.lead_theme_id = b.theme_id OR pt.theme_id = b.theme_id) AND (
                        p.unit_id = f.unit_id OR EXISTS (
                            SELECT 1 FROM decision d JOIN decision_unit du ON du.decision_id = d.id
                            WHERE d.pilot_id = p.id AND du.unit_id = f.unit_id))
                ) OR EXISTS (
                    SELECT 1 FROM idea i WHERE i.theme_id = b.theme_id AND i.unit_id = f.unit_id
                    AND i.status NOT IN ('declined', 'withdrawn'))))
        """
    )
    assert of.unused.unused == demo_session.execute(count).scalar_one()
    assert 0 < of.unused.unused < of.unused.comments

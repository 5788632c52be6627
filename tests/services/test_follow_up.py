"""Whether scaled effects have held: too early, held, faded, unclear; the checks that are written down."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session, select

from models.adoption import AdoptionState
from models.decisions import Choice, Decision, DecisionUnit, Verdict
from models.pilots import Pilot, PilotStatus, Status
from services import adoption, decisions, evaluation, follow_up, pilots, scaling
from services.errors import BadInput, Conflict, NotAllowed
from services.follow_up import FollowUp, Keep, State
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.services.conftest import World
from tests.services.followed import OVER, WEEK, dated, scaled

SIX_MONTHS = OVER + 27 * WEEK


def seen(session: Session, made: Decision, today: dt.date) -> FollowUp:
    found = follow_up.follow_up(session, pilot_id=made.pilot_id, today=today)
    assert found is not None
    return found


def test_before_three_months_nothing_is_said_of_the_effect(world: World) -> None:
    made = scaled(world, [6.0] * 13)
    found = seen(world.session, made, OVER + 12 * WEEK)
    assert (found.state, found.later, found.held) == (State.TOO_EARLY, (), None)
    assert found.sentence.values == {"date": OVER + 13 * WEEK}


def test_an_effect_that_stays_has_held(world: World) -> None:
    made = scaled(world, [6.0] * 28)
    found = seen(world.session, made, SIX_MONTHS)
    assert found.state is State.HELD
    assert [one.weeks_after for one in found.later] == [13, 26]
    assert found.newest is not None
    assert found.newest.estimate is not None
    # 6.0 against 4.0 before, where the only comparison that is left has stayed at 4.2.
    assert found.newest.estimate.effect == pytest.approx(2.0, abs=0.1)
    assert [unit.code for unit in found.compared_with] == ["PEL1"]
    assert [unit.code for unit in found.adopted] == ["SAI4"]


def test_an_effect_that_is_gone_has_faded_and_windows_do_not_mix(world: World) -> None:
    made = scaled(world, [6.0] * 13 + [4.0] * 15)
    assert seen(world.session, made, OVER + 14 * WEEK).state is State.HELD
    found = seen(world.session, made, SIX_MONTHS)
    assert found.state is State.FADED
    three, six = (one.estimate for one in found.later)
    assert three is not None
    assert six is not None
    assert (three.effect, six.effect) == (pytest.approx(2.0, abs=0.1), pytest.approx(0.0, abs=0.1))


def test_a_unit_said_not_to_have_started_is_still_compared_with(world: World) -> None:
    made = scaled(world, [6.0] * 28, units=(world.other_ward, world.station))
    alone = seen(world.session, made, SIX_MONTHS)
    assert (alone.compared_with, len(alone.adopted)) == ((), 2)
    assert alone.newest is not None
    assert alone.newest.estimate is not None
    assert alone.newest.estimate.method == "single_series_reml"
    for unit in (world.other_ward, world.station):
        adoption.set_state(
            world.session,
            decision_id=key(made.id),
            unit_id=key(unit.id),
            state=AdoptionState.NOT_STARTED,
            by=world.leader,
        )
    both = seen(world.session, made, SIX_MONTHS)
    assert [unit.code for unit in both.compared_with] == ["PEL1", "SAI4"]
    assert both.newest is not None
    assert both.newest.estimate is not None
    assert both.newest.estimate.method == "controlled_mixed_model"


def test_without_values_after_the_decision_it_is_unclear(world: World) -> None:
    found = seen(world.session, scaled(world, []), SIX_MONTHS)
    assert (found.state, found.held) == (State.UNCLEAR, None)
    assert all(one.estimate is None and one.why_not is not None for one in found.later)
    assert found.sentence.english().startswith("There are too few values after the decision")


def test_a_pilot_that_is_not_scaled_up_has_no_follow_up(world: World) -> None:
    plan = world.plan(guardrails=())
    pilot = pilots.register_pilot(
        world.session, fields=world.fields(), plan=plan, by=world.lead, today=OVER - WEEK * 30
    )
    assert follow_up.follow_up(world.session, pilot_id=key(pilot.id), today=OVER) is None


def test_checks_are_due_two_weeks_before_their_day_and_overdue_after_it(world: World) -> None:
    made = scaled(world, [])
    day = OVER + 13 * WEEK
    at = {
        today: [(one.next_check, one.overdue) for one in follow_up.due(world.session, today)]
        for today in (day - dt.timedelta(days=15), day - dt.timedelta(days=14), day, day + dt.timedelta(days=1))
    }
    assert list(at.values()) == [[], [(day, False)], [(day, False)], [(day, True)]]
    assert follow_up.due(world.session, day, unit_ids=[key(world.station.id)]) == []
    assert seen(world.session, made, day + dt.timedelta(days=1)).overdue


def test_a_check_that_held_makes_a_practice_and_sets_the_next_one(world: World) -> None:
    made = scaled(world, [6.0] * 28)
    first = made.model_dump()
    check = follow_up.record_check(
        world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.ESTABLISH, note="Toimii."
    )
    assert (check.choice, check.recommended, check.overrides) == (Choice.SCALE, Verdict.SCALE, False)
    assert check.review_on == OVER + 52 * WEEK
    found = seen(world.session, made, SIX_MONTHS)
    assert found.status is Status.ESTABLISHED
    assert found.scaling.decision.id == made.id
    assert [row.decision.id for row in found.scaling.checks] == [check.id]
    assert found.next_check == OVER + 52 * WEEK
    assert world.session.get(Decision, made.id).model_dump() == first  # type: ignore[union-attr]
    assert [row.status for row in pilots.history(world.session, made.pilot_id)][-2:] == ["scaling", "established"]
    reached = world.session.exec(select(DecisionUnit.unit_id).where(DecisionUnit.decision_id == check.id)).all()
    assert reached == [world.other_ward.id]


def test_a_check_written_twice_at_once_is_stored_once(world: World) -> None:
    made = scaled(world, [6.0] * 28)
    at_once = {"pilot_id": made.pilot_id, "by": world.leader, "today": SIX_MONTHS}
    check = follow_up.record_check(world.session, keep=Keep.GO_ON, **at_once)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="written down already"):
        follow_up.record_check(world.session, keep=Keep.GO_ON, **at_once)  # type: ignore[arg-type]
    world.session.rollback()
    with pytest.raises(Conflict, match="since you opened it"):
        follow_up.record_check(
            world.session,
            keep=Keep.GO_ON,
            review_on=SIX_MONTHS + WEEK,
            read=made.id,
            **at_once,  # type: ignore[arg-type]
        )
    world.session.rollback()
    practice = follow_up.record_check(world.session, keep=Keep.ESTABLISH, read=check.id, **at_once)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="written down already"):
        follow_up.record_check(world.session, keep=Keep.ESTABLISH, read=practice.id, **at_once)  # type: ignore[arg-type]
    world.session.rollback()
    stored = [row.decision.id for row in decisions.decisions_of(world.session, made.pilot_id)]
    assert stored == [practice.id, check.id, made.id]


def test_only_an_effect_that_held_becomes_a_practice(world: World) -> None:
    made = scaled(world, [])
    with pytest.raises(Conflict, match="has not been seen to hold"):
        follow_up.record_check(
            world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.ESTABLISH
        )
    later = SIX_MONTHS + 8 * WEEK
    check = follow_up.record_check(
        world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.GO_ON, review_on=later
    )
    assert check.review_on == later
    assert seen(world.session, made, SIX_MONTHS).status is Status.SCALING
    assert [one.next_check for one in follow_up.due(world.session, later)] == [later]


def test_a_faded_change_is_given_up_by_one_person_and_kept_by_two(world: World) -> None:
    made = scaled(world, [4.0] * 28)
    with pytest.raises(BadInput, match="needs a reason"):
        follow_up.record_check(
            world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.GO_ON
        )
    kept = follow_up.record_check(
        world.session,
        pilot_id=made.pilot_id,
        by=world.leader,
        today=SIX_MONTHS,
        keep=Keep.GO_ON,
        note="Sijaiset eivät tunne tapaa, Maija Virtanen perehdyttää.",
    )
    assert (kept.overrides, kept.recommended) == (True, Verdict.ADAPT)
    assert "Virtanen" not in kept.reason
    assert seen(world.session, made, SIX_MONTHS).scaling.checks == ()
    with pytest.raises(Conflict, match="second person"):
        follow_up.record_check(
            world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.ADAPT
        )
    decisions.approve_override(world.session, decision_id=key(kept.id), by=world.director)
    assert len(seen(world.session, made, SIX_MONTHS).scaling.checks) == 1
    given_up = follow_up.record_check(
        world.session, pilot_id=made.pilot_id, by=world.leader, today=SIX_MONTHS, keep=Keep.ADAPT
    )
    assert (given_up.overrides, given_up.review_on) == (False, None)
    assert pilots.history(world.session, made.pilot_id)[-1].status is Status.ADAPTING
    assert follow_up.follow_up(world.session, pilot_id=made.pilot_id, today=SIX_MONTHS) is None


def test_keeping_an_established_practice_against_the_recommendation_leaves_it_one(world: World) -> None:
    made = scaled(world, [4.0] * 28)
    pilots.set_status(world.session, pilot_id=made.pilot_id, status=Status.ESTABLISHED, by_id=world.leader.id)
    world.session.commit()
    kept = follow_up.record_check(
        world.session,
        pilot_id=made.pilot_id,
        by=world.leader,
        today=SIX_MONTHS,
        keep=Keep.GO_ON,
        note="Sijaiset perehdytetään ensin.",
    )
    assert kept.overrides
    decisions.approve_override(world.session, decision_id=key(kept.id), by=world.director)
    assert [row.status for row in pilots.history(world.session, made.pilot_id)][-2:] == ["established", "established"]


def test_who_may_not_decide_writes_no_check_and_none_lies_in_the_past(world: World) -> None:
    made = scaled(world, [])
    with pytest.raises(NotAllowed):
        follow_up.record_check(world.session, pilot_id=made.pilot_id, by=world.lead, today=SIX_MONTHS, keep=Keep.GO_ON)
    with pytest.raises(BadInput, match="future"):
        follow_up.record_check(
            world.session,
            pilot_id=made.pilot_id,
            by=world.leader,
            today=SIX_MONTHS,
            keep=Keep.GO_ON,
            review_on=SIX_MONTHS,
        )


def test_an_override_counts_from_the_day_of_its_second_person(world: World) -> None:
    made = scaled(world, [])
    made.overrides, made.recommended = True, Verdict.STOP
    made.reason = "Poikkeus."
    world.session.add(made)
    world.session.commit()
    assert scaling.scaling_of(world.session, made.pilot_id) is None
    decisions.approve_override(world.session, decision_id=key(made.id), by=world.director)
    dated(world.session, made, OVER)
    found = scaling.scaling_of(world.session, made.pilot_id)
    assert found is not None
    assert found.decided_on == OVER


def test_a_novelty_that_wears_off_is_not_said_to_have_held(demo_session: Session) -> None:
    """P12 (eleven contacts more a week, halving every six weeks) as if it had been scaled up while it was new."""
    pilot = pilots.by_code(demo_session, "P12")
    decided = dt.date(2026, 6, 1)
    stored = evaluation.evaluate_pilot(demo_session, pilot_id=key(pilot.id), today=decided, by=None)
    leader = demo_session.exec(select(Pilot.owner_id).where(Pilot.code == "P12")).one()
    made = Decision(
        pilot_id=key(pilot.id),
        evaluation_id=key(stored.row.id),
        recommended=Verdict.SCALE,
        choice=Choice.SCALE,
        overrides=False,
        review_on=decided + 13 * WEEK,
        by_id=key(leader),
    )
    demo_session.add(made)
    demo_session.add(PilotStatus(pilot_id=key(pilot.id), status=Status.SCALING))
    dated(demo_session, made, decided)
    found = seen(demo_session, made, DEMO_TODAY)
    assert found.state is State.UNCLEAR
    assert found.newest is not None
    assert found.newest.estimate is not None
    assert found.at_decision is not None
    assert 0 < found.newest.estimate.effect < found.at_decision.effect
    assert "at the decision" in found.sentence.english()


def test_the_demo_countys_scaled_pilots_are_followed(demo_session: Session) -> None:
    assert [one.row.pilot.code for one in follow_up.due(demo_session, DEMO_TODAY)] == ["P10", "P01"]
    pilot = pilots.by_code(demo_session, "P01")
    found = follow_up.follow_up(demo_session, pilot_id=key(pilot.id), today=DEMO_TODAY)
    assert found is not None
    assert (found.state, found.overdue) == (State.HELD, True)
    assert [unit.code for unit in found.adopted] == ["AVO1", "AVO2"]
    assert found.shrunken

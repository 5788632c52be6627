"""What the one-page brief says, and of whom it says nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import Session

from models.base import validated, week_of
from models.feedback import Channel
from models.metrics import MetricFamily
from models.people import Person, Role
from models.pilots import Happened, LogEntry, Pilot
from models.themes import AssignedBy, ThemeAssignment
from services import briefs, pilots, plans, recent, theme_facts
from services.brief_words import words
from services.briefs import Stage
from services.errors import NotFound
from services.i18n import translator
from services.rows import key
from services.taken_up import on_day
from stats.effect import Interval
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World

FI, EN = translator("fi"), translator("en")


def demo(session: Session, code: str, *, comments: bool = False) -> briefs.Brief:
    pilot = pilots.by_code(session, code)
    return briefs.brief(session, pilot_id=key(pilot.id), today=DEMO_TODAY, comments=comments)


def test_a_pilot_that_has_been_evaluated_says_everything(demo_session: Session) -> None:
    brief = demo(demo_session, "P03", comments=True)
    said = words(EN, brief)
    assert brief.stage is Stage.EVALUATED
    assert said.verdict_key == "adapt"
    assert said.reasons[0] == "A group of customers is worse off."
    assert ("Smallest change that matters", "0.10\N{NO-BREAK SPACE}points") in said.numbers
    assert [row[0] for row in said.guards[:2]] == [
        "Working time per customer",
        "Staff pulse: my work went well this week",
    ]
    assert any(name == "Group: 75+ years old" and state == "worse off" for name, state, _ in said.guards)
    assert said.if_wrong[0] == ("If we scale up, this may get worse in every unit that takes it up: 75+ years old.")
    assert len(said.if_wrong) == 3
    assert len(words(EN, demo(demo_session, "P01")).if_wrong) == 2
    assert said.decision == ("No decision yet. The plan says it is made on 20 Sept 2026.",)
    assert said.quotes


@pytest.mark.parametrize(
    ("code", "stage", "verdict"),
    [
        ("P21", Stage.IDEA, "Idea, ei vielä kokeilu"),
        ("P22", Stage.NOT_STARTED, "Alkaa 14.12.2026"),
    ],
)
def test_before_the_start_the_brief_says_so(demo_session: Session, code: str, stage: Stage, verdict: str) -> None:
    brief = demo(demo_session, code)
    said = words(FI, brief)
    assert (brief.stage, said.verdict, said.verdict_key) == (stage, verdict, "")
    assert said.if_wrong == said.would_change == said.attention == ()
    assert brief.result is None


def test_the_level_before_is_that_of_the_registration_until_the_start(demo_session: Session) -> None:
    """Later weeks change nothing of it before the start; a pilot that has started looks at the weeks before that."""
    for code, started in (("P22", False), ("P01", True)):
        row = pilots.pilot_row(demo_session, pilot_id=key(pilots.by_code(demo_session, code).id), today=DEMO_TODAY)
        whole = plans.current(demo_session, key(row.pilot.id))
        day = whole.plan.start_on if started else on_day(row.pilot.created_at)
        (unit,) = whole.pilot_units
        expected = recent.levels(demo_session, metric=whole.metric, units=[unit], today=day)[key(unit.id)].value
        assert briefs.level_before(demo_session, row, whole, today=DEMO_TODAY) == pytest.approx(expected)


def test_reviews_are_told_without_their_numbers_and_what_is_unclear_is_not_denied(demo_session: Session) -> None:
    said = words(FI, demo(demo_session, "P01"))
    assert "Etukäteen sovittu raja ylittyi välitarkastelussa 4.1.2026." in said.reasons
    assert "epäselvä" in " ".join(said.reasons)
    assert "kaikki ei ole selvää" in said.reasons[0]
    assert not any(" z " in reason for reason in said.reasons)


def test_comments_are_for_those_who_may_read_them(demo_session: Session) -> None:
    without, with_them = demo(demo_session, "P01"), demo(demo_session, "P01", comments=True)
    assert without.voice.quotes == ()
    assert len(with_them.voice.quotes) == briefs.QUOTES
    assert without.voice.people == with_them.voice.people > briefs.LEAST_CUSTOMERS
    assert all(len(quote.text or "") in briefs.QUOTE_LENGTHS for quote in with_them.voice.quotes)
    assert all(quote.given_on < with_them.whole.plan.start_on for quote in with_them.voice.quotes)


def test_what_it_costs_to_be_wrong_follows_from_the_interval_and_the_cost(demo_session: Session) -> None:
    brief = demo(demo_session, "P01")
    assert words(EN, brief).if_wrong == (
        "If we scale up and the effect is not real, each unit spends 110 h of working time in the first year for "
        "nothing.",
        "If we stop and the effect is real, an improvement of up to 20.2 percentage points is lost (Call-back within "
        "two hours; the better end of the interval).",
    )
    saves = demo(demo_session, "P10")
    assert "still saves 94 h" in words(EN, saves).if_wrong[0]
    money = demo(demo_session, "P15")
    assert "36 h of working time and 1,900 €" in words(EN, money).if_wrong[0]


def test_an_interval_without_any_improvement_loses_nothing(
    demo_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = demo(demo_session, "P01")
    assert brief.result is not None
    worse = replace(brief.result, interval=Interval(low=-0.2, high=-0.01))
    monkeypatch.setattr(briefs.Brief, "result", worse)
    assert words(EN, brief).if_wrong[1].startswith("If we stop, nothing is lost")


def test_numbers_of_too_few_people_are_not_told(demo_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = demo(demo_session, "P07")
    assert brief.result is not None
    monkeypatch.setattr(briefs.Brief, "result", replace(brief.result, answers_after=9.0))
    assert brief.few_answers
    said = words(EN, brief)
    assert ("Estimated effect", "not shown (too few respondents)") in said.numbers
    assert len(said.reasons) == 1
    assert said.if_wrong[1] == "Too few people have answered to say what would be lost by stopping."


def test_staff_are_counted_from_five(demo_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = demo(demo_session, "P07")
    assert brief.result is not None
    monkeypatch.setattr(briefs.Brief, "result", replace(brief.result, answers_after=6.0))
    pulse = brief.whole.metric.model_copy(update={"family": MetricFamily.STAFF})
    assert brief.few_answers
    assert not replace(brief, whole=replace(brief.whole, metric=pulse)).few_answers


def logged(world: World, pilot_id: int, people: int) -> None:
    first = week_of(pilots.pilot_row(world.session, pilot_id=pilot_id, today=TODAY).plan.start_on)
    for number in range(people):
        person = validated(Person, code=f"x{number}", name=f"Henkilö {number}", role=Role.STAFF, unit_id=world.ward.id)
        world.session.add(person)
        world.session.flush()
        world.session.add(
            validated(
                LogEntry,
                pilot_id=pilot_id,
                week=first + number,
                happened=Happened.YES if number else Happened.NO,
                work_went=4,
                note=f"Havainto {number}",
                by_id=person.id,
            )
        )
    world.session.commit()


@pytest.mark.parametrize(("people", "mean"), [(4, None), (5, 4.0)])
def test_how_the_work_went_is_told_from_five_people(world: World, people: int, mean: float | None) -> None:
    pilot = registration_of(world)
    logged(world, key(pilot.id), people)
    later = TODAY + dt.timedelta(weeks=12)
    found = briefs.brief(world.session, pilot_id=key(pilot.id), today=later).staff
    assert found.work_went == mean
    early = briefs.brief(world.session, pilot_id=key(pilot.id), today=TODAY + dt.timedelta(weeks=4)).staff
    assert early.work_went is None, "the last of the weeks that count together can still be logged"
    assert found.weeks == people
    assert found.fidelity == pytest.approx((people - 1) / people)


def test_a_doubting_note_is_among_those_shown(world: World) -> None:
    pilot = registration_of(world)
    logged(world, key(pilot.id), 5)
    notes = briefs.brief(world.session, pilot_id=key(pilot.id), today=TODAY).staff.notes
    assert [note.note for note in notes] == ["Havainto 4", "Havainto 0"]


def registration_of(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def said_by(world: World, people: int) -> None:
    for number in range(people):
        answer = world.answer(
            world.ward,
            TODAY - dt.timedelta(days=number + 1),
            text=f"Puhelimeen ei vastattu taaskaan, soitin {number + 2} kertaa.",
            channel=Channel.WEB if number % 2 else Channel.KIOSK,
        )
        world.session.flush()
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=answer.id, theme_id=world.phone.id, assigned_by=AssignedBy.RESPONDENT
            )
        )
    world.session.commit()
    theme_facts.rebuild(world.session)
    world.session.commit()


@pytest.mark.parametrize(("people", "few"), [(9, True), (10, False)])
def test_nothing_is_told_of_fewer_than_ten_customers(world: World, people: int, few: bool) -> None:
    pilot = registration_of(world)
    said_by(world, people)
    brief = briefs.brief(world.session, pilot_id=key(pilot.id), today=TODAY, comments=True)
    assert brief.voice.few is few
    assert brief.voice.people == (0 if few else people)
    assert bool(brief.voice.quotes) is not few
    heard = words(EN, brief).heard
    assert ("fewer than 10" in heard) is few


def test_a_pilot_that_nobody_has_evaluated_says_so(world: World) -> None:
    pilot = registration_of(world)
    started = TODAY + dt.timedelta(days=21)
    brief = briefs.brief(world.session, pilot_id=key(pilot.id), today=started)
    assert brief.stage is Stage.NOT_EVALUATED
    assert words(EN, brief).verdict == "Not evaluated yet"


def test_an_unknown_pilot_is_refused(session: Session) -> None:
    with pytest.raises(NotFound):
        briefs.brief(session, pilot_id=4711, today=TODAY)

"""What people type that cannot be stored as it is: refused in a sentence or made fit, never an accident."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.decisions import Choice, Verdict
from models.people import Person
from models.pilots import Happened
from services import decisions, follow_up, given, ideas, mandate, meetings, pilots, plans, thanks, walks, weekly_log
from services.errors import BadInput, NotFound
from services.i18n import translator
from services.rows import key
from tests.services.conftest import TODAY, World
from tests.services.test_decisions import evaluated

LOGGED = TODAY + dt.timedelta(days=15)
DECIDED = TODAY + dt.timedelta(days=100)
NULL = "Soitto\0aika"
NAMES = "Ari,Eva,"
"""Personal data that is shorter than what stands in its place."""
TOO_MUCH = [math.nan, math.inf, -math.inf, 1e308]


def note_log(world: World, words: str) -> str:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    return weekly_log.record(
        world.session, pilot_id=key(pilot.id), happened=Happened.YES, by=world.nurse, today=LOGGED, note=words
    ).note


def walked(world: World, words: str, *, minute: float = 0) -> str:
    path = walks.define_path(world.session, name="Polku", stages=["Soitto", "Käynti"], by=world.lead)
    return walks.record_walk(
        world.session,
        path_id=key(path.id),
        unit_id=key(world.ward.id),
        steps=[walks.StepInput(stage=0, minute=minute, feeling=3)],
        as_whom=words,
        by=world.nurse,
        today=TODAY,
    ).as_whom


def decided(world: World, words: str) -> str:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    evaluation = evaluated(world, pilot, Verdict.STOP)
    return decisions.record_decision(
        world.session,
        evaluation_id=key(evaluation.id),
        choice=Choice.EXTEND,
        by=world.director,
        today=DECIDED,
        reason=words,
    ).reason


def amended(world: World, words: str) -> str:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    plan = world.plan(smallest_change=0.4)
    return plans.amend_plan(
        world.session, pilot_id=key(pilot.id), plan=plan, reason=words, by=world.lead, today=LOGGED
    ).reason


def approved(world: World, words: str) -> str:
    fields = world.fields(setup_hours=1000)
    pilot = pilots.register_pilot(world.session, fields=fields, plan=world.plan(), by=world.lead, today=TODAY)
    return mandate.approve_start(world.session, pilot_id=key(pilot.id), by=world.director, today=TODAY, note=words).note


def proposed(world: World, words: str) -> str:
    return ideas.propose(world.session, unit_id=key(world.ward.id), words=words, by=world.nurse).words


def thanked(world: World, words: str) -> str:
    return thanks.say(world.session, unit_id=key(world.ward.id), words=words, by=world.nurse).words


def present(world: World, words: str) -> str:
    return meetings.open_meeting(world.session, by=world.director, present=words).present


DOORS = [note_log, walked, decided, amended, approved, proposed, thanked, present]


@pytest.mark.parametrize("door", DOORS)
def test_a_null_character_is_left_out(world: World, door: Callable[[World, str], str]) -> None:
    assert door(world, NULL) == "Soittoaika"


@pytest.mark.parametrize("door", [decided, amended, proposed, thanked])
def test_words_that_nobody_can_see_are_no_words(world: World, door: Callable[[World, str], str]) -> None:
    with pytest.raises(BadInput):
        door(world, "\u200b \0 \u2060")


@pytest.mark.parametrize(
    ("door", "words"),
    [
        (note_log, "x" * 2001),
        (walked, NAMES * 25),
        (decided, "x" * 4001),
        (amended, "x" * 2001),
        (approved, "x" * 2001),
        (thanked, NAMES * 37),
    ],
)
def test_a_text_too_long_for_its_place_is_refused_in_a_sentence(
    world: World, door: Callable[[World, str], str], words: str
) -> None:
    with pytest.raises(BadInput, match="characters"):
        door(world, words)


def test_the_reason_of_an_amendment_holds_no_personal_data(world: World) -> None:
    assert amended(world, "Maija Virtanen, 040 123 4567, jäi pois.") == "[NAME], [PHONE], jäi pois."


@pytest.mark.parametrize("value", TOO_MUCH)
def test_a_number_that_cannot_be_reckoned_with_is_refused(world: World, value: float) -> None:
    def register(plan: plans.PlanInput, **fields: object) -> None:
        pilots.register_pilot(world.session, fields=world.fields(**fields), plan=plan, by=world.lead, today=TODAY)

    for name in ("setup_hours", "setup_eur", "staff_hours_per_week"):
        with pytest.raises(BadInput):
            register(world.plan(), **{name: value})
    with pytest.raises(BadInput):
        register(world.plan(smallest_change=value))
    with pytest.raises(BadInput):
        register(world.plan(guardrails=((world.pulse.id, value),)))
    with pytest.raises(BadInput):
        walked(world, "", minute=value)


@pytest.mark.parametrize("value", TOO_MUCH)
def test_a_logged_number_that_is_none_is_refused(world: World, value: float) -> None:
    plan = world.plan(metric_id=world.errors.id, smallest_change=1.5)
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
    with pytest.raises(BadInput):
        weekly_log.record(
            world.session, pilot_id=key(pilot.id), happened=Happened.YES, by=world.nurse, today=LOGGED, value=value
        )


def test_what_is_named_must_exist(world: World) -> None:
    for changed in ({"comparison_unit_ids": (9999,)}, {"guardrails": ((9999, 0.2),)}):
        with pytest.raises(NotFound):
            pilots.register_pilot(
                world.session, fields=world.fields(), plan=world.plan(**changed), by=world.lead, today=TODAY
            )
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    evaluation = evaluated(world, pilot, Verdict.STOP)
    meeting = meetings.open_meeting(world.session, by=world.director)
    with pytest.raises(NotFound):
        decisions.record_decision(
            world.session,
            evaluation_id=key(evaluation.id),
            choice=Choice.STOP,
            by=world.director,
            today=DECIDED,
            owner_id=9999,
        )
    with pytest.raises(NotFound):
        meetings.end_meeting(world.session, meeting_id=key(meeting.id), by=world.director, left=[9999])
    with pytest.raises(NotFound):
        follow_up.record_check(
            world.session,
            pilot_id=key(pilot.id),
            by=world.director,
            today=DECIDED,
            keep=follow_up.Keep.GO_ON,
            meeting_id=9999,
        )


def test_an_address_with_a_null_character_finds_nothing_else(session: Session) -> None:
    assert session.exec(select(Person).where(Person.code == "nobody\0")).first() is None


@pytest.mark.parametrize(("value", "written"), [(1e30, "1E30"), (-2.5e200, "-2,5E200")])
def test_a_number_of_too_many_digits_is_written_with_its_power_of_ten(value: float, written: str) -> None:
    assert translator("fi").number(value) == written.replace("-", "\N{MINUS SIGN}")


def test_the_largest_number_is_named_in_the_refusal() -> None:
    with pytest.raises(BadInput) as refused:
        given.amount(math.inf, field="hours")
    assert (
        translator("fi").error(refused.value)
        == "Luvun pitää olla välillä 0–1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000."
    )


@pytest.mark.parametrize(("change", "title"), [("...", "..."), ("Ö" * 70, "Ö" * 60), ("Soitto. ", "Soitto")])
def test_a_pilot_always_has_a_name(world: World, change: str, title: str) -> None:
    fields = world.fields(change=change, title=" \u200b\t")
    pilot = pilots.register_pilot(world.session, fields=fields, plan=world.plan(), by=world.lead, today=TODAY)
    assert pilot.title == {"fi": title}
    with pytest.raises(BadInput):
        pilots.register_pilot(
            world.session, fields=world.fields(change="\u200b"), plan=world.plan(), by=world.lead, today=TODAY
        )

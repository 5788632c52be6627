"""Reminders: the right people, in their language, once, and nothing of customers in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import select

from models.base import validated
from models.database import Database
from models.decisions import Choice, Evaluation, Story
from models.jobs import JobOutcome, Reminder, ReminderState
from models.people import Person
from models.pilots import Happened
from services import decisions, jobs, mailing, pilots, reminders, settings, weekly_log
from services.evaluation import evaluate_pilot
from services.jobs import Ran
from services.mailing import Letter, NotSent
from services.reminders_due import MatterKind, waiting
from services.rows import key
from services.settings import SettingsError
from tests.services.conftest import TODAY, World
from tests.services.followed import OVER as DECIDED_ON
from tests.services.followed import scaled
from tests.services.mail_server import Mailbox, Posted, mail_server, web_server

START = TODAY + dt.timedelta(days=7)
THIRD_MONDAY = START + dt.timedelta(weeks=2)
OVER = TODAY + dt.timedelta(days=7 + 13 * 7)
ONLY = [job for job in jobs.JOBS if job.name == "reminders"]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture
def posted() -> Iterator[Posted]:
    with web_server() as found:
        yield found


@pytest.fixture
def pilot(world: World) -> str:
    """A pilot of the ward; everybody has an address and a language."""
    found = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    for person, language in ((world.lead, "fi"), (world.director, "sv"), (world.leader, "en"), (world.nurse, "fi")):
        person.email, person.language = f"{person.code}@example.fi", language
        world.session.add(person)
    world.session.commit()
    return found.code


def told(world: World, today: dt.date) -> dict[str, list[MatterKind]]:
    found = {person.code: [one.kind for one in matters] for person, matters in waiting(world.session, today=today)}
    world.session.commit()
    return found


def ran(database: Database, today: dt.date, *, hour: int = 12, **changes: object) -> Ran:
    own = replace(settings.load(), mail_from="luotsi@example.fi", base_url="https://luotsi.example.fi", **changes)  # type: ignore[arg-type]
    moment = dt.datetime.combine(today, dt.time(hour, 59), tzinfo=settings.ZONE)
    return next(jobs.run(database, own, today=today, jobs=ONLY, moment=moment))


def test_the_team_lead_is_told_of_a_week_that_was_not_logged(world: World, pilot: str) -> None:
    assert told(world, START) == {}, "there was no week before"
    assert told(world, THIRD_MONDAY) == {"lead": [MatterKind.LOG]}, "not the nurse, nor another unit's lead"
    row = pilots.by_code(world.session, pilot)
    entry = weekly_log.record(
        world.session,
        pilot_id=key(row.id),
        happened=Happened.YES,
        by=world.nurse,
        today=THIRD_MONDAY - dt.timedelta(days=3),
    )
    assert told(world, THIRD_MONDAY) == {}
    weekly_log.undo(world.session, entry_id=key(entry.id), by=world.nurse)
    assert told(world, THIRD_MONDAY) == {"lead": [MatterKind.LOG]}


def test_those_who_decide_are_told_of_a_pilot_that_waits(world: World, pilot: str) -> None:
    plan = world.plan()
    assert told(world, plan.decide_on - dt.timedelta(days=1)).get("leader") is None, "its day has not come"
    found = told(world, plan.decide_on)
    assert found == {"director": [MatterKind.DECIDE], "leader": [MatterKind.DECIDE]}


def test_follow_up_checks_and_stories_that_wait(world: World) -> None:
    decision = scaled(world, [6.0] * 30)
    check = DECIDED_ON + dt.timedelta(weeks=13)
    decision.at = dt.datetime.combine(DECIDED_ON, dt.time(12), tzinfo=dt.UTC)
    world.session.add(decision)
    world.session.commit()
    assert told(world, DECIDED_ON + dt.timedelta(days=29)) == {}
    a_month = told(world, DECIDED_ON + dt.timedelta(days=30))
    assert a_month == {who: [MatterKind.STORY] for who in ("director", "lead", "leader")}, "the owner may write it"
    both = told(world, check)
    assert both["leader"] == [MatterKind.STORY, MatterKind.FOLLOW_UP]
    parts = {name: {"fi": "Näin."} for name in ("you_said", "we_tried", "what_happened")}
    world.session.add(validated(Story, pilot_id=decision.pilot_id, **parts))
    world.session.commit()
    assert told(world, check)["leader"] == [MatterKind.FOLLOW_UP]


def test_the_second_person_is_told_and_never_the_first(world: World, pilot: str) -> None:
    row = pilots.by_code(world.session, pilot)
    stored = _evaluated(world, key(row.id))
    decisions.record_decision(
        world.session,
        evaluation_id=key(stored.id),
        choice=Choice.ADAPT,
        by=world.leader,
        today=OVER,
        reason="Henkilöstö pitää siitä.",
    )
    assert told(world, OVER) == {"director": [MatterKind.SECOND_PERSON]}


def test_a_letter_goes_out_once_in_the_persons_language_without_customers_words(
    world: World, pilot: str, database: Database, box: Mailbox
) -> None:
    first = ran(database, world.plan().decide_on, smtp_url=box.url)
    assert (first.outcome, dict(first.counts)) == (
        JobOutcome.DONE,
        {"people": 2, "sent": 2, "failed": 0, "without_address": 0},
    )
    swedish, english = sorted(box.letters, key=lambda letter: str(letter["To"]))
    assert (str(swedish["To"]), str(english["To"])) == ("director@example.fi", "leader@example.fi")
    assert str(english["Subject"]) == "Luotsi: 1 thing waits for you"
    assert str(swedish["Subject"]) == "Luotsi: 1 sak väntar på dig"
    assert (english["Auto-Submitted"], english["From"]) == ("auto-generated", "luotsi@example.fi")
    text = english.get_content()
    assert f"Pilot {pilot}, Osasto 4B: the decision was to be made on 1 Mar 2027" in text
    assert f"https://luotsi.example.fi/brief?code={pilot}" in text
    assert "1.3.2027" in swedish.get_content()
    for letter in box.letters:
        for words in (world.fields().customers_say, world.fields().change, "puhelim"):
            assert words not in letter.as_string() + letter.get_content()
    again = ran(database, world.plan().decide_on, smtp_url=box.url)
    assert (again.counts["sent"], len(box.letters)) == (0, 2), "never twice on a day"
    next_day = ran(database, world.plan().decide_on + dt.timedelta(days=1), smtp_url=box.url)
    assert next_day.counts["sent"] == 0, "nor every day"
    week_later = ran(database, world.plan().decide_on + dt.timedelta(days=7), smtp_url=box.url)
    assert week_later.counts["sent"] == 2


def test_what_was_not_sent_is_sent_by_the_next_run(
    world: World, pilot: str, database: Database, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    box.refuses = True
    failed = ran(database, THIRD_MONDAY, smtp_url=box.url)
    assert failed.outcome is JobOutcome.FAILED
    assert failed.said.startswith("The mail server did not take a reminder: ")
    assert "@" not in failed.said + caplog.text
    box.refuses = False
    assert ran(database, THIRD_MONDAY, smtp_url=box.url).counts["sent"] == 1
    assert len(box.letters) == 1


def test_what_was_being_sent_when_a_process_died_is_not_sent_again(
    world: World, pilot: str, database: Database, box: Mailbox
) -> None:
    ((person, matters),) = waiting(world.session, today=THIRD_MONDAY)
    world.session.commit()
    assert reminders.claim(database, "email", person, matters, today=THIRD_MONDAY) == matters  # and then it died
    assert ran(database, THIRD_MONDAY, smtp_url=box.url).counts["sent"] == 0
    assert box.letters == []
    with database.reading() as session:
        assert [row.state for row in session.exec(select(Reminder))] == [ReminderState.CLAIMED]


def test_reminders_are_posted_too(world: World, pilot: str, database: Database, posted: Posted) -> None:
    found = ran(database, THIRD_MONDAY, reminder_webhook=posted.url)
    assert found.counts["sent"] == 1
    (body,) = posted.bodies
    assert (body["event"], body["to"], body["language"]) == ("reminder", "lead", "fi")
    assert body["subject"] == "Luotsi: 1 asia odottaa sinua"
    (matter,) = body["matters"]
    assert (matter["kind"], matter["pilot"], matter["unit"]) == ("log", pilot, "SAI3")
    assert matter["link"] == "https://luotsi.example.fi/log", "the log's secret address is not sent"
    posted.status = 302
    late = ran(database, THIRD_MONDAY + dt.timedelta(days=3), reminder_webhook=posted.url)
    assert (late.outcome, late.said) == (JobOutcome.FAILED, "The reminders' address answered 302.")
    assert len(posted.bodies) == 2, "a redirect is not followed"


def test_nobody_is_woken(world: World, pilot: str, database: Database, box: Mailbox) -> None:
    for day, hour in ((THIRD_MONDAY, 6), (THIRD_MONDAY, 17), (THIRD_MONDAY + dt.timedelta(days=5), 12)):
        found = ran(database, day, hour=hour, smtp_url=box.url)
        assert (found.outcome, dict(found.counts)) == (JobOutcome.DONE, {})
    assert box.letters == []
    for hour in (7, 16):
        ran(database, THIRD_MONDAY, hour=hour, smtp_url=box.url)
    assert len(box.letters) == 1


def test_somebody_without_an_address_is_counted(world: World, pilot: str, database: Database, box: Mailbox) -> None:
    world.lead.email = None
    world.session.add(world.lead)
    world.session.commit()
    found = ran(database, THIRD_MONDAY, smtp_url=box.url)
    assert (found.outcome, found.counts["without_address"], found.counts["sent"]) == (JobOutcome.DONE, 1, 0)


def test_mail_is_encrypted_unless_told_otherwise(box: Mailbox) -> None:
    one = Letter(to="lead", email="lead@example.fi", language="fi", subject="s", text="t", matters=[])
    channel = mailing.Mail(url=box.url.replace("smtp+plain", "smtp"), sender="luotsi@example.fi")
    with pytest.raises(NotSent, match="SMTPNotSupportedError"):
        channel.send(one)
    assert box.letters == []
    with pytest.raises(NotSent) as refused:
        mailing.Mail(url=box.url, sender="luotsi@example.fi").send(replace(one, subject="a\nBcc: b@example.fi"))
    assert "ValueError" in str(refused.value)
    assert box.letters == []


def test_a_mail_server_needs_a_sender() -> None:
    own = replace(settings.load(), smtp_url="smtps://mail.example.fi")
    with pytest.raises(SettingsError, match="LUOTSI_MAIL_FROM"):
        mailing.channels(own)
    both = replace(own, mail_from="luotsi@example.fi", reminder_webhook="https://chat.example.fi/hook")
    assert [channel.name for channel in mailing.channels(both)] == ["email", "webhook"]


def test_a_channel_that_fails_is_left_alone_after_a_while(
    world: World, pilot: str, database: Database, posted: Posted
) -> None:
    for number in range(6):
        world.session.add(Person(code=f"leader{number}", name="L", role="leadership"))
    world.session.commit()
    posted.status = 500
    found = ran(database, world.plan().decide_on, reminder_webhook=posted.url)
    assert (found.counts["people"], found.counts["failed"]) == (8, reminders.PATIENCE)


def _evaluated(world: World, pilot_id: int) -> Evaluation:
    for week in range(-10, 12):
        for unit in (world.ward, world.other_ward):
            world.measure(unit, world.score, START + dt.timedelta(weeks=week), n=30, mean=6.0 + week % 3, sd=1.0)
    return evaluate_pilot(world.session, pilot_id=pilot_id, today=OVER, by=None).row

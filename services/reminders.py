"""Reminders: what waits, for whom, told once a day at most, by e-mail or to another system."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.base import now
from models.database import Database
from models.jobs import Reminder, ReminderState
from models.people import Person
from services import mailing
from services.job_work import Done, Work
from services.mailing import Channel, NotSent
from services.reminders_due import REPEATED, Matter, waiting
from services.reminders_words import letter
from services.rows import key
from services.settings import ZONE

LOG = logging.getLogger("luotsi.jobs")
FRIDAY = 4
HOURS = range(7, 17)
"""Reminders go out in these hours of a weekday in Finland: nobody is woken by one."""
PATIENCE = 3
"""After so many failures in a row a channel is left alone until the next run."""


def run(work: Work) -> Done:
    """Remind everybody of what waits for them and was not told lately."""
    channels = mailing.channels(work.settings)
    if not channels:
        return Done(
            set_up=False, said="Neither LUOTSI_SMTP_URL nor LUOTSI_REMINDER_WEBHOOK is set, so nobody is reminded."
        )
    if work.today.weekday() > FRIDAY or work.moment.astimezone(ZONE).hour not in HOURS:
        return Done(said="Reminders go out on weekdays from 7 to 17.")
    with work.database.reading() as session:
        due = waiting(session, today=work.today)
    counts = {"people": len(due), "sent": 0, "failed": 0, "without_address": 0}
    problems: list[str] = []
    for channel in channels:
        in_a_row = 0
        for number, (person, matters) in enumerate(due):
            work.go_on(number, len(due))
            if not channel.reaches(person):
                counts["without_address"] += 1
            elif fresh := claim(work.database, channel.name, person, matters, today=work.today):
                problem = _send(work, channel, person, fresh)
                counts["failed" if problem else "sent"] += 1
                in_a_row = in_a_row + 1 if problem else 0
                if problem:
                    problems.append(problem)
            if in_a_row >= PATIENCE:
                break
    return Done(counts=counts, said=problems[0] if problems else "", failed=bool(problems))


def claim(
    database: Database, channel: str, person: Person, matters: Sequence[Matter], *, today: dt.date
) -> list[Matter]:
    """Those matters that are to be told now, noted before they are: a process that dies then tells nothing twice."""
    with database.writing() as session:
        fresh = [matter for matter in matters if _is_fresh(session, channel, person, matter, today)]
        for matter in fresh:
            row = Reminder(person_id=key(person.id), matter=matter.key, channel=channel, on_date=today, at=now())
            session.merge(row)  # one of today that failed is claimed again
        session.commit()
    return fresh


def _is_fresh(session: Session, channel: str, person: Person, matter: Matter, today: dt.date) -> bool:
    """Whether it was not told lately: what failed to go out was not told."""
    told = select(col(Reminder.on_date)).where(
        col(Reminder.person_id) == key(person.id),
        Reminder.matter == matter.key,
        Reminder.channel == channel,
        col(Reminder.state) != ReminderState.FAILED,
        col(Reminder.on_date) > today - REPEATED[matter.kind],
    )
    return session.exec(told).first() is None


def _send(work: Work, channel: Channel, person: Person, matters: Sequence[Matter]) -> str:
    """Send, and note what became of it; the problem, "" for none."""
    state, problem = ReminderState.SENT, ""
    try:
        channel.send(letter(person, matters, base_url=work.settings.base_url))
    except NotSent as error:
        state, problem = ReminderState.FAILED, str(error)
        LOG.warning("A reminder was not sent by %s", channel.name)
    with work.database.writing() as session:
        for matter in matters:
            mark = (key(person.id), matter.key, channel.name, work.today)
            row = session.get(Reminder, mark)
            if row is not None:
                row.state, row.at = state, now()
                session.add(row)
        session.commit()
    return problem

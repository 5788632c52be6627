"""Meetings in which leadership decides on pilots: opened, pilots taken up or left for the next one, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import now, validated
from models.meetings import Meeting, MeetingItem
from models.people import Person
from models.pilots import Pilot
from services import given
from services.errors import BadInput, Conflict
from services.i18n import Translator
from services.permissions import May, require
from services.rows import get, held, key
from services.settings import ZONE

MINUTES = 30
"""How long a meeting is meant to take."""
DAY = dt.timedelta(hours=12)
"""A meeting left open longer than this is no longer going on."""
LONGEST_PRESENT, LONGEST_NOTE = 1000, 1000


@dataclass(frozen=True, kw_only=True)
class MeetingRow:
    """A meeting with who led it."""

    meeting: Meeting
    led_by: Person

    @property
    def ends_at(self) -> dt.datetime:
        """When its time is up."""
        return self.meeting.opened_at + dt.timedelta(minutes=self.meeting.minutes_planned)

    def going_on(self, at: dt.datetime) -> bool:
        """Whether it is open and was opened so lately that it is not merely left open."""
        return self.meeting.ended_at is None and at - self.meeting.opened_at < DAY


def open_meeting(session: Session, *, by: Person, present: str = "", minutes_planned: int = MINUTES) -> Meeting:
    """Open a meeting that a person leads.

    Args:
        session: A writing session.
        by: Who leads it.
        present: Who is there, in the leader's words. Names stand: minutes say who was present.
        minutes_planned: How long it is meant to take.

    Raises:
        BadInput: The length is not 5 to 480 minutes, or the list of those present is too long.
        Conflict: The person's earlier meeting is still open.
        NotAllowed: The person may not hold meetings.
    """
    require(session, by, May.MEET)
    if not 5 <= minutes_planned <= 480:
        raise BadInput("A meeting takes from 5 to 480 minutes.", field="minutes_planned")
    _check_present(present)
    # Two windows of one person that open at once: the second waits here and then finds the first's meeting.
    session.exec(select(Person).where(Person.id == by.id).with_for_update()).one()
    if open_of(session, by) is not None:
        raise Conflict("Your earlier meeting is still open. Continue it, or end it first.")
    meeting = validated(Meeting, led_by_id=by.id, present=given.clean(present), minutes_planned=minutes_planned)
    session.add(meeting)
    session.commit()
    return meeting


def note_present(session: Session, *, meeting_id: int, by: Person, present: str) -> None:
    """Write anew who is present.

    Raises:
        BadInput: The list is too long.
        Conflict: The meeting is over or somebody else's.
    """
    meeting = require_open(session, meeting_id=meeting_id, by=by)
    _check_present(present)
    meeting.present = given.clean(present)
    session.add(meeting)
    session.commit()


def postpone(session: Session, *, meeting_id: int, pilot_id: int, by: Person, note: str = "") -> None:
    """Leave a pilot for the next meeting.

    Raises:
        BadInput: The note is too long.
        Conflict: The meeting is over or somebody else's.
        NotAllowed: The pilot is outside the person's reach.
    """
    require_open(session, meeting_id=meeting_id, by=by)
    pilot = get(session, Pilot, pilot_id)
    require(session, by, May.MEET, unit_id=pilot.unit_id)
    if len(note.strip()) > LONGEST_NOTE:
        raise BadInput("A note has at most {most} characters.", field="note", most=LONGEST_NOTE)
    said = given.words(note, most=LONGEST_NOTE, field="note")
    session.merge(MeetingItem(meeting_id=meeting_id, pilot_id=pilot_id, postponed=True, note=said))
    session.commit()


def take_up_again(session: Session, *, meeting_id: int, pilot_id: int, by: Person) -> None:
    """Undo leaving a pilot for the next meeting.

    Raises:
        Conflict: The meeting is over or somebody else's.
    """
    require_open(session, meeting_id=meeting_id, by=by)
    item = session.get(MeetingItem, (meeting_id, pilot_id))
    if item is not None:
        item.postponed, item.note = False, ""
        session.add(item)
        session.commit()


def end_meeting(session: Session, *, meeting_id: int, by: Person, left: Sequence[int] = (), note: str = "") -> Meeting:
    """End a meeting; what it did not decide is left for the next one.

    Args:
        session: A writing session.
        meeting_id: The meeting.
        by: Who leads it.
        left: Pilots that were to be decided and were not.
        note: What else the minutes should say; personal data in it are taken out.

    Raises:
        BadInput: The note is too long.
        Conflict: The meeting is over already or is somebody else's.
        NotAllowed: A pilot that is left lies outside the person's reach.
    """
    meeting = require_open(session, meeting_id=meeting_id, by=by)
    if len(note.strip()) > 4 * LONGEST_NOTE:
        raise BadInput("A note has at most {most} characters.", field="note", most=4 * LONGEST_NOTE)
    for pilot_id in left:
        require(session, by, May.MEET, unit_id=get(session, Pilot, pilot_id).unit_id)
        item = session.get(MeetingItem, (meeting_id, pilot_id))
        if item is None:
            session.add(MeetingItem(meeting_id=meeting_id, pilot_id=pilot_id, postponed=True, note=""))
        elif not item.postponed:
            item.postponed = True
            session.add(item)
    meeting.note = given.words(note, most=4 * LONGEST_NOTE, field="note")
    meeting.ended_at = max(now(), meeting.opened_at)
    session.add(meeting)
    session.commit()
    return meeting


def require_open(session: Session, *, meeting_id: int, by: Person) -> Meeting:
    """The meeting, if it is open and the person leads it.

    Raises:
        Conflict: It is over, or is somebody else's.
        NotAllowed: The person may not hold meetings.
    """
    require(session, by, May.MEET)
    meeting = held(session, Meeting, meeting_id)
    if meeting.ended_at is not None:
        raise Conflict("This meeting has ended. Open a new one.")
    if meeting.led_by_id != by.id:
        raise Conflict("Somebody else leads this meeting.")
    return meeting


def open_of(session: Session, person: Person) -> MeetingRow | None:
    """The meeting that a person leads and has not ended."""
    return next((row for row in open_meetings(session) if row.led_by.id == person.id), None)


def open_meetings(session: Session) -> list[MeetingRow]:
    """Meetings that have not ended, the oldest first."""
    query = (
        select(Meeting, Person)
        .join(Person, col(Person.id) == Meeting.led_by_id)
        .where(col(Meeting.ended_at).is_(None))
        .order_by(col(Meeting.id))
    )
    return [MeetingRow(meeting=meeting, led_by=person) for meeting, person in session.exec(query).all()]


def earlier(session: Session, *, most: int = 12) -> list[MeetingRow]:
    """Meetings that have ended, the newest first.

    Args:
        session: Reads the record.
        most: How many.
    """
    query = (
        select(Meeting, Person)
        .join(Person, col(Person.id) == Meeting.led_by_id)
        .where(col(Meeting.ended_at).is_not(None))
        .order_by(col(Meeting.id).desc())
        .limit(most)
    )
    return [MeetingRow(meeting=meeting, led_by=person) for meeting, person in session.exec(query).all()]


def items(session: Session, meeting_id: int) -> dict[int, MeetingItem]:
    """What a meeting took up, by the pilot's id."""
    query = select(MeetingItem).where(MeetingItem.meeting_id == meeting_id)
    return {item.pilot_id: item for item in session.exec(query).all()}


def meeting_row(session: Session, meeting_id: int) -> MeetingRow:
    """One meeting.

    Raises:
        NotFound: There is none.
    """
    meeting = get(session, Meeting, meeting_id)
    return MeetingRow(meeting=meeting, led_by=get(session, Person, key(meeting.led_by_id)))


def _check_present(present: str) -> None:
    if len(present.strip()) > LONGEST_PRESENT:
        most = LONGEST_PRESENT
        raise BadInput("The list of those present has at most {most} characters.", field="present", most=most)


def clock(t: Translator, at: dt.datetime) -> str:
    """The time of day in Finland: 13.05, in English 13:05.

    >>> from services.i18n import translator
    >>> clock(translator("fi"), dt.datetime(2026, 11, 23, 11, 5, tzinfo=dt.UTC))
    '13.05'
    """
    return at.astimezone(ZONE).strftime("%H:%M" if t.language == "en" else "%-H.%M")

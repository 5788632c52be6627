"""Thanks to a unit: customers' praise and colleagues' words, one stream. Never to one person, and nobody is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.base import now, validated
from models.feedback import Feedback
from models.ideas import Thanks
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from services import given
from services.errors import BadInput, Conflict, NotAllowed
from services.permissions import May, require
from services.rows import get, key
from services.theme_pages import all_themes
from services.theme_quotes import quotes
from services.theme_scope import Scope

LONGEST = 300
"""Characters of a word of thanks."""
LONGEST_STORED = 500
"""With what stands in place of names."""
THANKFUL = ("pos", "neu", "")
"""Tones of an answer that thanks; an unhappy one may hold a polite word too."""
A_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of thanks as a unit reads it.

    Attributes:
        words: The redacted words.
        on: The day they were given.
        unit: The unit that is thanked.
        feedback: The customer's answer; None for a colleague.
        thanks: The colleague's row; None for a customer's answer.
        sender_unit: The unit of the colleague who sent it, None for the whole county's people and for customers.
        own: Whether the reader sent it, and may take it back.
    """

    words: str
    on: dt.date
    unit: Unit
    feedback: Feedback | None = None
    thanks: Thanks | None = None
    sender_unit: Unit | None = None
    own: bool = False

    @property
    def by_customer(self) -> bool:
        """Whether a customer said it."""
        return self.feedback is not None


def say(session: Session, *, unit_id: int, words: str, by: Person, pilot_id: int | None = None) -> Thanks:
    """Thank a whole unit; names and other personal data are removed first.

    Args:
        session: A writing session.
        unit_id: The unit that is thanked, one's own or any other.
        words: The thanks.
        by: Who thanks.
        pilot_id: The pilot it is about, if any; it must be the unit's own.

    Raises:
        BadInput: It says nothing or too much, or the unit only groups others or does not own the pilot.
        NotAllowed: The person may not thank.
    """
    require(session, by, May.PROPOSE)
    unit = get(session, Unit, unit_id)
    text = " ".join(given.clean(words).split())
    if not unit.takes_pilots:
        raise BadInput("Choose the unit you thank.", field="unit")
    if not text:
        raise BadInput("Write your thanks in a few words.", field="words")
    if len(text) > LONGEST:
        raise BadInput(
            "That is {length} characters; a sentence of at most {most} will do.",
            field="words",
            length=len(text),
            most=LONGEST,
        )
    if pilot_id is not None and get(session, Pilot, pilot_id).unit_id != unit_id:
        raise BadInput("This pilot belongs to another unit.", field="pilot")
    thanks = validated(
        Thanks,
        unit_id=unit_id,
        pilot_id=pilot_id,
        words=given.words(text, most=LONGEST_STORED, field="words"),
        by_id=by.id,
        is_demo=by.is_demo,
    )
    session.add(thanks)
    session.commit()
    return thanks


def take_back(session: Session, *, thanks_id: int, by: Person) -> None:
    """Take one's own words back; they stay on record, marked, and nobody reads them any more.

    Raises:
        Conflict: They were taken back already.
        NotAllowed: Somebody else sent them.
    """
    require(session, by, May.PROPOSE)
    thanks = get(session, Thanks, thanks_id)
    if thanks.by_id != by.id:
        raise NotAllowed("Only the person who sent these thanks can take them back.")
    if thanks.taken_back_at is not None:
        raise Conflict("These thanks were taken back already.")
    thanks.taken_back_at = now()
    session.add(thanks)
    session.commit()


def stream(
    session: Session, *, person: Person, unit_ids: Collection[int] | None, today: dt.date, limit: int = 4
) -> list[Word]:
    """The newest thanks to some units: up to `limit` of customers and as many of colleagues, the newest first.

    Args:
        session: Reads the record.
        person: Who reads.
        unit_ids: The units; None for the whole county.
        today: Customers' words of the last year are read.
        limit: How many of each sort at most.
    """
    found = [*_customers(session, unit_ids, today, limit), *_colleagues(session, person, unit_ids, limit)]
    return sorted(found, key=lambda word: word.on, reverse=True)


def sent(session: Session, *, person: Person, limit: int = 1) -> list[Word]:
    """The thanks a person has sent last, to take back what was sent by mistake."""
    return _words(session, person, col(Thanks.by_id) == person.id, limit=limit)


def _customers(session: Session, unit_ids: Collection[int] | None, today: dt.date, limit: int) -> list[Word]:
    scope = Scope(first=today - A_YEAR, last=today, unit_ids=unit_ids)
    found: dict[int, Word] = {}
    for theme in all_themes(session):
        if not theme.praise or theme.parent_id is not None:
            continue
        for quote in quotes(session, scope, theme_id=key(theme.id), tones=THANKFUL, limit=limit)[0]:
            answer = quote.feedback
            found[key(answer.id)] = Word(words=answer.text or "", on=answer.given_on, unit=quote.unit, feedback=answer)
    return sorted(found.values(), key=lambda word: word.on, reverse=True)[:limit]


def _colleagues(session: Session, person: Person, unit_ids: Collection[int] | None, limit: int) -> list[Word]:
    where = [] if unit_ids is None else [col(Thanks.unit_id).in_(sorted(unit_ids))]
    return _words(session, person, *where, limit=limit)


def _words(session: Session, person: Person, *where: sa.ColumnElement[bool], limit: int) -> list[Word]:
    """Colleagues' thanks that stand, the newest first."""
    from_unit = aliased(Unit)
    query = (
        select(Thanks, Unit, from_unit)
        .join(Unit, col(Unit.id) == Thanks.unit_id)
        .join(Person, col(Person.id) == Thanks.by_id)
        .outerjoin(from_unit, col(from_unit.id) == Person.unit_id)
        .where(col(Thanks.taken_back_at).is_(None), *where)
        .order_by(col(Thanks.at).desc(), col(Thanks.id).desc())
        .limit(limit)
    )
    return [
        Word(
            words=thanks.words,
            on=thanks.at.date(),
            unit=unit,
            thanks=thanks,
            sender_unit=sender_unit,
            own=thanks.by_id == person.id,
        )
        for thanks, unit, sender_unit in session.exec(query).all()
    ]

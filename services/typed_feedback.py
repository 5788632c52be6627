"""Answers typed in by staff: interviews, paper forms, phone calls. Redacted before they are stored."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from models.base import now, validated, week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.organisation import Unit
from models.people import Person
from services.errors import BadInput, Conflict
from services.import_texts import assign_themes, mark_repeats
from services.imported_feedback import NewText
from services.intake import thl
from services.intake.texts import Clean, clean
from services.intake.vocabulary import AGE_GROUPS
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh

CHANNELS = (Channel.INTERVIEW, Channel.PAPER, Channel.PHONE)
LONGEST = 20_000
UNDO_WITHIN = dt.timedelta(minutes=2)
"""How long the service takes an answer back; the page offers it for ten seconds."""

_EARLIEST = dt.timedelta(days=2 * 366)


@dataclass(frozen=True, kw_only=True)
class TypedAnswer:
    """One customer's answer as a member of staff typed it.

    Attributes:
        unit_id: The unit it is about.
        channel: Interview, paper or phone.
        given_on: The day the customer gave it.
        text: The customer's words in their own language, as typed: not yet redacted.
        recommend: 0 to 10, or None when it was not asked.
        statements: THL's statements that were answered, "thl1" to "thl7", from 1 to 5; what does not concern the
            customer is left out.
        age_group: One of AGE_GROUPS, or None.
        statutory_decision: Whether it is about an official decision.
        solicited: Whether the answer was asked for.
    """

    unit_id: int
    channel: Channel
    given_on: dt.date
    text: str = ""
    recommend: int | None = None
    statements: Mapping[str, int] = field(default_factory=dict)
    age_group: str | None = None
    statutory_decision: bool = False
    solicited: bool = True


def as_stored(text: str) -> Clean:
    """What would be stored of a text, and the language it is in: for a person to look at before saving.

    >>> as_stored("Hoitaja Maija Virtanen auttoi").text
    'Hoitaja [NAME] auttoi'
    """
    (found,) = clean([text.strip()])
    return found


def record(session: Session, answer: TypedAnswer, *, by: Person, today: dt.date) -> Feedback:
    """Store a typed answer, find its themes and whether it repeats another; committed here.

    Raises:
        BadInput: It says nothing, or a value is out of its range.
        NotAllowed: The person may not bring in answers of the unit.
    """
    require(session, by, May.IMPORT, unit_id=answer.unit_id)
    _check(answer, today)
    unit = get(session, Unit, answer.unit_id)
    safe = as_stored(answer.text) if answer.text.strip() else None
    stored = validated(
        Feedback,
        source=_source(by),
        external_id=uuid.uuid4().hex,
        unit_id=answer.unit_id,
        given_on=answer.given_on,
        week=week_of(answer.given_on),
        channel=answer.channel,
        solicited=answer.solicited,
        customer_type=unit.customer_type,
        age_group=answer.age_group,
        language=safe.language if safe else None,
        text=safe.text if safe else None,
        statutory_decision=answer.statutory_decision,
    )
    session.add(stored)
    session.flush()
    for item, value, low, high in _scores(answer):
        session.add(
            validated(
                FeedbackScore,
                feedback_id=key(stored.id),
                item=item,
                unit_id=stored.unit_id,
                week=stored.week,
                value=value,
                low=low,
                high=high,
            )
        )
    session.flush()
    if safe:
        new = [NewText(key(stored.id), stored.unit_id, stored.given_on, safe.text)]
        assign_themes(session, new)
        mark_repeats(session, new)
        refresh(session, [key(stored.id)])
    session.commit()
    return stored


def undo(session: Session, *, feedback_id: int, by: Person) -> None:
    """Take an answer back that the person has just typed in: nothing of it stays.

    Raises:
        NotFound: There is no such answer.
        Conflict: Someone else typed it, or it was a while ago.
    """
    stored = get(session, Feedback, feedback_id)
    require(session, by, May.IMPORT, unit_id=stored.unit_id)
    if stored.source != _source(by) or now() - stored.stored_at > UNDO_WITHIN:
        raise Conflict("Only an answer you typed in a moment ago can be taken back here.")
    session.delete(stored)
    session.commit()


def _source(by: Person) -> str:
    return f"typed in by person {by.id}"


def _check(answer: TypedAnswer, today: dt.date) -> None:
    if answer.channel not in CHANNELS:
        raise BadInput("Choose interview, paper or phone.", field="channel")
    if answer.given_on > today:
        raise BadInput(
            "The date {value} is in the future; today is {today}.",
            field="given_on",
            value=answer.given_on,
            today=today,
        )
    if answer.given_on < today - _EARLIEST:
        raise BadInput(
            "The date {value} is too far back; the earliest taken is {earliest}.",
            field="given_on",
            value=answer.given_on,
            earliest=today - _EARLIEST,
        )
    if len(answer.text) > LONGEST:
        raise BadInput(
            "The text has {length} characters, at most {most} are taken.",
            field="text",
            length=len(answer.text),
            most=LONGEST,
        )
    if answer.age_group is not None and answer.age_group not in AGE_GROUPS:
        raise BadInput(
            "{value} is not known; allowed are {allowed}.",
            field="age_group",
            value=answer.age_group,
            allowed=", ".join(AGE_GROUPS),
        )
    if not answer.text.strip() and answer.recommend is None and not answer.statements:
        raise BadInput("Write what the customer said, or give at least one score.", field="text")
    for item, value, low, high in _scores(answer):
        if not low <= value <= high or (item != "recommend" and item not in thl.STATEMENTS):
            raise BadInput("{value} is not on the scale {low}–{high}.", field=item, value=value, low=low, high=high)


def _scores(answer: TypedAnswer) -> list[tuple[str, int, int, int]]:
    """Item, value, lowest, highest."""
    found = [(item, value, 1, 5) for item, value in sorted(answer.statements.items())]
    return found + ([("recommend", answer.recommend, 0, 10)] if answer.recommend is not None else [])

"""Remembering which invented person a browser signed in as. For the demo county only.

Anyone may sign in as anyone there, so the mark is no secret; the signature only keeps it from being made up by a link
on another site. The mark names a person and nothing else: role and unit are read from the record on every rerun.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

from sqlmodel import Session

from models.people import Person
from services.people import demo_people
from services.rows import key
from services.settings import Settings

COOKIE = "luotsi_demo_person"
COOKIE_LIFE = dt.timedelta(hours=12)
TICKET_LIFE = dt.timedelta(minutes=2)


def ticket(settings: Settings, person: Person, *, now: dt.datetime) -> str:
    """A short-lived proof that the service itself let this browser pick the person; exchanged for a cookie."""
    return _signed(settings, "ticket", key(person.id), now + TICKET_LIFE)


def cookie_for(session: Session, settings: Settings, ticket: str, *, now: dt.datetime) -> str | None:
    """The cookie's value for a valid ticket; None when it is not, or the database holds no such invented person."""
    person = _person(session, settings, "ticket", ticket, now)
    return None if person is None else _signed(settings, "cookie", key(person.id), now + COOKIE_LIFE)


def remembered(session: Session, settings: Settings, cookie: str | None, *, now: dt.datetime) -> Person | None:
    """The invented person a browser's cookie names, if it is genuine, not too old, and the county is the demo."""
    return _person(session, settings, "cookie", cookie or "", now)


def _person(session: Session, settings: Settings, purpose: str, mark: str, now: dt.datetime) -> Person | None:
    found = re.fullmatch(r"(\d{1,9})\.(\d{1,11})\.[0-9a-f]{64}", mark, flags=re.ASCII)
    if found is None:
        return None
    person_id, until = int(found[1]), dt.datetime.fromtimestamp(int(found[2]), dt.UTC)
    if until < now or not hmac.compare_digest(_signed(settings, purpose, person_id, until), mark):
        return None
    return next((person for person in demo_people(session) if person.id == person_id), None)


def _signed(settings: Settings, purpose: str, person_id: int, until: dt.datetime) -> str:
    text = f"{person_id}.{int(until.timestamp())}"
    secret = hmac.digest(settings.respondent_salt.encode(), f"demo sign-in {purpose}".encode(), hashlib.sha256)
    return f"{text}.{hmac.digest(secret, text.encode(), hashlib.sha256).hex()}"

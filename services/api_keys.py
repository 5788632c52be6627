"""Keys of other systems: shown once, kept as a hash, opening what their scopes say in the units they reach."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import now, validated
from models.interface import ApiKey, ApiKeyUse, KeyScope
from models.organisation import Unit
from models.people import Person, Role
from services.errors import BadInput, Conflict, NotFound
from services.organisation import all_units, unit_by_code
from services.permissions import May, permitted
from services.rows import get, key

MARK = "luotsi"
LONGEST_DAYS = 2 * 365
USUAL_DAYS = 365
NOTED_EVERY = dt.timedelta(minutes=1)
"""How exactly it is kept when a key was last used."""
_PREFIX = 10
_SECRET = 43
_NOBODY = "0" * 64
_NAME = re.compile(r"[\w][\w.-]{0,79}")


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A key just made.

    Attributes:
        row: What is kept of it.
        secret: The key itself: nobody can see it again.
    """

    row: ApiKey
    secret: str


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whom a request comes from.

    Attributes:
        key_id: The key it showed.
        person: The system that the key belongs to.
        scopes: What the key opens.
    """

    key_id: int
    person: Person
    scopes: frozenset[KeyScope]


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """A key as a list shows it.

    Attributes:
        row: What is kept of it.
        person: The system that it belongs to.
        unit: The unit whose rows alone it reaches; None for the whole county.
        used_at: When it was last used, to the minute; None for never.
    """

    row: ApiKey
    person: Person
    unit: Unit | None
    used_at: dt.datetime | None

    def opens(self, moment: dt.datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.row.revoked_at is None and self.row.expires_at > moment and self.person.active


def create(
    session: Session,
    *,
    system: str,
    scopes: Iterable[str],
    by: Person | None,
    unit: str | None = None,
    days: int = USUAL_DAYS,
) -> NewKey:
    """Make a key for another system. A system can have several, so that a new one is in use before the old one goes.

    Args:
        session: A writing session; committed here.
        system: The system's user name; the first key makes the person.
        scopes: What the key opens.
        by: The administrator, or None for the operator at the terminal.
        unit: Code of the unit whose rows alone the system reaches; None for the whole county.
        days: How long the key is good.

    Raises:
        BadInput: A scope is not known, none is given, or the days are too many.
        Conflict: The name is a person's, or the system is limited to another unit.
        NotFound: There is no such unit.
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    wanted = list(dict.fromkeys(scopes))
    for scope in wanted:
        if scope not in list(KeyScope):
            raise BadInput(
                "{scope} is not a scope; these are: {allowed}.",
                field="scopes",
                scope=scope,
                allowed=", ".join(KeyScope),
            )
    if not wanted:
        raise BadInput("Say what the key opens: at least one scope.", field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(
            "A key is good for {days} days, must be 1 to {most}.", field="days", days=days, most=LONGEST_DAYS
        )
    person = _system(session, system.strip(), unit)
    prefix, rest = secrets.token_hex(_PREFIX // 2), secrets.token_urlsafe(32)
    secret = f"{MARK}_{prefix}_{rest}"
    made = now()
    row = validated(
        ApiKey,
        person_id=person.id,
        prefix=prefix,
        digest=_digest(secret),
        scopes=wanted,
        created_at=made,
        created_by_id=by.id if by else None,
        expires_at=made + dt.timedelta(days=days),
    )
    session.add(row)
    session.commit()
    return NewKey(row=row, secret=secret)


def revoke(session: Session, *, prefix: str, by: Person | None) -> ApiKey:
    """Close a key for good; it opens nothing from this moment on.

    Args:
        session: A writing session; committed here.
        prefix: The key's beginning, as the list shows it.
        by: The administrator, or None for the operator at the terminal.

    Raises:
        NotFound: There is no such key.
        Conflict: It was revoked before.
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    row = session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).first()
    if row is None:
        raise NotFound("There is no key that begins with {prefix}.", prefix=prefix)
    if row.revoked_at is not None:
        raise Conflict("The key {prefix} was revoked on {date}.", prefix=prefix, date=row.revoked_at.date())
    row.revoked_at, row.revoked_by_id = now(), by.id if by else None
    session.add(row)
    session.commit()
    return row


def all_keys(session: Session, *, by: Person | None) -> Sequence[KeyRow]:
    """Every key, the newest first, those that open nothing any more included.

    Raises:
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    query = (
        select(ApiKey, Person, ApiKeyUse.at)
        .join(Person, col(Person.id) == ApiKey.person_id)
        .outerjoin(ApiKeyUse, col(ApiKeyUse.key_id) == ApiKey.id)
        .order_by(col(ApiKey.id).desc())
    )
    units = {unit.id: unit for unit in all_units(session)}
    return [
        KeyRow(row=row, person=person, unit=units.get(person.unit_id), used_at=used)
        for row, person, used in session.exec(query)
    ]


def caller(session: Session, secret: str, *, moment: dt.datetime) -> Caller | None:
    """Whose key this is; None when it opens nothing: unknown, wrong, revoked, run out, its system put out of use.

    A wrong key of a known beginning takes as long as a right one.
    """
    mark, _, rest = secret.partition("_")
    prefix, _, end = rest.partition("_")
    found = None
    if mark == MARK and len(prefix) == _PREFIX and len(end) == _SECRET and secret.isascii():
        query = select(ApiKey, Person).join(Person, col(Person.id) == ApiKey.person_id).where(ApiKey.prefix == prefix)
        found = session.exec(query).first()
    same = hmac.compare_digest(_digest(secret), found[0].digest if found else _NOBODY)
    if found is None or not same:
        return None
    row, person = found
    if (
        row.revoked_at is not None
        or row.expires_at <= moment
        or not person.active
        or person.role is not Role.API_CLIENT
    ):
        return None
    return Caller(key_id=key(row.id), person=person, scopes=frozenset(KeyScope(scope) for scope in row.scopes))


def is_noted(session: Session, key_id: int, *, moment: dt.datetime) -> bool:
    """Whether it was kept less than a minute ago that the key is in use."""
    use = session.get(ApiKeyUse, key_id)
    return use is not None and moment - use.at < NOTED_EVERY


def note_use(session: Session, key_id: int, *, moment: dt.datetime) -> None:
    """Keep when a key was last used; committed here, unless it was kept less than a minute ago."""
    get(session, ApiKey, key_id)
    if is_noted(session, key_id, moment=moment):
        return
    session.merge(ApiKeyUse(key_id=key_id, at=moment))
    session.commit()


def _system(session: Session, code: str, unit: str | None) -> Person:
    """The person that stands for a system, made if there is none."""
    if not _NAME.fullmatch(code):
        raise BadInput(
            "{value} cannot be a system's name: at most 80 letters, digits, dots, hyphens and underscores.",
            field="system",
            value=repr(code[:40]),
        )
    unit_id = unit_by_code(session, unit).id if unit is not None else None
    person = session.exec(select(Person).where(Person.code == code)).first()
    if person is None:
        person = validated(Person, code=code, name=code, role=Role.API_CLIENT, unit_id=unit_id)
        session.add(person)
        session.flush()
        return person
    if person.role is not Role.API_CLIENT:
        raise Conflict("{code} is the user name of a person, not of a system.", code=code)
    if not person.active:
        raise Conflict("The system {code} has been put out of use.", code=code)
    if person.unit_id != unit_id:
        raise Conflict(
            "The system {code} has keys for another unit or the whole county; give this one its own name.", code=code
        )
    return person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

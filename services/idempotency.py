"""A request sent twice is carried out once: its answer is kept for a day, in the transaction of what it wrote.

Writers come one after the other, so whoever sends the same request meanwhile finds the answer when its turn comes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now, validated
from models.interface import IdempotentRequest
from models.people import Person
from services.errors import BadInput, Conflict

KEPT = dt.timedelta(hours=24)
LONGEST = 255


class Reused(Conflict):
    """The key came before with another request."""


@dataclass(frozen=True, kw_only=True)
class Once:
    """A request that is carried out once.

    Attributes:
        route: What was asked of the interface.
        key: What its sender calls this request.
        digest: SHA-256 of its body.
    """

    route: str
    key: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The answer a request has got.

    Attributes:
        status: Its number.
        answer: What it said.
    """

    status: int
    answer: dict[str, Any]


def once(route: str, key: str, body: bytes) -> Once:
    """What tells a request from every other.

    Raises:
        BadInput: The key is empty, too long, or not of visible ASCII characters.
    """
    if not 1 <= len(key) <= LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise BadInput(
            "Idempotency-Key has {length} characters, must be 1 to {most} visible ASCII characters.",
            field="Idempotency-Key",
            length=len(key),
            most=LONGEST,
        )
    return Once(route=route, key=key, digest=hashlib.sha256(body).hexdigest())


def found(session: Session, request: Once, *, by: Person) -> Kept | None:
    """The answer the same request has got within a day; None when it is to be carried out.

    Args:
        session: A writing session, in which from here on nobody else carries out a request; or a reading one, to
            look beforehand.
        request: What is asked.
        by: Who asks; others' keys are not met.

    Raises:
        Reused: The key came with another body.
    """
    row = session.exec(
        select(IdempotentRequest).where(
            IdempotentRequest.person_id == by.id,
            IdempotentRequest.route == request.route,
            IdempotentRequest.key == request.key,
            col(IdempotentRequest.at) > now() - KEPT,
        )
    ).first()
    if row is None:
        return None
    if row.body_digest != request.digest:
        raise Reused("This Idempotency-Key came before with another request; a new request needs a new key.")
    return Kept(status=row.status, answer=row.answer)


def forget_old(session: Session) -> None:
    """Delete what is older than a day, in the caller's transaction."""
    session.execute(sa.delete(IdempotentRequest).where(col(IdempotentRequest.at) <= now() - KEPT))


def keep(session: Session, request: Once, *, by: Person, status: int, answer: Mapping[str, Any]) -> None:
    """Put the answer into the caller's transaction, which commits it with what the request wrote."""
    session.add(
        validated(
            IdempotentRequest,
            person_id=by.id,
            route=request.route,
            key=request.key,
            body_digest=request.digest,
            status=status,
            answer=dict(answer),
        )
    )

"""Sends the messages that wait: signed, at least once each, again after growing waits, given up in the end.

A timer calls it (`python cli.py deliver-webhooks`). Two at once do not send the same message: whoever takes it moves
its next try ahead first, in a transaction of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
from dataclasses import dataclass

import httpx
from sqlmodel import Session, col, select

from models.base import now
from models.database import Database
from models.interface import DeliveryState, Webhook, WebhookDelivery, WebhookSecret
from services import settings
from services.errors import BadInput
from services.rows import key
from services.version import VERSION
from services.webhooks_address import Address, Forbidden, check_address, resolved

WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60))
"""How long after each failed try the next one comes; after the last there is none."""
TIMEOUT = 10.0
TAKEN_FOR = dt.timedelta(minutes=5)
"""How long a message belongs to whoever took it; when it dies, another takes it after that."""
SIGNATURE = "Luotsi-Signature"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of the messages that were due.

    Attributes:
        delivered: How many arrived.
        failed: How many are tried again later.
        given_up: How many were tried for the last time.
    """

    delivered: int
    failed: int
    given_up: int


@dataclass(frozen=True, kw_only=True)
class _Message:
    delivery_id: int
    webhook_id: int
    url: str
    secret: str
    uid: str
    event: str
    body: str


def signature(secret: str, body: bytes, *, at: int) -> str:
    """What a message is signed with: HMAC-SHA256 over the moment, a dot and the body.

    Args:
        secret: The webhook's secret.
        body: The body as it is sent.
        at: Seconds since 1970, which a receiver compares with its clock.

    >>> signature("secret", b"{}", at=1764064800)[:20]
    't=1764064800,v1=5ddf'
    """
    mac = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def deliver_due(database: Database, *, moment: dt.datetime | None = None, most: int = 1000) -> Sent:
    """Send every message that is due. What an address has not taken holds up its own further messages only.

    Args:
        database: The record.
        moment: The moment it is; None for the clock's.
        most: The most messages in one go.
    """
    counts = dict.fromkeys(DeliveryState, 0)
    silent: set[int] = set()
    for _ in range(most):
        with database.writing() as session:
            message = _take(session, moment or now(), besides=silent)
        if message is None:
            break
        status, problem = _send(message)
        with database.writing() as session:
            state = _note(session, message.delivery_id, status, problem, moment or now())
        counts[state] += 1
        if problem:
            silent.add(message.webhook_id)
    return Sent(
        delivered=counts[DeliveryState.DELIVERED],
        failed=counts[DeliveryState.WAITING],
        given_up=counts[DeliveryState.GIVEN_UP],
    )


def _take(session: Session, moment: dt.datetime, *, besides: set[int]) -> _Message | None:
    """The message that has been due longest, taken; None when none is. Some webhooks are left aside."""
    found = session.exec(
        select(WebhookDelivery, Webhook, WebhookSecret)
        .join(Webhook, col(Webhook.id) == WebhookDelivery.webhook_id)
        .join(WebhookSecret, col(WebhookSecret.webhook_id) == Webhook.id)
        .where(WebhookDelivery.state == DeliveryState.WAITING, col(WebhookDelivery.next_at) <= moment)
        .where(col(WebhookDelivery.webhook_id).not_in(besides))
        .order_by(col(WebhookDelivery.next_at), col(WebhookDelivery.id))
        .limit(1)
    ).first()
    if found is None:
        return None
    delivery, webhook, secret = found
    delivery.attempts += 1
    delivery.next_at = moment + TAKEN_FOR
    session.add(delivery)
    session.commit()
    return _Message(
        delivery_id=key(delivery.id),
        webhook_id=key(webhook.id),
        url=webhook.url,
        secret=secret.secret,
        uid=delivery.uid,
        event=delivery.event,
        body=delivery.body,
    )


def _note(session: Session, delivery_id: int, status: int | None, problem: str, moment: dt.datetime) -> DeliveryState:
    """Keep what became of a try."""
    row = session.get_one(WebhookDelivery, delivery_id)
    row.last_status, row.last_problem = status, problem[:200]
    if not problem:
        row.state, row.delivered_at = DeliveryState.DELIVERED, moment
    elif row.state is DeliveryState.WAITING:
        if row.attempts > len(WAITS):
            row.state = DeliveryState.GIVEN_UP
            LOG.error("Webhook delivery %s was given up after %d tries: %s", row.uid, row.attempts, problem)
        else:
            row.next_at = moment + WAITS[row.attempts - 1]
    session.add(row)
    session.commit()
    return row.state


def _send(message: _Message) -> tuple[int | None, str]:
    """The status an address answers, and what went wrong; "" when it has the message."""
    private = settings.interface().private_webhooks
    try:
        address = check_address(message.url, private=private)
        number = resolved(address, private=private)
        status = _post(address, number, message)
    except (BadInput, Forbidden) as error:
        return None, str(error)
    except (httpx.HTTPError, OSError) as error:
        return None, f"{type(error).__name__}: no answer that could be read."
    if 200 <= status < 300:
        return status, ""
    return status, f"The address answered {status}."


def _post(address: Address, number: str, message: _Message) -> int:
    """Send to the number that was checked, under the name that its certificate must have; nothing is followed."""
    body = message.body.encode()
    shown = f"[{number}]" if ":" in number else number
    at = int(now().timestamp())
    headers = {
        "Host": address.authority,
        "Content-Type": "application/json",
        "User-Agent": f"Luotsi/{VERSION}",
        SIGNATURE: signature(message.secret, body, at=at),
        "Luotsi-Event": message.event,
        "Luotsi-Delivery": message.uid,
    }
    scheme = "https" if address.secure else "http"
    url = f"{scheme}://{shown}:{address.port}{address.target}"
    # What stands in the environment for proxies is left aside: the number that was checked is the one connected to.
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": address.host}) as answer,
    ):
        return answer.status_code

"""Addresses of other systems that are told of decisions: the message is stored with the decision, and sent afterwards.

`services/webhooks_sending.py` sends what waits here.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import now, validated
from models.decisions import Decision, DecisionUnit
from models.interface import DeliveryState, Webhook, WebhookDelivery, WebhookSecret
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from services import settings
from services.errors import Conflict
from services.permissions import May, permitted
from services.rows import get, key
from services.webhooks_address import check_address

DECISION_MADE = "decision.made"
NEWEST = 50
"""Deliveries in the log that an administrator sees."""


@dataclass(frozen=True, kw_only=True)
class NewWebhook:
    """A webhook just made.

    Attributes:
        row: What is kept of it.
        secret: What its messages are signed with: shown this once.
    """

    row: Webhook
    secret: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """A delivery as the log shows it.

    Attributes:
        delivery: What became of it.
        webhook: Where it goes.
    """

    delivery: WebhookDelivery
    webhook: Webhook


def create(session: Session, *, url: str, by: Person | None) -> NewWebhook:
    """Tell an address of every decision from now on.

    Args:
        session: A writing session; committed here.
        url: https://..., or http:// on this machine.
        by: The administrator, or None for the operator at the terminal.

    Raises:
        BadInput: It is no such address.
        Conflict: It is told already.
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    url = url.strip()
    check_address(url, private=settings.interface().private_webhooks)
    if session.exec(select(Webhook).where(Webhook.url == url, col(Webhook.ended_at).is_(None))).first():
        raise Conflict("{url} is told already.", url=url)
    row = validated(Webhook, url=url, created_by_id=by.id if by else None)
    session.add(row)
    session.flush()
    secret = secrets.token_urlsafe(32)
    session.add(validated(WebhookSecret, webhook_id=key(row.id), secret=secret))
    session.commit()
    return NewWebhook(row=row, secret=secret)


def end(session: Session, *, webhook_id: int, by: Person | None) -> Webhook:
    """Tell an address no more; what still waits for it is given up.

    Args:
        session: A writing session; committed here.
        webhook_id: The webhook.
        by: The administrator, or None for the operator at the terminal.

    Raises:
        NotFound: There is no such webhook.
        Conflict: It was ended before.
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    row = get(session, Webhook, webhook_id)
    if row.ended_at is not None:
        raise Conflict("The webhook {id} was ended on {date}.", id=webhook_id, date=row.ended_at.date())
    row.ended_at, row.ended_by_id = now(), by.id if by else None
    session.add(row)
    waiting = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == DeliveryState.WAITING
    )
    for delivery in session.exec(waiting):
        delivery.state, delivery.last_problem = DeliveryState.GIVEN_UP, "The webhook was ended."
        session.add(delivery)
    session.commit()
    return row


def send_again(session: Session, *, delivery_id: int, by: Person | None) -> WebhookDelivery:
    """Put a message that was given up back among those that wait, from the first try on.

    Args:
        session: A writing session; committed here.
        delivery_id: The delivery.
        by: The administrator, or None for the operator at the terminal.

    Raises:
        NotFound: There is no such delivery.
        Conflict: It has not been given up, or its webhook was ended.
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    row = get(session, WebhookDelivery, delivery_id)
    if row.state is not DeliveryState.GIVEN_UP:
        raise Conflict("Only a message that was given up can be sent again.")
    if get(session, Webhook, row.webhook_id).ended_at is not None:
        raise Conflict("The webhook of this message was ended.")
    row.state, row.attempts, row.next_at = DeliveryState.WAITING, 0, now()
    session.add(row)
    session.commit()
    return row


def all_webhooks(session: Session, *, by: Person | None) -> Sequence[Webhook]:
    """Every webhook, ended ones too, the newest first.

    Raises:
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    return session.exec(select(Webhook).order_by(col(Webhook.id).desc())).all()


def log(session: Session, *, by: Person | None, most: int = NEWEST) -> list[DeliveryRow]:
    """What became of the newest deliveries.

    Raises:
        NotAllowed: The person does not administer.
    """
    permitted(session, by, May.ADMINISTER)
    query = (
        select(WebhookDelivery, Webhook)
        .join(Webhook, col(Webhook.id) == WebhookDelivery.webhook_id)
        .order_by(col(WebhookDelivery.id).desc())
        .limit(most)
    )
    return [DeliveryRow(delivery=delivery, webhook=webhook) for delivery, webhook in session.exec(query)]


def tell_of_decision(session: Session, decision: Decision) -> None:
    """Put a message for every address into the transaction in which a decision takes effect.

    Codes and days only: no name, no reason, nothing that anybody wrote.
    """
    webhooks = session.exec(select(Webhook).where(col(Webhook.ended_at).is_(None)).order_by(col(Webhook.id))).all()
    if not webhooks:
        return
    facts = _facts(session, decision)
    at = now()
    for webhook in webhooks:
        uid = str(uuid.uuid4())
        message = {"id": uid, "event": DECISION_MADE, "at": _moment(at), "decision": facts}
        session.add(
            validated(
                WebhookDelivery,
                uid=uid,
                webhook_id=key(webhook.id),
                event=DECISION_MADE,
                body=json.dumps(message, ensure_ascii=False, separators=(",", ":")),
                created_at=at,
                next_at=at,
            )
        )


def _facts(session: Session, decision: Decision) -> dict[str, object]:
    pilot, unit, theme = session.exec(
        select(Pilot.code, Unit.code, Theme.code)
        .join_from(Pilot, Unit, col(Unit.id) == Pilot.unit_id)
        .join(Theme, col(Theme.id) == Pilot.lead_theme_id)
        .where(Pilot.id == decision.pilot_id)
    ).one()
    scale_to = session.exec(
        select(Unit.code)
        .join(DecisionUnit, col(DecisionUnit.unit_id) == Unit.id)
        .where(DecisionUnit.decision_id == decision.id)
        .order_by(Unit.code)
    ).all()
    return {
        "decision": key(decision.id),
        "pilot": pilot,
        "unit": unit,
        "theme": theme,
        "evaluation": decision.evaluation_id,
        "recommended": decision.recommended.value,
        "choice": decision.choice.value,
        "overrides": decision.overrides,
        "decided_at": _moment(decision.at),
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "scale_to": list(scale_to),
        "url": f"{settings.load().base_url}/pilot?code={pilot}",
    }


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

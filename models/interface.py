"""The REST interface: keys of other systems, repeated requests, what it tells of changes, webhooks and their log."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class KeyScope(enum.StrEnum):
    """What a key opens."""

    READ_PILOTS = "read:pilots"
    READ_MEASUREMENTS = "read:measurements"
    READ_THEMES = "read:themes"
    READ_DECISIONS = "read:decisions"
    WRITE_FEEDBACK = "write:feedback"
    WRITE_MEASUREMENTS = "write:measurements"


class ApiKey(SQLModel, table=True):
    """A key of another system. Only its SHA-256 is kept; which units it reaches is its person's unit."""

    __tablename__ = "api_key"
    __table_args__ = (
        sa.CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        sa.CheckConstraint("expires_at > created_at", name="expires_after_it_was_made"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, description="The system, a person of role api_client.")
    prefix: str = Field(min_length=8, max_length=16, unique=True, description="The key's beginning, to find it by.")
    digest: str = Field(min_length=64, max_length=64, description="SHA-256 of the whole key.")
    scopes: list[str] = Field(sa_type=sa.JSON)
    created_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    expires_at: Timestamp = Field(sa_type=UtcDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by_id: int | None = Field(default=None, foreign_key="person.id")


class ApiKeyUse(SQLModel, table=True):
    """When a key was last used, to the minute: beside the key, so that using it changes nothing of it."""

    __tablename__ = "api_key_use"

    key_id: int = Field(foreign_key="api_key.id", primary_key=True, ondelete="CASCADE")
    at: Timestamp = Field(sa_type=UtcDateTime)


class IdempotentRequest(SQLModel, table=True):
    """A request that was carried out, with its answer, written in the same transaction as its rows."""

    __tablename__ = "idempotent_request"
    __table_args__ = (sa.UniqueConstraint("person_id", "route", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    route: str = Field(max_length=80)
    key: str = Field(min_length=1, max_length=255)
    body_digest: str = Field(min_length=64, max_length=64, description="SHA-256 of the request's body.")
    status: int
    answer: dict[str, Any] = Field(sa_type=sa.JSON)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class InterfaceFeed(SQLModel, table=True):
    """How far the rows that the interface tells of one subject are: raised by one at every change of any of them."""

    __tablename__ = "interface_feed"

    name: str = Field(primary_key=True, max_length=40)
    version: int = 0
    changed_at: Timestamp = Field(sa_type=UtcDateTime, description="Moment of the newest change; it only grows.")


class InterfaceRow(SQLModel, table=True):
    """A row as the interface tells it, small numbers left out, and since when it is so. Made from the record."""

    __tablename__ = "interface_row"
    __table_args__ = (sa.Index("ix_interface_row_order", "feed", "changed_at", "key"),)

    feed: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=200)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", description="Whose it is; empty for everyone's.")
    row: dict[str, Any] | None = Field(
        default=None, sa_type=sa.JSON(none_as_null=True), description="Empty when there is none any more."
    )
    digest: str = Field(max_length=32, description="Of the row; empty when there is none any more.")
    changed_at: Timestamp = Field(sa_type=UtcDateTime)


class Webhook(SQLModel, table=True):
    """An address that is told of decisions."""

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(min_length=8, max_length=1000)
    created_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")


class WebhookSecret(SQLModel, table=True):
    """What signs the messages to an address: beside it, so that the audit trail never writes it down."""

    __tablename__ = "webhook_secret"

    webhook_id: int = Field(foreign_key="webhook.id", primary_key=True, ondelete="CASCADE")
    secret: str = Field(min_length=32, max_length=80)


class DeliveryState(enum.StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class WebhookDelivery(SQLModel, table=True):
    """One message to one address: written with the decision it tells of, sent afterwards until it arrives."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.Index("ix_webhook_delivery_due", "state", "next_at"),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_at_some_moment"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(min_length=36, max_length=36, unique=True, description="The delivery's id, in the message too.")
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    event: str = Field(max_length=40)
    body: str = Field(sa_type=sa.Text, description="JSON, exactly as it is sent.")
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=choice(DeliveryState))
    attempts: int = 0
    created_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    next_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    last_status: int | None = Field(default=None, description="What the address answered; empty for no answer.")
    last_problem: str = Field(default="", max_length=200)
    delivered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

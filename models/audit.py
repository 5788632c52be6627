"""The audit trail: who changed what, when and with which right, each entry chained to the one before it."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

TECHNICAL = frozenset(
    {
        "alembic_version",
        "api_key_use",
        "audit_detail",
        "audit_entry",
        "idempotent_request",
        "interface_feed",
        "interface_row",
        "job_run",
        "reminder",
        "sign_in_session",
        "text_embedding",
        "theme_answer",
        "webhook_delivery",
        "webhook_secret",
        "work_lease",
    }
)
"""Tables that hold nothing anybody decided: what is derived from others and made again, and the machinery's own."""


class AuditEntry(SQLModel, table=True):
    """One change. Never altered and never deleted: triggers of the database refuse both.

    Every value is a text or a whole number, exactly as it went into the hash: nothing a database could write in two
    ways.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_subject_key", "subject", "key"),)

    id: int | None = Field(
        default=None, primary_key=True, sa_column_kwargs={"autoincrement": False}, description="1, 2, 3 without a gap."
    )
    at: str = Field(max_length=40, description="UTC, 2026-11-25T13:05:09.123456+00:00.")
    actor: str = Field(max_length=80, index=True, description="The person's user name; empty for the machinery.")
    role: str = Field(max_length=40, description="Their role at that moment.")
    allowed_by: str = Field(max_length=40, description="What allowed it, from services/permissions.py.")
    action: str = Field(max_length=40, description="insert, update, delete, or what else was done.")
    subject: str = Field(max_length=80, description="The table, or what else it was done to.")
    key: str = Field(max_length=200, description="The row's primary key; empty for many rows at once.")
    before: str = Field(max_length=64, description="Salted SHA-256 of what changed, as it was; empty for nothing.")
    after: str = Field(max_length=64, description="Salted SHA-256 of what changed, as it is; empty for nothing.")
    previous: str = Field(max_length=64, description="The hash of the entry before.")
    hash: str = Field(max_length=64, description="SHA-256 over all of the above.")


class AuditDetail(SQLModel, table=True):
    """What an entry's digests were made of: it can be forgotten without breaking the chain; then they say nothing."""

    __tablename__ = "audit_detail"

    entry_id: int = Field(primary_key=True, foreign_key="audit_entry.id", sa_column_kwargs={"autoincrement": False})
    salt: str = Field(max_length=32)
    before: str = Field(sa_type=sa.Text)
    after: str = Field(sa_type=sa.Text)

"""Imports: a batch record for every file taken in, and saved column mappings."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class ImportKind(enum.StrEnum):
    """What a file holds."""

    FEEDBACK = "feedback"
    MEASUREMENTS = "measurements"


class ImportProfile(SQLModel, table=True):
    """A column mapping kept under a name, so that the same export is one click the next time."""

    __tablename__ = "import_profile"
    __table_args__ = (sa.UniqueConstraint("kind", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: ImportKind = Field(sa_type=choice(ImportKind))
    name: str = Field(min_length=1, max_length=120)
    mapping: dict[str, Any] = Field(sa_type=sa.JSON)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class ImportBatch(SQLModel, table=True):
    """One file taken in, written in the same transaction as its rows.

    The same content cannot be in force twice: its SHA-256 is unique among batches that were not undone.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.Index(
            "uq_import_batch_sha256_in_force",
            "sha256",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.CheckConstraint("rows = imported + duplicates + rejected", name="every_row_is_accounted_for"),
        sa.CheckConstraint("imported >= 0 AND duplicates >= 0 AND rejected >= 0", name="counts_not_negative"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: ImportKind = Field(sa_type=choice(ImportKind))
    file_name: str = Field(max_length=255)
    sha256: str = Field(min_length=64, max_length=64)
    profile_id: int | None = Field(default=None, foreign_key="import_profile.id")
    rows: int = Field(ge=0)
    imported: int = Field(ge=0)
    duplicates: int = Field(ge=0)
    rejected: int = Field(ge=0)
    rejects: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=sa.JSON, description="row, column, value, reason"
    )
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    undone_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by_id: int | None = Field(default=None, foreign_key="person.id")

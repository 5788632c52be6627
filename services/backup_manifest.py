"""What a backup says about itself, and what a database says when it is asked the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlmodel import Session

from services import audit
from services.errors import BadInput

FORMAT = 1
AUDIT_TABLE = "audit_entry"
REVISION_TABLE = "alembic_version"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What can be compared between a database and its backup.

    Attributes:
        revision: The migration it is at; "" when it was never migrated.
        rows: Rows of every table, by the table's name.
        audit_entries: Entries of the audit trail.
        audit_hash: The newest entry's hash; "" for a database from before the trail.
    """

    revision: str
    rows: Mapping[str, int]
    audit_entries: int
    audit_hash: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The label on a backup.

    Attributes:
        engine: sqlite or postgresql.
        version: The product's version that made it.
        made_at: When.
        facts: What the database held.
        data: The name of the data in the file.
        size: Its length in bytes.
        sha256: Its digest.
    """

    engine: str
    version: str
    made_at: dt.datetime
    facts: Facts
    data: str
    size: int
    sha256: str


def facts(connection: sa.Connection) -> Facts:
    """Ask a database, within the transaction of the connection."""
    names = sorted(sa.inspect(connection).get_table_names())
    rows = {
        name: int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one())
        for name in names
    }
    entries, newest = 0, ""
    if AUDIT_TABLE in rows:
        with Session(bind=connection) as session:
            head = audit.head(session)
            entries, newest = head.entries, head.hash
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    return Facts(revision=revision, rows=rows, audit_entries=entries, audit_hash=newest)


def holds_anything(connection: sa.Connection, besides: frozenset[str]) -> bool:
    """Whether any table holds a row.

    Args:
        connection: To the database.
        besides: Tables that do not count.
    """
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first() is not None
        for name in sa.inspect(connection).get_table_names()
        if name not in besides
    )


def written(manifest: Manifest) -> bytes:
    """The label as JSON."""
    found = manifest.facts
    return json.dumps(
        {
            "luotsi_backup": FORMAT,
            "engine": manifest.engine,
            "version": manifest.version,
            "made_at": manifest.made_at.isoformat(timespec="seconds"),
            "revision": found.revision,
            "rows": dict(found.rows),
            "audit": {"entries": found.audit_entries, "hash": found.audit_hash},
            "data": {"name": manifest.data, "bytes": manifest.size, "sha256": manifest.sha256},
        },
        indent=2,
    ).encode()


def read(content: bytes, *, file: str) -> Manifest:
    """Read the label.

    Args:
        content: As `written` made it.
        file: The backup's name, for the refusal.

    Raises:
        BadInput: It is none, or of a format that this version does not know.
    """
    try:
        parts = json.loads(content)
        if parts["luotsi_backup"] != FORMAT:
            raise BadInput(
                "{file} is a backup of the format {format}, and this version reads the format {known}.",
                file=file,
                format=parts["luotsi_backup"],
                known=FORMAT,
            )
        return Manifest(
            engine=str(parts["engine"]),
            version=str(parts["version"]),
            made_at=dt.datetime.fromisoformat(parts["made_at"]),
            facts=Facts(
                revision=str(parts["revision"]),
                rows={str(name): int(count) for name, count in parts["rows"].items()},
                audit_entries=int(parts["audit"]["entries"]),
                audit_hash=str(parts["audit"]["hash"]),
            ),
            data=str(parts["data"]["name"]),
            size=int(parts["data"]["bytes"]),
            sha256=str(parts["data"]["sha256"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput("{file} is damaged: its manifest cannot be read.", file=file) from error


def differences(expected: Facts, found: Facts) -> list[str]:
    """What two databases differ in, named; empty when nothing does."""
    tables = sorted(
        name for name in {*expected.rows, *found.rows} if expected.rows.get(name, -1) != found.rows.get(name, -1)
    )
    named = [] if expected.revision == found.revision else ["the revision"]
    same_trail = (expected.audit_entries, expected.audit_hash) == (found.audit_entries, found.audit_hash)
    return [*named, *tables, *([] if same_trail else ["the end of the audit trail"])]

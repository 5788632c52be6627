"""A file taken away: made in a reading session, and put on the audit trail before it is handed out."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator

from services import audit, exports
from services.exports import IN_MEMORY, Format
from services.exports_schema import Row, Table
from services.people import signed_in
from services.permissions import May
from services.record import database


def take_away(found: Table, how: Format, *, person_id: int | None) -> bytes:
    """A whole file for a person, whose role is read afresh; who took which is on the trail, with the file's digest.

    Args:
        found: The table.
        how: How the file is written.
        person_id: Who takes it.

    Raises:
        NotAllowed: The person may not take data away.
    """
    counted = 0

    def counting(lines: Iterator[Row]) -> Iterator[Row]:
        nonlocal counted
        for line in lines:
            counted += 1
            yield line

    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with database().reading() as session:
            lines = exports.rows(session, found, by=signed_in(session, person_id))
            exports.write(file, found, counting(lines), how)  # type: ignore[arg-type]
        file.seek(0)
        made = file.read()
    with database().writing() as session:
        audit.note(
            session,
            by=signed_in(session, person_id),
            action="export",
            subject=found.name,
            detail={
                "format": how.value,
                "rows": counted,
                "bytes": len(made),
                "sha256": hashlib.sha256(made).hexdigest(),
            },
            right=May.EXPORT,
        )
        session.commit()
    return made

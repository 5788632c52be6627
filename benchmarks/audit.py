"""What the audit trail costs: a commit with it and without, many rows at once, and following the whole chain.

python -m benchmarks.audit --entries 100000
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from unittest import mock

from sqlmodel import Session

from benchmarks._databases import ENGINES, empty_database
from models import audit_trail
from models.audit import TECHNICAL
from models.audit_trail import Change
from models.database import make_write_engine
from models.people import Setting
from services import audit

COMMITS = 200


def main() -> int:
    """Print a table an engine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="how long the chain is that is followed")
    asked = parser.parse_args()
    for kind in ENGINES:
        with empty_database(kind) as url:
            engine = make_write_engine(url)
            with Session(engine) as session:
                kept = _timed(lambda session=session: _commits(session, "a"))
                with mock.patch.object(audit_trail, "TECHNICAL", TECHNICAL | {"setting"}):
                    bare = _timed(lambda session=session: _commits(session, "b"))
                added = _timed(lambda session=session: _added(session, asked.entries))
                followed = _timed(lambda session=session: audit.verify(session))
                found = audit.verify(session)
            engine.dispose()
        sys.stdout.write(
            f"{kind}: a commit of one row {1000 * kept / COMMITS:.2f} ms, without the trail "
            f"{1000 * bare / COMMITS:.2f} ms (x {kept / bare:.2f}); {asked.entries / added:,.0f} entries/s added, "
            f"{found.head.entries / followed:,.0f} entries/s followed; faults {len(found.faults)}\n"
        )
    return 0


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _commits(session: Session, name: str) -> None:
    for number in range(COMMITS):
        session.add(Setting(key=f"{name}{number}", value="1"))
        session.commit()


def _added(session: Session, entries: int) -> None:
    for number in range(entries):
        change = audit_trail.noted(session, "update", "measurement", str(number), after={"value": number / 7})
        audit_trail.add(session, Change(**{**vars(change), "before": {"value": number / 3}}))
    session.commit()


if __name__ == "__main__":
    sys.exit(main())

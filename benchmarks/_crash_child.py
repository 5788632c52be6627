"""A process to be killed: says `ready` once everything is imported, then does what it is for.

python -m benchmarks._crash_child cli.py COMMAND...
python -m benchmarks._crash_child decide DATABASE_URL PILOT...

The first is the product's own command. The second decides on each pilot in turn, again and again, and prints the number
of each decision once the service has returned it: what was printed must be found, whatever happens to the process.
Both say `writing` at a transaction's first row and `committing` before its end, so that a kill can be aimed.
"""

from __future__ import annotations

import importlib
import itertools
import runpy
import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

import models.tables  # noqa: F401  every table must be known before the first write
from models.database import Database
from models.decisions import Choice, Evaluation
from models.organisation import Unit
from models.people import Person
from services import decisions
from services.rows import key
from tests.services.test_decisions import DECIDED, REVIEW

IMPORTED = {
    "import-feedback": ("services.importing", "services.record", "services.text_work", "commands.intake"),
    "evaluate-all": ("services.evaluation", "services.record", "commands.evaluation"),
}
"""What a command imports when called; here before `ready`, so that a kill meets the work and not Python's start."""


def decide(session: Session, pilot_id: int, *, read: int | None = None) -> int:
    """Scale a pilot up to two units, following its evaluation: a decision, its units and a status, or none of them."""
    newest = select(Evaluation).where(Evaluation.pilot_id == pilot_id).order_by(col(Evaluation.id).desc())
    units = session.exec(select(Unit.id).where(col(Unit.code).in_(("SAI4", "PEL1")))).all()
    decision = decisions.record_decision(
        session,
        evaluation_id=key(session.exec(newest).first().id),
        choice=Choice.SCALE,
        by=session.exec(select(Person).where(Person.code == "leader")).one(),
        today=DECIDED,
        review_on=REVIEW,
        scale_to=[key(unit) for unit in units],
        read=read,
    )
    return key(decision.id)


def decide_on_all(url: str, pilots: Sequence[int]) -> None:
    """Decide on each pilot in turn until killed, or 150 times."""
    database = Database(url)
    for pilot_id in itertools.islice(itertools.cycle(pilots), 150):
        with database.writing() as session:
            made = decide(session, pilot_id)
        print(made, flush=True)


def tell_of_writing() -> None:
    """Print when a transaction begins to write, and when it is about to be committed."""
    writing = False

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal writing
        if not writing and statement.startswith("INSERT"):
            writing = True
            print("writing", flush=True)

    def committed(_connection: Any) -> None:
        nonlocal writing
        if writing:
            writing = False
            print("committing", flush=True)

    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)


if __name__ == "__main__":
    for module in IMPORTED.get(sys.argv[2], ()):
        importlib.import_module(module)
    tell_of_writing()
    print("ready", flush=True)
    if sys.argv[1] == "decide":
        decide_on_all(sys.argv[2], [int(number) for number in sys.argv[3:]])
    else:
        sys.argv = sys.argv[1:]
        runpy.run_path(sys.argv[0], run_name="__main__")

"""Is an update ever lost when many write at once?

    python -m benchmarks.lost_updates --times 500

Two processes of four threads each read a row, then write it back one further, each turn in a transaction of the
product's own writing session: a bare setting, a pilot's plan amended, a week logged anew. What stands in the end must
be the number of turns, and no turn may fail. The services take fewer turns, since each appends rows the next one reads.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from benchmarks._count_up import STEP, WHAT
from benchmarks._databases import ENGINES, empty_database
from models.database import make_write_engine
from models.metrics import Measurement
from models.people import Setting
from models.pilots import LogEntry
from models.plans import PilotPlan
from services import pilots
from services.series import current_measurements
from tests.services.conftest import TODAY, stored_world

ROOT = Path(__file__).parent.parent
PROCESSES, THREADS = 2, 4
DAY = TODAY + dt.timedelta(days=15)
"""A day in the pilot's second week."""
SMALLEST = 1.0


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What many turns came to.

    Attributes:
        turns: How many were taken.
        arrived: How many stand in the record.
        whole: Whether every version, entry or value in between stands too, once.
        errors: What went wrong, a sentence a turn.
        seconds: How long it took.
    """

    turns: int
    arrived: float
    whole: bool
    errors: list[str]
    seconds: float

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing failed."""
        return self.arrived == self.turns and self.whole and not self.errors


def seed(url: str) -> None:
    """Store a setting at 0 and a small county with one pilot whose number staff enter."""
    engine = make_write_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        world = stored_world(session)
        session.add(Setting(key="n", value="0"))
        plan = world.plan(metric_id=world.errors.id, smallest_change=SMALLEST)
        pilots.register_pilot(session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
        session.commit()
    engine.dispose()


def counted(url: str, what: str, *, times: int) -> Counted:
    """Let every process and thread take its turns at once, and look at what stands.

    Args:
        url: A database that holds what `seed` stores.
        what: One of `_count_up.WHAT`.
        times: How many turns each thread takes.
    """
    command = [sys.executable, "-m", "benchmarks._count_up", url, what, str(THREADS), str(times), DAY.isoformat()]
    began = time.perf_counter()
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    errors: list[str] = []
    for worker in workers:
        printed, _ = worker.communicate()
        errors += json.loads(printed) if worker.returncode == 0 else [f"A process ended with {worker.returncode}."]
    seconds = time.perf_counter() - began
    engine = make_write_engine(url)
    with Session(engine) as session:
        arrived, whole = _standing(session, what)
    engine.dispose()
    return Counted(turns=PROCESSES * THREADS * times, arrived=arrived, whole=whole, errors=errors, seconds=seconds)


def _standing(session: Session, what: str) -> tuple[float, bool]:
    """What was counted up to, and whether every step on the way stands once."""
    if what == "number":
        return float(session.exec(select(Setting.value).where(Setting.key == "n")).one()), True
    if what == "plan":
        made = session.exec(select(PilotPlan).order_by(col(PilotPlan.version))).all()
        steps = [(one.smallest_change - SMALLEST) / STEP for one in made]
        return steps[-1], steps == list(range(len(made))) and [one.version for one in made] == list(
            range(1, len(made) + 1)
        )
    entries = session.exec(select(LogEntry).order_by(col(LogEntry.id))).all()
    values = [session.get_one(Measurement, entry.measurement_id).count for entry in entries]
    standing = session.exec(current_measurements()).all()
    whole = values == [float(n) for n in range(1, len(entries) + 1)] and len(standing) == min(1, len(entries))
    return float(standing[-1].count or 0) if standing else 0.0, whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was lost or failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=500, help="turns a thread takes at a bare row")
    parser.add_argument("--service-times", type=int, default=50, help="turns a thread takes through a service")
    options = parser.parse_args(arguments)
    print(f"{PROCESSES} processes x {THREADS} threads; bar: 0 lost, 0 errors")
    print(f"{'engine':12s} {'what':8s} {'turns':>6s} {'arrived':>8s} {'errors':>7s} {'turns/s':>8s}")
    ended_well = True
    for engine in ENGINES:
        with empty_database(engine) as url:
            seed(url)
            for what in WHAT:
                found = counted(url, what, times=options.times if what == "number" else options.service_times)
                ended_well &= found.ok
                rate = found.turns / found.seconds
                print(
                    f"{engine:12s} {what:8s} {found.turns:6d} {found.arrived:8.0f} {len(found.errors):7d} {rate:8.0f}"
                    f"  {'reached' if found.ok else 'MISSED'}",
                    flush=True,
                )
                for sentence in found.errors[:3]:
                    print(f"  {sentence}")
    return 0 if ended_well else 1


if __name__ == "__main__":
    sys.exit(main())

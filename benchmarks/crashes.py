"""Is anything half written, or lost, when a process is killed?

    python -m benchmarks.crashes --kills 20 --seed 20261125

`kill -9` at random moments of an import, of decisions and of a re-evaluation, each a process of its own, on both
engines. After each kill: whatever the process had acknowledged is there; nothing is there in part; the next writer need
not wait; the same again succeeds, or is refused as a repeat. In the end the database is whole, its audit trail too, and
what the models say.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from benchmarks._crash_scenes import SCENES, Scene
from benchmarks._databases import ENGINES, empty_database
from models.migrate import current_revision, differences, newest_revision
from services import audit

ROOT = Path(__file__).parent.parent


@dataclass(kw_only=True)
class Kills:
    """What came of killing one thing many times.

    Attributes:
        arrived: Kills after which what was begun was there as a whole.
        absent: Kills after which it was not there, or not all of its steps were.
        ended: Times the process was faster than the kill.
        wrong: What did not hold, a sentence each.
    """

    arrived: int = 0
    absent: int = 0
    ended: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a process is killed.

    Attributes:
        after: What it has said by then: ready, writing or committing.
        times: How often.
        seconds: How long after that.
    """

    after: str
    times: int
    seconds: float

    @classmethod
    def at_random(cls, rng: random.Random, turn: int, *, whole: float, times: int) -> Moment:
        """By turns anywhere, while a transaction writes, and around its end."""
        after = ("ready", "writing", "committing")[turn % 3]
        longest = {"ready": whole, "writing": whole / 3 / times, "committing": 0.03}[after]
        often = 1 if after == "ready" else rng.randint(1, times)
        return cls(after=after, times=often, seconds=rng.uniform(0, longest))

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s after the {self.times}. {self.after!r}"


def killed(command: Sequence[str], environment: dict[str, str], moment: Moment | None) -> tuple[list[str], bool, float]:
    """Start a process and kill it; the lines it printed, whether it ended before, and how long it worked.

    Args:
        command: What it does, for `_crash_child`.
        environment: Its configuration.
        moment: When; None to let it end.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks._crash_child", *command], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    printed: list[str] = []
    began = time.perf_counter()
    for line in process.stdout:
        printed.append(line.rstrip("\n"))
        if printed[-1] == "ready":
            began = time.perf_counter()
        if moment is not None and printed[-1] == moment.after and printed.count(moment.after) == moment.times:
            time.sleep(moment.seconds)
            os.kill(process.pid, signal.SIGKILL)
            break
    rest, _ = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}.")
    return [*printed, *rest.splitlines()], process.returncode == 0, time.perf_counter() - began


def kill_often(
    scene_type: type[Scene], url: str, folder: Path, *, kills: int, rng: random.Random, measure: bool = True
) -> Kills:
    """Kill a scene's process at random moments, and look after each.

    Args:
        scene_type: One of `_crash_scenes.SCENES`.
        url: A migrated, empty database.
        folder: For files.
        kills: How many times.
        rng: When.
        measure: Whether to let it end once first, to learn how long it takes here; else it is taken to be as usual.
    """
    scene, found = scene_type(url, folder), Kills()
    whole, times = scene.usual
    if measure:
        printed, ended, whole = killed(scene.command(0), scene.environment(0), None)
        times = printed.count("committing")
        _, wrong = scene.problems(0, printed, ended=ended)
        found.wrong += [f"without a kill: {sentence}" for sentence in wrong]
    for turn in range(1, kills + 1):
        moment = Moment.at_random(rng, turn, whole=whole, times=times)
        printed, ended, _ = killed(scene.command(turn), scene.environment(turn), moment)
        arrived, wrong = scene.problems(turn, printed, ended=ended)
        found.ended += ended
        found.arrived += arrived and not ended
        found.absent += not arrived
        found.wrong += [f"kill {turn}, {moment}: {sentence}" for sentence in wrong]
    scene.database.dispose()
    found.wrong += not_whole(url)
    return found


def not_whole(url: str) -> list[str]:
    """What a database itself, or the models, find wrong with it."""
    engine = sa.create_engine(url)
    wrong = []
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for check, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                told = connection.exec_driver_sql(f"PRAGMA {check}").all()
                wrong += [] if [tuple(row) for row in told] == good else [f"{check} says {told}"]
        else:
            held = connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").scalar_one()
            wrong += [f"{held} turns are still taken"] if held else []
    if current_revision(engine) != newest_revision():
        wrong.append(f"the database is at {current_revision(engine)}")
    with Session(engine) as session:
        wrong += [f"the trigger {name} is missing" for name in audit.missing_triggers(session.connection())]
        wrong += [f"the audit trail: {fault}" for fault in audit.verify(session).faults]
    engine.dispose()
    return wrong + [f"the models and the database differ: {one}" for one in differences(url)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was half written or lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args(arguments)
    print(f"{options.kills} kills of each, seed {options.seed}; bar: 0 half written, 0 lost")
    print(f"{'engine':12s} {'what':14s} {'whole':>6s} {'absent':>7s} {'ended first':>12s} {'wrong':>6s}")
    ended_well = True
    for engine in ENGINES:
        for scene in SCENES:
            with empty_database(engine) as url, tempfile.TemporaryDirectory() as folder:
                rng = random.Random(f"{options.seed} {engine} {scene.__name__}")
                found = kill_often(scene, url, Path(folder), kills=options.kills, rng=rng)
            ended_well &= not found.wrong
            print(
                f"{engine:12s} {scene.name:14s} {found.arrived:6d} {found.absent:7d} {found.ended:12d}"
                f" {len(found.wrong):6d}  {'MISSED' if found.wrong else 'reached'}",
                flush=True,
            )
            for sentence in found.wrong[:5]:
                print(f"  {sentence}", flush=True)
    return 0 if ended_well else 1


if __name__ == "__main__":
    sys.exit(main())

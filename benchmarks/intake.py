"""How long do 100,000 comments take from a file to themes, and how much memory?

    python -m benchmarks.intake --rows 100000 --seed 20260101

Invented comments in a survey's CSV file go through `python cli.py import-feedback` in a new process, into a new record
that holds the demo county: read, redacted, their language found, themes given by keywords, repeats marked, themes
counted. Memory is the sum over the command's processes, each counted with its share of what they have in common.
The ratios are to what is asked for: 90 s and 1.5 GB on two cores.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks._comments import comment, write_survey
from services.intake.texts import clean
from themes.duplicates import near_duplicates

ROOT = Path(__file__).parent.parent
UNITS = ("AVO1", "AVO4", "SUU1", "SAI1", "SAI3", "SAI5", "PEL1", "IKA1")
TODAY = dt.date(2026, 11, 23)
SECONDS, GIGABYTES = 90.0, 1.5
LOOK_EVERY = 0.25


def memory(pid: int) -> int:
    """Bytes that a process and all its children hold, shared pages divided among them; 0 where /proc is not there."""
    total, waiting = 0, [pid]
    while waiting:
        at = waiting.pop()
        try:
            lines = Path(f"/proc/{at}/smaps_rollup").read_text(encoding="ascii").splitlines()
            waiting += [int(child) for child in Path(f"/proc/{at}/task/{at}/children").read_text().split()]
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, int, str]:
    """Seconds, most bytes at a time, and what the command printed.

    Raises:
        RuntimeError: It ended with another code than 0.
    """
    began, most = time.perf_counter(), 0
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.DEVNULL, text=True
        ) as process,
    ):
        while process.poll() is None:
            most = max(most, memory(process.pid))
            time.sleep(LOOK_EVERY)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with code {process.returncode}.")
        seconds = time.perf_counter() - began
        said.seek(0)
        return seconds, most, said.read()


def told(what: str, figure: str, bar: str = "", ratio: float | None = None) -> None:
    """Print a row: what, how much, what is asked for, and how many times better than that it is."""
    verdict = "" if ratio is None else f"{ratio:6.2f}  {'reached' if ratio >= 1 else 'MISSED'}"
    print(f"{what:58s} {figure:>18s} {bar:>10s} {verdict}".rstrip(), flush=True)


def parts(rows: int, seed: int) -> None:
    """The single steps, on this process's one core."""
    rng = random.Random(seed)
    texts = [comment(rng) for _ in range(min(rows, 10_000))]
    clean(texts[:50])  # loads what it needs
    began = time.process_time()
    clean(texts)
    told("redaction and language, one core", f"{len(texts) / (time.process_time() - began):.0f} texts/s")
    for name, many in (
        ("repeats among different comments", texts),
        ("repeats among equal thanks", ["Kiitos!"] * 100_000),
        ("repeats among equal long comments", ["Kiitos koko osaston väelle hyvästä hoidosta."] * 100_000),
    ):
        began = time.process_time()
        near_duplicates(many)
        told(f"{name}, {len(many)} of one unit", f"{time.process_time() - began:.1f} s")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args(arguments)
    load = f"; load {os.getloadavg()[0]:.1f} when it began" if hasattr(os, "getloadavg") else ""
    print(f"{options.rows} comments of {len(UNITS)} units, seed {options.seed}{load}")
    print(f"{'asked for':>88s}  ratio")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'luotsi.db'}",
            "LUOTSI_DATA_DIR": str(folder),
            "LUOTSI_TODAY": TODAY.isoformat(),
            "LUOTSI_READ_COMMENTS": "off",
        }
        write_survey(
            folder / "survey.csv", rows=options.rows, units=UNITS, last=TODAY - dt.timedelta(days=1), seed=options.seed
        )
        for command in ("migrate", "demo"):
            run([sys.executable, "cli.py", command], environment)
        path = str(folder / "survey.csv")
        seconds, most, printed = run([sys.executable, "cli.py", "import-feedback", path], environment)
        counts = json.loads(printed)
        if counts["imported"] != options.rows:
            raise RuntimeError(f"{counts['imported']} of {options.rows} rows were imported.")
        limit = SECONDS * options.rows / 100_000
        told("python cli.py import-feedback", f"{seconds:.1f} s", f"<= {limit:.0f} s", limit / seconds)
        told("  rows a second", f"{options.rows / seconds:.0f}")
        ratio = GIGABYTES * 1e9 / most if most else None
        told("  most memory of all its processes", f"{most / 1e6:.0f} MB", f"<= {GIGABYTES} GB", ratio)
    parts(options.rows, options.seed)


if __name__ == "__main__":
    main()

"""Runs every benchmark of this folder: `make bench`.

A benchmark is a script that prints a table of its own, as ratios to a peer in the same run where time is measured.
What it prints goes to the screen and, under the machine and the versions, to benchmarks/results/NAME.txt.
`python -m benchmarks NAME...` runs only those named.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SHOWN = ("numpy", "scipy", "statsmodels", "polars", "pandas", "sqlalchemy", "streamlit")


def names() -> list[str]:
    """The benchmarks there are, in order; a name that begins with an underscore is a part of others."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.py"))


def machine() -> str:
    """The machine and the versions a figure depends on, a line each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return (
        f"machine: {_processor()}, {cores} cores, {_memory()}, {platform.system()} {platform.release()}\n"
        f"versions: Python {platform.python_version()}, {libraries}\n"
        f"commit: {_commit()}; run on {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GiB"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def run(name: str) -> bool:
    """Run one benchmark, and keep what it prints; returns whether it ended well."""
    print(f"== {name}", flush=True)
    started = time.perf_counter()
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    seconds = time.perf_counter() - started
    print(f"({seconds:.0f} s)\n", flush=True)
    if process.returncode != 0:
        print(f"{name} ended with code {process.returncode}; its results were not kept.\n", file=sys.stderr)
        return False
    RESULTS.mkdir(exist_ok=True)
    head = f"python -m benchmarks {name}, {seconds:.0f} s\n{machine()}\n\n"
    (RESULTS / f"{name}.txt").write_text(head + "".join(lines), encoding="utf-8")
    return True


def main() -> int:
    """Run what was asked for; 1 when a benchmark failed, 2 when there is none of that name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the benchmarks.")
    parser.add_argument("name", nargs="*", help=f"one of: {', '.join(names())}")
    asked = parser.parse_args().name or names()
    if not asked:
        parser.error("there is no benchmark yet")
    unknown = [name for name in asked if name not in names()]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are: {', '.join(names())}")
    print(machine() + "\n", flush=True)
    ended_well = [run(name) for name in asked]
    return 0 if all(ended_well) else 1


if __name__ == "__main__":
    sys.exit(main())

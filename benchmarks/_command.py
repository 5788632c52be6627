"""How long a command takes and how much memory it needs: `python -m benchmarks._command COMMAND...`.

A process of its own, because a child counts the memory of the process it was started from as its own peak.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command that ended well.

    Attributes:
        seconds: From its start to its end.
        peak: Most memory it had at a time, in MiB.
        printed: What it printed.
    """

    seconds: float
    peak: float
    printed: str


def measured(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command in the project's folder.

    Raises:
        RuntimeError: It ended with another code than 0; what it said is in the message.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._command", *command],
        cwd=ROOT, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with code {done.returncode}: {done.stderr.strip()}")
    return Ran(**json.loads(done.stdout))


def main() -> int:
    """Run what the arguments say and print a `Ran` as JSON."""
    began = time.perf_counter()
    done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = size / 2**20 if sys.platform == "darwin" else size / 2**10  # bytes there, KiB elsewhere
    print(json.dumps({"seconds": seconds, "peak": peak, "printed": done.stdout}))
    print(done.stderr, file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

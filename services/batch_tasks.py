"""One task of a batch: the same function on this machine's cores and on a cluster's workers."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numba
import numpy as np

from services.version import code_version
from stats.batch import BatchResult, PilotBatch, evaluate_batch

Task = tuple[int, PilotBatch]
Done = tuple[int, BatchResult]


class BatchFailed(Exception):
    """The batch could not be finished, through no fault of its input; nothing was written. One sentence."""


def versions() -> dict[str, str]:
    """What a result depends on besides its input: machines that differ in one may differ in the last digits."""
    return {
        "luotsi": code_version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def evaluated(batch: PilotBatch, expected: dict[str, str]) -> BatchResult:
    """Evaluate a task's pilots; doing it twice does no harm.

    Raises:
        BatchFailed: This process runs other versions than the one that sent the task.
    """
    for name, version in versions().items():
        if version != expected[name]:
            raise BatchFailed(f"A worker runs {name} {version}, but this machine runs {expected[name]}.")
    return evaluate_batch(batch)


def evaluated_here(batches: Sequence[PilotBatch], *, threads: int | None = None) -> Iterator[Done]:
    """Evaluate on this machine's cores; each task as it is done, with its place.

    Args:
        batches: The tasks. The compiled loops let go of the interpreter, so threads use every core.
        threads: How many at a time; one a core this process may use, when left out.
    """
    with ThreadPoolExecutor(max_workers=threads or _cores()) as pool:
        places = {pool.submit(evaluate_batch, batch): place for place, batch in enumerate(batches)}
        try:
            for task in as_completed(places):
                yield places[task], task.result()
        finally:
            for task in places:
                task.cancel()


def _cores() -> int:
    """Cores this process may use; where the system does not say, cores it has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1

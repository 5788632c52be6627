"""Evaluate many pilots from two files: their weekly rows and their plans in, one row of results a pilot out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.batch_chunks import chunks
from services.batch_cluster import check_address, evaluated_by
from services.batch_panel import read_panel
from services.batch_plans import read_plans
from services.batch_results import check_target, results_of, write_results
from services.batch_tasks import evaluated_here
from stats.batch import BatchResult
from stats.batch.result import merged


def evaluate_batch(
    panel: Path,
    plans: Path,
    *,
    out: Path,
    all_looks: bool = False,
    scheduler: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> None:
    """Read, check, evaluate and write. The results do not depend on where or in which order the pilots are evaluated.

    Args:
        panel: Weekly rows of all pilots, Parquet or CSV.
        plans: One plan a row, Parquet or CSV.
        out: Where the results go, Parquet.
        all_looks: One row a pilot and planned review instead of one a pilot.
        scheduler: Address of a Dask scheduler whose workers do the computing; this machine's cores when left out.
        progress: Called with the pilots just done, and how many there are.

    Raises:
        DataError: A file cannot be used; the sentence names file, row, column and value, and nothing is written.
        BadInput: The scheduler's address is none.
        BatchFailed: The scheduler or its workers failed, or the results cannot be written; nothing is written.
    """
    check_target(out, (panel, plans))
    if scheduler is not None:
        check_address(scheduler)
    planned = read_plans(plans)
    tasks = chunks(planned, read_panel(panel, planned))
    batches = [task.batch for task in tasks]
    results: dict[int, BatchResult] = {}
    for place, result in evaluated_here(batches) if scheduler is None else evaluated_by(scheduler, batches):
        results[place] = result
        if progress is not None:
            progress(len(tasks[place].members), len(planned))
    whole = merged([(tasks[place].members, result) for place, result in sorted(results.items())], len(planned))
    write_results(results_of(whole, planned, all_looks=all_looks), out)

"""How fast are pilots evaluated, alone, by the thousand and from files, and how fast is statsmodels with one of them?

    OMP_NUM_THREADS=1 python -m benchmarks.speed --pilots 10000 --seed 20260101 [--threads 2]

The pilots are those of the hard cell: 9 units, 24 weeks. Each figure is the best of a few runs, since whatever else the
machine does can only slow it down; "cores" are those it got. statsmodels' mixed model has random units, fixed weeks and
the effect, but no shocks and nothing integrated out: it does less, once per pilot.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from statsmodels.regression.mixed_linear_model import MixedLM

from benchmarks._batch_files import write_files
from benchmarks._batches import simulate_batch
from benchmarks._command import measured
from benchmarks._pilots import CELLS
from stats.batch import PilotBatch, evaluate_batch
from stats.batch.fits import fit
from stats.batch.window import windows
from stats.evaluation import evaluate

CHUNK = 250
ALONE = 20
PILOTS_A_SECOND, BATCH_SECONDS, RATIO = 5_000.0, 20.0, 500.0
WARM = "import benchmarks.speed as s; s.last_look(s.pilots(2, 0)); s.evaluate_batch(s.pilots(2, 0))"


def pilots(count: int, seed: int) -> PilotBatch:
    """Pilots of the hard cell that do nothing."""
    return simulate_batch(CELLS[0], count, effect=0.0, seed=seed)


def chunked(batch: PilotBatch) -> list[PilotBatch]:
    """The batch in the parts that a thread takes at a time."""
    return [batch.taken(np.arange(at, min(at + CHUNK, len(batch)))) for at in range(0, len(batch), CHUNK)]


def last_look(batch: PilotBatch) -> None:
    """Estimate every pilot of a batch at its end."""
    fit(windows(batch, batch.as_of))


@dataclass(frozen=True, kw_only=True)
class Took:
    """How long some work took.

    Attributes:
        seconds: By the clock.
        cores: How many cores it had, on average: fewer than its threads when others used the machine.
    """

    seconds: float
    cores: float


def took(work: Callable[[PilotBatch], object], parts: Sequence[PilotBatch], *, threads: int, runs: int) -> Took:
    """Do all parts a few times; the quickest time counts."""
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(runs):
            began, busy = time.perf_counter(), time.process_time()
            list(pool.map(work, parts))
            passed = time.perf_counter() - began
            found.append(Took(seconds=passed, cores=(time.process_time() - busy) / passed))
    return min(found, key=lambda one: one.seconds)


def mixed(batch: PilotBatch) -> None:
    """statsmodels' mixed model of every pilot's weekly means, at its end."""
    _, units, weeks = batch.n.shape
    unit, week = (part.ravel() for part in np.meshgrid(np.arange(units), np.arange(weeks), indexing="ij"))
    for i in range(len(batch)):
        treated = (unit < batch.pilots[i]) & (batch.mondays[i, week] >= batch.start[i])
        columns = np.column_stack([treated, week[:, None] == np.arange(weeks)]).astype(np.float64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns when the units' variance is estimated as 0
            MixedLM(batch.mean[i].ravel(), columns, groups=unit).fit()


def alone(batch: PilotBatch) -> None:
    """Evaluate pilot by pilot: every review, every check, the reasons, the sensitivity lines."""
    for i in range(len(batch)):
        panel, plan = batch.single(i)
        evaluate(panel, plan, as_of=batch.as_of[i].astype(object))


def compile_times() -> tuple[float, float]:
    """Seconds until a new process has evaluated its first two pilots: never compiled before, and compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        first, second = (measured([sys.executable, "-c", WARM], environment=environment).seconds for _ in range(2))
    return first, second


def told(what: str, figure: str, bar: str = "", ratio: float | None = None, *, cores: float | None = None) -> None:
    """Print a row: what, how much, on how many cores, what is asked for, and how many times better than that it is."""
    had = "" if cores is None else f"{cores:.2f}"
    verdict = "" if ratio is None else f"{ratio:6.2f}  {'reached' if ratio >= 1 else 'MISSED'}"
    print(f"{what:60s} {figure:>16s} {had:>6s} {bar:>9s} {verdict}".rstrip(), flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-files", action="store_true", help="neither compile anew nor run the command")
    options = parser.parse_args(arguments)
    count, threads, runs = options.pilots, options.threads, options.runs
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{count} pilots x 9 units x 24 weeks, hard cell, seed {options.seed}; {threads} threads, parts of {CHUNK} "
          f"pilots; best of {runs} runs{load} when it began")  # fmt: skip
    print(f"{'cores':>84s} {'bar':>9s}  ratio")
    if not options.no_files:
        first, second = compile_times()
        told("a process's first evaluation, everything compiled anew", f"{first:.1f} s")
        told("a process's first evaluation, compiled before", f"{second:.1f} s")
    few = pilots(min(ALONE, count), options.seed)
    last_look(few), evaluate_batch(few), mixed(few.taken(np.arange(1))), alone(few.taken(np.arange(1)))  # warm

    batch = pilots(count, options.seed)
    parts = chunked(batch)
    one = took(last_look, parts, threads=1, runs=runs)
    told("last look, 1 thread", f"{count / one.seconds:.0f} pilots/s", cores=one.cores)
    several = took(last_look, parts, threads=threads, runs=runs)
    rate = count / several.seconds
    told(f"last look, {threads} threads", f"{rate:.0f} pilots/s", f">= {PILOTS_A_SECOND:.0f}", rate / PILOTS_A_SECOND,
         cores=several.cores)  # fmt: skip
    whole = took(evaluate_batch, parts, threads=threads, runs=runs)
    told(f"ten looks, checks and verdicts, {threads} threads", f"{whole.seconds:.1f} s", f"< {BATCH_SECONDS:.0f} s",
         BATCH_SECONDS / whole.seconds, cores=whole.cores)  # fmt: skip
    peer = took(mixed, [few], threads=1, runs=runs)
    told(f"statsmodels MixedLM, one fit a pilot, {len(few)} pilots", f"{1000 * peer.seconds / len(few):.1f} ms a pilot",
         cores=peer.cores)  # fmt: skip
    ratio = (peer.seconds / len(few)) / (one.seconds / count)
    told("  times as long as a pilot's last look on one thread", f"{ratio:.0f} x", f">= {RATIO:.0f} x", ratio / RATIO)
    single = took(alone, [few], threads=1, runs=runs)
    told("stats.evaluation.evaluate, one pilot", f"{1000 * single.seconds / len(few):.0f} ms", cores=single.cores)
    if not options.no_files:
        _command(batch, runs=min(runs, 2))


def _command(batch: PilotBatch, *, runs: int) -> None:
    """The command on files, with everything it reads, checks and writes."""
    with tempfile.TemporaryDirectory() as folder:
        panel, plans, out = (Path(folder) / f"{name}.parquet" for name in ("panel", "plans", "results"))
        write_files(batch, panel=panel, plans=plans)
        size = panel.stat().st_size / 2**20
        told("the panel's file, " + f"{int(np.isfinite(batch.mean).sum())} rows", f"{size:.0f} MiB")
        for more in ([], ["--all-looks"]):
            command = [sys.executable, "cli.py", "evaluate-batch", str(panel), "--plans", str(plans), "--out", str(out)]
            ran = min((measured([*command, *more]) for _ in range(runs)), key=lambda one: one.seconds)
            told(" ".join(["python cli.py evaluate-batch", *more]), f"{ran.seconds:.1f} s",
                 "" if more else f"< {BATCH_SECONDS:.0f} s", None if more else BATCH_SECONDS / ran.seconds)  # fmt: skip
            told("  most memory it had", f"{ran.peak:.0f} MiB")


if __name__ == "__main__":
    main()

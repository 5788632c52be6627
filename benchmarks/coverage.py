"""How often does a 95 % interval hold the truth, from 5 answers a side on?

    OMP_NUM_THREADS=1 python -m benchmarks.coverage --draws 2000 --seed 20260101 [--cell "costs"]

Both sides have n answers (or n units of exposure). Below 93 % is marked <, above 97 % >; at 95 % the standard error of
2,000 draws is 0.5 points. A draw that the estimator refuses (no event at all, every answer the same) is left out.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from benchmarks._two_samples import CELLS
from stats.errors import CannotEstimateError

SIZES = (5, 8, 12, 20, 40, 100)
LEAST, MOST = 93.0, 97.0


def coverage(row: int, n: int, *, draws: int, seed: int) -> tuple[float, float]:
    """Per cent of the intervals of a cell that hold the truth, and of the draws that gave none."""
    cell = CELLS[row]
    random = np.random.default_rng([seed, row, n])
    held = []
    for before, after in zip(cell.before(random, draws, n), cell.after(random, draws, n), strict=True):
        try:
            found = cell.interval(before, after, n)
        except CannotEstimateError:
            continue
        held.append(found.low <= cell.value <= found.high)
    return 100.0 * float(np.mean(held)), 100.0 * (1.0 - len(held) / draws)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--cell", default="", help="only rows whose estimator or truth contains this")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rows = [row for row, cell in enumerate(CELLS) if options.cell in f"{cell.name}: {cell.truth}"]
    print(f"{options.draws} draws a figure, seed {options.seed}; coverage of 95 % intervals in per cent")
    print(
        f"{'estimator':27s} {'truth':34s} n ={SIZES[0]:4d}" + "".join(f"{n:8d}" for n in SIZES[1:]) + "   none       s"
    )
    outside = figures = 0
    with ProcessPoolExecutor(options.workers) as pool:
        one = partial(coverage, draws=options.draws, seed=options.seed)
        for row in rows:
            began = time.perf_counter()
            found = list(pool.map(one, [row] * len(SIZES), SIZES))
            marks = ["<" if held < LEAST else ">" if held > MOST else " " for held, _ in found]
            outside += sum(mark != " " for mark in marks)
            figures += len(found)
            print(
                f"{CELLS[row].name:27s} {CELLS[row].truth:34s}"
                + "".join(f"{held:7.1f}{mark}" for (held, _), mark in zip(found, marks, strict=True))
                + f"{max(none for _, none in found):7.1f} {time.perf_counter() - began:7.1f}",
                flush=True,
            )
    print(f"{outside} of {figures} figures are outside {LEAST:g} to {MOST:g} %")


if __name__ == "__main__":
    main()

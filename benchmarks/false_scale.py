"""How often does a pilot that does nothing get "scale", and how often does one that works?

    OMP_NUM_THREADS=1 python -m benchmarks.false_scale --pilots 1000 --seed 20260101 [--cell "hard cell"]

Each simulated pilot goes through stats.evaluation.evaluate with its planned weekly reviews, and through the usual tests
looked at as often. "crossed" is a planned review passing its bound, "scale" the verdict.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import scipy

from benchmarks._peers import segmented_says_scale, welch_says_scale
from benchmarks._pilots import CELLS, Cell, simulate
from stats.evaluation import evaluate
from stats.rules import Verdict

COLUMNS = ("crossed", "scale", "Welch", "segmented HAC", "covered", "drift flag")


def one(cell: Cell, effect: float, seed: np.random.SeedSequence) -> tuple[float, ...]:
    """Return 0/1 for each of COLUMNS, and the error of the estimate and its standard error."""
    panel, plan = simulate(cell, effect=effect, random=np.random.default_rng(seed))
    result = evaluate(panel, plan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels on a handful of weeks
        peers = (welch_says_scale(panel, plan), segmented_says_scale(panel, plan))
    drift = any(check.name == "drift" and check.passed is False for check in result.checks)
    if result.effect is None or result.interval is None:
        return (0.0, 0.0, *map(float, peers), np.nan, float(drift), np.nan, np.nan)
    # The truth of a counted cell is on the log scale, so only its null is comparable with the estimate.
    truth = effect if not cell.kind.counted or effect == 0 else np.nan
    covered = np.nan if np.isnan(truth) else float(result.interval.low <= truth <= result.interval.high)
    return (
        float(any(look.crossed for look in result.looks)),
        float(result.verdict is Verdict.SCALE),
        *map(float, peers),
        covered,
        float(drift),
        result.effect - truth,
        result.standard_error or np.nan,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pilots", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--cell", default="", help="only cells whose name contains this")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    )
    print(f"{options.pilots} pilots a row, seed {options.seed}; per cent, standard error "
          f"{100 * np.sqrt(0.03 * 0.97 / options.pilots):.1f} points at 3 %")  # fmt: skip
    print(
        f"{'cell':32s} {'truth':>6s} "
        + " ".join(f"{name:>13s}" for name in COLUMNS)
        + "      bias     SD  mean SE     s"
    )
    with ProcessPoolExecutor(options.workers) as pool:
        for number, cell in enumerate(CELLS):
            if options.cell not in cell.name:
                continue
            for effect in (0.0, cell.effect):
                began = time.perf_counter()
                seeds = np.random.SeedSequence([options.seed, number, int(effect != 0)]).spawn(options.pilots)
                rows = np.array(list(pool.map(partial(one, cell, effect), seeds, chunksize=10)))
                known = np.isfinite(rows[:, : len(COLUMNS)])
                shares = (
                    100 * np.where(known, rows[:, : len(COLUMNS)], 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
                )
                shares[known.sum(axis=0) == 0] = np.nan
                error, width = rows[:, -2], rows[:, -1]
                print(
                    f"{cell.name:32s} {effect:6.2f} " + " ".join(f"{share:13.1f}" for share in shares)
                    + f"  {error.mean():8.3f} {error.std():6.3f} {np.nanmean(width):8.3f}"
                    + f" {time.perf_counter() - began:5.0f}",
                    flush=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()

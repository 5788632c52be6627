"""How fast are drivers decomposed and analysed, and how sure is the top driver by the number of answers?

    OMP_NUM_THREADS=1 python -m benchmarks.drivers [--resamples 1000] [--seed 20260101] [--largest 100000]

Twenty themes, answers of 0 to 10 in 26 units over 52 weeks. The figures beside the times do not depend on the
machine: how often the truly first theme came first, and how many candidates were named. Times are of the processor.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from stats.drivers import DriverAnalysis, analyse_drivers
from stats.panel import Floats
from stats.relative_importance import lmg

THEMES = 20
EXACT_SECONDS, ANALYSIS_SECONDS = 1.0, 10.0


def decomposition(seed: int) -> tuple[float, float]:
    """Seconds of an exact decomposition with twenty predictors (the best of three), and how far its sum is off."""
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(500, THEMES)) + 0.5 * rng.normal(size=(500, 1))
    outcome = columns @ rng.normal(size=THEMES) + 3 * rng.normal(size=500)
    whole = np.column_stack([columns, outcome])
    whole -= whole.mean(axis=0)
    products: Floats = whole.T @ whole
    best, parts = np.inf, np.zeros(THEMES)
    for _ in range(3):
        start = time.process_time()
        parts = lmg(products)
        best = min(best, time.process_time() - start)
    full = products[-1, :-1] @ np.linalg.solve(products[:-1, :-1], products[:-1, -1]) / products[-1, -1]
    return best, abs(float(parts.sum() - full))


def analysis(size: int, *, seed: int, resamples: int) -> tuple[float, DriverAnalysis]:
    """Seconds and result of a whole analysis; the first theme's importance is a third above the second's."""
    rng = np.random.default_rng(seed)
    unit, week = rng.integers(0, 26, size), rng.integers(0, 52, size)
    named = rng.random((size, THEMES)) < 0.05
    effects = -np.concatenate([[1.6], np.linspace(1.38, 0.1, THEMES - 1)])
    outcome = np.clip(np.round(rng.normal(8.5 - 0.05 * unit + named @ effects, 2.0)), 0, 10)
    start = time.process_time()
    found = analyse_drivers(
        named, outcome, names=[f"T{i + 1:02d}" for i in range(THEMES)], factors=[unit, week], resamples=resamples,
        seed=seed,
    )  # fmt: skip
    return time.process_time() - start, found


def main() -> None:
    """Print the figures, and whether each holds its bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drivers", description=__doc__)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--largest", type=int, default=100_000)
    asked = parser.parse_args()
    seconds, off = decomposition(asked.seed)
    print(
        f"exact LMG, {THEMES} themes, 2^{THEMES} subsets: {seconds:.2f} s (bar {EXACT_SECONDS:g}), sum off by {off:.1e}"
    )
    for size in (1_000, 10_000, asked.largest):
        seconds, found = analysis(size, seed=asked.seed, resamples=asked.resamples)
        first = next(one.first for one in found.drivers if one.name == "T01")
        leader = "none" if found.leader is None else found.leader.name
        print(
            f"{size:>9,} answers, {asked.resamples} resamples: {seconds:.1f} s (bar {ANALYSIS_SECONDS:g}); the truly "
            f"first came first in {first:.0%}, single top driver {leader}, candidates {len(found.candidates)}"
        )


if __name__ == "__main__":
    main()

"""How often does a pilot that does nothing get "scale", and how often does one that works?

    python -m benchmarks.false_scale --pilots 2000 --seed 20260101 [--cell "hard cell"] [--peers 200]

Each simulated pilot is evaluated with its planned weekly reviews. "crossed" is a planned review passing its bound,
"scale" the verdict, "covered" the 95 % interval holding the truth. The peers - what others would do - look at the same
pilots at the same reviews and "scale" at the first significant one.
"""

from __future__ import annotations

import argparse
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from benchmarks._batches import simulate_batch
from benchmarks._controlled_peers import (
    causal_impact_says_scale,
    clustered_did_says_scale,
    did_says_scale,
    mixed_says_scale,
)
from benchmarks._peers import segmented_says_scale, tea_tasting_says_scale, welch_says_scale
from benchmarks._pilots import CELLS, Cell, simulate_staggered
from stats.batch import PilotBatch, evaluate_batch
from stats.evaluation import evaluate
from stats.metric import Kind
from stats.rules import Verdict

PEERS = {
    "Welch": welch_says_scale,
    "tea-tasting": tea_tasting_says_scale,
    "segm. HAC": segmented_says_scale,
    "struct. TS": causal_impact_says_scale,
    "DiD": did_says_scale,
    "DiD clust.": clustered_did_says_scale,
    "MixedLM": mixed_says_scale,
}
CHUNK = 125
MOST_SLOW = 500


def chunk(cell: Cell, effect: float, seed: int, pilots: int) -> np.ndarray:
    """(pilots, 4) crossed, scale, error of the estimate, and whether the interval covers, for part of a row."""
    if cell.staggered:
        return np.array([_one(cell, effect, [seed, k]) for k in range(pilots)])
    batch = simulate_batch(cell, pilots, effect=effect, seed=seed)
    found = evaluate_batch(batch)
    truth = _truth(cell, effect, batch)
    inside = (found.interval_low <= truth) & (truth <= found.interval_high)
    return np.stack(
        [
            ~np.isnat(found.first_crossed_on),
            found.verdict == Verdict.SCALE.value,
            found.effect - truth,
            np.where(np.isfinite(found.effect) & np.isfinite(truth), inside, np.nan),
        ],
        axis=1,
    ).astype(np.float64)


def _one(cell: Cell, effect: float, seed: list[int]) -> tuple[float, ...]:
    found = evaluate(*simulate_staggered(cell, effect=effect, random=np.random.default_rng(seed)))
    if found.effect is None or found.interval is None:
        return 0.0, 0.0, np.nan, np.nan
    covered = found.interval.low <= effect <= found.interval.high
    crossed = any(look.crossed for look in found.looks)
    return float(crossed), float(found.verdict is Verdict.SCALE), found.effect - effect, float(covered)


def _truth(cell: Cell, effect: float, batch: PilotBatch) -> float:
    """The effect in the metric's unit; NaN where it differs from pilot to pilot (counted kinds, rounded answers)."""
    return float("nan") if effect != 0 and (cell.kind in (Kind.PROPORTION, Kind.COUNT) or cell.likert) else effect


def peers(cell: Cell, effect: float, seed: int, pilots: int) -> np.ndarray:
    """(pilots, peers) whether each peer says "scale"."""
    batch = simulate_batch(cell, pilots, effect=effect, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels on a handful of weeks
        return np.array([[says(*batch.single(i)) for says in PEERS.values()] for i in range(pilots)], dtype=float)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pilots", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--cell", default="", help="only cells whose name contains this")
    parser.add_argument("--peers", type=int, default=100, help="pilots of the first two cells that the peers look at")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(f"{options.pilots} pilots a row, seed {options.seed}; per cent. Simulation error "
          f"{100 * np.sqrt(0.025 * 0.975 / options.pilots):.1f} points at 2.5 %, "
          f"{100 * np.sqrt(0.21 / options.pilots):.1f} at 70 %")  # fmt: skip
    print(f"{'cell':34s} {'truth':>6s} {'crossed':>8s} {'scale':>8s} {'covered':>8s} {'bias':>7s} {'seconds':>8s}")
    with ProcessPoolExecutor(options.workers) as pool:
        for number, cell in enumerate(CELLS):
            if options.cell not in cell.name:
                continue
            for effect in (0.0, cell.effect):
                began = time.perf_counter()
                slow = cell.units == 1 or cell.staggered  # one by one
                parts = max(min(options.pilots, MOST_SLOW if slow else options.pilots) // CHUNK, 1)
                seeds = [int(options.seed * 1000 + number * 100_000_000 + k) for k in range(parts)]
                rows = np.concatenate(list(pool.map(partial(_part, cell, effect), seeds)))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # a column of NaN stays NaN
                    crossed, scale, bias, covered = np.nanmean(rows, axis=0)
                print(f"{cell.name:34s} {effect:6.2f} {100 * crossed:8.1f} {100 * scale:8.1f} {100 * covered:8.1f} "
                      f"{bias:7.3f} {time.perf_counter() - began:8.1f}", flush=True)  # fmt: skip
        print(f'\nPeers, {options.peers} pilots a row, per cent "scale"')
        print(f"{'cell':34s} {'truth':>6s} " + " ".join(f"{name:>11s}" for name in PEERS))
        for number, cell in enumerate(CELLS[:2]):
            if options.cell not in cell.name or not options.peers:
                continue
            for effect in (0.0, cell.effect):
                half = (options.peers + 1) // 2
                seeds = [int(options.seed * 1000 + number * 100_000_000 + k) for k in range(2)]
                shares = 100 * np.concatenate(list(pool.map(partial(_peer_part, cell, effect, half), seeds))).mean(
                    axis=0
                )
                print(f"{cell.name:34s} {effect:6.2f} " + " ".join(f"{share:11.1f}" for share in shares), flush=True)


def _part(cell: Cell, effect: float, seed: int) -> np.ndarray:
    return chunk(cell, effect, seed, CHUNK)


def _peer_part(cell: Cell, effect: float, pilots: int, seed: int) -> np.ndarray:
    return peers(cell, effect, seed, pilots)


if __name__ == "__main__":
    main()

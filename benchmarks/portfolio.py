"""Are the gains that a portfolio scales real, and as large as it says?

    OMP_NUM_THREADS=1 python -m benchmarks.portfolio --portfolios 400 --drawn 400 --seed 20260101

Portfolios of 20 pilots of the hard cell (benchmarks/_pilots.py), of which 30 % have a true effect from N(0.4, 0.15) SD
and the others none. Three ways to scale:

- at a review: the first at which a bound has been crossed and the shrunken effect reaches the smallest change (0.3);
- at the end: at the last review, a bound crossed by then, the shrunken effect reaching the smallest change, and the
  gain a find by Benjamini-Hochberg at 10 %;
- raw: as at a review, but with the pilot's own estimate in the shrunken one's place.

"drawn" pilots have estimates drawn around the truth with the hard cell's standard errors, so that many portfolios can
be had; "evaluated" ones are weekly data that go through stats.batch.evaluate_batch.
"""

from __future__ import annotations

import argparse
import platform
import time
from dataclasses import dataclass, replace

import numpy as np
import scipy
import scipy.stats

from benchmarks._batches import simulate_batch
from benchmarks._pilots import CELLS
from stats.batch import evaluate_batch
from stats.multiplicity import discoveries
from stats.panel import Floats
from stats.portfolio import shrink
from stats.sequential import obrien_fleming_bounds

PILOTS, SHARE, MEAN, SD = 20, 0.3, 0.4, 0.15
CELL = CELLS[0]
RATE = 0.1
STANDARD_ERRORS = np.array([0.247, 0.231, 0.222, 0.216, 0.211, 0.205, 0.198, 0.196, 0.193, 0.191])
"""Of the hard cell's reviews in weeks 3 to 12, averaged over evaluated pilots."""
WAYS = ("at a review", "at the end", "raw")
COLUMNS = """found: of the pilots whose true effect reaches the smallest change, those scaled
FDR: of the scaled, those without any effect (bar 10 %); too small: of the scaled, those below the smallest change
shown: displayed over true effect (bar +-15 %); raw: own estimate over true effect; standard errors in brackets"""


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """What the reviews of a portfolio's pilots found.

    Attributes:
        truth: (J,) true effects.
        effects: (J, K) estimates at each review.
        errors: (J, K) their standard errors.
        z: (J, K) deviates of the one-sided tests.
        crossed: (J, K) whether the bound was crossed by then.
    """

    truth: Floats
    effects: Floats
    errors: Floats
    z: Floats
    crossed: np.ndarray


def truths(random: np.random.Generator) -> Floats:
    """(J,) True effects of a portfolio."""
    return np.where(random.uniform(size=PILOTS) < SHARE, random.normal(MEAN, SD, PILOTS), 0.0)


def drawn(seed: np.random.SeedSequence) -> Reviews:
    """A portfolio whose estimates are drawn around the truth: information accrues independently between reviews."""
    random = np.random.default_rng(seed)
    truth = truths(random)
    information = 1.0 / STANDARD_ERRORS**2
    steps = random.normal(size=(PILOTS, len(information))) * np.sqrt(np.diff(information, prepend=0.0))
    effects = truth[:, None] + np.cumsum(steps, axis=1) / information
    errors = np.tile(STANDARD_ERRORS, (PILOTS, 1))
    bounds = obrien_fleming_bounds(information / information[-1])
    z = effects / errors
    return Reviews(
        truth=truth, effects=effects, errors=errors, z=z, crossed=np.logical_or.accumulate(z >= bounds, axis=1)
    )


def evaluated(portfolios: int, seed: int) -> list[Reviews]:
    """Portfolios of weekly data, all pilots evaluated with their planned reviews."""
    random = np.random.default_rng([seed, 1])
    truth = np.array([truths(random) for _ in range(portfolios)])
    batch = simulate_batch(CELL, portfolios * PILOTS, effect=0.0, seed=seed)
    mean = batch.mean.copy()
    mean[:, 0, CELL.before :] += truth.reshape(-1, 1)
    looks = evaluate_batch(replace(batch, mean=mean)).looks
    # Every week has answers, so that every pilot is reviewed equally often.
    shape = (portfolios, PILOTS, -1)
    effects, errors, z, crossed = (
        part.reshape(shape) for part in (looks.effect, looks.standard_error, looks.z, looks.crossed)
    )
    return [
        Reviews(
            truth=truth[k], effects=effects[k], errors=errors[k], z=z[k],
            crossed=np.logical_or.accumulate(crossed[k], axis=1),
        )
        for k in range(portfolios)
    ]  # fmt: skip


def at_reviews(found: Reviews, *, shrunken: bool) -> Floats:
    """(3, n) Displayed effect, raw effect and truth of the pilots scaled at the first review that allows it.

    A scaled pilot stays in the portfolio with the estimate it was scaled on.
    """
    effects, errors = found.effects[:, 0].copy(), found.errors[:, 0].copy()
    scaled, rows = np.zeros(PILOTS, dtype=bool), []
    for k in range(found.effects.shape[1]):
        effects[~scaled], errors[~scaled] = found.effects[~scaled, k], found.errors[~scaled, k]
        waiting = found.crossed[:, k] & ~scaled
        if not waiting.any():
            continue
        shown = shrink(effects, errors).effects if shrunken else effects
        chosen = waiting & (shown >= CELL.smallest)
        rows += [(shown[j], effects[j], found.truth[j]) for j in np.flatnonzero(chosen)]
        scaled |= chosen
    return np.array(rows, dtype=np.float64).reshape(-1, 3).T


def at_the_end(found: Reviews) -> Floats:
    """(3, n) The same of the pilots scaled at the last review."""
    effects = found.effects[:, -1]
    shown = shrink(effects, found.errors[:, -1]).effects
    finds = discoveries(scipy.stats.norm.sf(found.z[:, -1]), rate=RATE)
    chosen = found.crossed[:, -1] & (shown >= CELL.smallest) & finds
    return np.array([shown[chosen], effects[chosen], found.truth[chosen]])


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one portfolio.

    Attributes:
        scaled: What each of WAYS scales.
        worthwhile: Pilots whose true effect reaches the smallest change.
        held: Share of the shrunken intervals at the end that hold their truth.
    """

    scaled: tuple[Floats, ...]
    worthwhile: int
    held: float


def followed(found: Reviews) -> Outcome:
    """Follow one portfolio through its reviews."""
    intervals = shrink(found.effects[:, -1], found.errors[:, -1]).intervals
    return Outcome(
        scaled=(at_reviews(found, shrunken=True), at_the_end(found), at_reviews(found, shrunken=False)),
        worthwhile=int((found.truth >= CELL.smallest).sum()),
        held=float(np.mean([ends.low <= true <= ends.high for ends, true in zip(intervals, found.truth, strict=True)])),
    )


def line(name: str, scaled: list[Floats], worthwhile: int) -> str:
    """One row of the table."""
    false = np.array([np.mean(one[2] == 0) if one.shape[1] else 0.0 for one in scaled])
    truth = np.concatenate(scaled, axis=1)[2]
    shown, raw, true = np.array([one.sum(axis=1) for one in scaled]).T
    ratio = shown.sum() / true.sum()
    error = np.sqrt(len(scaled)) * (shown - ratio * true).std() / true.sum()
    return (
        f"{name:12s} {len(truth) / len(scaled):7.2f} {100 * (truth >= CELL.smallest).sum() / worthwhile:8.0f} "
        f"{100 * false.mean():7.1f} ({100 * false.std() / np.sqrt(len(false)):.1f}) "
        f"{100 * np.mean(truth < CELL.smallest):10.0f} "
        f"{100 * (ratio - 1):+9.0f} ({100 * error:.0f}) {100 * (raw.sum() / true.sum() - 1):+7.0f}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portfolios", type=int, default=400, help="evaluated portfolios")
    parser.add_argument("--drawn", type=int, default=400, help="drawn portfolios")
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args()
    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    )
    print(
        f"Portfolios of {PILOTS} pilots, {100 * SHARE:.0f} % with a true effect from N({MEAN}, {SD}), the others none; "
        f"smallest change {CELL.smallest}; seed {options.seed}.\n" + COLUMNS
    )
    for whole, portfolios in ((False, options.drawn), (True, options.portfolios)):
        if not portfolios:
            continue
        began = time.perf_counter()
        seeds = np.random.SeedSequence([options.seed, int(whole)]).spawn(portfolios)
        reviews = evaluated(portfolios, options.seed) if whole else [drawn(seed) for seed in seeds]
        results = [followed(found) for found in reviews]
        print(
            f"\n{portfolios} {'evaluated' if whole else 'drawn'} portfolios, {time.perf_counter() - began:.0f} s; "
            f"shrunken 95 % intervals hold the truth in {100 * np.mean([result.held for result in results]):.1f} %"
        )
        print("scaled       a port.  found %    FDR %    too small %   shown %     raw %")
        for place, name in enumerate(WAYS):
            scaled = [result.scaled[place] for result in results]
            print(line(name, scaled, sum(result.worthwhile for result in results)), flush=True)


if __name__ == "__main__":
    main()

"""How often does the 95 % interval of the engine's estimate hold the truth at the end of the pilot?

    OMP_NUM_THREADS=1 python -m benchmarks.engine_coverage --pilots 1000 --seed 20260101 [--kind nps] [--design 8]

Each kind of metric has two figures: pilots in which nothing changed, and pilots with an effect of half an SD of a
single answer (log-odds, log rate when counted). Below 93 % is marked <, above 97 % >, twice when the simulation error
alone does not explain it. What the answers look like is in `benchmarks._engine_worlds`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from benchmarks._engine_worlds import WORLDS, Design, World, simulate
from stats.batch import PilotBatch
from stats.batch.fits import fit
from stats.batch.window import windows
from stats.errors import CannotEstimateError
from stats.estimate import LEAST_COMPARISONS, estimate
from stats.metric import Kind
from stats.panel import Floats
from stats.pilot_data import prepare

LEAST, MOST = 93.0, 97.0
EFFECTS = (0.0, 0.5)
MANY, FEW = (5, 30), (2, 4)
COMPARED_CHUNK, SINGLE_CHUNK = 125, 20

EIGHT = Design(name="8 comparison units", comparisons=8)
FOUR = Design(name="4 comparison units", comparisons=4)
TWO = Design(name="2 comparison units", comparisons=2)
ONE = Design(name="1 comparison unit", comparisons=1)
SHORT = Design(name="none, 20 weeks before", comparisons=0, before=20)
YEAR = Design(name="none, 60 weeks before", comparisons=0, before=60)
TWO_YEARS = Design(name="none, 110 weeks before", comparisons=0, before=110)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table.

    Attributes:
        design: Units and weeks.
        answers: Fewest and most answers a week.
        share: Its pilots, as a share of those of a row with two comparison units or more.
        kinds: The kinds of metric it has figures for.
    """

    design: Design
    answers: tuple[int, int] = MANY
    share: float = 1.0
    kinds: tuple[Kind, ...] = tuple(Kind)

    def pilots(self, asked: int) -> int:
        """How many pilots a figure has when `asked` are wanted of the fast ones."""
        return max(round(asked * self.share), 1)


def picked(design: Design) -> Design:
    """The same design with a pilot unit that was chosen for its bad weeks."""
    return replace(design, name=f"{design.name}, picked", picked=True)


ROWS = (
    *(Row(design=design) for design in (EIGHT, FOUR, TWO)),
    *(Row(design=design, answers=FEW) for design in (EIGHT, FOUR, TWO)),
    Row(design=ONE, share=0.2),
    Row(design=ONE, answers=FEW, share=0.2),
    Row(design=SHORT, share=0.2),
    Row(design=SHORT, answers=FEW, share=0.2),
    Row(design=replace(SHORT, name=f"{SHORT.name}, no season", season=0.0), share=0.2),
    Row(design=YEAR, share=0.2),
    Row(design=TWO_YEARS, share=0.1),
    *(Row(design=picked(design), kinds=(Kind.SCORE,)) for design in (EIGHT, FOUR, TWO)),
    *(Row(design=picked(design), share=0.2, kinds=(Kind.SCORE,)) for design in (ONE, SHORT, YEAR)),
)
"""The single series are hundreds of times slower than the mixed model, so they get fewer pilots."""


def held(row: Row, world: World, effect: float, pilots: int, seed: list[int]) -> Floats:
    """(pilots,) 1 where the interval holds the truth, 0 where not, NaN where nothing could be estimated."""
    least, most = row.answers
    batch, truth = simulate(world, row.design, least=least, most=most, pilots=pilots, effect=effect, seed=seed)
    low, high = _together(batch) if row.design.comparisons >= LEAST_COMPARISONS else _one_by_one(batch)
    return np.where(np.isfinite(low), (low <= truth) & (truth <= high), np.nan)


def _together(batch: PilotBatch) -> tuple[Floats, Floats]:
    found = fit(windows(batch, batch.as_of))
    return found.low, found.high


def _one_by_one(batch: PilotBatch) -> tuple[Floats, Floats]:
    ends = np.full((2, len(batch)), np.nan)
    for i in range(len(batch)):
        panel, plan = batch.single(i)
        try:
            found = estimate(prepare(panel, plan, plan.end))
        except CannotEstimateError:
            continue
        ends[:, i] = found.interval.low, found.interval.high
    return ends[0], ends[1]


def mark(inside: Floats) -> str:
    """A figure of the table: per cent, and what is to be said of it."""
    inside = inside[np.isfinite(inside)]
    if not len(inside):
        return "  none  "
    share = 100.0 * float(inside.mean())
    error = 2.0 * float(np.sqrt(LEAST * (100.0 - LEAST) / len(inside)))
    sign = "<" if share < LEAST else ">" if share > MOST else ""
    beyond = share < LEAST - error or share > MOST + error
    return f"{share:6.1f}{sign * (2 if beyond else 1):2s}"


def _sizes(row: Row, asked: int) -> Iterator[int]:
    """How many pilots each task of a figure has."""
    size = COMPARED_CHUNK if row.design.comparisons >= LEAST_COMPARISONS else SINGLE_CHUNK
    left = row.pilots(asked)
    for done in range(0, left, size):
        yield min(size, left - done)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pilots", type=int, default=1000, help="of a figure with two comparison units or more")
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--design", default="", help="only designs whose name contains this")
    parser.add_argument("--kind", default="", help="only this kind of metric")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    worlds = [world for world in WORLDS if options.kind in ("", world.kind.value)]
    print(f"Coverage of the 95 % interval in per cent, nothing changed and half an SD better; seed {options.seed}. "
          f"Simulation error {_error(1000):.1f} points with 1000 pilots, {_error(200):.1f} with 200")  # fmt: skip
    print(f"{'design':34s} {'answers':>7s} {'pilots':>6s}" + "".join(f"{world.kind.value:>14s}  " for world in worlds))
    outside = figures = 0
    with ProcessPoolExecutor(options.workers) as pool:
        begun = [
            (row, [
                [
                    pool.submit(held, row, world, effect, size, [options.seed, number, *world.kind.encode(), k, part])
                    for part, size in enumerate(_sizes(row, options.pilots))
                ]
                for world in worlds if world.kind in row.kinds
                for k, effect in enumerate(EFFECTS)
            ])
            for number, row in enumerate(ROWS) if options.design in row.design.name
        ]  # fmt: skip
        for row, tasks in begun:
            told = [mark(np.concatenate([task.result() for task in parts])) for parts in tasks]
            if told:
                head = f"{row.design.name:34s} {'{}-{}'.format(*row.answers):>7s} {row.pilots(options.pilots):6d}"
                print((head + "".join(told)).rstrip(), flush=True)
            outside += sum("<" in figure or ">" in figure for figure in told)
            figures += len(told)
    print(f"{outside} of {figures} figures are outside {LEAST:g} to {MOST:g} %")


def _error(pilots: int) -> float:
    return 100.0 * float(np.sqrt(0.05 * 0.95 / pilots))


if __name__ == "__main__":
    main()

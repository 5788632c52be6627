"""How often a pilot that does nothing is scaled: the promise of the whole engine, on a fixed sample.

The full table is printed by benchmarks/false_scale.py; docs/methods.md gives its figures.
"""

from __future__ import annotations

import pytest

from benchmarks._batches import simulate_batch
from benchmarks._peers import welch_says_scale
from benchmarks._pilots import CELLS
from stats.batch import evaluate_batch

HARD, TWO = CELLS[0], CELLS[1]


@pytest.mark.slow
@pytest.mark.parametrize("cell", [HARD, TWO], ids=["8 comparison units", "2 comparison units"])
def test_a_pilot_that_does_nothing_is_rarely_scaled(cell: object) -> None:
    """1,000 null pilots, ten weekly looks each: with a true rate of 2.5 %, more than 41 has probability 0.1 %."""
    batch = simulate_batch(cell, 1000, effect=0.0, seed=20260101)  # type: ignore[arg-type]
    found = evaluate_batch(batch)
    assert len(found.looks.pilot) == 10_000
    assert (found.verdict == "scale").sum() <= 41
    welch = sum(welch_says_scale(*batch.single(i)) for i in range(60))
    assert welch >= 9


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "least"), [(HARD, 268), (TWO, 208)], ids=["8 comparison units", "2 comparison units"])
def test_a_pilot_that_works_usually_passes_a_review(cell: object, least: int) -> None:
    """400 pilots, an effect of half an SD; with a true power of 75 and 61 % fewer than this has probability 0.1 %."""
    found = evaluate_batch(simulate_batch(cell, 400, effect=0.5, seed=20260102))  # type: ignore[arg-type]
    assert (found.verdict == "scale").sum() >= least

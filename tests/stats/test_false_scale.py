"""How often a pilot that does nothing is scaled: the promise of the whole engine, on a small fixed sample.

The full table is printed by benchmarks/false_scale.py; docs/methods.md gives its figures.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._peers import welch_says_scale
from benchmarks._pilots import CELLS, simulate
from stats.evaluation import evaluate
from stats.rules import Verdict

HARD = CELLS[0]


@pytest.mark.slow
def test_a_pilot_that_does_nothing_is_rarely_scaled() -> None:
    """100 null pilots, ten weekly looks each: with a true rate of 2.5 %, more than 7 has probability 0.4 %."""
    scaled = welch = 0
    for seed in range(100):
        panel, plan = simulate(HARD, effect=0.0, random=np.random.default_rng([20260101, seed]))
        result = evaluate(panel, plan)
        assert len(result.looks) == 10
        scaled += result.verdict is Verdict.SCALE
        welch += welch_says_scale(panel, plan)
    assert scaled <= 7
    assert welch >= 20


@pytest.mark.slow
def test_a_pilot_that_works_usually_passes_a_review() -> None:
    """50 pilots with an effect of half a standard deviation: with a true power of 72 %, fewer than 28 has 0.5 %."""
    passed = 0
    for seed in range(50):
        panel, plan = simulate(HARD, effect=0.5, random=np.random.default_rng([20260102, seed]))
        passed += any(look.crossed for look in evaluate(panel, plan).looks)
    assert passed >= 28

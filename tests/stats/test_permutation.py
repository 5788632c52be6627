"""Dealing answers out anew."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stats import permutation
from stats.permutation import Tails, assignments, tails


def test_all_ways_are_all_different() -> None:
    deals = assignments(4, 3, resamples=35, seed=1)
    dealt = np.concatenate(list(deals.blocks()))
    assert deals.exact
    assert dealt.shape == (35, 7)
    assert len(np.unique(dealt, axis=0)) == 35
    assert (dealt.sum(axis=1) == 3).all()


def test_a_sample_is_fair_and_repeatable() -> None:
    deals = assignments(6, 4, resamples=200, seed=7)
    dealt = np.concatenate(list(deals.blocks()))
    assert not deals.exact
    assert (dealt.sum(axis=1) == 4).all()
    assert (dealt == np.concatenate(list(deals.blocks()))).all()
    many = np.concatenate(list(assignments(6, 4, resamples=209, seed=7).blocks()))
    # Each answer goes to the pilot with probability 0.4; the standard error of 209 deals is 0.034.
    assert np.abs(many.mean(axis=0) - 0.4).max() < 0.15


def test_large_problems_come_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "CELLS", 100)
    for resamples in (64, 10_000):
        deals = assignments(5, 5, resamples=resamples, seed=3)
        blocks = list(deals.blocks())
        assert len(blocks) > 1
        assert sum(map(len, blocks)) == deals.count == min(resamples, 252)


def test_tails_count_ties_and_the_observed_one() -> None:
    permuted = np.array([-1.0, 0.0, 1.0 - 1e-13, 2.0])
    assert tails(1.0, permuted, exact=True) == Tails(lower=0.75, upper=0.5)
    assert tails(1.0, permuted, exact=False) == Tails(lower=0.8, upper=0.6)
    assert tails(math.inf, np.array([0.0, math.inf]), exact=True) == Tails(lower=1.0, upper=0.5)
    assert Tails(lower=0.75, upper=0.5).two_sided == 1.0
    assert Tails(lower=0.99, upper=0.02).two_sided == 0.04

"""R squared shared out among predictors: against all orders one by one, and what must hold of any such sharing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.panel import Floats
from stats.relative_importance import balanced_orders, lmg, lmg_over_orders


def products(size: int, *, seed: int, rows: int = 60) -> Floats:
    """Of correlated predictors and an outcome that depends on them."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(rows, 1))
    columns = rng.normal(size=(rows, size)) + rng.uniform(0, 1, size) * common
    outcome = columns @ rng.normal(size=size) + 2 * rng.normal(size=rows)
    whole = np.column_stack([columns, outcome])
    whole -= whole.mean(axis=0)
    return np.asarray(whole.T @ whole)


def r_squared(of: Floats, chosen: tuple[int, ...]) -> float:
    """By least squares, one subset at a time."""
    if not chosen:
        return 0.0
    inner = of[np.ix_(chosen, chosen)]
    return float(of[-1, list(chosen)] @ np.linalg.solve(inner, of[list(chosen), -1]) / of[-1, -1])


def over_all_orders(of: Floats) -> Floats:
    """The definition: what a predictor adds to those before it, averaged over all orders."""
    size = len(of) - 1
    parts = np.zeros(size)
    orders = list(itertools.permutations(range(size)))
    for order in orders:
        for place, one in enumerate(order):
            parts[one] += r_squared(of, order[: place + 1]) - r_squared(of, order[:place])
    return parts / len(orders)


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_it_is_the_average_over_all_orders(size: int, seed: int) -> None:
    of = products(size, seed=seed)
    np.testing.assert_allclose(lmg(of), over_all_orders(of), rtol=1e-9, atol=1e-12)
    orders = np.array(list(itertools.permutations(range(size))))
    np.testing.assert_allclose(lmg_over_orders(of, orders), lmg(of), rtol=1e-9, atol=1e-12)


def test_two_predictors_in_closed_form() -> None:
    """Lindeman, Merenda & Gold: half of what it explains alone plus half of what it adds to the other."""
    of = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.3], [0.6, 0.3, 1.0]])
    both = (0.6**2 + 0.3**2 - 2 * 0.5 * 0.6 * 0.3) / (1 - 0.5**2)
    np.testing.assert_allclose(lmg(of), [(0.36 + both - 0.09) / 2, (0.09 + both - 0.36) / 2], rtol=1e-12)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3))
def test_parts_add_up_and_follow_their_predictors(seed: int, scale: float) -> None:
    of = products(7, seed=seed)
    parts = lmg(of)
    assert (parts >= -1e-12).all()
    assert parts.sum() == pytest.approx(r_squared(of, tuple(range(7))), rel=1e-9)
    order = np.random.default_rng(seed).permutation(7)
    placed = np.append(order, 7)
    np.testing.assert_allclose(lmg(of[np.ix_(placed, placed)]), parts[order], rtol=1e-8, atol=1e-12)
    stretched = np.ones(8)
    stretched[2], stretched[-1] = -scale, 1e4
    np.testing.assert_allclose(lmg(of * np.outer(stretched, stretched)), parts, rtol=1e-8, atol=1e-12)


def test_uncorrelated_predictors_get_what_they_explain_alone() -> None:
    of = np.eye(6)
    of[-1, :-1] = of[:-1, -1] = [0.5, 0.4, 0.3, 0.2, 0.0]
    np.testing.assert_allclose(lmg(of), [0.25, 0.16, 0.09, 0.04, 0.0], atol=1e-12)


def test_twenty_predictors_exactly_and_nearly_so_over_random_orders() -> None:
    of = products(20, seed=4, rows=400)
    exact = lmg(of)
    assert exact.sum() == pytest.approx(r_squared(of, tuple(range(20))), rel=1e-9)
    near = lmg_over_orders(of, balanced_orders(20, 300))
    assert near.sum() == pytest.approx(exact.sum(), rel=1e-9)
    np.testing.assert_allclose(near, exact, atol=0.003)


def test_many_matrices_at_once_are_as_one_by_one() -> None:
    several = np.stack([products(4, seed=seed) for seed in range(5)])
    np.testing.assert_allclose(lmg(several), [lmg(one) for one in several], rtol=1e-12)


def test_twenty_one_predictors_are_refused() -> None:
    with pytest.raises(ValueError, match="21 predictors, must be from 1 to 20"):
        lmg(np.eye(22))

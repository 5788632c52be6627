"""What a reader who solves the equations of a published table can learn of a hidden number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.small_grid import Hidden, protect

LEAST = 10
TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 1, 2, 3, 5, 7, 9, 10, 11, 14, 20, 60]), min_size=columns, max_size=columns),
        min_size=1,
        max_size=5,
    )
)


@settings(max_examples=80, deadline=None)
@given(table=TABLES, totals=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
def test_every_small_cell_may_be_any_small_number(table: list[list[int]], totals: tuple[bool, bool]) -> None:
    values = np.array(table)
    hidden = protect(table, least=LEAST, row_totals=totals[0], column_totals=totals[1])
    solve = attacker(values, hidden, totals)
    for i, j in np.argwhere((values > 0) & (values < LEAST)):
        assert hidden.cells[i, j]
        low, high = solve({(int(i), int(j)): 1})
        assert low <= 1 + 1e-6
        assert high >= LEAST - 1 - 1e-6


@settings(max_examples=80, deadline=None)
@given(table=TABLES)
def test_a_small_total_is_open_up_to_the_least_and_never_known(table: list[list[int]]) -> None:
    values = np.array(table)
    hidden = protect(table, least=LEAST)
    solve = attacker(values, hidden, (True, True))
    m, n = values.shape
    parts = [(hidden.rows[i], {(i, j): 1 for j in range(n)}, values[i]) for i in range(m)]
    parts += [(hidden.columns[j], {(i, j): 1 for i in range(m)}, values[:, j]) for j in range(n)]
    parts.append((hidden.total, {(i, j): 1 for i in range(m) for j in range(n)}, values.ravel()))
    for is_hidden, entries, of in parts:
        whole = int(of.sum())
        if 0 < whole < LEAST:
            assert is_hidden
            low, high = solve(entries)
            assert high >= max(LEAST - 1, whole + 1) - 1e-6
            assert low <= whole - of.max() + 1 + 1e-6


@settings(max_examples=40, deadline=None)
@given(table=TABLES, data=st.data())
def test_many_answers_of_few_people_are_hidden_as_well(table: list[list[int]], data: st.DataObject) -> None:
    values = np.array(table)
    few = np.array(data.draw(st.lists(st.booleans(), min_size=values.size, max_size=values.size))).reshape(values.shape)
    hidden = protect(table, few, least=LEAST)
    solve = attacker(values, hidden, (True, True))
    for i, j in np.argwhere(few & (values > 0)):
        low, high = solve({(int(i), int(j)): 1})
        assert low <= 1 + 1e-6
        assert high >= max(LEAST - 1, values[i, j]) - 1e-6


@given(table=TABLES)
def test_zeros_and_tables_without_small_numbers_are_shown_whole(table: list[list[int]]) -> None:
    hidden = protect(table, least=LEAST)
    assert not hidden.cells[np.array(table) == 0].any()
    large = protect(np.array(table) * LEAST, least=LEAST)
    assert not large.cells.any()
    assert not large.rows.any()
    assert not large.columns.any()
    assert not large.total


def test_hiding_only_the_small_cells_would_not_do() -> None:
    """The attack has teeth: without secondary suppression it finds the hidden number exactly."""
    values = np.array([[30, 4], [25, 18]])
    only_small = Hidden(
        cells=(values > 0) & (values < LEAST), rows=np.zeros(2, bool), columns=np.zeros(2, bool), total=False
    )
    assert attacker(values, only_small, (True, True))({(0, 1): 1}) == pytest.approx((4, 4))
    assert attacker(values, protect(values), (True, True))({(0, 1): 1}) == pytest.approx((1, 21))


def test_large_tables_are_quick_enough_for_a_page() -> None:
    values = np.random.default_rng(6).poisson(9, (60, 6))
    hidden = protect(values)
    assert hidden.cells[(values > 0) & (values < LEAST)].all()
    assert not hidden.rows.any()


def attacker(
    values: np.ndarray, hidden: Hidden, totals: tuple[bool, bool]
) -> Callable[[dict[tuple[int, int], int]], tuple[float, float]]:
    """The smallest and largest value of a sum of cells that fits everything shown; hidden cells are at least 1."""
    m, n = values.shape
    rows: list[np.ndarray] = []
    sums: list[float] = []

    def told(cells: list[tuple[int, int]]) -> None:
        line = np.zeros((m, n))
        for cell in cells:
            line[cell] = 1
        rows.append(line.ravel())
        sums.append(float(sum(values[cell] for cell in cells)))

    for cell in np.ndindex(m, n):
        if not hidden.cells[cell]:
            told([(int(cell[0]), int(cell[1]))])
    for i in range(m):
        if totals[0] and not hidden.rows[i]:
            told([(i, j) for j in range(n)])
    for j in range(n):
        if totals[1] and not hidden.columns[j]:
            told([(i, j) for i in range(m)])
    if all(totals) and not hidden.total:
        told([(i, j) for i in range(m) for j in range(n)])
    bounds = [(1, None) if mark else (0, None) for mark in hidden.cells.ravel()]
    known = {"A_eq": np.array(rows), "b_eq": np.array(sums)} if rows else {}

    def solve(entries: dict[tuple[int, int], int]) -> tuple[float, float]:
        wanted = np.zeros((m, n))
        for cell, weight in entries.items():
            wanted[cell] = weight
        found = []
        for sign in (1, -1):
            best = linprog(sign * wanted.ravel(), bounds=bounds, **known)
            assert best.status in (0, 3)
            found.append(-sign * np.inf if best.status == 3 else sign * best.fun)
        return found[0], found[1]

    return solve

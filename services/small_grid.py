"""Secondary suppression of a two-way table: what is hidden besides the small cells, so that none can be worked out.

A reader knows every shown cell and total, that each row and column adds up, that a hidden number is at least 1 (zeros
are shown) and which cells are hidden. Of each small cell `protect` leaves open all of [1, least - 1]: for every value
in it there is a table that fits everything that is shown. A small total is left open up to least - 1 and downwards as
far as its largest cell can shrink; it is never known exactly.

In such a table an entry can be raised only by lowering others of its row and its column, which raises others again:
a flow round the hidden entries. What an entry can gain is thus a maximum flow, and where it is too little, the cheapest
rectangle with it at a corner is hidden too (the hypercube method), totals last.

References:
    S. Giessing, D. Repsilber (2002). Tools and strategies to protect multiple tables with the GHQUAR cell suppression
    engine. Inference Control in Statistical Databases, 181-192.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from services.small_numbers import LEAST_CUSTOMERS

ENDLESS = 1_000_000_000
DEAR, DEAREST = 1e6, 1e9
"""What it costs to hide a row's or a column's total, and the total of all: many cells go before."""

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What is not shown of a table of m rows and n columns.

    Attributes:
        cells: (m, n) whether a cell is hidden.
        rows: (m,) whether a row's total is.
        columns: (n,) whether a column's total is.
        total: Whether the total of all is.
    """

    cells: Marks
    rows: Marks
    columns: Marks
    total: bool


def protect(
    values: Sequence[Sequence[int]] | Numbers,
    few: Sequence[Sequence[bool]] | Marks | None = None,
    *,
    least: int = LEAST_CUSTOMERS,
    row_totals: bool = True,
    column_totals: bool = True,
    hidden_rows: Sequence[bool] | Marks | None = None,
) -> Hidden:
    """What to hide of a table of counts.

    Args:
        values: (m, n) counts.
        few: (m, n) which counts are of too few people; None for those of 1 to least - 1.
        least: The fewest that are shown.
        row_totals: Whether the rows' totals are shown anywhere.
        column_totals: Whether the columns' totals are.
        hidden_rows: (m,) rows whose total is hidden for another reason.

    >>> found = protect([[30, 4], [25, 18]])
    >>> found.cells.tolist()
    [[True, True], [True, True]]
    """
    inner = np.asarray(values, dtype=np.int64)
    small = (inner > 0) & (inner < least) if few is None else np.asarray(few, dtype=bool) & (inner > 0)
    whole = _with_totals(inner)
    m, n = inner.shape
    sought = np.zeros_like(whole, dtype=bool)
    sought[:m, :n] = small
    sought[:m, n] = ((whole[:m, n] > 0) & (whole[:m, n] < least)) if row_totals else False
    sought[m, :n] = ((whole[m, :n] > 0) & (whole[m, :n] < least)) if column_totals else False
    sought[m, n] = row_totals and column_totals and 0 < whole[m, n] < least
    hidden = sought.copy()
    hidden[:m, n] |= not row_totals
    hidden[m, :n] |= not column_totals
    hidden[m, n] |= not (row_totals and column_totals)
    if hidden_rows is not None:
        hidden[:m, n] |= np.asarray(hidden_rows, dtype=bool) & (whole[:m, n] > 0)
    for i, j in sorted(zip(*np.nonzero(sought), strict=True), key=lambda place: (whole[place], place)):
        _cover(whole, hidden, int(i), int(j), least)
    return Hidden(cells=hidden[:m, :n], rows=hidden[:m, n], columns=hidden[m, :n], total=bool(hidden[m, n]))


def _with_totals(inner: Numbers) -> Numbers:
    rows = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    whole: Numbers = np.vstack([rows, rows.sum(axis=0, keepdims=True)])
    return whole


def _cover(whole: Numbers, hidden: Marks, i: int, j: int, least: int) -> None:
    """Hide what the entry at (i, j) needs beside it."""
    up, down = _needs(whole, i, j, least)
    if _room(whole, hidden, i, j, up, rising=True) and _room(whole, hidden, i, j, down, rising=False):
        return
    raised, lowered = _ways(whole)
    cost = np.where(hidden, 0.0, whole.astype(float))
    cost[:-1, -1] += np.where(hidden[:-1, -1], 0.0, DEAR)
    cost[-1, :-1] += np.where(hidden[-1, :-1], 0.0, DEAR)
    cost[-1, -1] += 0.0 if hidden[-1, -1] else DEAREST
    to_rise, to_fall = (up, down) if _signed(whole, i, j) else (down, up)
    beside = _enough(lowered, to_rise) & _enough(raised, to_fall) & (whole > 0)
    opposite = _enough(raised, to_rise) & _enough(lowered, to_fall) & (whole > 0)
    rectangles = np.where(beside[i, :][None, :] & beside[:, j][:, None] & opposite, 0.0, np.inf)
    rectangles = rectangles + cost[i, :][None, :] + cost[:, j][:, None] + cost
    rectangles[i, :] = np.inf
    rectangles[:, j] = np.inf
    k, other = (int(place) for place in np.unravel_index(int(np.argmin(rectangles)), rectangles.shape))
    hidden[[i, k, k], [other, j, other]] = True


def _needs(whole: Numbers, i: int, j: int, least: int) -> tuple[int, int]:
    """How far an entry must be able to rise and to fall. A total falls with one of its cells, none of them below 1."""
    value = int(whole[i, j])
    m, n = (length - 1 for length in whole.shape)
    if i < m and j < n:
        return max(least - 1 - value, 0), value - 1
    within = whole[i if i < m else slice(m), j if j < n else slice(n)]
    return max(least - 1 - value, 1), int(within.max()) - 1


def _signed(whole: Numbers, i: int, j: int) -> bool:
    """Whether an entry counts upwards in the table whose rows and columns add up to nothing: totals are subtracted."""
    return bool((i == whole.shape[0] - 1) == (j == whole.shape[1] - 1))


def _ways(whole: Numbers) -> tuple[Numbers, Numbers]:
    """How far each entry can be raised and lowered in the table whose rows and columns add up to nothing."""
    raised = np.full_like(whole, ENDLESS)
    lowered = np.maximum(whole - 1, 0)
    for part in (np.s_[:-1, -1], np.s_[-1, :-1]):
        raised[part], lowered[part] = lowered[part].copy(), ENDLESS
    return raised, lowered


def _enough(room: Numbers, need: int) -> Marks:
    found: Marks = room >= need
    return found


def _room(whole: Numbers, hidden: Marks, i: int, j: int, need: int, *, rising: bool) -> bool:
    """Whether an entry can be raised (or lowered) by so much while everything shown stays as it is."""
    if need <= 0:
        return True
    raised, lowered = _ways(whole)
    rows, columns = whole.shape
    up, down = np.where(hidden, raised, 0), np.where(hidden, lowered, 0)
    up[i, j] = down[i, j] = 0
    arcs = np.zeros((rows + columns, rows + columns), dtype=np.int32)
    arcs[:rows, rows:] = up
    arcs[rows:, :rows] = down.T
    ends = (rows + j, i) if rising == _signed(whole, i, j) else (i, rows + j)
    return int(maximum_flow(csr_array(arcs), *ends).flow_value) >= need

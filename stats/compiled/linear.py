"""Cholesky factors, triangular systems and tridiagonal forms of many small matrices at once."""

from __future__ import annotations

import math

from stats.compiled import compiled


@compiled
def factor(matrix, size, log_det, root):  # type: ignore[no-untyped-def]
    """Cholesky factor of the lower triangle of `matrix` (N, N, L) in place, reciprocals on its diagonal.

    Adds the log determinant to `log_det` (L,).
    """
    lanes = len(root)
    for j in range(size):
        for k in range(lanes):
            root[k] = matrix[j, j, k]
        for k in range(lanes):
            log_det[k] += math.log(root[k])
        for k in range(lanes):
            matrix[j, j, k] = 1.0 / math.sqrt(root[k])
        for i in range(j + 1, size):
            for k in range(lanes):
                matrix[i, j, k] *= matrix[j, j, k]
        for i in range(j + 1, size):
            for m in range(j + 1, i + 1):
                for k in range(lanes):
                    matrix[i, m, k] -= matrix[i, j, k] * matrix[m, j, k]


@compiled
def forward(matrix, right, size, columns):  # type: ignore[no-untyped-def]
    """Replace `right` (C, N, L) by L^-1 right, with the factor whose diagonal holds reciprocals."""
    lanes = right.shape[2]
    for c in range(columns):
        for j in range(size):
            for k in range(lanes):
                right[c, j, k] *= matrix[j, j, k]
            for i in range(j + 1, size):
                for k in range(lanes):
                    right[c, i, k] -= matrix[i, j, k] * right[c, j, k]


@compiled
def tridiagonal(matrix, pair, size, side, scratch):  # type: ignore[no-untyped-def]
    """Bring the symmetric `matrix` (N, N, L, lower triangle) to tridiagonal form Q'NQ, and `pair` (2, N, L) to Q'pair.

    Householder (Golub & Van Loan, Matrix Computations, 8.3.1). The diagonal and `side` (N, L) hold the result.
    """
    lanes = side.shape[1]
    for j in range(size - 2):
        for k in range(lanes):
            norm = 0.0
            for i in range(j + 1, size):
                norm += matrix[i, j, k] * matrix[i, j, k]
            first = matrix[j + 1, j, k]
            size_of = math.sqrt(norm)
            alpha = -size_of if first >= 0.0 else size_of
            side[j, k] = alpha
            lead = first - alpha
            square = norm - first * first + lead * lead
            beta = 2.0 / square if square > 1e-300 else 0.0
            matrix[j + 1, j, k] = lead
            inner = 0.0
            for i in range(j + 1, size):
                total = 0.0
                for m in range(j + 1, size):
                    total += (matrix[i, m, k] if m <= i else matrix[m, i, k]) * matrix[m, j, k]
                scratch[i, k] = beta * total
                inner += scratch[i, k] * matrix[i, j, k]
            half = 0.5 * beta * inner
            for i in range(j + 1, size):
                scratch[i, k] -= half * matrix[i, j, k]
            for i in range(j + 1, size):
                for m in range(j + 1, i + 1):
                    matrix[i, m, k] -= matrix[i, j, k] * scratch[m, k] + scratch[i, k] * matrix[m, j, k]
            one = 0.0
            two = 0.0
            for i in range(j + 1, size):
                one += matrix[i, j, k] * pair[0, i, k]
                two += matrix[i, j, k] * pair[1, i, k]
            for i in range(j + 1, size):
                pair[0, i, k] -= beta * one * matrix[i, j, k]
                pair[1, i, k] -= beta * two * matrix[i, j, k]
    if size > 1:
        for k in range(lanes):
            side[size - 2, k] = matrix[size - 1, size - 2, k]

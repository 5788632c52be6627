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
def tridiagonal(matrix, pair, size, side, scratch, lanes_of):  # type: ignore[no-untyped-def]
    """Bring the symmetric `matrix` (N, N, L, lower triangle) to tridiagonal form Q'NQ, and `pair` (2, N, L) to Q'pair.

    Householder (Golub & Van Loan, Matrix Computations, 8.3.1). The diagonal and `side` (N, L) hold the result;
    `scratch` (N, L) and `lanes_of` (4, L) are written over.
    """
    lanes = side.shape[1]
    norm, beta, one, two = lanes_of[0], lanes_of[1], lanes_of[2], lanes_of[3]
    for j in range(size - 2):
        for k in range(lanes):
            norm[k] = 0.0
            one[k] = 0.0
            two[k] = 0.0
        for i in range(j + 1, size):
            for k in range(lanes):
                norm[k] += matrix[i, j, k] * matrix[i, j, k]
        for k in range(lanes):
            first = matrix[j + 1, j, k]
            alpha = -math.sqrt(norm[k]) if first >= 0.0 else math.sqrt(norm[k])
            lead = first - alpha
            square = norm[k] - first * first + lead * lead
            side[j, k] = alpha
            matrix[j + 1, j, k] = lead
            beta[k] = 2.0 / square if square > 1e-300 else 0.0
        for i in range(j + 1, size):
            for k in range(lanes):
                scratch[i, k] = matrix[i, i, k] * matrix[i, j, k]
        for i in range(j + 2, size):
            for m in range(j + 1, i):
                for k in range(lanes):
                    scratch[i, k] += matrix[i, m, k] * matrix[m, j, k]
                for k in range(lanes):
                    scratch[m, k] += matrix[i, m, k] * matrix[i, j, k]
        for k in range(lanes):
            norm[k] = 0.0
        for i in range(j + 1, size):
            for k in range(lanes):
                scratch[i, k] *= beta[k]
            for k in range(lanes):
                norm[k] += scratch[i, k] * matrix[i, j, k]
            for k in range(lanes):
                one[k] += matrix[i, j, k] * pair[0, i, k]
            for k in range(lanes):
                two[k] += matrix[i, j, k] * pair[1, i, k]
        for i in range(j + 1, size):
            for k in range(lanes):
                scratch[i, k] -= 0.5 * beta[k] * norm[k] * matrix[i, j, k]
            for k in range(lanes):
                pair[0, i, k] -= beta[k] * one[k] * matrix[i, j, k]
            for k in range(lanes):
                pair[1, i, k] -= beta[k] * two[k] * matrix[i, j, k]
        for i in range(j + 1, size):
            for m in range(j + 1, i + 1):
                for k in range(lanes):
                    matrix[i, m, k] -= matrix[i, j, k] * scratch[m, k]
                for k in range(lanes):
                    matrix[i, m, k] -= scratch[i, k] * matrix[m, j, k]
    if size > 1:
        for k in range(lanes):
            side[size - 2, k] = matrix[size - 1, size - 2, k]

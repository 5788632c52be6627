"""Logistic regressions, one a theme, fitted together in the space of the comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.special
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_JITTER = 1e-6
_ITERATIONS = 200


@dataclass(frozen=True, kw_only=True)
class Regressions:
    """One logistic regression a theme, as weights of the comments it was fitted on.

    Attributes:
        dual: Weight of each comment for each theme, shape (comments, themes): the coefficients are features.T @ dual.
        intercepts: Shape (themes,).
    """

    dual: Floats
    intercepts: Floats


def fit_regressions(gram: Floats, present: Floats, weights: Floats, *, strength: float) -> Regressions:
    """Ridge-penalised logistic regressions from the inner products of the comments.

    With some thousand comments and tens of thousands of features the inner products hold all that matters and are much
    the smaller: the penalised solution is a sum of the comments (representer theorem).

    Args:
        gram: Inner products of the comments' features, shape (comments, comments).
        present: 1.0 where a comment has a theme, else 0.0, shape (comments, themes).
        weights: What each decision counts; 0.0 where nobody has decided. Shape (comments, themes).
        strength: How far the data pull against the penalty: the usual C of scikit-learn.

    Raises:
        ValueError: The shapes differ, or the strength is not above 0.

    References:
        Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 2nd ed., 4.4 and 18.3.5.

    >>> two = fit_regressions(np.eye(2), np.array([[1.0], [0.0]]), np.ones((2, 1)), strength=1.0)
    >>> two.dual.round(3).tolist()
    [[0.401], [-0.401]]
    """
    comments, themes = present.shape
    if gram.shape != (comments, comments) or weights.shape != present.shape:
        raise ValueError(f"gram.shape == {gram.shape}, weights.shape == {weights.shape}, must fit {present.shape}.")
    if not strength > 0:
        raise ValueError(f"strength == {strength}, must be > 0.")
    root = np.linalg.cholesky(gram + _JITTER * np.eye(comments))
    single = root.astype(np.float32)
    sign = np.where(present > 0, 1.0, -1.0)

    def loss(flat: Floats) -> tuple[float, Floats]:
        slopes, intercepts = flat[:-themes].reshape(comments, themes), flat[-themes:]
        margin = sign * (single @ slopes.astype(np.float32) + intercepts)
        total = strength * float((weights * np.logaddexp(0.0, -margin)).sum()) + 0.5 * float((slopes * slopes).sum())
        pull = -strength * sign * weights * scipy.special.expit(-margin)
        return total, np.concatenate([(single.T @ pull.astype(np.float32) + slopes).ravel(), pull.sum(axis=0)])

    known = weights.sum(axis=0)
    share = np.clip((weights * present).sum(axis=0) / np.where(known > 0, known, 1.0), 1e-3, 1 - 1e-3)
    start = np.concatenate([np.zeros(comments * themes), scipy.special.logit(share)])
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS, "ftol": 1e-5, "gtol": 1e-3}
    )
    slopes = found.x[:-themes].reshape(comments, themes)
    dual: Floats = scipy.linalg.solve_triangular(root, slopes, lower=True, trans="T")
    return Regressions(dual=dual, intercepts=found.x[-themes:])

"""From sums of a regression to probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.optimize
import scipy.special

from themes.classifier.features import Floats


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A score is expit(slope * sum + offset).

    Attributes:
        slope: Below 1 where sums are too sure of themselves.
        offset: Above 0 where themes are more common than the regressions take them to be.
    """

    slope: float
    offset: float


_COLD = {"full": Calibration(slope=1.7, offset=4.0), "lexical": Calibration(slope=1.9, offset=4.3)}
"""Before there are labels enough to measure it: as it was on the even half of the comments in benchmarks/data."""
_COLD_THEMES = 20

_PRIOR_STRENGTH = 20.0
_LEAST_SLOPE = 0.1


def cold(head: Literal["full", "lexical"], themes: int) -> Calibration:
    """What to go by before there are labels enough: as measured with twenty themes, moved by the odds of other numbers.

    Each seed is of one theme in so many, and the regressions take comments to be the same; but a comment that is about
    one theme of two is no rarer than one about one of twenty.

    >>> cold("full", 20).offset > cold("full", 5).offset
    True
    """
    known = _COLD[head]
    odds = math.log((max(themes, 2) - 1) / (_COLD_THEMES - 1))
    return Calibration(slope=known.slope, offset=known.offset + known.slope * odds)


def calibrate(sums: Floats, present: Floats, weights: Floats, *, prior: Calibration) -> Calibration:
    """One slope and offset for all themes together, drawn to earlier ones.

    Args:
        sums: Sums of comments that the regressions had not seen, shape (comments, themes).
        present: 1.0 where a comment has a theme, else 0.0.
        weights: What each decision counts; 0.0 where nobody has decided.
        prior: Where to start from, and what it is drawn to.

    References:
        Platt (1999), "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers.
    """
    sign = np.where(present > 0, 1.0, -1.0)

    def loss(at: Floats) -> float:
        margin = sign * (at[0] * sums + at[1])
        away = _PRIOR_STRENGTH * ((at[0] - prior.slope) ** 2 + (at[1] - prior.offset) ** 2)
        return float((weights * np.logaddexp(0.0, -margin)).sum() + away)

    found = scipy.optimize.minimize(
        loss, [prior.slope, prior.offset], method="L-BFGS-B", bounds=[(_LEAST_SLOPE, None), (None, None)]
    )
    return Calibration(slope=float(found.x[0]), offset=float(found.x[1]))

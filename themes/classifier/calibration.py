"""From sums of a regression to probabilities."""

from __future__ import annotations

from dataclasses import dataclass

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


COLD = {"full": Calibration(slope=1.7, offset=4.0), "lexical": Calibration(slope=1.9, offset=4.3)}
"""Before there are labels enough to measure it: as it was on the even half of the comments in benchmarks/data."""

_PRIOR_STRENGTH = 20.0
_LEAST_SLOPE = 0.1


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

"""An extra question to a fitted pilot - a window, a slope, a late effect - at the fitted variance components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.compiled.gls import contrasts
from stats.estimate import CONTROLLED, Estimate, single_series
from stats.panel import Floats
from stats.pilot_data import Mask
from stats.single_series import design, solve_fixed


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """The extra column's coefficient beside the effect, in the metric's unit.

    Attributes:
        extra: Coefficient of the extra column.
        effect: The level change beside it.
        z: The extra coefficient over its standard error.

    All are NaN where the data cannot tell the extra column from the effect, the weeks or the units.
    """

    extra: float
    effect: float
    z: float


def contrast(found: Estimate, shape: Floats, leave_out: Mask | None = None) -> Contrast:
    """Add one column, `shape` (T,) in the pilot units, to the fitted model.

    Args:
        found: The fitted estimate.
        shape: (T,) the column.
        leave_out: (T,) weeks to leave out of this question.
    """
    data, working, parts = found.data, found.working, found.components
    if found.method == CONTROLLED:
        precision = working.precision if leave_out is None else np.where(leave_out, 0.0, working.precision)
        seen = precision > 0
        extra = np.zeros_like(data.treated)
        extra[: data.pilots] = shape
        out = np.empty((1, 3))
        contrasts(
            np.where(seen, working.values, 0.0)[None], precision[None], (data.treated * seen)[None],
            (extra * seen)[None], np.array([seen.shape[0]]), np.array([seen.shape[1]]),
            np.array([[parts.rho, parts.sigma, parts.tau, parts.scale]]), out,
        )  # fmt: skip
        return Contrast(extra=float(out[0, 0]) * parts.slope, effect=float(out[0, 1]) * parts.slope, z=float(out[0, 2]))
    values, precision, _ = single_series(data, working)
    precision = precision / parts.scale
    if leave_out is not None:
        precision = np.where(leave_out, 0.0, precision)
    columns = design(len(values), data.treated[: data.pilots].mean(axis=0), harmonics=found.harmonics)
    coefficients, covariance = solve_fixed(
        values, precision, np.column_stack([shape, columns]), rho=parts.rho, sigma=parts.sigma
    )
    return Contrast(
        extra=float(coefficients[0]) * parts.slope,
        effect=float(coefficients[1]) * parts.slope,
        z=float(coefficients[0] / np.sqrt(covariance[0, 0])),
    )

"""Many questions asked at once: p-values adjusted so that few of what is called a find is chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stats.arguments import numbers, probability
from stats.panel import Floats


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> Floats:
    """Adjust p-values for the false discovery rate.

    The adjusted p-value is the lowest rate q at which the question would count as a find: among all with an adjusted
    p-value of at most q, a share of at most q are expected to be chance. Holds for independent questions and for those
    that are positively dependent, as pilots are that share comparison units.

    Args:
        p_values: (J,) p-values within [0, 1], in any order; J >= 1.

    Returns:
        (J,) adjusted p-values in the same order.

    Raises:
        ValueError: A value is no number within [0, 1], or there is none.

    References:
        Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach
        to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300.
        Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under
        dependency. Annals of Statistics 29(4), 1165-1188.

    Example:
        >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4)
        array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    found = numbers("p_values", p_values)
    if not ((found >= 0) & (found <= 1)).all():
        place = int(np.argmin((found >= 0) & (found <= 1)))
        raise ValueError(f"p_values[{place}] == {found[place]}, must be from 0 to 1.")
    descending = np.argsort(found)[::-1]
    ranks = np.arange(len(found), 0, -1)
    adjusted = np.empty_like(found)
    adjusted[descending] = np.minimum.accumulate(np.minimum(found[descending] * (len(found) / ranks), 1.0))
    return adjusted


def discoveries(p_values: Sequence[float] | Floats, *, rate: float = 0.1) -> npt.NDArray[np.bool_]:
    """Say which questions count as finds when a share of at most `rate` of the finds may be chance.

    Args:
        p_values: (J,) p-values within [0, 1].
        rate: The false discovery rate, within (0, 1).

    Returns:
        (J,) True for a find.

    Raises:
        ValueError: A value is no number within [0, 1], there is none, or the rate is outside (0, 1).

    Example:
        >>> discoveries([0.01, 0.04, 0.03, 0.5], rate=0.05)
        array([ True, False, False, False])
    """
    return benjamini_hochberg(p_values) <= probability("rate", rate)

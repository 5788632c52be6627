"""Shares that a classifier counted, corrected by comments that people have checked.

A model says of every comment whether it is about a theme; it misses some and picks others wrongly. People check
comments drawn at random in each period. With X what the model says, Y what is true and q the share that it picked,

    p = q PPV + (1 - q) FOR        PPV = P(Y | X), FOR = P(Y | not X)

which is the maximum likelihood estimate from such a double sample (Tenenbein 1970). It equals the estimate of Rogan and
Gladen (1978), p = (q + Sp - 1) / (Se + Sp - 1), with the sensitivity and specificity that the same period's comments
have; but it never divides by a small number, so it stays within 0 and 1 and has an interval with 30 checked comments.

Nothing is pooled between periods: a model that finds less after a change would then look like an improvement.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.stats

from stats.arguments import number, probability
from stats.checked_comments import CheckedComments
from stats.effect import EffectEstimate, Interval
from stats.open_estimate import OpenEstimate
from stats.shared_error import Floats

METHOD = "checked_shares"


def rogan_gladen(observed: float, sensitivity: float, specificity: float) -> float:
    """The true share behind an observed one, when sensitivity and specificity are known.

    Args:
        observed: Share that a test (or a model) picked.
        sensitivity: Share of the true ones that it picks.
        specificity: Share of the others that it leaves.

    Returns:
        The share; below 0 or above 1 when what was observed does not suit the two.

    Raises:
        ValueError: A number is outside 0 and 1, or sensitivity + specificity is not above 1: such a test tells nothing.

    References:
        Rogan & Gladen (1978), Estimating prevalence from the results of a screening test, Am J Epidemiol 107:71.

    Example:
        >>> round(rogan_gladen(0.2, 0.8, 0.95), 6)
        0.2
    """
    found = number("observed", observed, least=0.0, most=1.0)
    tells = number("sensitivity", sensitivity, least=0.0, most=1.0) - 1.0
    tells += number("specificity", specificity, least=0.0, most=1.0)
    if not tells > 0:
        raise ValueError(f"sensitivity + specificity == {tells + 1.0:g}, must be > 1.")
    return (found + specificity - 1.0) / tells


def checked_share(comments: CheckedComments, *, confidence_level: float = 0.95) -> OpenEstimate:
    """A theme's share of a period's comments, corrected, with its interval.

    The sampling of the comments themselves is in the interval too, so that it speaks of what such comments are about.

    Args:
        comments: The comments of the period.
        confidence_level: Of the interval.

    Raises:
        ValueError: There are no comments, or the level is not between 0 and 1.

    References:
        Tenenbein (1970), A double sampling scheme for estimating from binomial data with misclassifications, JASA
        65:1350. Brown, Cai & DasGupta (2001), Statistical Science 16:101, for Jeffreys' prior.

    Example:
        >>> from stats.checked_comments import Crossed
        >>> found = checked_share(CheckedComments(
        ...     picked=60, left=240, drawn=Crossed(both=8, model_only=2, person_only=2, neither=38)))
        >>> print(f"{found.value:.3f} ({found.interval.low:.3f} to {found.interval.high:.3f})")
        0.203 (0.121 to 0.285)
    """
    reach = _reach(confidence_level) * _error(comments)
    value = comments.share
    return OpenEstimate(
        value=value, interval=Interval(low=max(value - reach, 0.0), high=min(value + reach, 1.0)), reason=None
    )


def difference_in_checked_shares(
    before: CheckedComments, after: CheckedComments, *, confidence_level: float = 0.95
) -> EffectEstimate:
    """Before against after, each corrected by its own checked comments.

    Args:
        before: The comments before the start.
        after: The comments after it.
        confidence_level: Of the interval.

    Returns:
        The share after less the share before, with the uncertainty of both and of what was checked of both.

    Raises:
        ValueError: A period has no comments, or the level is not between 0 and 1.

    References:
        Tenenbein (1970), JASA 65:1350.

    Example:
        >>> from stats.checked_comments import Crossed
        >>> before = CheckedComments(picked=66, left=234, drawn=Crossed(both=9, model_only=2, neither=39))
        >>> after = CheckedComments(picked=45, left=255, drawn=Crossed(both=6, person_only=4, neither=40))
        >>> found = difference_in_checked_shares(before, after)
        >>> print(f"{found.effect:.3f} ({found.interval.low:.3f} to {found.interval.high:.3f})")
        0.040 (-0.068 to 0.149)
    """
    effect = after.share - before.share
    error = math.hypot(_error(before), _error(after))
    reach = _reach(confidence_level) * error
    return EffectEstimate(
        effect=effect,
        standard_error=error,
        interval=Interval(low=max(effect - reach, -1.0), high=min(effect + reach, 1.0)),
        method=METHOD,
    )


def _error(comments: CheckedComments) -> float:
    if comments.total == 0:
        raise ValueError("picked + left == 0, must be >= 1.")
    share = comments.share
    return math.sqrt(comments.variance + share * (1.0 - share) / comments.total)


def _reach(confidence_level: float) -> float:
    return float(scipy.stats.norm.isf((1.0 - probability("confidence_level", confidence_level)) / 2.0))


def youden(cells: list[CheckedComments], precision: Floats, omission: Floats) -> float:
    """How well the model tells the theme from the rest: sensitivity + specificity - 1, over all cells together.

    Args:
        cells: C sets of comments.
        precision: (C,) share of each set's picked that are right.
        omission: (C,) share of each set's left that should have been picked.

    Returns:
        1 for a model without error, 0 for one that guesses; NaN when nothing or everything is about the theme.
    """
    picked = np.array([cell.picked for cell in cells], dtype=np.float64)
    left = np.array([cell.left for cell in cells], dtype=np.float64)
    hits, misses = float(picked @ precision), float(left @ omission)
    others = float(picked.sum() + left.sum()) - hits - misses
    if not (hits + misses > 0 and others > 0):
        return math.nan
    return hits / (hits + misses) - float(picked @ (1.0 - precision)) / others

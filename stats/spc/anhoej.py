"""The rules of Anhøj: unusually long runs and unusually few crossings. They need a centre line only, and no limits.

Points on the centre line are not useful: they are left out before runs and crossings are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.spc.kinds import Rule, Side
from stats.spc.signals import Signal, Stretch, runs

CROSSINGS_TAIL = 0.05


@dataclass(frozen=True, kw_only=True)
class AnhoejLimits:
    """What chance seldom passes.

    Attributes:
        longest_run: A longer run than this is a signal.
        crossings: Fewer crossings than this are a signal.
    """

    longest_run: int
    crossings: int


def anhoej_limits(useful: int) -> AnhoejLimits:
    """Return the limits for a number of useful points: round(log2 n) + 3, and qbinom(0.05, n - 1, 0.5).

    Args:
        useful: Points that are not on the centre line, at least 1.

    Raises:
        ValueError: There is none.

    Example:
        >>> anhoej_limits(24)
        AnhoejLimits(longest_run=8, crossings=8)

    References:
        Anhøj & Olesen (2014), PLoS ONE 9:e113825; Schilling (2012), Mathematics Magazine 85:141; Chen (2010), J Quality
        Technology 42:56.
    """
    if useful < 1:
        raise ValueError(f"useful == {useful}, must be >= 1.")
    crossings = scipy.stats.binom.ppf(CROSSINGS_TAIL, useful - 1, 0.5)
    return AnhoejLimits(longest_run=round(np.log2(useful)) + 3, crossings=int(crossings))


def signals(part: Stretch) -> Iterator[Signal]:
    """Signals of one stretch: one a run that is too long, and one for all useful points when they cross too seldom."""
    sides = part.sides
    useful = np.flatnonzero(sides)
    if len(useful) == 0:
        return
    bounds = anhoej_limits(len(useful))
    found = runs(sides[useful])
    for run in found:
        if len(run) > bounds.longest_run:
            side = Side.HIGH if sides[useful[run[0]]] > 0 else Side.LOW
            yield part.signal(Rule.LONG_RUN, useful[run], side, count=len(run), most=bounds.longest_run)
    crossings = len(found) - 1
    if crossings < bounds.crossings:
        yield part.signal(Rule.FEW_CROSSINGS, useful, None, count=crossings, least=bounds.crossings)

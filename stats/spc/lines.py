"""The lines of a control chart: centre, limits at three sigma, inner limits at two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.messages import N_, Message
from stats.panel import Floats

LIMIT_SIGMAS, INNER_SIGMAS = 3.0, 2.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines:
    """Lines for T points, each (T,) in the unit of what is plotted; NaN where there is no such line.

    Attributes:
        centre: Mean or median.
        lower: Lower limit, three sigma.
        upper: Upper limit, three sigma.
        inner_lower: Two sigma below; a rule asks for it.
        inner_upper: Two sigma above.
        note: Why there are no limits where the kind of chart has them; None when there are.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    inner_lower: Floats
    inner_upper: Floats
    note: Message | None = None


def symmetric(
    centre: Floats, sigma: Floats, *, middle: Floats | None = None, least: float = -np.inf, most: float = np.inf
) -> Lines:
    """Limits of three and two sigma to each side, kept within what is possible.

    Args:
        centre: (T,) what the limits are counted from.
        sigma: (T,) one sigma.
        middle: (T,) centre line to show, where it is another.
        least: The smallest possible value.
        most: The largest possible value.
    """

    def at(sigmas: float) -> Floats:
        return np.clip(centre + sigmas * sigma, least, most)

    return Lines(
        centre=centre if middle is None else middle,
        lower=at(-LIMIT_SIGMAS),
        upper=at(LIMIT_SIGMAS),
        inner_lower=at(-INNER_SIGMAS),
        inner_upper=at(INNER_SIGMAS),
    )


def centre_only(centre: float, length: int, note: Message | None = None) -> Lines:
    """A centre line without limits, with the reason where one is owed."""
    none = np.full(length, np.nan)
    line = np.full(length, centre)
    return Lines(centre=line, lower=none, upper=none, inner_lower=none, inner_upper=none, note=note)


def transformed(lines: Lines, power: float) -> Lines:
    """Lines of a chart of x ** (1 / power), on the scale of x; below zero there is nothing."""

    def back(line: Floats) -> Floats:
        return np.maximum(line, 0.0) ** power

    return Lines(
        centre=back(lines.centre),
        lower=back(lines.lower),
        upper=back(lines.upper),
        inner_lower=back(lines.inner_lower),
        inner_upper=back(lines.inner_upper),
        note=lines.note,
    )


def no_values() -> Message:
    """Nothing to compute a line from."""
    return Message(N_("There is no value to compute the lines from."))


def no_neighbours() -> Message:
    """No moving range."""
    return Message(N_("No two values follow each other, so the usual variation cannot be estimated."))


def no_variation() -> Message:
    """Limits of width zero would call every later value unusual."""
    return Message(N_("All values are equal, so the usual variation cannot be estimated."))

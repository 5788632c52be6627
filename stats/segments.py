"""The design of an interrupted time series: level change, slope change, trend and season as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.arguments import above, whole
from stats.panel import Floats

LEAST_EACH_SIDE = 2
LEAST_DF = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments:
    """Columns of the design over T points.

    Attributes:
        terms: C names: level, slope (where asked for), constant, trend (unless left out), sin1, cos1, ...
        columns: (T, C) the columns. Time is counted in points from the first one after the interruption.
        start: Index of that point.
    """

    terms: tuple[str, ...]
    columns: Floats
    start: int

    @property
    def untreated(self) -> Floats:
        """(T, C) the same columns had there been no interruption."""
        changes = [term in ("level", "slope") for term in self.terms]
        return np.where(changes, 0.0, self.columns)

    def unit(self, term: str) -> Floats:
        """(C,) 1 at the term, else 0."""
        return np.asarray([float(name == term) for name in self.terms])


def segments(
    length: int, *, start: int, trend: bool, slope_change: bool, harmonics: int, period: float
) -> Segments:  # fmt: skip
    """Return the design.

    Args:
        length: Points, T.
        start: Index of the first point after the interruption.
        trend: Whether there is a straight line through both segments.
        slope_change: Whether the line may bend at the start; it bends from the first point after on, so that the level
            change is the change at that point.
        harmonics: Pairs of sine and cosine; the sine of a whole half period, always 0, is left out.
        period: Points in the longest of them.

    Raises:
        ValueError: start is not within the series, the harmonics are more than half the period, or a slope change is
            asked for without a trend.
    """
    whole("start", start, least=LEAST_EACH_SIDE, most=length - LEAST_EACH_SIDE)
    above("period", period, 1)
    whole("harmonics", harmonics, most=period / 2)
    if slope_change and not trend:
        raise ValueError("slope_change == True with trend == False: a slope that is not there cannot change.")
    time = np.arange(length, dtype=np.float64) - start
    after = (time >= 0).astype(np.float64)
    named = {"level": after}
    if slope_change:
        named["slope"] = after * time
    named["constant"] = np.ones(length)
    if trend:
        named["trend"] = time
    angle = 2.0 * np.pi * np.arange(length) / period
    for k in range(1, harmonics + 1):
        if 2 * k != period:
            named[f"sin{k}"] = np.sin(k * angle)
        named[f"cos{k}"] = np.cos(k * angle)
    return Segments(terms=tuple(named), columns=np.column_stack(list(named.values())), start=start)


def check_identified(design: Segments, seen: npt.NDArray[np.bool_]) -> None:
    """Check that the points there are can tell the terms apart.

    Raises:
        ValueError: Fewer than two points on a side (three where the slope may change), too few for the terms, or terms
            that say the same.
    """
    before, after = int(seen[: design.start].sum()), int(seen[design.start :].sum())
    least = LEAST_EACH_SIDE + ("slope" in design.terms)  # a line through two points leaves no scatter about it
    if min(before, after) < least:
        raise ValueError(
            f"series has {before} values before start == {design.start} and {after} after it, "
            f"must have at least {least} on each side."
        )
    terms, count = len(design.terms), before + after
    if count < terms + LEAST_DF:
        raise ValueError(f"series has {count} values, must have at least {terms + LEAST_DF} for {terms} terms.")
    x = design.columns[seen]
    if np.linalg.matrix_rank(x / np.abs(x).max(axis=0).clip(min=1e-300)) < terms:
        raise ValueError(f"series cannot tell the terms {', '.join(design.terms)} apart; ask for fewer of them.")

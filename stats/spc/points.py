"""What goes into a chart, checked: counts are whole, shares lie between 0 and 1, missing weeks are NaN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.panel import Floats
from stats.spc.kinds import ChartKind

Series = Sequence[float] | npt.NDArray[np.generic]


@dataclass(frozen=True, eq=False, kw_only=True)
class Points:
    """The points of a chart.

    Attributes:
        plotted: (T,) values, shares or rates; NaN where missing.
        denominators: (T,) trials or exposure; None for kinds without.
    """

    plotted: Floats
    denominators: Floats | None


def points_of(kind: ChartKind, values: Series, denominators: Series | float | None) -> Points:
    """Return what a kind of chart plots.

    Args:
        kind: The kind of chart.
        values: (T,) see `control_chart`.
        denominators: (T,) or one number for all.

    Raises:
        ValueError: See `control_chart`.
    """
    found = _series("values", values)
    if kind in (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME, ChartKind.C, ChartKind.G):
        _refuse(found < 0, "values", found, ">= 0")
        count = "a whole number (the count, not the share or rate)" if denominators is not None else "a whole number"
        _refuse(found != np.round(found), "values", found, count)
    if kind is ChartKind.T:
        _refuse(found <= 0, "values", found, "> 0; for events on the same day use kind g with days as opportunities")
    if denominators is None:
        if kind.share or kind.rate:
            raise ValueError(f"denominators is missing, a chart of kind {kind} needs it.")
        return Points(plotted=found, denominators=None)
    if kind in (ChartKind.C, ChartKind.G, ChartKind.T):
        raise ValueError(f"denominators is given, a chart of kind {kind} has none.")
    below = _denominators(denominators, len(found))
    if kind.share:
        _refuse(below != np.round(below), "denominators", below, "a whole number")
        _refuse(found > below, "values", found, "at most the denominator")
    with np.errstate(over="ignore"):
        plotted = found / below
    _refuse(np.isinf(plotted), "values / denominators", plotted, "a finite number")
    if np.isnan(plotted).all():
        raise ValueError("values and denominators are nowhere both there, at least 1 point needs both.")
    return Points(plotted=plotted, denominators=below)


def _denominators(denominators: Series | float, length: int) -> Floats:
    if np.ndim(denominators) == 0:
        below = np.full(length, float(denominators))  # type: ignore[arg-type]
    else:
        below = _series("denominators", denominators)  # type: ignore[arg-type]
    if len(below) != length:
        raise ValueError(f"denominators has {len(below)} values, must have {length} as values has.")
    _refuse(below <= 0, "denominators", below, "> 0, or NaN where the week is missing")
    return below


def _series(name: str, values: Series) -> Floats:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number.") from error
    if found.ndim != 1:
        raise ValueError(f"{name} has {found.ndim} dimensions, must have 1.")
    if len(found) == 0:
        raise ValueError(f"{name} is empty, must have at least 1 value.")
    _refuse(np.isinf(found), name, found, "a finite number, or NaN where the week is missing")
    if np.isnan(found).all():
        raise ValueError(f"{name} has only missing values, must have at least 1 number.")
    return found


def _refuse(wrong: npt.NDArray[np.bool_], name: str, values: Floats, allowed: str) -> None:
    """NaN compares as False with everything but !=, so a missing value is never wrong."""
    wrong = wrong & ~np.isnan(values)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{name}[{place}] == {values[place]:.10g}, must be {allowed}.")

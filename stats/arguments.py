"""What an analyst passes to a function of this room, checked at the door: name, value and bound in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stats.panel import Floats


def number(name: str, value: float, *, least: float = -math.inf, most: float = math.inf) -> float:
    """Return a finite number within [least, most].

    Raises:
        ValueError: It is none.

    Example:
        >>> number("margin", 0.3, least=0)
        0.3
    """
    found = float(value)
    if not (math.isfinite(found) and least <= found <= most):
        raise ValueError(f"{name} == {value}, must be {_bounds('a number', least, most)}.")
    return found


def above(name: str, value: float, bound: float) -> float:
    """Return a finite number above a bound.

    Raises:
        ValueError: It is not above it.
    """
    found = float(value)
    if not (math.isfinite(found) and found > bound):
        raise ValueError(f"{name} == {value}, must be > {bound:g}.")
    return found


def whole(name: str, value: float, *, least: int = 0, most: float = math.inf) -> int:
    """Return a whole number within [least, most].

    Raises:
        ValueError: It is none.
    """
    found = float(value)
    if not (math.isfinite(found) and found == round(found) and least <= found <= most):
        raise ValueError(f"{name} == {value}, must be {_bounds('a whole number', least, most)}.")
    return int(found)


def probability(name: str, value: float) -> float:
    """Return a number strictly between 0 and 1.

    Raises:
        ValueError: It is none.
    """
    found = float(value)
    if not 0.0 < found < 1.0:
        raise ValueError(f"{name} == {value}, must be between 0 and 1.")
    return found


def choice(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return one of the allowed words.

    Raises:
        ValueError: It is another.
    """
    if value not in allowed:
        raise ValueError(f"{name} == {value!r}, must be one of {', '.join(allowed)}.")
    return value


def numbers(name: str, values: Sequence[float] | npt.NDArray[np.generic], *, least: int = 1) -> Floats:
    """Return a one-dimensional array of at least `least` finite numbers.

    Raises:
        ValueError: It is too short, of another shape, or holds something that is no finite number.
    """
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number.") from error
    if found.ndim != 1:
        raise ValueError(f"{name} has {found.ndim} dimensions, must have 1.")
    if len(found) < least:
        raise ValueError(f"{name} has {len(found)} values, must have at least {least}.")
    if not np.isfinite(found).all():
        place = int(np.argmin(np.isfinite(found)))
        raise ValueError(f"{name}[{place}] == {found[place]}, must be a finite number.")
    return found


def _bounds(what: str, least: float, most: float) -> str:
    if math.isinf(least) and math.isinf(most):
        return what
    if math.isinf(most):
        return f"{what} >= {least:g}"
    if math.isinf(least):
        return f"{what} <= {most:g}"
    return f"{what} from {least:g} to {most:g}"

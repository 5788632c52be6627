"""Exponentials and logarithms one number at a time: the same last digit wherever in an array the number stands.

numpy's own take several numbers at once and finish an array's end in another way, so that a pilot's digits would depend
on who else is in the batch.
"""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled


@compiled
def exponentials(values):  # type: ignore[no-untyped-def]
    """exp of a contiguous array, in its shape."""
    out = np.empty(values.shape)
    flat, source = out.ravel(), values.ravel()
    for i in range(source.size):
        flat[i] = math.exp(min(source[i], 700.0))
    return out


@compiled
def logarithms(values):  # type: ignore[no-untyped-def]
    """log of a contiguous array of numbers above 0, in its shape; NaN elsewhere."""
    out = np.empty(values.shape)
    flat, source = out.ravel(), values.ravel()
    for i in range(source.size):
        flat[i] = math.log(source[i]) if source[i] > 0.0 else np.nan
    return out

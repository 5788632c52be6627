"""Sums over each pilot's own units and weeks, so that padding - who else is in the batch - changes no digit."""

from __future__ import annotations

import numpy as np

from stats.compiled import compiled


@compiled
def totals(values, units, weeks):  # type: ignore[no-untyped-def]
    """(B,) sum of each pilot's (J, T) cells."""
    out = np.zeros(len(values))
    for i in range(len(values)):
        for j in range(units[i]):
            for t in range(weeks[i]):
                out[i] += values[i, j, t]
    return out


@compiled
def unit_totals(values, units, weeks):  # type: ignore[no-untyped-def]
    """(B, J) sum of each unit's weeks; 0 for padding."""
    out = np.zeros(values.shape[:2])
    for i in range(len(values)):
        for j in range(units[i]):
            for t in range(weeks[i]):
                out[i, j] += values[i, j, t]
    return out


@compiled
def across(values, units):  # type: ignore[no-untyped-def]
    """(B,) sum of each pilot's units of (B, J) values."""
    out = np.zeros(len(values))
    for i in range(len(values)):
        for j in range(units[i]):
            out[i] += values[i, j]
    return out

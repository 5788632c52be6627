"""Shares and rates of many pilots as working values: the working response of penalised quasi-likelihood."""

from __future__ import annotations

import math

from stats.compiled import compiled

SMOOTHING = 0.5
LARGEST_CHANGE = 8.0
NEWTON_STEPS = 25
LARGEST_STEP = 1.0  # a longer one may leave the place where the logistic curve has a slope


@compiled
def inverse_link(rate, working):  # type: ignore[no-untyped-def]
    """Rate (exp) or share (logistic) of a working value."""
    if rate:
        return math.exp(working)
    return 1.0 / (1.0 + math.exp(-working)) if working >= 0.0 else math.exp(working) / (1.0 + math.exp(working))


@compiled
def counted_working(n, count, treated, units, weeks, rate, changes, values, precision, base, slope):  # type: ignore[no-untyped-def]
    """Linearise B pilots' counts around each unit's own level, moved by the effect found so far.

    Args:
        n, count: (B, J, T) answers or exposure (0 where missing), and successes or events.
        treated: (B, J, T) 1 where the unit carries out the change.
        units, weeks: (B,) rows and columns used.
        rate: (B,) True for a count with exposure, False for a share.
        changes: (B,) the effect found so far, working scale.
        values, precision: (B, J, T) filled with working values and their precision (0 where missing).
        base, slope: (B, J) filled with the unit's level without the change, and metric units per working unit.
    """
    for i in range(len(n)):
        sizes = 0.0
        events = 0.0
        for j in range(units[i]):
            here = SMOOTHING
            for t in range(weeks[i]):
                sizes += n[i, j, t]
                here += count[i, j, t]
            events += here
        change = min(max(changes[i], -LARGEST_CHANGE), LARGEST_CHANGE)
        for j in range(units[i]):
            size = 0.0
            total = SMOOTHING
            moves = False
            for t in range(weeks[i]):
                size += n[i, j, t]
                total += count[i, j, t]
                moves = moves or treated[i, j, t] > 0.0
            if size == 0.0:  # the unit is left out
                for t in range(weeks[i]):
                    values[i, j, t] = 0.0
                    precision[i, j, t] = 0.0
                base[i, j] = 0.0
                slope[i, j] = 0.0
                continue
            extra = SMOOTHING * sizes / events if rate[i] else 2.0 * SMOOTHING
            level = total / (size + extra)
            at = math.log(level) if rate[i] else math.log(level / (1.0 - level))
            moved = change if moves else 0.0
            if moved != 0.0:
                weight = (size + extra) / size
                for _ in range(NEWTON_STEPS):
                    expected = 0.0
                    derivative = 0.0
                    for t in range(weeks[i]):
                        mean = inverse_link(rate[i], at + moved * treated[i, j, t])
                        expected += weight * n[i, j, t] * mean
                        derivative += weight * n[i, j, t] * (mean if rate[i] else mean * (1.0 - mean))
                    step = min(max((total - expected) / derivative, -LARGEST_STEP), LARGEST_STEP)
                    at += step
                    if abs(step) < 1e-13:
                        break
            base[i, j] = at
            level = inverse_link(rate[i], at)
            if abs(moved) < 1e-6:
                slope[i, j] = level if rate[i] else level * (1.0 - level)
            else:
                slope[i, j] = (inverse_link(rate[i], at + moved) - level) / moved
            for t in range(weeks[i]):
                if n[i, j, t] == 0.0:
                    values[i, j, t] = 0.0
                    precision[i, j, t] = 0.0
                    continue
                line = at + moved * treated[i, j, t]
                mean = inverse_link(rate[i], line)
                derivative = mean if rate[i] else mean * (1.0 - mean)
                values[i, j, t] = line + (count[i, j, t] / n[i, j, t] - mean) / derivative
                precision[i, j, t] = n[i, j, t] * derivative

"""Mean, tail and interval of a mixture of normals: an effect integrated over its nuisance parameters."""

from __future__ import annotations

import math

import numpy as np

from stats.compiled import compiled


@compiled
def log_tail(z):  # type: ignore[no-untyped-def]
    """Log of the lower normal tail at z <= 0, without underflow."""
    if z > -30.0:
        return math.log(0.5 * math.erfc(-z / math.sqrt(2.0)))
    square = 1.0 / (z * z)
    return -0.5 * z * z - math.log(-z) - 0.5 * math.log(2.0 * math.pi) + math.log1p(-square + 3.0 * square * square)


@compiled
def summaries(weight, estimate, variance, tail, out):  # type: ignore[no-untyped-def]
    """Mean, standard error, log of the tail against the mean's side, and equal-tailed interval of normal mixtures.

    Args:
        weight, estimate, variance: (B, G).
        tail: Probability in each tail of the interval.
        out: (B, 5) effect, standard error, log tail, low, high.
    """
    size = weight.shape[1]
    sd = np.empty(size)
    kept_w, kept_e, kept_s = np.empty(size), np.empty(size), np.empty(size)
    logs = np.empty(size)
    for i in range(len(weight)):
        mean = 0.0
        for g in range(size):
            mean += weight[i, g] * estimate[i, g]
        square = 0.0
        for g in range(size):
            square += weight[i, g] * (variance[i, g] + (estimate[i, g] - mean) ** 2)
            sd[g] = math.sqrt(variance[i, g])
        side = 1.0 if mean >= 0.0 else -1.0
        top = -np.inf
        for g in range(size):
            if weight[i, g] <= 1e-300:
                logs[g] = -np.inf
                continue
            z = side * estimate[i, g] / sd[g]
            logs[g] = math.log(weight[i, g]) + (log_tail(-z) if z >= 0.0 else math.log1p(-math.exp(log_tail(z))))
            top = max(top, logs[g])
        total = 0.0
        for g in range(size):
            total += math.exp(logs[g] - top)
        count = 0
        whole = 0.0
        for g in range(size):
            if weight[i, g] > 1e-7:
                kept_w[count], kept_e[count], kept_s[count] = weight[i, g], estimate[i, g], sd[g]
                whole += weight[i, g]
                count += 1
        error = math.sqrt(square)
        out[i, 0] = mean
        out[i, 1] = error
        out[i, 2] = top + math.log(total)
        out[i, 3] = _quantile(kept_w, kept_e, kept_s, count, tail * whole, mean - 2.0 * error, error)
        out[i, 4] = -_quantile(kept_w, -kept_e, kept_s, count, tail * whole, -mean - 2.0 * error, error)


@compiled
def _quantile(weight, estimate, sd, count, probability, start, error):  # type: ignore[no-untyped-def]
    """Where the mixture's distribution function reaches `probability`: Newton's steps within a bracket that shrinks."""
    low, high = start - 60.0 * error, start + 60.0 * error
    at = start
    for _ in range(100):
        below = 0.0
        density = 0.0
        for g in range(count):
            z = (at - estimate[g]) / sd[g]
            below += weight[g] * 0.5 * math.erfc(-z / math.sqrt(2.0))
            density += weight[g] * math.exp(-0.5 * z * z) / sd[g]
        density /= math.sqrt(2.0 * math.pi)
        miss = below - probability
        if miss > 0.0:
            high = at
        else:
            low = at
        following = at - miss / density if density > 0.0 else 0.5 * (low + high)
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - at) < 1e-9 * error:
            return following
        at = following
    return at

"""How many requests a minute: a bucket of tokens for every key and every address, in this process's memory."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST = 10_000
"""Buckets kept; the one unused longest goes first."""
_HAIR = 1e-9
"""What adding up fractions may lose of a token."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a request may pass.

    Attributes:
        passes: Whether it may.
        limit: Requests a minute.
        left: How many more may come at once.
        full_in: Seconds until all of them may come at once again.
        wait: Seconds until the next one passes.
    """

    passes: bool
    limit: int
    left: int
    full_in: int
    wait: int

    def headers(self) -> dict[str, str]:
        """What an answer tells of it."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in),
        }
        return told if self.passes else {**told, "Retry-After": str(self.wait)}


class Buckets:
    """Buckets that fill evenly: `limit` requests at once, then one each 60 / limit seconds."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str, *, limit: int) -> Verdict:
        """Count one request.

        Args:
            name: Whose.
            limit: Requests a minute.
        """
        a_second = limit / 60
        with self._lock:
            at = self._clock()
            tokens, before = self._buckets.pop(name, (float(limit), at))
            tokens = min(float(limit), tokens + (at - before) * a_second)
            passes = tokens >= 1 - _HAIR
            if passes:
                tokens = max(tokens - 1, 0.0)
            self._buckets[name] = (tokens, at)
            while len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        return Verdict(
            passes=passes,
            limit=limit,
            left=int(tokens + _HAIR),
            full_in=math.ceil((limit - tokens) / a_second),
            wait=max(1, math.ceil((1 - tokens) / a_second)),
        )

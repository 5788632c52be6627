"""Phases of a chart: stretches with lines of their own, and the reason a person gave for starting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stats.arguments import whole
from stats.messages import Message

FIRM_POINTS = 12
"""With fewer points limits are trial limits."""
LONGEST_REASON = 2_000


@dataclass(frozen=True, kw_only=True)
class Rebase:
    """A new baseline that a person chose after seeing the chart, which needs a written reason.

    A plain index in `split_at` is for a phase that was planned beforehand, such as the start of a pilot.

    Attributes:
        at: Index of the first point of the new phase.
        reason: Why the process is taken to be another from here on, in the person's words.

    Raises:
        ValueError: The reason is blank or longer than 2,000 characters, or `at` is no whole number of at least 1.

    Example:
        >>> Rebase(at=24, reason="New triage since March, confirmed by the ward").at
        24
        >>> Rebase(at=24, reason="  ")
        Traceback (most recent call last):
        ValueError: reason is blank, must say why the process is taken to be another from here on.
    """

    at: int
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", whole("at", self.at, least=1))
        if not self.reason.strip():
            raise ValueError("reason is blank, must say why the process is taken to be another from here on.")
        if len(self.reason) > LONGEST_REASON:
            raise ValueError(f"reason has {len(self.reason)} characters, must have at most {LONGEST_REASON}.")


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of points with one centre and one set of limits.

    Attributes:
        first: Index of its first point.
        stop: Index after its last point.
        baseline_stop: Index after the last point that the lines were computed from.
        points: How many points, missing ones not counted, the lines were computed from.
        reason: The reason of the person who re-based; blank for the first phase and for planned ones.
        note: Why it has no limits, where it should have some.
    """

    first: int
    stop: int
    baseline_stop: int
    points: int
    reason: str = ""
    note: Message | None = None

    @property
    def trial(self) -> bool:
        """True while the lines rest on fewer than 12 points: they will still move."""
        return self.points < FIRM_POINTS

    @property
    def frozen(self) -> bool:
        """True when later points are judged by lines that they did not help to compute."""
        return self.baseline_stop < self.stop


def spans(length: int, split_at: Sequence[int | Rebase], baseline: int | None) -> list[tuple[int, int, int, str]]:
    """First point, stop, stop of the baseline and reason of each phase.

    Raises:
        ValueError: A split is outside the chart or comes twice, or the baseline is longer than the first phase.
    """
    reasons = {}
    for split in split_at:
        at, reason = (split.at, split.reason.strip()) if isinstance(split, Rebase) else (split, "")
        at = whole("split_at", at, least=1, most=length - 1)
        if at in reasons:
            raise ValueError(f"split_at has {at} twice.")
        reasons[at] = reason
    firsts = [0, *sorted(reasons)]
    stops = [*firsts[1:], length]
    ends = list(stops)
    if baseline is not None:
        ends[0] = whole("baseline", baseline, least=1, most=stops[0])
    return [(first, stop, end, reasons.get(first, "")) for first, stop, end in zip(firsts, stops, ends, strict=True)]

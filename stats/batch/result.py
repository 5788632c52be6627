"""What is said of many pilots, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from stats.batch.pilots import Index, Words
from stats.panel import Floats, Weeks
from stats.pilot_data import Mask
from stats.rules import FACTS, decide


@dataclass(frozen=True, kw_only=True, eq=False)
class LookRows:
    """R held reviews, pilot by pilot.

    Attributes:
        pilot: (R,) index of the pilot.
        look: (R,) 1, 2, ... within the pilot.
        on: (R,) the day.
        effect, standard_error, interval_low, interval_high: (R,) in the metric's unit.
        z, bound: (R,) positive means better.
        crossed: (R,) z passed the bound.
    """

    pilot: Index
    look: Index
    on: Weeks
    effect: Floats
    standard_error: Floats
    interval_low: Floats
    interval_high: Floats
    z: Floats
    bound: Floats
    crossed: Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchResult:
    """B pilots; NaN, NaT or "" where there is nothing to say.

    Attributes:
        verdict, rule: (B,) what the rules recommend, and which rule decided.
        effect, standard_error, interval_low, interval_high: (B,) in the metric's unit, on each pilot's day.
        z, bound, crossed: (B,) of the last planned review held.
        first_crossed_on: (B,) the first review that passed its bound.
        method, grade: (B,) estimator, and the evidence grade.
        reason: (B,) one sentence where there is no estimate.
        facts: (B, F) what the rules were asked, in the order of `stats.rules.FACTS`.
        looks: Every held review.
    """

    verdict: Words
    rule: Words
    effect: Floats
    standard_error: Floats
    interval_low: Floats
    interval_high: Floats
    z: Floats
    bound: Floats
    crossed: Mask
    first_crossed_on: Weeks
    method: Words
    grade: Words
    reason: Words
    facts: Mask
    looks: LookRows

    def taken(self, rows: Index) -> BatchResult:
        """Return some of the pilots (ascending rows), their reviews with them."""
        place = np.full(len(self.effect), -1)
        place[rows] = np.arange(len(rows))
        kept = place[self.looks.pilot] >= 0
        own = {field.name: getattr(self.looks, field.name)[kept] for field in fields(LookRows)}
        looks = LookRows(**own | {"pilot": place[self.looks.pilot][kept]})
        return BatchResult(**{name: getattr(self, name)[rows] for name in _COLUMNS}, looks=looks)


_COLUMNS = tuple(field.name for field in fields(BatchResult) if field.name != "looks")


def merged(parts: Sequence[tuple[Index, BatchResult]], size: int) -> BatchResult:
    """Put results of some pilots each into the order of all."""
    if not parts:
        words, numbers, days = np.empty(0, dtype=object), np.empty(0), np.empty(0, dtype="datetime64[D]")
        none, marks = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
        looks = LookRows(
            pilot=none, look=none, on=days, effect=numbers, standard_error=numbers, interval_low=numbers,
            interval_high=numbers, z=numbers, bound=numbers, crossed=marks,
        )  # fmt: skip
        return BatchResult(
            verdict=words, rule=words, effect=numbers, standard_error=numbers, interval_low=numbers,
            interval_high=numbers, z=numbers, bound=numbers, crossed=marks, first_crossed_on=days, method=words,
            grade=words, reason=words, facts=np.empty((0, len(FACTS)), dtype=bool), looks=looks,
        )  # fmt: skip
    columns = {}
    for name in _COLUMNS:
        first = getattr(parts[0][1], name)
        whole = np.empty((size, *first.shape[1:]), dtype=first.dtype)
        for rows, result in parts:
            whole[rows] = getattr(result, name)
        columns[name] = whole
    pilot = np.concatenate([rows[result.looks.pilot] for rows, result in parts])
    order = np.lexsort((np.concatenate([result.looks.look for _, result in parts]), pilot))
    held = {
        field.name: np.concatenate([getattr(result.looks, field.name) for _, result in parts])[order]
        for field in fields(LookRows)
    }
    return BatchResult(**columns, looks=LookRows(**held | {"pilot": pilot[order]}))


def decided(facts: Mask) -> tuple[Words, Words]:
    """(B,) verdicts and (B,) rule names of (B, F) facts."""
    packed = facts @ (1 << np.arange(facts.shape[1]))
    _, first, place = np.unique(packed, return_index=True, return_inverse=True)
    rules = [decide(dict(zip(FACTS, facts[row].tolist(), strict=True))) for row in first]
    verdicts = np.array([rule.verdict.value for rule in rules], dtype=object)
    names = np.array([rule.name for rule in rules], dtype=object)
    return verdicts[place], names[place]


def with_shrunken_effects(
    result: BatchResult, shrunken: Floats, *, smallest_change: Floats, direction: Index
) -> BatchResult:
    """Let effects in the light of all pilots decide whether the smallest change that matters is reached.

    Args:
        result: B pilots.
        shrunken: (B,) their shrunken effects in the metric's unit; NaN leaves a pilot as it is.
        smallest_change: (B,) above 0.
        direction: (B,) +1 or -1.

    References:
        Decision rules: `stats.rules`; shrinkage: `stats.portfolio`.
    """
    facts = result.facts.copy()
    place = FACTS.index("reaches_change")
    with np.errstate(invalid="ignore"):
        reaches = shrunken * direction >= smallest_change
    reviewed = facts[:, FACTS.index("reviewed")]
    facts[:, place] = np.where(np.isfinite(shrunken) & reviewed, reaches, facts[:, place])
    verdict, rule = decided(facts)
    return replace(result, facts=facts, verdict=verdict, rule=rule)

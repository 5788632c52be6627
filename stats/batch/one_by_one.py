"""Pilots of a batch that the compiled loops do not take: each through `stats.evaluation.evaluate`."""

from __future__ import annotations

import numpy as np

from stats.batch.pilots import PilotBatch
from stats.batch.result import BatchResult, LookRows
from stats.evaluation import evaluate
from stats.looks import Look
from stats.panel import Floats
from stats.results import Evaluation
from stats.rules import FACTS


def one_by_one(batch: PilotBatch) -> BatchResult:
    """Evaluate pilot by pilot: single series, and pilots of which nothing can be estimated."""
    found = [_evaluated(batch, i) for i in range(len(batch))]
    last = [one.looks[-1] if one and one.looks else None for one in found]
    crossed = [next((look.on for look in one.looks if look.crossed), None) if one else None for one in found]
    rows = [(i, k + 1, look) for i, one in enumerate(found) if one for k, look in enumerate(one.looks)]

    def column(name: str) -> Floats:
        return np.array([np.nan if one is None else _number(getattr(one, name)) for one in found])

    def interval(end: str) -> Floats:
        return np.array([
            np.nan if one is None or one.interval is None else getattr(one.interval, end) for one in found
        ])  # fmt: skip

    def of_looks(name: str) -> Floats:
        return np.array([getattr(look, name) for _, _, look in rows], dtype=np.float64)

    return BatchResult(
        verdict=np.array([one.verdict.value if one else "not_enough_data" for one in found], dtype=object),
        rule=np.array([one.rule.name if one else "not_estimable" for one in found], dtype=object),
        effect=column("effect"),
        standard_error=column("standard_error"),
        interval_low=interval("low"),
        interval_high=interval("high"),
        z=np.array([_of(look, "z") for look in last]),
        bound=np.array([_of(look, "bound") for look in last]),
        crossed=np.array([bool(look and look.crossed) for look in last], dtype=bool),
        first_crossed_on=np.array([np.datetime64(day or "NaT", "D") for day in crossed], dtype="datetime64[D]"),
        method=np.array([one.method or "" if one else "" for one in found], dtype=object),
        grade=np.array([one.evidence.grade if one else "very_low" for one in found], dtype=object),
        reason=np.array([_reason(one) for one in found], dtype=object),
        facts=np.array([
            [one.facts[name] if one else False for name in FACTS] for one in found
        ], dtype=bool).reshape(-1, len(FACTS)),
        looks=LookRows(
            pilot=np.array([i for i, _, _ in rows], dtype=np.int64),
            look=np.array([k for _, k, _ in rows], dtype=np.int64),
            on=np.array([np.datetime64(look.on, "D") for _, _, look in rows], dtype="datetime64[D]"),
            effect=of_looks("effect"), standard_error=of_looks("standard_error"),
            interval_low=np.array([look.interval.low for _, _, look in rows], dtype=np.float64),
            interval_high=np.array([look.interval.high for _, _, look in rows], dtype=np.float64),
            z=of_looks("z"), bound=of_looks("bound"),
            crossed=np.array([look.crossed for _, _, look in rows], dtype=bool),
        ),
    )  # fmt: skip


def _evaluated(batch: PilotBatch, i: int) -> Evaluation | None:
    """None when the pilot has no weeks at all that could be used."""
    if not batch.weeks[i]:
        return None
    panel, plan = batch.single(i)
    return evaluate(panel, plan, as_of=batch.as_of[i].astype(object))


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _of(look: Look | None, name: str) -> float:
    return float("nan") if look is None else float(getattr(look, name))


def _reason(one: Evaluation | None) -> str:
    if one is None:
        return "The pilot has no full week of data within its plan."
    return "" if one.effect is not None else one.reasons[-1].english()

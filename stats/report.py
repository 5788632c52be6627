"""An evaluation as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.effect import EffectEstimate
from stats.guardrails import GuardResult

if TYPE_CHECKING:
    from stats.results import Evaluation


def as_dict(result: Evaluation) -> dict[str, object]:
    """Return the evaluation in its JSON form, sentences in English; what cannot be estimated is None, never 0."""
    return {
        "verdict": result.verdict.value,
        "reasons": [reason.english() for reason in result.reasons],
        "rule": result.rule.name,
        "effect": result.effect,
        "standard_error": result.standard_error,
        "interval": None if result.interval is None else [result.interval.low, result.interval.high],
        "confidence_level": result.confidence_level,
        "method": result.method,
        "evidence": {
            "grade": result.evidence.grade,
            "maryland": result.evidence.maryland,
            "nesta": result.evidence.nesta,
            "reasons": [reason.english() for reason in result.evidence.reasons],
        },
        "looks": [
            {
                "on": look.on.isoformat(),
                "effect": look.effect,
                "standard_error": look.standard_error,
                "z": look.z,
                "bound": look.bound,
                "crossed": look.crossed,
                "information": look.information,
            }
            for look in result.looks
        ],
        "checks": [
            {"name": check.name, "passed": check.passed, "detail": check.detail.english()} for check in result.checks
        ],
        "sensitivity": [_estimate(line) for line in result.sensitivity],
        "minimum_detectable_effect": result.minimum_detectable_effect,
        "weeks_needed": result.weeks_needed,
        "as_of": result.as_of.isoformat(),
        "decided_on": None if result.decided_on is None else result.decided_on.isoformat(),
        "design": result.design.name,
        "guardrails": [_guard(guard) for guard in result.guardrails],
        "subgroups": [_guard(group) for group in result.subgroups],
        "what_would_change": [message.english() for message in result.what_would_change],
    }


def _estimate(line: EffectEstimate) -> dict[str, object]:
    return {"method": line.method, "effect": line.effect, "interval": [line.interval.low, line.interval.high]}


def _guard(guard: GuardResult) -> dict[str, object]:
    found = guard.estimate
    return {
        "name": guard.name,
        "status": guard.status.value,
        "effect": None if found is None else found.effect,
        "interval": None if found is None else [found.interval.low, found.interval.high],
        "margin": guard.margin,
        "detail": None if guard.detail is None else guard.detail.english(),
    }

"""An evaluation as plain text, for a terminal."""

from __future__ import annotations

from stats.results import Evaluation


def as_text(result: Evaluation) -> str:
    """Return the evaluation as lines of English."""
    lines = [f"Verdict: {result.verdict.value} (rule: {result.rule.name})", ""]
    lines += [f"- {reason.english()}" for reason in result.reasons]
    if result.effect is not None and result.standard_error is not None and result.interval is not None:
        low, high = result.interval.low, result.interval.high
        lines += [
            "",
            f"Effect: {result.effect:.4g}, standard error {result.standard_error:.3g}, "
            f"{result.confidence_level:.0%} interval {low:.4g} to {high:.4g}",
            f"Method: {result.method}; design: {result.design.plain.english()}",
        ]
    evidence = result.evidence
    lines.append(f"Evidence, GRADE-style: {evidence.grade} (Maryland {evidence.maryland}, Nesta {evidence.nesta})")
    if result.looks:
        lines += ["", "Planned reviews (z is positive when better):"]
        lines += [
            f"  {look.on}  effect {look.effect:9.4g}  z {look.z:6.2f}  bound {look.bound:6.2f}"
            f"{'  crossed' if look.crossed else ''}"
            for look in result.looks
        ]
    marks = {True: "ok", False: "NO", None: "--"}
    if result.checks:
        lines += ["", "Checks:"]
        lines += [f"  [{marks[check.passed]}] {check.name}: {check.detail.english()}" for check in result.checks]
    if result.sensitivity:
        lines += ["", "The same by other methods:"]
        lines += [
            f"  {line.method}: {line.effect:.4g} ({line.interval.low:.4g} to {line.interval.high:.4g})"
            for line in result.sensitivity
        ]
    if result.minimum_detectable_effect is not None:
        needed = "none would do" if result.weeks_needed is None else str(result.weeks_needed)
        lines += [
            "",
            f"Smallest effect found with 80 % power at the end: {result.minimum_detectable_effect:.3g}; "
            f"further weeks needed: {needed}",
        ]
    lines += ["", "What would change this verdict:"]
    lines += [f"- {message.english()}" for message in result.what_would_change]
    return "\n".join(lines)

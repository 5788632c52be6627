"""Measured figures that the methods page prints: those of docs/methods.md, which says how they came about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tested:
    """A row of the simulations of pilots with a known truth, in per cent of pilots.

    Attributes:
        comparison_units: How many there were.
        effect: The true effect in SDs of one answer; 0 where nothing was changed.
        crossed: A review passed its bound.
        scaled: The recommendation was to scale up.
        welch: An ordinary t-test on all answers, looked at every week, found a gain.
        segmented: Segmented regression with Newey-West errors did.
        covered: The interval held the true effect.
    """

    comparison_units: int
    effect: float
    crossed: float
    scaled: float
    welch: float
    segmented: float
    covered: float


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """How often control charts give a signal when nothing has changed.

    Attributes:
        points: Points judged.
        before: Points before them that the lines rest on; 0 when the lines rest on the points themselves.
        alike: Whether neighbouring weeks were alike (correlation 0.6).
        nhs: Per cent of series with a signal by the NHS rules.
        anhoej: Per cent by Anhøj's; None where not measured.
    """

    points: int
    before: int
    alike: bool
    nhs: float
    anhoej: float | None = None


def tested() -> tuple[Tested, ...]:
    """The hard cell of `python -m benchmarks.false_scale`."""
    return (
        Tested(
            comparison_units=8, effect=0.0, crossed=3.2, scaled=2.8, welch=24.7, segmented=46.0, covered=93.3
        ),
        Tested(
            comparison_units=8, effect=0.5, crossed=77.3, scaled=75.3, welch=96.7, segmented=88.7, covered=93.5
        ),
        Tested(
            comparison_units=2, effect=0.0, crossed=2.9, scaled=2.5, welch=34.0, segmented=44.0, covered=93.5
        ),
        Tested(
            comparison_units=2, effect=0.5, crossed=64.0, scaled=62.2, welch=97.3, segmented=91.3, covered=93.5
        ),
    )  # fmt: skip


def alarms() -> tuple[Alarms, ...]:
    """Control charts of processes in which nothing changes."""
    return (
        Alarms(points=24, before=0, alike=False, nhs=19.0, anhoej=3.1),
        Alarms(points=12, before=12, alike=False, nhs=29.0),
        Alarms(points=12, before=12, alike=True, nhs=48.0),
        Alarms(points=12, before=26, alike=True, nhs=39.0),
        Alarms(points=12, before=52, alike=True, nhs=36.0),
    )

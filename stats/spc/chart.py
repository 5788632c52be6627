"""A control chart: points, their lines, and the signals by one set of rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.arguments import choice
from stats.panel import Floats
from stats.spc import anhoej, nhs
from stats.spc.kinds import ChartKind, Rule, RuleSet
from stats.spc.limits import lines_of
from stats.spc.lines import Lines
from stats.spc.phases import Phase, Rebase, spans
from stats.spc.points import Points, Series, points_of
from stats.spc.signals import Signal, stretch


@dataclass(frozen=True, eq=False, kw_only=True)
class ControlChart:
    """A control chart of T points. A missing point is NaN in `values`, and in lines that depend on its denominator.

    Attributes:
        kind: What is plotted, and from what the limits follow.
        rules: The one set of rules it was judged by.
        values: (T,) what is plotted: values, shares or rates.
        denominators: (T,) trials or exposure behind each point; None for kinds without.
        lines: The lines, limits at two sigma among them.
        phases: Stretches with lines of their own, in order.
        signals: What the rules saw, by first point.
    """

    kind: ChartKind
    rules: RuleSet
    values: Floats
    denominators: Floats | None
    lines: Lines
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]

    @property
    def centre(self) -> Floats:
        """(T,) centre line: the mean, for run and g charts the median."""
        return self.lines.centre

    @property
    def lower(self) -> Floats:
        """(T,) lower limit; NaN where there is none."""
        return self.lines.lower

    @property
    def upper(self) -> Floats:
        """(T,) upper limit; NaN where there is none."""
        return self.lines.upper

    @property
    def trial(self) -> bool:
        """True when the lines of some phase rest on fewer than 12 points."""
        return any(phase.trial for phase in self.phases)

    @property
    def last(self) -> int:
        """Index of the last point that is there."""
        return int(np.flatnonzero(np.isfinite(self.values))[-1])


def control_chart(
    values: Series,
    *,
    kind: str,
    denominators: Series | float | None = None,
    rules: str | None = None,
    split_at: Sequence[int | Rebase] = (),
    baseline: int | None = None,
) -> ControlChart:
    """Draw up a control chart and judge it by one set of rules.

    Missing weeks are NaN. They take no part in means and moving ranges (no range reaches across them), and the rules
    pass over them: they neither lengthen nor end a run.

    Args:
        values: (T,) in order of time. run, xmr: measurements. p, p_prime: counts out of `denominators`. c: counts.
            u, u_prime: events in an exposure of `denominators`. g: opportunities between two events. t: time between
            two events, above 0.
        kind: run (median, no limits), xmr (individuals, moving range), p, p_prime (Laney), c, u, u_prime (Laney),
            g (geometric) or t (time between events).
        denominators: (T,) or one number for all. Trials for p, exposure for u; run and xmr divide by it.
        rules: nhs or anhoej. Left out: nhs, for a run chart anhoej. On a chart without limits nhs is judged by its
            shift and trend rules alone.
        split_at: Where a new phase with its own lines begins: indices that were planned, or `Rebase` with a reason.
            No rule looks across it.
        baseline: The first so many points of the first phase alone give its lines; the rest are judged by them.

    Returns:
        The chart. Where limits cannot be estimated (no neighbours, no variation) they are NaN, and the phase's `note`
        says why.

    Raises:
        ValueError: No number at all, a value that the kind of chart cannot have, denominators missing or out of place,
            a split outside the chart.

    Example:
        >>> weekly = [3, 5, 4, 2, 6, 4, 3, 5, 4, 4, 5, 3, 15]
        >>> chart = control_chart(weekly, kind="c", baseline=12)
        >>> float(chart.centre[0]), float(chart.upper[0]), [signal.points for signal in chart.signals]
        (4.0, 10.0, [(12,)])
        >>> print(chart.signals[0].message)
        The value 15 is above the upper limit 10.

    References:
        The formulas are in `limits.py`, the rules in `nhs.py` and `anhoej.py`, each with its source.
    """
    chart_kind = ChartKind(choice("kind", kind, list(ChartKind)))
    default = RuleSet.NHS if chart_kind.limited else RuleSet.ANHOEJ
    rule_set = default if rules is None else RuleSet(choice("rules", rules, list(RuleSet)))
    points = points_of(chart_kind, values, denominators)
    phases, lines = _phases(chart_kind, points, spans(len(points.plotted), split_at, baseline))
    pieces = [(phase.first, phase.stop) for phase in phases]
    return ControlChart(
        kind=chart_kind,
        rules=rule_set,
        values=points.plotted,
        denominators=points.denominators,
        lines=lines,
        phases=phases,
        signals=find_signals(chart_kind, rule_set, points.plotted, lines, pieces),
    )


def find_signals(
    kind: ChartKind, rules: RuleSet, values: Floats, lines: Lines, pieces: Sequence[tuple[int, int]]
) -> tuple[Signal, ...]:
    """Signals of each piece [first, stop) on its own, by first point, then in the order of the rules."""
    found: list[Signal] = []
    judge = nhs.signals if rules is RuleSet.NHS else anhoej.signals
    for first, stop in pieces:
        found += judge(stretch(kind, values, lines, first=first, stop=stop))
    order = list(Rule)
    return tuple(sorted(found, key=lambda signal: (signal.points[0], order.index(signal.rule))))


def _phases(
    kind: ChartKind, points: Points, parts: Sequence[tuple[int, int, int, str]]
) -> tuple[tuple[Phase, ...], Lines]:
    """Each phase with its lines, put end to end."""
    phases, lines = [], []
    for first, stop, end, reason in parts:
        here = slice(first, stop)
        below = None if points.denominators is None else points.denominators[here]
        use: npt.NDArray[np.bool_] = np.arange(first, stop) < end
        found = lines_of(kind, points.plotted[here], below, use)
        count = int(np.isfinite(points.plotted[first:end]).sum())
        lines.append(found)
        phases.append(Phase(first=first, stop=stop, baseline_stop=end, points=count, reason=reason, note=found.note))
    return tuple(phases), _joined(lines)


def _joined(parts: Sequence[Lines]) -> Lines:
    return Lines(
        centre=np.concatenate([part.centre for part in parts]),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
        inner_lower=np.concatenate([part.inner_lower for part in parts]),
        inner_upper=np.concatenate([part.inner_upper for part in parts]),
    )

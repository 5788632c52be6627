"""Checks of how the numbers came about: repeated rows, impossible spreads, rounded figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.check import Check
from stats.digits import DigitTest, last_digits
from stats.messages import N_, Level, Message
from stats.metric import Kind
from stats.panel import Floats
from stats.pilot_data import Mask, PilotData
from stats.repeats import repeated_rows
from stats.scale_ends import Scale, scale_of

REPEATS_P_VALUE = 0.001
MANY_REPEATED = 0.1
"""Share of the pilot's weeks that may be copies before the effect itself is in doubt."""
SHOWN = 3
SLACK = 1.02
"""Rounding of a mean and a spread may carry them this far past what is possible."""
MANY_ANSWERS = 10
ALL_EQUAL_P_VALUE = 0.001
DIGITS_P_VALUE, DIGITS_CHANGED = 0.001, 0.01
LEAST_DIGITS, MANY_DIGITS = 20, 50
WRITTEN_DOWN = (Kind.COUNT, Kind.DURATION, Kind.COST)
"""Kinds whose single values staff may estimate and round."""


def duplicated_values(data: PilotData) -> Check | None:
    """Do weeks repeat exactly, as when a file is read twice under two dates?

    Returns:
        The check; None where weeks may well agree by chance. It keeps from scaling when more than a tenth of the
        pilot's weeks are copies.
    """
    found = repeated_rows(data.panel)
    if found is None:
        return None
    if found.p_value >= REPEATS_P_VALUE:
        text = N_("No week is an exact copy of another, beyond what chance makes of a few answers.")
        return Check(name="duplicated_values", passed=True, detail=Message(text))
    copies = sum(1 for j, _ in found.rows if j < data.pilots)
    many = copies > MANY_REPEATED * data.panel.observed[: data.pilots].sum()
    text = N_(
        "Weeks are exact copies of other weeks, with the same number of answers, mean and spread: {weeks}. "
        "A file may have been read twice under two dates."
    )
    values = {"weeks": _places(data, list(found.rows))}
    return Check(name="duplicated_values", passed=False, detail=Message(text, values), blocks_scale=many)


def implausible_spread(data: PilotData, scale: Scale | None = None) -> Check | None:
    """Can the weeks' means and spreads come from answers at all?

    On a scale from low to high, n answers with a mean m have an SD of at most sqrt((m - low)(high - m) n / (n - 1)).
    And where answers usually differ, ten or more that are all the same are unlikely to be single answers.

    Args:
        data: The pilot's weeks.
        scale: The ends of the scale that the metric's definition states; a guessed scale refutes nothing.

    Returns:
        The check; None when no week knows its spread. Impossible numbers in the pilot keep from scaling.
    """
    panel = data.panel
    if panel.kind.counted or not (panel.observed & np.isfinite(panel.sd)).any():
        return None
    ends = scale_of(panel, scale)
    outside, too_wide = _impossible(data, ends)
    impossible = [*outside, *too_wide]
    if impossible:
        first = min(impossible, key=lambda cell: (cell[1], cell[0]))
        values: dict[str, object] = {
            "count": len(impossible), "unit": panel.units[first[0]], "week": panel.weeks[first[1]],
            "mean": Level(panel.mean[first]),
        }  # fmt: skip
        if first in outside:
            text = N_(
                "Numbers that cannot be right in {count} weeks, first in {unit} in the week of {week}: the mean {mean} "
                "lies outside the scale."
            )
        else:
            text = N_(
                "Numbers that cannot be right in {count} weeks, first in {unit} in the week of {week}: no answers with "
                "the mean {mean} can differ from each other that much."
            )
        of_pilot = any(j < data.pilots for j, _ in impossible)
        return Check(name="implausible_spread", passed=False, detail=Message(text, values), blocks_scale=of_pilot)
    equal = _all_equal(data, ends)
    if equal:
        text = N_(
            "In some weeks every answer was the same, which does not happen by chance here: {weeks}. One answer may "
            "have been entered for many, or a mean in place of answers."
        )
        values = {"weeks": _places(data, equal)}
        return Check(name="implausible_spread", passed=False, detail=Message(text, values))
    text = N_("The weeks' means and spreads are such as answers can have.")
    return Check(name="implausible_spread", passed=True, detail=Message(text))


def digit_preference(data: PilotData) -> Check | None:
    """Were numbers rounded to fives and tens when they were written down?

    Rounding blurs but hardly biases, so it informs; a habit that changed with the start fails, since it can look like
    an effect. Only whole numbers of single cases, and counts, are looked at.

    Returns:
        The check; None with fewer than twenty such numbers.
    """
    groups = _written_down(data)
    everything = [values for group in groups for values in (group.before, group.after) if len(values) > 1]
    if sum(len(values) for values in everything) < LEAST_DIGITS:
        return None
    test = last_digits(everything)
    told: dict[str, object] = {
        "rounded": round(100 * test.rounded), "expected": round(100 * test.rounded_expected), "count": test.size,
    }  # fmt: skip
    other = test.size >= MANY_DIGITS and test.p_value < DIGITS_P_VALUE
    if test.heaping_p_value >= DIGITS_P_VALUE and not other:
        text = N_("The numbers do not look rounded.")
        return Check(name="digit_preference", passed=True, detail=Message(text, told))
    changed = _changed([group for group in groups if group.pilot])
    if changed is not None:
        before, after = changed
        told |= {"before": round(100 * before.rounded), "after": round(100 * after.rounded)}
        text = N_(
            "The habit of rounding changed with the start: {before} % of the pilot's numbers ended in 0 or 5 before "
            "it, {after} % after it. That alone can look like a change."
        )
        return Check(name="digit_preference", passed=False, detail=Message(text, told))
    if test.heaping_p_value < DIGITS_P_VALUE:
        text = N_(
            "Many of the numbers were rounded: {rounded} % of them end in 0 or 5, where {expected} % would by chance."
        )
    else:
        told["digit"] = int(np.argmax(test.observed - test.expected))
        text = N_("Some last digits are more common than chance makes them, most of all {digit}.")
    return Check(name="digit_preference", passed=None, detail=Message(text, told))


def _places(data: PilotData, cells: list[tuple[int, int]]) -> tuple[Message, ...]:
    """The first few unit-weeks, and how many more there are."""
    told = [
        Message("{unit} {week}", {"unit": data.panel.units[j], "week": data.panel.weeks[t]}) for j, t in cells[:SHOWN]
    ]
    if len(cells) > SHOWN:
        told.append(Message(N_("and {count} more"), {"count": len(cells) - SHOWN}))
    return tuple(told)


def _impossible(data: PilotData, ends: Scale) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Unit-weeks whose mean is outside the scale, and those whose spread is too wide for their mean."""
    panel = data.panel
    if ends.guessed:
        return [], []
    width = ends.high - ends.low
    slack = (SLACK - 1.0) * width if np.isfinite(width) else 0.0
    outside = panel.observed & ((panel.mean < ends.low - slack) | (panel.mean > ends.high + slack))
    if not np.isfinite(width):
        return _cells(outside), []
    with np.errstate(invalid="ignore", divide="ignore"):
        most = np.sqrt(np.clip((panel.mean - ends.low) * (ends.high - panel.mean), 0.0, None) * panel.n / (panel.n - 1))
    wide = panel.observed & ~outside & (panel.n > 1) & (panel.sd > SLACK * most + (SLACK - 1.0) * width / 10)
    return _cells(outside), _cells(wide)


def _all_equal(data: PilotData, ends: Scale) -> list[tuple[int, int]]:
    """Unit-weeks of many equal answers that the unit's other weeks make all but impossible.

    With Y the distance of an answer from the value that all gave, P(Y > 0) is at least E[Y]^2 / E[Y^2] (Paley &
    Zygmund 1932) and at least E[Y^2] over the square of the farthest distance on the scale, both from the other weeks.
    """
    panel = data.panel
    known = panel.observed & np.isfinite(panel.sd) & (panel.n > 1)
    suspects = _cells(known & (panel.sd == 0) & (panel.n >= MANY_ANSWERS))
    found = []
    for j, t in suspects:
        others = known[j].copy()
        others[t] = False
        if not others.any():
            continue
        n, value = panel.n[j][others], panel.mean[j, t]
        away = float(np.average(np.abs(panel.mean[j][others] - value), weights=n))
        squares = panel.sd[j][others] ** 2 + (panel.mean[j][others] - value) ** 2
        square = float(np.average(squares, weights=n))
        farthest = max(value - ends.low, ends.high - value)
        differs = max(away**2 / square if square > 0 else 0.0, square / farthest**2 if np.isfinite(farthest) else 0.0)
        chance = (1.0 - min(differs, 1.0)) ** panel.n[j, t]
        if chance * known.sum() < ALL_EQUAL_P_VALUE:
            found.append((j, t))
    return found


def _cells(mask: Mask) -> list[tuple[int, int]]:
    return [(int(j), int(t)) for j, t in np.argwhere(mask)]


@dataclass(frozen=True, eq=False)
class _Written:
    pilot: bool
    before: Floats
    after: Floats


def _written_down(data: PilotData) -> list[_Written]:
    """Whole numbers of each unit: counts, or single cases' durations and costs."""
    panel = data.panel
    if panel.kind not in WRITTEN_DOWN:
        return []
    values = panel.count if panel.kind is Kind.COUNT else panel.mean
    single = panel.observed if panel.kind is Kind.COUNT else panel.observed & (panel.n == 1)
    found = []
    for j in range(len(panel.units)):
        own = data.treated[j] > 0 if j < data.pilots else data.after
        parts = [values[j][single[j] & (own == side)] for side in (False, True)]
        if any((part != np.round(part)).any() or (part < 0).any() for part in parts):
            return []  # not written down as whole numbers
        found.append(_Written(j < data.pilots, *parts))
    return found


def _changed(pilots: list[_Written]) -> tuple[DigitTest, DigitTest] | None:
    """The pilot's digits on each side, when rounding became more or less common beyond chance."""
    sides = [[v for v in (getattr(one, side) for one in pilots) if len(v) > 1] for side in ("before", "after")]
    if not all(sides):
        return None
    before, after = (last_digits(side) for side in sides)
    excess = (after.rounded - after.rounded_expected) - (before.rounded - before.rounded_expected)
    pooled = (before.rounded * before.size + after.rounded * after.size) / (before.size + after.size)
    error = np.sqrt(pooled * (1 - pooled) * (1 / before.size + 1 / after.size))
    if error == 0:
        return None
    chance = 2 * float(scipy.stats.norm.sf(abs(excess) / error))
    return (before, after) if chance < DIGITS_CHANGED else None

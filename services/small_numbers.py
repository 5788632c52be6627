"""What a small group is, and what may be shown beside each other so that no small group can be worked out.

docs/small-numbers.md says which figures are hidden and why.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST_CUSTOMERS, LEAST_STAFF = 10, 5
"""A figure that describes a group of fewer customers, or of fewer staff, is not shown."""


def shown(groups: Mapping[str, float], *, total: float | None, least: float) -> frozenset[str]:
    """Which of several groups may be shown beside their total without giving a small one away.

    Groups below the least are hidden. When what the shown ones leave of the total is itself below it, a reader could
    work it out by subtraction; so the smallest shown group is hidden too, until enough people share what is hidden.

    Args:
        groups: People (or answers) behind each group.
        total: Behind all of them, where a total is shown; None where none is.
        least: The fewest that are shown.

    >>> sorted(shown({"fi": 60, "sv": 7, "en": 20}, total=87, least=10))
    ['fi']
    >>> sorted(shown({"fi": 60, "sv": 17}, total=77, least=10))
    ['fi', 'sv']
    """
    kept = {name: size for name, size in groups.items() if size >= least}
    while total is not None and kept and 0 < total - sum(kept.values()) < least:
        del kept[min(kept, key=lambda name: (kept[name], name))]
    return frozenset(kept)

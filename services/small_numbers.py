"""What a small group is, and what may be shown beside each other so that no small group can be worked out.

docs/small-numbers.md says which figures are hidden and why. `services.small_grid` does the same for two-way tables.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

LEAST_CUSTOMERS, LEAST_STAFF = 10, 5
"""A figure that describes a group of fewer customers, or of fewer staff, is not shown."""

Name = TypeVar("Name", bound=Hashable)
Group = TypeVar("Group", bound=str)


def few(size: float, *, least: float = LEAST_CUSTOMERS) -> bool:
    """Whether there is somebody, but so few that the figure is not shown. Nobody is no group, so 0 is told.

    >>> few(0), few(9), few(10)
    (False, True, False)
    """
    return 0 < size < least


def apart(part: float, whole: float, *, least: float = LEAST_CUSTOMERS) -> bool:
    """Whether a part may be told beside its whole: neither the part nor what is left of the whole is a small group.

    >>> apart(12, 40), apart(35, 40), apart(3, 40), apart(40, 40), apart(0, 40)
    (True, False, False, True, True)
    """
    return not few(part, least=least) and not few(whole - part, least=least)


def shown(groups: Mapping[Group, float], *, total: float | None, least: float) -> frozenset[Group]:
    """Which of several groups may be shown beside their total without giving a small one away.

    Groups below the least are hidden. When what the shown ones leave of the total is too little to hide the small ones
    in, the smallest shown group is hidden too, until enough people share what is hidden: each hidden group may then be
    of any size from 1 to least - 1, as far as the shown ones and the total tell. Where the groups are all hidden and
    the total is hardly more than the least, the total alone can leave less room; it is then for the caller to hide it.

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
    while total is not None and kept and not roomy(total - sum(kept.values()), _left(groups, kept), least=least):
        del kept[min(kept, key=lambda name: (kept[name], name))]
    return frozenset(kept)


def roomy(left: float, hidden: int, *, least: float) -> bool:
    """Whether so many hidden groups, of `left` people together, are safe: each may be of 1 to least - 1 people.

    >>> roomy(0, 0, least=10), roomy(9, 1, least=10), roomy(10, 2, least=10), roomy(10, 3, least=10)
    (True, False, True, False)
    """
    return left <= 0 or left >= least + max(hidden - 2, 0)


def _left(groups: Mapping[Group, float], kept: Mapping[Group, float]) -> int:
    return sum(size > 0 for name, size in groups.items() if name not in kept)


def shown_in_tree(
    sizes: Mapping[Name, float], above: Mapping[Name, Name | None], *, least: float = LEAST_CUSTOMERS
) -> frozenset[Name]:
    """Nodes of a tree whose numbers may be shown, though whoever reads them may choose any node.

    A node's number is that of everything below it, so that siblings can be subtracted from what they lie in. Below a
    hidden node everything is hidden.

    Args:
        sizes: People of each node itself, those below it not counted.
        above: The node that each lies in; None for a root.
        least: The fewest that are shown.

    >>> tree = {"county": None, "north": "county", "south": "county", "n1": "north", "n2": "north"}
    >>> sorted(shown_in_tree({"n1": 30, "n2": 4, "south": 40}, tree))
    ['county', 'north', 'south']
    """
    below: dict[Name | None, list[Name]] = {}
    for name, parent in above.items():
        below.setdefault(parent if parent in above else None, []).append(name)
    whole: dict[Name, float] = {}

    def add(name: Name) -> float:
        whole[name] = sizes.get(name, 0.0) + sum(add(child) for child in below.get(name, ()))
        return whole[name]

    found: set[Name] = set()

    def look(names: Sequence[Name], own: float, total: float | None) -> None:
        groups = {str(place): whole[name] for place, name in enumerate(names)}
        kept = shown({**groups, "own": own}, total=total, least=least)
        for place, name in enumerate(names):
            if str(place) in kept or not whole[name]:
                found.add(name)
                children = below.get(name, ())
                if whole[name] and children:
                    look(children, sizes.get(name, 0.0), whole[name])

    roots = below.get(None, [])
    for root in roots:
        add(root)
    look(roots, 0.0, None)
    return frozenset(found)


def told_together(batches: Iterable[tuple[Hashable, Sequence[Hashable]]], *, least: int) -> list[Hashable]:
    """Which batches of answers a running mean may hold, so that no later mean gives a few people's answers away.

    Batches come in the order of time, each closed: nobody adds to it any more. One of enough people counts at once.
    Smaller ones wait until those that wait have enough people together, so that what two successive means differ by is
    always the answers of at least `least` people, and so is what is left of a mean without the batches told by
    themselves.

    Args:
        batches: The name of each, and who answered in it.
        least: The fewest people whose answers are told.

    >>> told_together([(1, "abc"), (2, "abcde"), (3, "ab"), (4, "de"), (5, "a")], least=5)
    [2, 1, 3, 4]
    """
    told: list[Hashable] = []
    waiting: list[Hashable] = []
    people: set[Hashable] = set()
    for name, who in batches:
        if len(set(who)) >= least:
            told.append(name)
            continue
        waiting.append(name)
        people.update(who)
        if len(people) >= least:
            told += waiting
            waiting, people = [], set()
    return told

"""Units that merged or were renamed: what came before a unit belongs to its series."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.organisation import LineageKind, UnitLineage


def sources(session: Session, unit_ids: Sequence[int]) -> dict[int, int]:
    """Every unit whose values belong to the series of the units asked for: source id -> the unit it belongs to.

    A unit is its own source; so are, at any distance, the units that merged into it or were renamed to it. A unit that
    was split belongs to none of its successors, since nobody knows which answers were whose. A unit asked for by
    itself keeps its own series.
    """
    links = session.exec(select(UnitLineage).where(col(UnitLineage.kind) != LineageKind.SPLIT)).all()
    before: dict[int, list[int]] = {}
    for link in links:
        before.setdefault(link.successor_id, []).append(link.predecessor_id)
    found = {unit_id: unit_id for unit_id in unit_ids}
    for unit_id in unit_ids:
        waiting = list(before.get(unit_id, []))
        while waiting:
            source = waiting.pop()
            if source not in found:
                found[source] = unit_id
                waiting.extend(before.get(source, []))
    return found

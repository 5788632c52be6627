"""What people did: the statuses a pilot went through, and the weekly log of those who carried it out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.demo.county import County
from services.demo.curves import stream
from services.demo.pilot_facts import DemoPilot
from services.demo.truth import EVERYONE, Key, Truth

IDEA_WEEKS, PLANNED_WEEKS = 5, 2
"""How long before its start a pilot was written down as an idea, and registered."""
LOGGED = 0.92
"""Share of weeks in which someone remembered to log."""
WORK_SD = 0.8


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """A pilot's new status in a week, Monday 0 (weeks may lie before the first)."""

    pilot: str
    status: str
    week: int
    day: int = 0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One week's entry in a pilot's log."""

    pilot: str
    week: int
    day: int
    happened: str
    work_went: int
    note: str
    by: str | None


def statuses(county: County) -> list[StatusChange]:
    """Every pilot's history, oldest first within a pilot."""
    rows: list[StatusChange] = []
    decided = {decision.pilot: decision for decision in county.decisions}
    for pilot in county.pilots:
        start, last = pilot.start_week, county.meta.weeks
        begin = start if start is not None else last
        rows.append(StatusChange(pilot=pilot.code, status="idea", week=begin - IDEA_WEEKS))
        if pilot.status == "idea":
            continue
        rows.append(StatusChange(pilot=pilot.code, status="planned", week=begin - PLANNED_WEEKS, day=1))
        if start is None:
            continue
        rows.append(StatusChange(pilot=pilot.code, status="running", week=start))
        if start + pilot.planned_weeks < last:
            rows.append(StatusChange(pilot=pilot.code, status="awaiting_decision", week=start + pilot.planned_weeks))
        if pilot.code in decided:
            decision = decided[pilot.code]
            days = (decision.date - county.meta.first_week).days
            note = decision.reason["fi"]
            rows.append(StatusChange(pilot=pilot.code, status=decision.status, week=days // 7, day=days % 7, note=note))
    return rows


def log(county: County, truths: dict[Key, Truth], seed: int) -> list[Logged]:
    """Weekly entries of every pilot that has started, until its plan ends."""
    return [entry for pilot in county.pilots for entry in _log_of(county, truths, pilot, seed)]


def _log_of(county: County, truths: dict[Key, Truth], pilot: DemoPilot, seed: int) -> list[Logged]:
    if pilot.start_week is None:
        return []
    rng = stream(seed, "log", pilot.code)
    weeks = [
        week
        for week in range(pilot.start_week, min(pilot.start_week + pilot.planned_weeks, county.meta.weeks))
        if rng.random() < LOGGED
    ]
    noted = rng.choice(len(weeks), size=min(len(pilot.log.notes), len(weeks)), replace=False)
    notes = dict(zip(sorted(noted.tolist()), pilot.log.notes, strict=False))
    pulse = truths.get(("pulse", pilot.unit, EVERYONE))
    writers = [user.code for user in county.users if user.unit == pilot.unit]
    yes, partly = pilot.log.happened
    entries = []
    for index, week in enumerate(weeks):
        level = pulse.total[week] if pulse is not None else 3.5
        entries.append(
            Logged(
                pilot=pilot.code,
                week=week,
                day=int(rng.integers(3, 5)),
                happened=str(rng.choice(["yes", "partly", "no"], p=[yes, partly, round(1 - yes - partly, 6)])),
                work_went=int(np.clip(round(rng.normal(level, WORK_SD)), 1, 5)),
                note=notes.get(index, ""),
                by=writers[index % len(writers)] if writers else None,
            )
        )
    return entries

"""What every unit's series truly is, week by week, before any answer is drawn.

One series for each (measure, unit, population): the measure is a survey item (recommend, thl1...) when answers feed
the metric, else the metric itself. A pilot's own unit takes the mean that the pilot states; a guardrail's baseline
comes next; a comparison unit lies near the pilot's mean (an offset of 1.5 between-week SDs), except that the 0-10
recommendation of a unit is a fact of the unit. What a pilot states about trend and season moves every unit that
pilots link through that measure, so that a comparison sees the same world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from services.demo import curves
from services.demo.county import County
from services.demo.curves import Weeks
from services.demo.facts import Behaviour, DemoUnit
from services.demo.pilot_facts import DemoPilot

RECOMMEND = "recommend"
COMPARISON_OFFSET = 1.5
"""SD of a comparison unit's offset from the pilot's mean, in between-week SDs."""
EVERYONE = ""

Key = tuple[str, str, str]
"""Measure, unit, population."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A series before trend, shocks and effects: its level, spread and volume."""

    mu: float
    sd: float
    between: float
    ar1: float
    n_week: float
    family: str
    every_weeks: int = 1


@dataclass(kw_only=True)
class Truth:
    """One series.

    Attributes:
        mean: Weekly mean without the effect of the unit's own pilot.
        effect: Weekly effect of that pilot (zero where none).
        pilot: The pilot whose primary metric the effect is on, when its subgroups differ.
        sd: SD of single answers.
        n_week: Expected observations a week.
        family: normal, binomial or poisson.
        every_weeks: 1 for weekly series, 13 for quarterly ones.
    """

    measure: str
    unit: str
    population: str
    mean: Weeks
    effect: Weeks
    sd: float
    n_week: float
    family: str
    every_weeks: int = 1
    pilot: DemoPilot | None = field(default=None)

    @property
    def total(self) -> Weeks:
        """Weekly mean with the effect."""
        return self.mean + self.effect


def measure_of(county: County, metric: str) -> str:
    """The survey item that feeds a metric, else the metric's own code."""
    return county.metric(metric).item or metric


def truths(county: County, seed: int) -> dict[Key, Truth]:
    """Every series of the county, from the stated facts and a seed."""
    drafts = _drafts(county, seed)
    linked = curves.components(_links(county))
    moving: dict[tuple[str, str], Weeks] = {}
    for pilot in county.pilots:
        node = linked[measure_of(county, pilot.metric), pilot.unit]
        moving[node] = moving.get(node, 0) + curves.shared(pilot.process, county.meta.weeks)
    found = {}
    for key, draft in drafts.items():
        measure, unit, population = key
        shock = curves.shocks(curves.stream(seed, "shock", *key), county.meta.weeks, sd=draft.between, ar1=draft.ar1)
        mean = draft.mu + shock + moving.get(linked.get((measure, unit), ("", "")), 0)
        found[key] = Truth(
            measure=measure,
            unit=unit,
            population=population,
            mean=mean,
            effect=np.zeros(county.meta.weeks),
            sd=draft.sd,
            n_week=draft.n_week,
            family=draft.family,
            every_weeks=draft.every_weeks,
        )
    _apply_effects(county, found)
    return found


def _apply_effects(county: County, found: dict[Key, Truth]) -> None:
    for pilot in county.pilots:
        force = curves.in_force(county, pilot)
        own = found[measure_of(county, pilot.metric), pilot.unit, pilot.population]
        own.mean = own.mean + curves.passing(pilot, county.meta.weeks)
        own.effect = own.effect + pilot.process.effect * force
        if any(group.population != pilot.population for group in pilot.subgroups):
            own.pilot = pilot
        for guard in pilot.guardrails:
            series = found[measure_of(county, guard.metric), pilot.unit, EVERYONE]
            series.mean = series.mean + guard.true_effect * force
    for decision in county.decisions:
        pilot = county.pilot(decision.pilot)
        first = (decision.date - county.meta.first_week).days // 7 + 1
        force = curves.ramp(county.meta.weeks, start=first, ramp_weeks=pilot.process.ramp_weeks)
        for unit in decision.units:
            if unit != pilot.unit:
                series = found[measure_of(county, pilot.metric), unit, pilot.population]
                series.mean = series.mean + pilot.process.effect * force


def _links(county: County) -> Iterator[tuple[str, list[str]]]:
    for pilot in county.pilots:
        units = [pilot.unit, *pilot.comparison_units]
        for metric in (pilot.metric, *(guard.metric for guard in pilot.guardrails)):
            yield measure_of(county, metric), units


def _drafts(county: County, seed: int) -> dict[Key, Draft]:
    drafts: dict[Key, Draft] = {}
    for pilot in county.pilots:
        drafts[measure_of(county, pilot.metric), pilot.unit, pilot.population] = _primary(pilot)
    for pilot in county.pilots:
        for guard in pilot.guardrails:
            key = (measure_of(county, guard.metric), pilot.unit, EVERYONE)
            drafts.setdefault(key, _background(county, guard.metric, county.unit(pilot.unit), guard.baseline))
    for pilot in county.pilots:
        adopting = [unit for d in county.decisions if d.pilot == pilot.code for unit in d.units]
        _beside(county, drafts, pilot, pilot.metric, pilot.population, [*pilot.comparison_units, *adopting], seed)
        for guard in pilot.guardrails:
            _beside(county, drafts, pilot, guard.metric, EVERYONE, pilot.comparison_units, seed)
    for unit in county.units:
        key = (RECOMMEND, unit.code, EVERYONE)
        drafts.setdefault(key, _background(county, "nps_mean", unit, unit.mean_0_10))
    for group_key in [key for key in drafts if key[0] == RECOMMEND and key[2] == "language:sv"]:
        _rest_of_unit(county, drafts, group_key)
    _background_only(county, drafts, seed)
    return drafts


def _primary(pilot: DemoPilot) -> Draft:
    process = pilot.process
    return Draft(
        mu=process.mu,
        sd=process.sd,
        between=process.between_week_sd,
        ar1=process.ar1,
        n_week=process.n_week,
        family=process.family,
    )


def _beside(
    county: County,
    drafts: dict[Key, Draft],
    pilot: DemoPilot,
    metric: str,
    population: str,
    units: list[str],
    seed: int,
) -> None:
    """Series of the units that a pilot is compared with or that take its change up later."""
    measure = measure_of(county, metric)
    own = drafts[measure, pilot.unit, population]
    only = county.background.applies_only_to.get(metric)
    for code in units:
        unit = county.unit(code)
        key = (measure, code, population)
        if key in drafts or (only is not None and unit.area not in only):
            continue
        if measure == RECOMMEND and population == EVERYONE:
            mu = unit.mean_0_10
        else:
            mu = own.mu + curves.stream(seed, "offset", *key).normal(0, COMPARISON_OFFSET * own.between)
        if metric == "pulse":
            volume = unit.staff / county.unit(pilot.unit).staff
        else:
            volume = unit.weekly_responses / county.unit(pilot.unit).weekly_responses
        drafts[key] = Draft(
            mu=mu,
            sd=own.sd,
            between=own.between,
            ar1=own.ar1,
            n_week=own.n_week if own.family == "poisson" else own.n_week * volume,
            family=own.family,
        )


def _background(county: County, metric: str, unit: DemoUnit, mu: float) -> Draft:
    """A series that no pilot's process states, from the county's background behaviour."""
    item = county.metric(metric).item
    name = metric if item is None else ("recommend" if item == RECOMMEND else "statement")
    facts = county.background.metrics[name]
    kind = county.metric(metric).kind
    return Draft(
        mu=mu,
        sd=_first(facts.sd, None if facts.cv is None else facts.cv * mu, 0.0),
        between=_first(facts.between, None if facts.between_cv is None else facts.between_cv * mu, 0.0),
        ar1=county.background.ar1,
        n_week=_volume(facts, unit),
        family={"proportion": "binomial", "count": "poisson"}.get(kind, "normal"),
        every_weeks=facts.every_weeks,
    )


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _volume(facts: Behaviour, unit: DemoUnit) -> float:
    if facts.n_per_staff is not None:
        return facts.n_per_staff * unit.staff
    if facts.n_per_response is not None:
        return facts.n_per_response * unit.weekly_responses
    return unit.weekly_responses if facts.rate is None and facts.sd is not None else 1.0


def _rest_of_unit(county: County, drafts: dict[Key, Draft], group_key: Key) -> None:
    """Where Swedish speakers have a series of their own, the others' mean keeps the whole unit's mean."""
    measure, code, _ = group_key
    unit = county.unit(code)
    whole, share = drafts[measure, code, EVERYONE], unit.swedish_share
    mu = (whole.mu - share * drafts[group_key].mu) / (1 - share)
    drafts[measure, code, EVERYONE] = replace(whole, mu=mu)


def _background_only(county: County, drafts: dict[Key, Draft], seed: int) -> None:
    """Statements asked beside a unit's own, and series that only give context: eNPS, cost of a visit."""
    statements = [m.code for m in county.metrics if m.item and m.item.startswith("thl")]
    for unit in county.units:
        asked = [s for s in statements if (s, unit.code, EVERYONE) in drafts]
        others = [s for s in statements if s not in asked]
        rng = curves.stream(seed, "statements", unit.code)
        facts = county.background.metrics["statement"]
        for statement in sorted(rng.choice(others, size=max(3 - len(asked), 1), replace=False)):
            level = 4.2 + 0.35 * (unit.mean_0_10 - 8.6) + rng.normal(0, 0.1)
            draft = _background(county, statement, unit, float(np.clip(level, 2.5, 4.7)))
            drafts[statement, unit.code, EVERYONE] = replace(draft, n_week=unit.weekly_responses * _first(facts.rate))
        enps = county.background.metrics["enps"]
        level = _first(enps.baseline) + curves.stream(seed, "enps", unit.code).normal(0, enps.baseline_sd)
        drafts["enps", unit.code, EVERYONE] = _background(county, "enps", unit, level)
    for code, mu in county.background.metrics["eur"].units.items():
        drafts["eur", code, EVERYONE] = _background(county, "eur", county.unit(code), mu)

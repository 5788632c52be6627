"""Who answers, when and through which channel: everything about an answer except its scores."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.demo.county import County
from services.demo.curves import stream
from services.demo.facts import DemoUnit

DAYS = (0.21, 0.20, 0.19, 0.19, 0.16, 0.03, 0.02)
"""Share of a week's answers by day, Monday first."""
OTHER_LANGUAGES = {"en": 0.02, "ru": 0.007, "ar": 0.004, "so": 0.003}
AGE_KNOWN, LIFE_KNOWN = 0.92, 0.85
ANONYMOUS = "kiosk"
"""A channel that asks nobody's age or life situation."""

Text = NDArray[np.object_]
Whole = NDArray[np.int64]


@dataclass(kw_only=True)
class Answers:
    """All answers, one entry each, ordered by unit and week.

    Attributes:
        unit: Index into county.units.
        week: Week from 0.
        day: Day of the week, Monday 0.
        channel, language, age, life: Codes; age and life are the truth, known only where `known_*` says so.
        comment: Index into county.comments, else -1.
    """

    unit: Whole
    week: Whole
    day: Whole
    channel: Text
    language: Text
    age: Text
    life: Text
    known_age: NDArray[np.bool_]
    known_life: NDArray[np.bool_]
    comment: Whole
    cells: Whole = field(init=False)

    def __post_init__(self) -> None:
        self.cells = self.unit * (int(self.week.max()) + 1) + self.week

    def __len__(self) -> int:
        return len(self.unit)


def raked(
    seed_table: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A table with given row and column sums, as near to the given one as may be (iterative proportional fitting).

    Args:
        seed_table: Weights, shape (R, C); zeros stay zero.
        rows: Sums over columns, shape (R,).
        columns: Sums over rows, shape (C,); scaled to the same total.

    Raises:
        ValueError: The sums cannot be met with these zeros.
    """
    table, wanted = seed_table.astype(float), columns * rows.sum() / columns.sum()
    for _ in range(500):
        table *= (wanted / table.sum(axis=0))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
        if np.allclose(table.sum(axis=0), wanted, rtol=1e-6):
            return table
    raise ValueError("county.json: the stated shares cannot be met with the zeros that its units state.")


def channel_shares(county: County) -> dict[str, dict[str, float]]:
    """Each unit's channel mix, so that the county's mix is met over the units that share it."""
    facts, names = county.unit_channels, list(county.channel_mix)
    units = [unit for unit in county.units if unit.code not in facts.fixed]
    weights = np.array(
        [
            [
                county.channel_mix[name]
                * facts.weights.get(unit.code, {}).get(name, 1.0)
                * (name != ANONYMOUS or unit.code in facts.kiosk_units)
                for name in names
            ]
            for unit in units
        ]
    )
    volume = np.array([unit.weekly_responses for unit in units])
    everyone = {unit.code: unit.weekly_responses for unit in county.units}
    total = sum(everyone[unit.code] for unit in county.units if unit.customer_type == "external")
    taken = {name: sum(everyone[code] * mix.get(name, 0.0) for code, mix in facts.fixed.items()) for name in names}
    left = np.array([max(county.channel_mix[name] * total - taken[name], 1e-9) for name in names])
    table = raked(weights, volume, left)
    shares = table / table.sum(axis=1, keepdims=True)
    return {unit.code: dict(zip(names, shares[i].tolist(), strict=True)) for i, unit in enumerate(units)} | facts.fixed


def draw(county: County, seed: int) -> Answers:
    """Draw every answer of every unit and week, the written comments among them."""
    weeks = county.meta.weeks
    activity = _activity(county, seed)
    mixes = channel_shares(county)
    parts = []
    for index, unit in enumerate(county.units):
        rng = stream(seed, "people", unit.code)
        rate = unit.weekly_responses * activity
        changes = [change for change in county.unit_channels.changes if change.unit == unit.code]
        for change in changes:
            rate[change.from_week :] *= change.volume
        placed = {
            w: [i for i, c in enumerate(county.comments) if c.unit == unit.code and _week(county, i, seed) == w]
            for w in range(weeks)
        }
        counts = np.maximum(rng.poisson(rate), [max(len(placed[w]), 1) for w in range(weeks)])
        week = np.repeat(np.arange(weeks), counts)
        channel = _pick(rng, mixes[unit.code], len(week))
        for change in changes:
            later = week >= change.from_week
            channel[later] = _pick(rng, change.mix, int(later.sum()))
        part = _respondents(county, unit, index, week, channel, rng)
        _place_comments(county, part, placed)
        parts.append(part)
    return Answers(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _activity(county: County, seed: int) -> NDArray[np.float64]:
    facts = county.background.activity
    low, high = facts.summer_weeks
    level: NDArray[np.float64] = np.exp(stream(seed, "activity").normal(0, facts.between, county.meta.weeks))
    level[low : high + 1] *= facts.summer
    level /= level.mean()
    return level


def _pick(rng: np.random.Generator, shares: dict[str, float], size: int) -> Text:
    names, p = list(shares), np.array(list(shares.values()), dtype=float)
    return np.array(names, dtype=object)[rng.choice(len(names), size=size, p=p / p.sum())]


def _respondents(
    county: County, unit: DemoUnit, index: int, week: Whole, channel: Text, rng: np.random.Generator
) -> dict[str, NDArray[np.generic]]:
    size = len(week)
    profile = county.age_profiles[county.unit_age_profile.get(unit.code, "general")]
    age = _pick(rng, dict(zip(county.age_groups, profile, strict=True)), size)
    own = county.unit_life.get(unit.code, {})
    life = np.empty(size, dtype=object)
    for group in county.age_groups:
        here = age == group
        life[here] = _pick(rng, own.get(group, own.get("*", county.life_profiles[group])), int(here.sum()))
    sv = swedish_share(county, unit)
    others = {name: share for name, share in OTHER_LANGUAGES.items() if unit.customer_type == "external"}
    language = _pick(rng, {"sv": sv, **others, "fi": 1 - sv - sum(others.values())}, size)
    named = channel != ANONYMOUS
    internal = unit.customer_type == "internal"
    return {
        "unit": np.full(size, index),
        "week": week,
        "day": rng.choice(7, size=size, p=DAYS),
        "channel": channel,
        "language": language,
        "age": age,
        "life": life,
        "known_age": named & (rng.random(size) < AGE_KNOWN) & (not internal),
        "known_life": named & ((rng.random(size) < LIFE_KNOWN) | internal),
        "comment": np.full(size, -1),
    }


def swedish_share(county: County, unit: DemoUnit) -> float:
    """The unit's share of Swedish speakers; a pilot that states the share among its respondents knows it better."""
    for pilot in county.pilots:
        for group in pilot.subgroups:
            if pilot.unit == unit.code and not pilot.population and group.population == "language:sv":
                return group.share
    return unit.swedish_share


def _week(county: County, comment: int, seed: int) -> int:
    """The week a comment came, within the weeks its text allows."""
    low, high = county.comments[comment].weeks
    return int(stream(seed, "comment", county.comments[comment].id).integers(low, high + 1))


def _place_comments(county: County, part: dict[str, NDArray[np.generic]], placed: dict[int, list[int]]) -> None:
    """Let the first answers of their weeks be the written comments, with what is known of each."""
    for week, found in placed.items():
        first = int(np.searchsorted(part["week"], week))
        for offset, index in enumerate(found):
            comment, row = county.comments[index], first + offset
            part["comment"][row] = index
            part["channel"][row], part["language"][row] = comment.channel, comment.language
            part["known_age"][row], part["known_life"][row] = (
                comment.age_group is not None,
                comment.life_situation is not None,
            )
            if comment.age_group is not None:
                part["age"][row] = comment.age_group
            if comment.life_situation is not None:
                part["life"][row] = comment.life_situation

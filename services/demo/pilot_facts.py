"""What the demo county states about a pilot: its plan, and the truth its series are simulated from."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from services.demo.facts import Fact, Names, Share


class Guardrail(Fact):
    """A metric that must not worsen, with the truth behind it; `limit` carries the sign of worsening."""

    metric: str
    baseline: float
    true_effect: float
    limit: float


class Subgroup(Fact):
    """A group that the change treats differently; without a population it cannot be told apart in the data."""

    population: str | None
    names: Names
    share: Share
    true_effect: float


class Shock(Fact):
    """A passing push on the pilot unit that the change did not cause."""

    week: int
    weeks: int
    delta: float
    scope: Literal["unit"]


class Process(Fact):
    """The data-generating process of a pilot's primary metric."""

    family: Literal["normal", "binomial", "poisson"]
    mu: float
    sd: float
    n_week: float
    between_week_sd: float
    ar1: float
    trend_per_week: float
    trend_from_week: int
    season_amp: float
    season_peak_week: float | None
    selection_dip: float
    effect: float
    ramp_weeks: int
    fade_half_life_weeks: float | None
    shocks: list[Shock]


class LogFacts(Fact):
    """How faithfully the change was carried out (shares of yes and partly), and what staff wrote."""

    happened: tuple[float, float]
    notes: list[str]


class SimCheck(Fact):
    """What simulating the pilot alone, many times, gave: mean before/after and difference-in-differences."""

    weeks_post: int
    weeks_pre: int
    naive_mean: float
    naive_sig: float
    did_mean: float
    did_sig: float
    did_trim_mean: float | None
    did_trim_sig: float
    naive_sig_first_5_weeks: float | None = None
    naive_sig_after_week_5: float | None = None


class DemoPilot(Fact):
    """A pilot: the eight questions, its plan, and the truth it is simulated from."""

    code: str
    title: Names
    unit: str
    comparison_units: list[str]
    themes: list[str] = Field(min_length=1)
    status: str
    customer_type: Literal["external", "internal"]
    risk: Literal["low", "moderate", "high"]
    kind: str
    service_path: str | None
    customers_say: Names
    change: Names
    prediction: Names
    noticing: Names
    must_not_worsen: Names
    resources: Names
    taken_part: Names
    lesson: Names
    setup_hours: float
    setup_eur: float
    staff_hours_per_week: float
    metric: str
    population: str
    smallest_change: float
    start_week: int | None
    start: dt.date | None
    planned_weeks: int
    pre_weeks: int
    trigger_weeks: int
    proposed_start_week: int | None
    owner: str
    guardrails: list[Guardrail]
    subgroups: list[Subgroup]
    process: Process
    log: LogFacts
    expected_verdict: str
    trap: str | None
    note: str
    sim_check: SimCheck | None

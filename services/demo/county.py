"""The demo county's facts, read from county.json and checked at the door."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from services.demo.facts import (
    Area,
    Background,
    Comment,
    DemoDecision,
    DemoEvent,
    DemoMetric,
    DemoStory,
    DemoTheme,
    DemoUnit,
    DemoUser,
    Fact,
    Meta,
    Named,
    Names,
    Proposal,
    ServicePath,
    Share,
    UnitChannels,
)
from services.demo.pilot_facts import DemoPilot

FILE = Path(__file__).with_name("county.json")


class County(Fact):
    """The whole invented county."""

    meta: Meta
    areas: list[Area]
    units: list[DemoUnit]
    themes: list[DemoTheme]
    metrics: list[DemoMetric]
    background: Background
    channel_mix: dict[str, Share]
    solicited: dict[str, bool]
    unit_channels: UnitChannels
    age_groups: list[str]
    age_profiles: dict[str, list[Share]]
    unit_age_profile: dict[str, str]
    life_situations: list[Named]
    life_profiles: dict[str, dict[str, Share]]
    unit_life: dict[str, dict[str, dict[str, Share]]]
    service_paths: list[ServicePath]
    events: list[DemoEvent]
    users: list[DemoUser]
    rules: list[Names]
    staff_proposals: list[Proposal]
    decisions: list[DemoDecision]
    stories: list[DemoStory]
    pilots: list[DemoPilot]
    comments: list[Comment]

    def unit(self, code: str) -> DemoUnit:
        """The unit with a code."""
        return next(unit for unit in self.units if unit.code == code)

    def metric(self, code: str) -> DemoMetric:
        """The metric with a code."""
        return next(metric for metric in self.metrics if metric.code == code)

    def pilot(self, code: str) -> DemoPilot:
        """The pilot with a code."""
        return next(pilot for pilot in self.pilots if pilot.code == code)


@lru_cache(maxsize=1)
def load_county() -> County:
    """The county of county.json."""
    return County.model_validate_json(FILE.read_text(encoding="utf-8"))

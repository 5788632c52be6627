"""What the demo county states about itself, apart from its pilots: the shapes of county.json."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Names = dict[str, str]
"""One text in Finnish, Swedish and English."""

Share = Annotated[float, Field(ge=0, le=1)]
WeekRange = tuple[int, int]


class Fact(BaseModel):
    """Anything stated in county.json: unknown fields are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Meta(Fact):
    """The county itself, and the period the facts describe."""

    name: Names
    fictional: Literal[True]
    note: Names
    population: int
    staff: int
    languages: list[str]
    service_languages: list[str]
    first_week: dt.date
    weeks: int
    as_of: dt.date
    shift_to_today: bool
    min_group_size: dict[str, int]
    currency: str
    topic_button_share: Share
    details: str


class Area(Fact):
    """A service area with the principles it has promised."""

    code: str
    names: Names
    principles: dict[str, list[str]]


class DemoUnit(Fact):
    """A unit: answers a week, their mean on 0-10, the share of Swedish speakers."""

    code: str
    area: str
    names: Names
    oid: str
    staff: int
    weekly_responses: float
    mean_0_10: float
    swedish_share: Share
    customer_type: Literal["external", "internal"]


class ThemeUnits(Fact):
    """Where a theme comes up: the only units when named, and weights relative to 1."""

    only: list[str]
    weight: dict[str, float]


class DemoTheme(Fact):
    """A theme with its true share and what a bad experience of it does to a rating."""

    code: str
    names: Names
    share: Share
    negative_share: Share
    driver_effect_0_10: float
    driver_effect_repeat_contact: float
    keywords: list[str]
    examples: list[str]
    controllable: bool
    praise: bool
    units: ThemeUnits


class Pressed(Fact):
    """A kiosk's item that feeds a share once single presses are imported; the demo county has them by the week."""

    item: str
    success_from: float


class DemoMetric(Fact):
    """A metric's definition; `item` names the survey item when answers feed it."""

    code: str
    names: Names
    kind: Literal["score", "nps", "proportion", "count", "duration", "cost"]
    direction: Literal["increase", "decrease"]
    family: str
    unit_text: Names
    scale: str
    low: float | None
    high: float | None
    smallest_change: float
    item: str | None
    pressed: Pressed | None = None
    manual: bool
    guardrail: bool
    note: Names


class Behaviour(Fact):
    """How a series moves where no pilot states it (see `background.comment` in county.json)."""

    sd: float | None = None
    cv: float | None = None
    between: float | None = None
    between_cv: float | None = None
    rate: Share | None = None
    n_per_response: float | None = None
    n_per_staff: float | None = None
    every_weeks: int = 1
    baseline: float | None = None
    baseline_sd: float = 0.0
    units: dict[str, float] = Field(default_factory=dict)


class Activity(Fact):
    """How the number of answers varies over the weeks, the same everywhere."""

    between: float
    summer_weeks: WeekRange
    summer: float


class Background(Fact):
    """Everything the pilots do not state."""

    comment: str
    metrics: dict[str, Behaviour]
    ar1: float
    applies_only_to: dict[str, list[str]]
    activity: Activity


class ChannelChange(Fact):
    """A unit's channels and volume from a week on."""

    unit: str
    from_week: int
    mix: dict[str, Share]
    volume: float


class UnitChannels(Fact):
    """Which channels a unit uses more, or only."""

    comment: str
    kiosk_units: list[str]
    weights: dict[str, dict[str, float]]
    fixed: dict[str, dict[str, float]]
    changes: list[ChannelChange]


class Named(Fact):
    """A code with its names."""

    code: str
    names: Names


class ServicePath(Named):
    """A path through a service, with the alternatives a customer can choose from."""

    stages: dict[str, list[str]]
    alternatives: dict[str, list[str]]


class DemoEvent(Fact):
    """Something that happened; no units means the whole county."""

    week: int
    date: dt.date
    units: list[str]
    names: Names


class DemoUser(Fact):
    """A person who signs in."""

    code: str
    name: str
    role: str
    unit: str | None


class Proposal(Fact):
    """An idea by staff, with the votes it got."""

    user: str
    unit: str
    theme: str
    text: Names
    votes: int


class DemoDecision(Fact):
    """What was decided on a pilot, when, and which units take the change up."""

    pilot: str
    choice: Literal["scale", "extend", "adapt", "stop"]
    status: str
    date: dt.date
    units: list[str]
    reason: Names


class DemoStory(Fact):
    """You said, we tried, what happened, what next."""

    pilot: str
    theme: str
    you_said: Names
    we_tried: Names
    what_happened: Names
    what_next: Names


class Comment(Fact):
    """An open comment as it was written; `weeks` is when it may have come."""

    id: int
    unit: str
    channel: str
    language: str
    recommend: int
    age_group: str | None
    life_situation: str | None
    themes: list[str]
    text: str
    customer_type: Literal["external", "internal"]
    weeks: WeekRange
    sarcasm: bool = False
    statutory: bool = False
    decision_upheld: bool | None = None
    pii: bool = False
    near_duplicate_of: int | None = None
    same_person_as: int | None = None

"""The plan of a pilot, fixed before it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

import numpy as np

from stats.errors import PlanError
from stats.messages import N_
from stats.metric import Direction, Kind

FIRST_REVIEW_WEEK = 3
MOST_WEEKS = 260
_FIELDS = ("metric", "pilot_units", "comparison_units", "randomised", "start", "starts", "end", "reviews", "trigger")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LABELS = ("id", "name", "title", "description", "note")


@dataclass(frozen=True)
class Window:
    """A span of days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was promised before the start: the outcome, the size that matters, the units, the dates.

    Attributes:
        kind: The metric's kind.
        direction: Which way is better.
        smallest_change: The smallest change that matters, as a positive size in the metric's unit. A signed number is
            accepted when its sign agrees with the direction.
        pilot_units: Units that carry out the change.
        comparison_units: Units that go on as before.
        randomised: Units (or the order of starting) were drawn by lot.
        start: First day of the pilot. A week that the start cuts in two is used on neither side.
        end: Last day.
        reviews: Planned review dates, ascending. Left out: every Sunday from week 3 to the end. The end is always the
            last review.
        trigger: The weeks whose bad results made someone start the pilot.
        starts: Own start of a pilot unit, when units start one after another; the others start on `start`.

    Example:
        >>> plan = Plan(kind=Kind.SCORE, direction=Direction.INCREASE, smallest_change=0.3, pilot_units=("A",),
        ...             comparison_units=("B", "C"), start=date(2026, 3, 2), end=date(2026, 4, 5))
        >>> [str(day) for day in plan.reviews]
        ['2026-03-22', '2026-03-29', '2026-04-05']
    """

    kind: Kind
    direction: Direction
    smallest_change: float
    pilot_units: tuple[str, ...]
    comparison_units: tuple[str, ...] = ()
    randomised: bool = False
    start: date
    end: date
    reviews: tuple[date, ...] = ()
    trigger: Window | None = None
    starts: Mapping[str, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.pilot_units:
            raise PlanError(N_("The plan's field 'pilot_units' is empty; name at least one unit."))
        for name, units in (("pilot_units", self.pilot_units), ("comparison_units", self.comparison_units)):
            for unit in units:
                if units.count(unit) > 1:
                    raise PlanError(
                        N_("The plan's field '{field}' names the unit {unit} twice."), field=name, unit=unit
                    )
        for unit in self.comparison_units:
            if unit in self.pilot_units:
                raise PlanError(
                    N_("The unit {unit} is in both 'pilot_units' and 'comparison_units'; a unit can be only one."),
                    unit=unit,
                )
        self._check_size()
        self._check_dates()
        reviews = self.reviews or default_reviews(self.start, self.end)
        object.__setattr__(self, "reviews", reviews if reviews[-1] == self.end else (*reviews, self.end))

    def _check_size(self) -> None:
        size = self.smallest_change
        if not np.isfinite(size) or size == 0:
            raise PlanError(
                N_("The plan's field 'metric.smallest_change' is {value}; it must be a number other than 0."),
                value=size,
            )
        if size < 0 and self.direction is Direction.INCREASE:
            raise PlanError(
                N_(
                    "The plan's field 'metric.smallest_change' is {value}, but the metric should increase; "
                    "give a positive size."
                ),
                value=size,
            )
        object.__setattr__(self, "smallest_change", abs(float(size)))

    def _check_dates(self) -> None:
        if self.end <= self.start:
            raise PlanError(
                N_("The plan's field 'end' is {end}; it must be after the start {start}."),
                end=self.end,
                start=self.start,
            )
        if (self.end - self.start).days > 7 * MOST_WEEKS:
            raise PlanError(
                N_("The plan's field 'end' is {end}; it may be at most {most} weeks after the start {start}."),
                end=self.end, most=MOST_WEEKS, start=self.start,
            )  # fmt: skip
        for earlier, later in zip(self.reviews, self.reviews[1:], strict=False):
            if later <= earlier:
                raise PlanError(
                    N_("The plan's field 'reviews' has {later} after {earlier}; the dates must go forward."),
                    later=later, earlier=earlier,
                )  # fmt: skip
        for review in self.reviews:
            if not self.start <= review <= self.end:
                raise PlanError(
                    N_("The plan's field 'reviews' has {review}; a review must lie between {start} and {end}."),
                    review=review, start=self.start, end=self.end,
                )  # fmt: skip
        if self.trigger is not None and not self.trigger.first <= self.trigger.last < self.start:
            raise PlanError(
                N_("The plan's field 'trigger' runs from {first} to {last}; it must end before {start}."),
                first=self.trigger.first, last=self.trigger.last, start=self.start,
            )  # fmt: skip
        for unit, day in self.starts.items():
            if unit not in self.pilot_units or not self.start <= day < self.end:
                raise PlanError(
                    N_("The plan's field 'starts' has {unit} on {day}; allowed: a pilot unit, a day of the pilot."),
                    unit=unit, day=day,
                )  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Plan:
        """Read a plan from its JSON form.

        Raises:
            PlanError: A field is missing, unknown or of the wrong form; the sentence names it.

        Example:
            >>> Plan.from_dict({"metric": {"kind": "score", "direction": "increase", "smallest_change": 0.3},
            ...                 "pilot_units": ["A"], "start": "2026-03-02", "end": "2026-05-24"}).comparison_units
            ()
        """
        if not isinstance(data, Mapping):
            raise PlanError(N_("The plan must be a JSON object with the fields {fields}."), fields=_FIELDS)
        for name in data:
            if name not in _FIELDS and name not in _LABELS:
                raise PlanError(
                    N_("The plan has an unknown field '{name}'; known are {fields}."), name=name, fields=_FIELDS
                )
        metric = _mapping(_required(data, "metric"), "metric")
        size = _required(metric, "smallest_change", "metric.")
        if isinstance(size, bool) or not isinstance(size, (int, float)):
            raise PlanError(
                N_("The plan's field 'metric.smallest_change' is {value}; it must be a number."), value=size
            )
        randomised = _optional(data, "randomised", False)
        if not isinstance(randomised, bool):
            raise PlanError(N_("The plan's field 'randomised' is {value}; it must be true or false."), value=randomised)
        trigger = data.get("trigger")
        window = None
        if trigger is not None:
            span = _mapping(trigger, "trigger")
            window = Window(
                _date(_required(span, "from", "trigger."), "trigger.from"),
                _date(_required(span, "to", "trigger."), "trigger.to"),
            )
        starts = _mapping(_optional(data, "starts", {}), "starts")
        reviews = _optional(data, "reviews", [])
        if not isinstance(reviews, (list, tuple)):
            raise PlanError(N_("The plan's field 'reviews' must be a list of dates."))
        return cls(
            kind=Kind(_choice(_required(metric, "kind", "metric."), "metric.kind", list(Kind))),
            direction=Direction(
                _choice(_required(metric, "direction", "metric."), "metric.direction", list(Direction))
            ),
            smallest_change=_float(size),
            pilot_units=_names(_required(data, "pilot_units"), "pilot_units"),
            comparison_units=_names(_optional(data, "comparison_units", []), "comparison_units"),
            randomised=randomised,
            start=_date(_required(data, "start"), "start"),
            end=_date(_required(data, "end"), "end"),
            reviews=tuple(_date(day, "reviews") for day in reviews),
            trigger=window,
            starts={str(unit): _date(day, "starts") for unit, day in starts.items()},
        )

    def to_dict(self) -> dict[str, object]:
        """Return the canonical JSON form: every field, fixed order of fields, so that equal plans hash equally."""
        return {
            "metric": {
                "kind": self.kind.value,
                "direction": self.direction.value,
                "smallest_change": self.smallest_change,
            },
            "pilot_units": sorted(self.pilot_units),
            "comparison_units": sorted(self.comparison_units),
            "randomised": self.randomised,
            "start": self.start.isoformat(),
            "starts": {unit: self.starts[unit].isoformat() for unit in sorted(self.starts)},
            "end": self.end.isoformat(),
            "reviews": [day.isoformat() for day in self.reviews],
            "trigger": None
            if self.trigger is None
            else {"from": self.trigger.first.isoformat(), "to": self.trigger.last.isoformat()},
        }


def default_reviews(start: date, end: date) -> tuple[date, ...]:
    """Return every Sunday from the end of the third week to the end, the end last."""
    first = start.toordinal() + 7 * FIRST_REVIEW_WEEK - 1
    first += -first % 7  # ordinal 7 was a Sunday
    return (*(date.fromordinal(day) for day in range(first, end.toordinal(), 7)), end)


def _required(data: Mapping[str, object], name: str, prefix: str = "") -> object:
    if data.get(name) is None:
        raise PlanError(N_("The plan's field '{field}' is missing."), field=prefix + name)
    return data[name]


def _optional(data: Mapping[str, object], name: str, default: object) -> object:
    value = data.get(name)
    return default if value is None else value


def _float(size: float) -> float:
    try:
        return float(size)
    except OverflowError:  # a whole number of hundreds of digits
        return float("inf")


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PlanError(N_("The plan's field '{field}' must be an object."), field=name)
    return cast("Mapping[str, object]", value)


def _choice(value: object, name: str, allowed: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in list(allowed):
        raise PlanError(
            N_("The plan's field '{field}' is {value}; allowed are {allowed}."),
            field=name, value=value, allowed=[str(choice) for choice in allowed],
        )  # fmt: skip
    return value


def _names(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(unit, str) and unit for unit in value):
        raise PlanError(N_("The plan's field '{field}' must be a list of unit names."), field=name)
    return tuple(value)


def _date(value: object, name: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as error:
        raise PlanError(
            N_("The plan's field '{field}' is {value}; it must be a date, YYYY-MM-DD."), field=name, value=value
        ) from error

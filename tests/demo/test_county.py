"""The stated facts: complete, consistent with each other, in three languages."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import pytest
from pydantic import ValidationError

from models.feedback import Channel
from models.metrics import Direction, MetricFamily, MetricKind
from models.people import Role
from models.pilots import PilotKind, RiskClass, Status
from services.demo.county import FILE, County

LANGUAGES = {"fi", "sv", "en"}


def texts(value: object, path: str = "") -> list[tuple[str, dict[str, str]]]:
    """Every text in languages below a value, with where it is."""
    if isinstance(value, dict):
        if set(value) & LANGUAGES and all(isinstance(v, str) for v in value.values()):
            return [(path, value)]
        return [found for key, below in value.items() for found in texts(below, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for i, below in enumerate(value) for found in texts(below, f"{path}[{i}]")]
    return []


def test_counts(county: County) -> None:
    assert [len(x) for x in (county.areas, county.units, county.themes, county.metrics, county.pilots)] == [
        8,
        26,
        20,
        25,
        24,
    ]
    assert Counter(c.language for c in county.comments) == {"fi": 48, "sv": 10, "en": 4}
    assert len(county.users) == 14
    assert len(county.events) == 8
    assert sum(unit.weekly_responses for unit in county.units) == 876


def test_it_says_that_it_is_invented(county: County) -> None:
    assert county.meta.fictional
    assert "keksitty" in county.meta.note["fi"]
    assert "påhittat" in county.meta.note["sv"]


def test_every_text_is_in_three_languages() -> None:
    whole = json.loads(FILE.read_text(encoding="utf-8"))
    found = texts(whole)
    assert len(found) > 300
    lacking = [path for path, text in found if not all(text.get(language, "").strip() for language in LANGUAGES)]
    assert lacking == []


def test_enumerations_are_those_of_the_record(county: County) -> None:
    for pilot in county.pilots:
        assert Status(pilot.status)
        assert PilotKind(pilot.kind)
        assert RiskClass(pilot.risk)
    for metric in county.metrics:
        assert MetricKind(metric.kind)
        assert Direction(metric.direction)
        assert MetricFamily(metric.family)
    assert {Channel(comment.channel) for comment in county.comments} <= set(Channel)
    assert {Channel(channel) for channel in county.channel_mix} | {Channel.INTERNAL} == set(Channel)
    assert {Role(user.role) for user in county.users} == set(Role)


def test_everything_named_exists(county: County) -> None:
    units = {unit.code for unit in county.units}
    themes = {theme.code for theme in county.themes}
    metrics = {metric.code for metric in county.metrics}
    life = {situation.code for situation in county.life_situations}
    for pilot in county.pilots:
        assert {pilot.unit, *pilot.comparison_units} <= units
        assert pilot.unit not in pilot.comparison_units
        assert set(pilot.themes) <= themes
        assert {pilot.metric, *(guard.metric for guard in pilot.guardrails)} <= metrics
        assert pilot.owner in {user.code for user in county.users}
    for comment in county.comments:
        assert comment.unit in units
        assert set(comment.themes) <= themes
        assert comment.life_situation is None or comment.life_situation in life
        assert comment.age_group is None or comment.age_group in county.age_groups
        assert 0 <= comment.weeks[0] <= comment.weeks[1] < county.meta.weeks
    for profile in [*county.life_profiles.values(), *(p for own in county.unit_life.values() for p in own.values())]:
        assert set(profile) <= life
        assert sum(profile.values()) == pytest.approx(1)


def test_starts_and_events_are_mondays_of_their_weeks(county: County) -> None:
    for pilot in county.pilots:
        assert (pilot.start is None) == (pilot.start_week is None)
        if pilot.start is not None and pilot.start_week is not None:
            assert pilot.start == county.meta.first_week + dt.timedelta(weeks=pilot.start_week)
    for event in county.events:
        assert event.date == county.meta.first_week + dt.timedelta(weeks=event.week)


def test_the_smallest_change_and_the_margins_have_the_metrics_sign(county: County) -> None:
    for pilot in county.pilots:
        better_up = county.metric(pilot.metric).direction == "increase"
        assert (pilot.smallest_change > 0) == better_up, pilot.code
        for guard in pilot.guardrails:
            assert (guard.limit < 0) == (county.metric(guard.metric).direction == "increase"), pilot.code


def test_identity_codes_are_never_a_real_persons(county: County) -> None:
    with_personal_data = [comment.text for comment in county.comments if comment.pii]
    assert len(with_personal_data) == 2
    assert "010190-999W" in with_personal_data[0]  # 900-999 is never given to residents


def test_an_unknown_field_is_refused(county: County) -> None:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    raw["units"][0]["population"] = 3
    with pytest.raises(ValidationError, match="population"):
        County.model_validate(raw)

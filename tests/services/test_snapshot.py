"""Snapshots: what goes in comes out, whatever it holds, and foreign classes are refused."""

from __future__ import annotations

import datetime as dt
import json
import math

import numpy as np
import pytest

from services import snapshot
from stats.messages import Amount, Level, Message
from stats.metric import Kind
from stats.panel_rows import from_weeks


def through_json(value: object) -> object:
    return snapshot.decode(json.loads(json.dumps(snapshot.encode(value), allow_nan=False)))


def test_messages_keep_amounts_dates_and_inner_messages() -> None:
    message = Message(
        "{a} {b} {c}",
        {"a": Amount(0.25), "b": dt.date(2026, 3, 2), "c": Message("x"), "d": (1, 2.5, None), "e": Level(0.5)},
    )
    back = through_json(message)
    assert back == message
    assert isinstance(back, Message)
    assert isinstance(back.values["a"], Amount)
    assert isinstance(back.values["e"], Level)


def test_arrays_with_gaps_and_weeks_come_back_equal() -> None:
    panel = from_weeks(
        kind=Kind.SCORE, unit=["A", "A"], week=["2026-03-02", "2026-03-16"], n=[5, 4], mean=[3.5, 4.0], sd=[1.0, 0.8]
    )
    back = through_json(panel)
    assert type(back) is type(panel)
    for name in ("weeks", "n", "mean", "sd", "count"):
        np.testing.assert_array_equal(getattr(back, name), getattr(panel, name))
    assert back.kind is Kind.SCORE  # type: ignore[attr-defined]


def test_numbers_that_json_lacks_survive() -> None:
    back = through_json([math.inf, -math.inf, np.float64(1.5), np.bool_(True), np.datetime64("2026-03-02")])
    assert back == [math.inf, -math.inf, 1.5, True, np.datetime64("2026-03-02")]
    assert math.isnan(through_json(math.nan))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "foreign",
    [
        {"$type": "os:path", "fields": {}},
        {"$type": "stats.messages:Gone", "fields": {}},
        {"$type": "stats.messages:Message", "fields": {"text": "x"}},
        {"$what": 1},
        {"$enum": "subprocess:Popen", "value": "ls"},
    ],
)
def test_what_this_version_does_not_know_is_refused(foreign: dict[str, object]) -> None:
    with pytest.raises(snapshot.SnapshotError):
        snapshot.decode(foreign)


def test_objects_from_elsewhere_cannot_be_kept() -> None:
    with pytest.raises(TypeError):
        snapshot.encode(object())

"""The statistics' sentences as a Finnish reader writes their numbers."""

from __future__ import annotations

from models.metrics import Direction, Metric, MetricFamily, MetricKind
from services.i18n import translator
from services.wording import sentence
from stats.messages import Amount, Level, Message

FI = translator("fi")
SHARE = Metric(
    code="SHARE",
    name={"fi": "Osuus"},
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    family=MetricFamily.OWN,
    unit_text={},
)


def test_a_share_has_its_level_in_per_cent_and_its_change_in_percentage_points() -> None:
    message = Message(
        "The level before the start was {mean}; the scale leaves room for a change of {room}.",
        {"mean": Level(0.44), "room": Amount(0.56)},
    )
    told = sentence(FI, message, SHARE)
    assert "oli 44,0\N{NO-BREAK SPACE}%" in told
    assert "56,0 prosenttiyksikköä" in told


def test_ratios_and_numbers_of_answers_follow_the_language() -> None:
    ratio = Message("The number of answers stayed about the same ({ratio} times the earlier).", {"ratio": 0.99})
    assert "0,99" in sentence(FI, ratio)
    answers = Message(
        "{before} weeks before and {after} weeks after the start ({n_before} and {n_after} answers).",
        {"before": 12, "after": 12, "n_before": 1202.0, "n_after": 1178.0},
    )
    assert "1\N{NO-BREAK SPACE}202" in sentence(FI, answers)

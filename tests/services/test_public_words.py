"""The sentence of an effect: one that a customer understands, with the range rounded outwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from models.base import validated
from models.metrics import Direction, Metric, MetricFamily, MetricKind
from services import public_words
from services.i18n import LANGUAGE_NAMES, translator
from services.public_facts import PublicEffect

DAY = dt.date(2026, 11, 23)


def effect(kind: MetricKind, size: float, low: float, high: float) -> PublicEffect:
    metric = validated(
        Metric,
        code="wait",
        name={"fi": "Jonotusaika"},
        kind=kind,
        direction=Direction.DECREASE,
        family=MetricFamily.PROCESS,
        unit_text={} if kind is MetricKind.PROPORTION else {"fi": "min"},
    )
    return PublicEffect(metric=metric, effect=size, low=low, high=high, by_the_change=True)


@pytest.mark.parametrize(
    ("kind", "size", "low", "high", "how_much", "reach"),
    [
        (MetricKind.DURATION, -12.3, -19.2, -5.4, "12 min lyhyempi", "5–20"),
        (MetricKind.PROPORTION, 0.138, 0.0689, 0.2024, "14 prosenttiyksikköä enemmän", "6–21"),
        (MetricKind.PROPORTION, -0.012, -0.02, -0.004, "1,2 prosenttiyksikköä vähemmän", "0,4–2,0"),
        (MetricKind.SCORE, -0.46, -0.76, -0.115, "0,5 min matalampi", "0,1–0,8"),
        (MetricKind.NPS, 14.0, 3.0, 25.0, "14 min korkeampi", "3–25"),
        (MetricKind.COUNT, 0.02, 0.01, 0.03, "0,02 min enemmän", "0,01–0,03"),
    ],
)
def test_an_effect_in_one_plain_sentence(
    kind: MetricKind, size: float, low: float, high: float, how_much: str, reach: str
) -> None:
    t, found = translator("fi"), effect(kind, size, low, high)
    said = public_words.effect(t, found).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        f"Jonotusaika: noin {how_much} kuin ilman kokeilua, vertailuyksiköt huomioon ottaen. "
        f"Todellinen luku voi olla {reach}."
    )
    unsure = public_words.effect(t, replace(found, by_the_change=False)).replace("\N{NO-BREAK SPACE}", " ")
    assert unsure.startswith(f"Samaan aikaan: Jonotusaika noin {how_much} kuin olisimme odottaneet.")
    assert unsure.endswith("Emme tiedä varmasti, johtuiko se kokeilusta.")


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("by_the_change", [True, False])
def test_chance_is_never_told_as_a_change(language: str, by_the_change: bool) -> None:
    found = replace(effect(MetricKind.SCORE, 0.1, -0.2, 0.4), by_the_change=by_the_change)
    said = public_words.effect(translator(language), found)
    assert not any(character.isdigit() for character in said)
    assert said.startswith("Jonotusaika: ")


def test_a_promise_is_kept_until_its_day() -> None:
    t = translator("fi")
    assert public_words.hear_more(t, DAY, DAY) == "Kerromme lisää viimeistään 23.11.2026."
    assert public_words.hear_more(t, DAY, DAY + dt.timedelta(days=1)).endswith("Olemme myöhässä.")

from __future__ import annotations

import pytest

from themes.language import detect_language
from themes.sentiment import from_rating


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Odotin takaisinsoittoa koko päivän.", "fi"),
        ("chatti on hyvä, ei tarvii soittaa", "fi"),
        ("Jag tryckte på svenska men fick svar på finska.", "sv"),
        ("Bästa fysioterapeuten någonsin!", "sv"),
        ("I waited five hours. Nobody told me anything.", "en"),
        ("[NAME] oli ystävällinen, puh. [PHONE]", "fi"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "ok", ":)", "10/10", "[NAME] [DATE_OF_BIRTH]", "1234567890", "kiva!"])
def test_too_short_to_tell(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    ("low", "high", "tones"),
    [
        (0, 10, ["neg"] * 7 + ["neu"] * 2 + ["pos"] * 2),
        (1, 5, ["neg", "neg", "neu", "pos", "pos"]),
        (1, 4, ["neg", "neg", "pos", "pos"]),
        (0, 3, ["neg", "neg", "pos", "pos"]),
        (0, 4, ["neg", "neg", "neu", "pos", "pos"]),
    ],
)
def test_tone_of_every_rating(low: int, high: int, tones: list[str]) -> None:
    assert [from_rating(value, low, high) for value in range(low, high + 1)] == tones


def test_ratings_that_are_none_or_off_the_scale() -> None:
    assert from_rating(None, 1, 5) is None
    with pytest.raises(ValueError, match="value == 0, must be from 1 to 5"):
        from_rating(0, 1, 5)
    with pytest.raises(ValueError, match="low == 5, must be < high"):
        from_rating(3, 5, 5)

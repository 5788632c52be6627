"""Plain-language hints: long sentences and words of the office, in three languages; never in plain words."""

from __future__ import annotations

import pytest

from services.i18n import LANGUAGE_NAMES
from services.public_language import INSTEAD, LONGEST_SENTENCE, LongSentence, OfficeWord, hints


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Pilotissa jalkautettiin uusi toimintamalli.", "fi", ["Pilotissa", "jalkautettiin", "toimintamalli"]),
        ("Resurssit olivat vähissä, ja resursseja lisättiin.", "fi", ["Resurssit"]),
        ("Konfidensintervallet var brett.", "sv", ["Konfidensintervallet"]),
        ("We implemented it as a pilot.", "en", ["pilot", "implemented"]),
        ("Odotimme soittoanne turhaan.", "fi", []),
        ("Copilot", "en", []),
        ("", "fi", []),
    ],
)
def test_words_of_the_office(text: str, language: str, words: list[str]) -> None:
    assert [hint.word for hint in hints(text, language) if isinstance(hint, OfficeWord)] == words


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_long_sentences_are_named_by_their_beginning(language: str) -> None:
    most = LONGEST_SENTENCE[language]
    fits = " ".join(["sana"] * most) + "."
    (hint,) = hints(f"{fits} yksi kaksi kolme neljä viisi kuusi {fits}\n{fits}", language)
    assert hint == LongSentence(beginning="yksi kaksi kolme neljä viisi kuusi", words=most + 6, most=most)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_what_is_offered_instead_is_plain_itself(language: str) -> None:
    assert [hint for _, instead in INSTEAD[language] for hint in hints(instead, language)] == []

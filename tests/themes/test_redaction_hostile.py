"""Redaction of texts made to break it: invisible characters, other digits, endless repetition."""

from __future__ import annotations

import time
import unicodedata

import pytest

from themes.name_lists import lexicon
from themes.plain_text import plain_text
from themes.redaction import redact

LONG = 100_000
SOURCES = [
    "a",
    "1 ",
    "(",
    "[",
    "\0",
    "\u200b",
    "1\u200b",
    "０",
    "א",
    "e\u0301",
    "a at b.",
    "Aa 1 B 1 ",
    "hoitaja-",
    "de la ",
]


@pytest.mark.parametrize("hostile", SOURCES, ids=[repr(source) for source in SOURCES])
def test_a_hundred_thousand_characters_take_linear_time(hostile: str) -> None:
    lexicon()
    text = (hostile * LONG)[:LONG]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 10.0  # a second or so; minutes if anything grew with the square


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Soita 040\u200b123\u200b4567 heti", "Soita [PHONE] heti"),
        ("Hetu 010190\u00ad-999W", "Hetu [HETU]"),
        ("Soita ０４０ １２３ ４５６７", "Soita [PHONE]"),
        ("kirjoita matti@\u2060esimerkki.fi", "kirjoita [EMAIL]"),
        ("\u202eHetu 010190-999W\u202c näkyi", "\u202eHetu [HETU]\u202c näkyi"),
        ("Mai\u200dja Virtanen auttoi", "[NAME] auttoi"),
        (unicodedata.normalize("NFD", "Kiitos Päiville ja Väinölle"), "Kiitos [NAME] ja [NAME]"),
        ("\0Maija\0", "\0[NAME]\0"),
        ("🙂 Maija 🙂", "🙂 [NAME] 🙂"),
        ("((((Maija))))", "(((([NAME]))))"),
    ],
)
def test_what_the_eye_does_not_see_hides_nothing(text: str, redacted: str) -> None:
    found = redact(text)
    assert found.text == redacted
    assert redact(found.text).spans == ()


def test_a_text_without_personal_data_keeps_its_invisible_characters() -> None:
    text = "hyvin\u00ad\u200bvointi\u200dalue 🙂\u200d↔️ ok"
    assert redact(text).text == text


def test_places_lead_back_to_the_original() -> None:
    original = "a\u200b\u200bb" + unicodedata.normalize("NFD", "äö") + "\u00adc"
    plain = plain_text(original)
    assert plain.text == "abäöc"
    for index, character in enumerate(plain.text):
        start, end = plain.original(index, index + 1)
        assert character in unicodedata.normalize("NFC", original[start:end])
    assert plain.original(0, 5) == (0, len(original))

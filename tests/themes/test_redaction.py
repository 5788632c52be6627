"""Redaction on fictional texts: identity codes use the range 900-999, which is given to nobody."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.name_lists import lexicon
from themes.redaction import redact
from themes.spans import Kind, Span, settled

CASES = [
    (row["text"], row["redacted"])
    for row in csv.DictReader(
        Path(__file__).with_name("redaction_cases.csv").read_text(encoding="utf-8").splitlines(), delimiter=";"
    )
]
PIECES = [
    *("010190-999W", "040 123 4567", "+358401234567", "1234567", "puh", "soita", "matti", "Virtanen", "Tuuli", "anna"),
    *("Anna", "at", "(at)", "piste", "fi", "esimerkki.fi", "@", "Rantakatu", "5 B", "12", "20100", "Turku", "ABC-123"),
    *("auto", "synt.", "12.3.1954", "1954", "[NAME]", "[PHONE]", "[HETU]", "[", "]", "hoitaja", "nimeni on", "Terv."),
    *(".", ",", "-", "\n", ":", "0"),
]


@pytest.mark.parametrize(("text", "redacted"), CASES, ids=[text[:40] for text, _ in CASES])
def test_cases(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


def test_spans_are_in_the_original_text() -> None:
    text = "Hetu 010190-999W, puh. 040 000 0000, t. Maija Virtanen"
    found = redact(text)
    assert [(text[span.start : span.end], span.kind) for span in found.spans] == [
        ("010190-999W", Kind.HETU),
        ("040 000 0000", Kind.PHONE),
        ("Maija Virtanen", Kind.NAME),
    ]


def _rebuilt(text: str, spans: tuple[Span, ...]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + span.kind.placeholder + text[span.end :]
    return text


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14).map(" ".join))
def test_redacting_twice_changes_nothing_and_spans_rebuild_the_text(text: str) -> None:
    once = redact(text)
    again = redact(once.text)
    assert again.text == once.text
    assert again.spans == ()
    assert _rebuilt(text, once.spans) == once.text
    assert all(before.end <= after.start for before, after in zip(once.spans, once.spans[1:], strict=False))


@pytest.mark.parametrize("mark", [*"+-YXWVUABCDEF–−"])
@pytest.mark.parametrize("last", ["W", "0", "w", ""])
def test_every_century_mark_and_a_wrong_check_character(mark: str, last: str) -> None:
    assert redact(f"Koodi 150380{mark}901{last} näkyi").text == "Koodi [HETU] näkyi"


@pytest.mark.parametrize("case", ["n", "lle", "lta", "lla", "a"])
def test_names_in_finnish_cases(case: str) -> None:
    assert redact(f"Kiitos Johanna{case} avusta").text == "Kiitos [NAME] avusta"


def test_the_first_of_two_overlapping_spans_stays() -> None:
    spans = [Span(0, 5, Kind.HETU), Span(3, 9, Kind.PHONE), Span(10, 12, Kind.NAME)]
    assert settled(spans, blocked=[Span(11, 14, Kind.NAME)]) == [Span(0, 5, Kind.HETU)]


@pytest.mark.parametrize(
    "hostile", ["a.", "1 ", "a@", "Aa ", "katu ", "x-", "puh 1 ", "yksi ", "Anna Anna ", "0", "12.1."]
)
def test_long_hostile_texts_take_linear_time(hostile: str) -> None:
    lexicon()
    text = (hostile * 20_000)[:20_000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 3.0


def test_two_thousand_comments_a_second() -> None:
    texts = [text for text, _ in CASES] * 10
    redact("Maija")
    began = time.process_time()
    for text in texts:
        redact(text)
    assert len(texts) / (time.process_time() - began) > 2000

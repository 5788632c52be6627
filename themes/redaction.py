"""Personal data out of a text before anyone stores it.

Rules look at the form, not at check digits: a mistyped identity code is personal data too. This is not
anonymisation, since what people tell can identify them; access control and redaction by hand stay necessary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themes.addresses import find_addresses, find_home_streets
from themes.dates_of_birth import find_birth_dates
from themes.identifiers import find_emails, find_identity_codes
from themes.names import find_names
from themes.phones import find_phones
from themes.plain_text import plain_text
from themes.plates import find_plates
from themes.spans import Kind, Span, joined, settled

RULES_VERSION = "redaction-2"

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(Kind)})\]")
"""What stands in a redacted text in place of personal data."""

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Redacted:
    """A text without the personal data that was found in it.

    Attributes:
        text: The text with a placeholder such as [NAME] in place of each stretch.
        spans: What was found, as stretches of the original text, in order.
    """

    text: str
    spans: tuple[Span, ...]


def redact(text: str) -> Redacted:
    """Replace identity codes, phone numbers, e-mails, names, addresses, plates and dates of birth.

    Finnish, Swedish and English texts, inflected names included. Redacting a redacted text changes nothing.

    Args:
        text: Any text; [HETU], [NAME] and the other placeholders in it are left as they are.

    References:
        Digital and Population Data Services Agency, "The personal identity code": the form DDMMYYCZZZQ with the
        intermediate characters + - Y X W V U A B C D E F.

    >>> redact("Hetuni on 010190-999W, soita Maijalle 040 000 0000.").text
    'Hetuni on [HETU], soita [NAME] [PHONE].'
    >>> redact("Hetuni on 010190-999W").spans
    (Span(start=10, end=21, kind=<Kind.HETU: 'HETU'>),)
    """
    plain = plain_text(text)
    spans: list[Span] = []
    current = plain.text
    while found := list(_found_in(current)):
        # What a placeholder brings together can look like personal data again, so look until nothing is found.
        spans = list(joined(settled([*spans, *_moved_back(found, spans)]), plain.text))
        current = _replaced(plain.text, spans)
    if plain.starts is not None:
        spans = [Span(*plain.original(span.start, span.end), span.kind) for span in spans]
        current = _replaced(text, spans)
    return Redacted(current, tuple(spans))


def _found_in(text: str) -> Iterator[Span]:
    """Personal data in a text, neighbours of a kind as one; no two overlap, and placeholders are left alone."""
    blocked = [Span(match.start(), match.end(), Kind.NAME) for match in PLACEHOLDER.finditer(text)]
    found = list(_candidates(text))
    return joined(settled(found, blocked), text) if found else iter(())


def _candidates(text: str) -> Iterator[Span]:
    """What each rule finds, the surest rule first; most need a digit, and most comments have none."""
    digits = _DIGIT.search(text) is not None
    if digits:
        yield from find_identity_codes(text)
    yield from find_emails(text)
    if digits:
        yield from find_birth_dates(text)
        yield from find_plates(text)
        yield from find_addresses(text)
    yield from find_home_streets(text)
    yield from find_phones(text)
    yield from find_names(text)


def _moved_back(found: list[Span], earlier: list[Span]) -> Iterator[Span]:
    """Spans of the half-redacted text, moved to where they are in the original; both lists in order."""
    shift = 0
    at = 0
    for span in found:
        while at < len(earlier) and earlier[at].start + shift < span.start:
            shift += len(earlier[at].kind.placeholder) - (earlier[at].end - earlier[at].start)
            at += 1
        yield Span(span.start - shift, span.end - shift, span.kind)


def _replaced(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], span.kind.placeholder]
        position = span.end
    return "".join([*parts, text[position:]])

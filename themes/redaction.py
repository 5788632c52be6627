"""Personal data out of a text before anyone stores it.

Rules look at the form, not at check digits: a mistyped identity code is personal data too. This is not
anonymisation, since what people tell can identify them; access control and redaction by hand stay necessary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from themes.addresses import find_addresses
from themes.identifiers import find_birth_dates, find_emails, find_identity_codes, find_plates
from themes.names import find_names
from themes.phones import find_phones
from themes.spans import Kind, Span, joined, settled

RULES_VERSION = "redaction-1"

_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(Kind)})\]")
_RULES = (
    find_identity_codes,
    find_emails,
    find_birth_dates,
    find_plates,
    find_addresses,
    find_phones,
    find_names,
)


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
    spans: list[Span] = []
    current = text
    while True:
        # What a placeholder brings together can look like personal data again, so look until nothing is found.
        found = list(_found_in(current))
        if not found:
            return Redacted(current, tuple(spans))
        spans = list(joined(settled([*spans, *(_in_original(span, spans) for span in found)]), text))
        current = _replaced(text, spans)


def _found_in(text: str) -> Iterator[Span]:
    blocked = [Span(match.start(), match.end(), Kind.NAME) for match in _PLACEHOLDER.finditer(text)]
    found = (span for rule in _RULES for span in rule(text))
    return joined(settled(found, blocked), text)


def _in_original(span: Span, earlier: list[Span]) -> Span:
    """A span of the half-redacted text, moved to where it is in the original."""
    shift = 0
    for before in earlier:
        if before.start + shift >= span.start:
            break
        shift += len(before.kind.placeholder) - (before.end - before.start)
    return Span(span.start - shift, span.end - shift, span.kind)


def _replaced(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], span.kind.placeholder]
        position = span.end
    return "".join([*parts, text[position:]])

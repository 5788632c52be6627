"""Which of the three service languages a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, Protocol, cast

Language = Literal["fi", "sv", "en"]

_PLACEHOLDER = re.compile(r"\[[A-Z_]+\]")
_LETTERS = re.compile(r"[^\W\d_]")
_FEWEST_LETTERS = 6


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def detect_language(text: str) -> Language | None:
    """Finnish, Swedish or English; None when the text has fewer than six letters to tell from.

    Args:
        text: A comment; placeholders such as [NAME] do not count.

    >>> detect_language("Jonotin puhelimessa tunnin"), detect_language("Tack för hjälpen"), detect_language("ok")
    ('fi', 'sv', None)
    """
    words = _PLACEHOLDER.sub(" ", text)
    if len(_LETTERS.findall(words)) < _FEWEST_LETTERS:
        return None
    return cast(Language, _identifier().classify(words)[0])


@cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["fi", "sv", "en"])
    return cast(_Identifier, identifier)

"""Themes by keyword rules: every assignment can show the words that decided it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

RULES_VERSION = "keywords-1"

_WORD = re.compile(r"[^\W_]+")
_WHOLE_WORD_ONLY = 2
_MOST_WORDS = 200_000


@dataclass(frozen=True)
class ThemeKeywords:
    """A theme as the rules see it.

    Attributes:
        theme: The theme's own id, handed back as it is.
        keywords: Beginnings of words ("odot" finds "odotin"), or several words in a row ("eri hoitaja").
            One of at most two letters ("kö") must be a whole word.
    """

    theme: str | int
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """A theme found in a text.

    Attributes:
        theme: The theme's id.
        score: From 0.5 for one keyword towards 1; each further one halves the distance. A strength, no probability.
        matched: The words of the text that decided, in their order.
    """

    theme: str | int
    score: float
    matched: tuple[str, ...]


def assign(text: str, themes: Sequence[ThemeKeywords]) -> list[Assignment]:
    """Themes whose keywords occur in a text, the strongest first.

    Args:
        text: A comment in any language.
        themes: The themes to look for; keywords of all languages together.

    Raises:
        ValueError: A keyword has no letter or digit in it.

    >>> themes = [ThemeKeywords("T04", ("odot", "wait")), ThemeKeywords("T10", ("eri hoitaja",))]
    >>> assign("Odotin tunnin, taas eri hoitajaa odotellen.", themes)[0]
    Assignment(theme='T04', score=0.5, matched=('odotin', 'odotellen'))
    """
    return _rules(tuple(themes)).assign(text)


class _Rules:
    """Keywords by their first word, so that a text is read once whatever the number of themes."""

    def __init__(self, themes: tuple[ThemeKeywords, ...]) -> None:
        self._themes = themes
        self._of_word: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {}
        self._by_first: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for number, theme in enumerate(themes):
            for keyword in theme.keywords:
                words = tuple(_words(keyword))
                if not words:
                    raise ValueError(f"keyword == {keyword!r} of theme {theme.theme!r}, must have a letter or a digit.")
                self._by_first[words[0]].append((number, words))

    def assign(self, text: str) -> list[Assignment]:
        words = _words(text)
        keywords: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        matched: dict[int, dict[str, None]] = defaultdict(dict)
        for position, word in enumerate(words):
            for number, keyword in self._beginning(word):
                if _matches(words[position : position + len(keyword)], keyword):
                    keywords[number].add(keyword)
                    matched[number][" ".join(words[position : position + len(keyword)])] = None
        found = [
            Assignment(self._themes[number].theme, 1 - 0.5 ** len(keywords[number]), tuple(matched[number]))
            for number in sorted(keywords)
        ]
        return sorted(found, key=lambda assignment: -assignment.score)

    def _beginning(self, word: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Keywords whose first word a word begins with; people use the same words again and again, so kept."""
        found = self._of_word.get(word)
        if found is None:
            if len(self._of_word) >= _MOST_WORDS:
                self._of_word.clear()
            lengths = range(1, len(word) + 1)
            found = tuple(hit for length in lengths for hit in self._by_first.get(word[:length], ()))
            self._of_word[word] = found
        return found


@lru_cache(maxsize=16)
def _rules(themes: tuple[ThemeKeywords, ...]) -> _Rules:
    return _Rules(themes)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _matches(words: Sequence[str], keyword: Sequence[str]) -> bool:
    return len(words) == len(keyword) and all(
        word == beginning if len(beginning) <= _WHOLE_WORD_ONLY else word.startswith(beginning)
        for word, beginning in zip(words, keyword, strict=True)
    )

"""Why a theme was given: the words that decided, and what the theme is said to be about in nearly the same meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from themes.classifier.lexical import WordTable, words_of
from themes.definition import ThemeDefinition
from themes.keywords import ThemeKeywords, assign
from themes.stop_words import STOP_WORDS

_LEAST_SHARE = 0.25
_MOST_WORDS = 4
_SHORTEST_WORD = 3


def phrases(theme: ThemeDefinition) -> list[str]:
    """The names and examples of a theme, each once: whole phrases that can be shown as a reason."""
    said = [*theme.names.values(), *theme.examples]
    return list(dict.fromkeys(text.strip() for text in said if text.strip()))


class Reasons:
    """Finds the reasons of one model."""

    def __init__(
        self,
        themes: Sequence[ThemeDefinition],
        table: WordTable,
        rules: Sequence[ThemeKeywords],
        seed_vectors: NDArray[np.float32],
    ) -> None:
        self._table = table
        self._rules = rules
        self._phrases = [phrases(theme) for theme in themes]
        ends = np.cumsum([len(own) for own in self._phrases])
        self._vectors = np.split(seed_vectors, ends[:-1])

    def of(
        self, text: str, vector: NDArray[np.float64] | None, themes: Sequence[int]
    ) -> list[tuple[tuple[str, ...], str | None]]:
        """For each theme, by its number, the words that speak for it and the phrase nearest in meaning."""
        words = [word for word in words_of(text) if len(word) >= _SHORTEST_WORD and word not in STOP_WORDS]
        hits = {int(hit.theme): hit.matched for hit in assign(text, self._rules)}
        return [
            (self._words(words, theme, hits.get(theme, ())), self._nearest(vector, theme))
            for theme in themes
        ]  # fmt: skip

    def _words(self, words: Sequence[str], theme: int, keywords: tuple[str, ...]) -> tuple[str, ...]:
        shares = self._table.shares(words, theme)
        strongest = [words[at] for at in np.argsort(-shares, kind="stable") if shares[at] >= _LEAST_SHARE]
        said = {word for keyword in keywords for word in keyword.split()}
        return (*keywords, *(word for word in strongest if word not in said))[:_MOST_WORDS]

    def _nearest(self, vector: NDArray[np.float64] | None, theme: int) -> str | None:
        if vector is None:
            return None
        return self._phrases[theme][int(np.argmax(self._vectors[theme] @ vector))]

"""A fitted theme model: frozen, so that later texts are judged as the first were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.special
from numpy.typing import NDArray

from themes.classifier.explanation import Reasons
from themes.classifier.features import Centres, Floats, Vectors, checked_vectors, languages_of
from themes.classifier.lexical import WordTable
from themes.definition import ThemeDefinition, ThemeId
from themes.keywords import ThemeKeywords, assign

THRESHOLD = 0.3
"""From this score on a theme is assigned: scores are probabilities, and F1 is highest at about half its own value."""

LEAST = 0.1
"""Themes below this score are not mentioned, unless the strongest of a comment."""


@dataclass(frozen=True, kw_only=True)
class ThemeScore:
    """A theme a comment may be about.

    Attributes:
        theme: The theme's id.
        score: Probability that a person would give the comment this theme, as far as the labels so far can tell.
        matched: Words of the comment that decided, the strongest first.
        nearest: The theme's name or example that means most nearly what the comment says; None without embedding.
    """

    theme: ThemeId
    score: float
    matched: tuple[str, ...]
    nearest: str | None

    @property
    def because(self) -> tuple[str, ...]:
        """What to show as the reason: the words, or the nearest example where no word decided."""
        return self.matched or ((self.nearest,) if self.nearest else ())


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What the model makes of one comment.

    Attributes:
        themes: Themes of at least the score asked for, the strongest first; the strongest is always there.
        doubt: Probability that a person would change something, 0-1: the queue shows the highest first.
    """

    themes: tuple[ThemeScore, ...]
    doubt: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Head:
    """One set of regressions.

    Attributes:
        words: Coefficients of the hashed words, shape (buckets, themes).
        meaning: Coefficients of the centred embedding, shape (dimensions, themes); no rows when it reads words only.
        intercepts: Shape (themes,).
        keyword: What a keyword's strength (0-1) adds to its theme.
        slope: Scores are expit(slope * (sum) + offset).
        offset: See `slope`.
    """

    words: NDArray[np.float32]
    meaning: NDArray[np.float32]
    intercepts: Floats
    keyword: float
    slope: float
    offset: float


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedThemes:
    """A fitted model. Its answers depend on the text (and its vector) alone.

    Attributes:
        version: Digest of everything it was fitted on, and the embedding model.
        engine: Version of the embedding model its vectors come from.
        themes: The themes it knows.
        labels: Labelled comments it was fitted on.
        weights: Weights of words by bucket, shape (buckets,).
        centres: Mean vectors by language.
        full: Regressions on words and meaning.
        lexical: Regressions on words only.
        seed_vectors: Centred vectors of the names and examples, shape (seeds, dimensions).
    """

    version: str
    engine: str
    themes: tuple[ThemeDefinition, ...]
    labels: int
    weights: NDArray[np.float32]
    centres: Centres
    full: Head
    lexical: Head
    seed_vectors: NDArray[np.float32]
    _tables: dict[str, WordTable] = field(default_factory=dict, init=False, repr=False)

    def scores(
        self, texts: Sequence[str], vectors: Vectors | None = None, languages: Sequence[str | None] | None = None
    ) -> Floats:
        """Probability of each theme, shape (texts, themes) in the order of `themes`.

        Args:
            texts: Comments.
            vectors: Their embeddings of the model's `engine`, shape (texts, dimensions); None judges by words only,
                which is fast and less often right.
            languages: "fi", "sv", "en" or None of each; None has them detected.

        Raises:
            ValueError: A shape does not fit.
        """
        head, table = self._head(vectors)
        total = table.add(texts) + head.intercepts + head.keyword * self._keywords(texts)
        if vectors is not None:
            checked_vectors(vectors, texts, len(head.meaning))
            total = total + self.centres.remove(vectors, languages_of(texts, languages)) @ head.meaning
        probabilities: Floats = scipy.special.expit(head.slope * total + head.offset)
        return probabilities

    def assign(
        self,
        texts: Sequence[str],
        vectors: Vectors | None = None,
        languages: Sequence[str | None] | None = None,
        *,
        least: float = LEAST,
    ) -> list[Assigned]:
        """Themes of comments with their reasons; arguments as for `scores`.

        Args:
            texts: Comments.
            vectors: Their embeddings, or None.
            languages: Their languages, or None.
            least: Themes below this score are left out, the strongest of each comment excepted.
        """
        scores = self.scores(texts, vectors, languages)
        centred = None if vectors is None else self.centres.remove(vectors, languages_of(texts, languages))
        reasons = Reasons(self.themes, self._head(vectors)[1], self._rules(), self.seed_vectors)
        found = []
        for row, (text, of_themes) in enumerate(zip(texts, scores, strict=True)):
            order = np.argsort(-of_themes, kind="stable")
            chosen = [int(k) for k in order if of_themes[k] >= least] or [int(order[0])]
            why = reasons.of(text, None if centred is None else centred[row], chosen)
            themes = tuple(
                ThemeScore(theme=self.themes[k].id, score=round(float(of_themes[k]), 4), matched=words, nearest=nearest)
                for k, (words, nearest) in zip(chosen, why, strict=True)
            )
            found.append(Assigned(themes=themes, doubt=round(doubt(of_themes), 4)))
        return found

    def to_bytes(self) -> bytes:
        """The model for storage: plain arrays and JSON, nothing that could run."""
        from themes.classifier.storage import pack

        return pack(self)

    @staticmethod
    def from_bytes(stored: bytes) -> FittedThemes:
        """The model as it was stored.

        Raises:
            ValueError: The bytes are no model of this format.
        """
        from themes.classifier.storage import unpack

        return unpack(stored)

    def _head(self, vectors: Vectors | None) -> tuple[Head, WordTable]:
        name, head = ("lexical", self.lexical) if vectors is None else ("full", self.full)
        if name not in self._tables:
            self._tables[name] = WordTable(head.words, self.weights)
        return head, self._tables[name]

    def _rules(self) -> tuple[ThemeKeywords, ...]:
        return tuple(ThemeKeywords(number, theme.keywords) for number, theme in enumerate(self.themes))

    def _keywords(self, texts: Sequence[str]) -> Floats:
        return keyword_strengths(texts, self._rules())


def keyword_strengths(texts: Sequence[str], rules: tuple[ThemeKeywords, ...]) -> Floats:
    """Strength of each theme's keywords in each text, 0-1, shape (texts, themes); rules are numbered by their place."""
    found = np.zeros((len(texts), len(rules)))
    for row, text in enumerate(texts):
        for assignment in assign(text, rules):
            found[row, int(assignment.theme)] = assignment.score
    return found


def doubt(scores: Floats, *, threshold: float = THRESHOLD) -> float:
    """Probability that at least one theme is decided wrongly at a threshold, taking themes as independent.

    >>> round(doubt(np.array([0.9, 0.2])), 2)
    0.28
    """
    wrong = np.where(scores >= threshold, 1.0 - scores, scores)
    return float(1.0 - np.prod(1.0 - wrong))

"""The tone of an answer: from its own rating, else from its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import scipy.special
from numpy.typing import NDArray

from themes.classifier.features import Centres, Floats, Vectors, checked_vectors, languages_of
from themes.classifier.vectors import packaged_centres, vectors_of
from themes.embedding import Embedder, embedder
from themes.phrases import phrases

Sentiment = Literal["neg", "neu", "pos"]

UNCLEAR = 0.08
"""A tone is "neu" when the probability of praise is this near a half: about a fifth of comments."""

_STRENGTH = 0.5


@dataclass(frozen=True, kw_only=True)
class RatedText:
    """A comment whose tone is known, from its rating or by a person.

    Attributes:
        text: The comment.
        tone: "pos" or "neg"; those between teach nothing and are left out.
        vector: Its embedding, shape (dimensions,); None to have it computed.
    """

    text: str
    tone: Sentiment
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True, kw_only=True)
class SentimentScore:
    """The tone of one comment by its words.

    Attributes:
        label: "neg", "neu" (unclear) or "pos".
        score: How surely it is praise rather than complaint, 0-1.
    """

    label: Sentiment
    score: float


@dataclass(frozen=True, kw_only=True, eq=False)
class SentimentModel:
    """A fitted logistic regression of praise against complaint.

    Attributes:
        engine: Version of the embedding model.
        centres: Mean vectors by language.
        coefficients: Shape (dimensions,).
        intercept: Of the regression.
    """

    engine: str
    centres: Centres
    coefficients: Floats
    intercept: float

    def probabilities(self, vectors: Vectors, languages: Sequence[str | None]) -> Floats:
        """Probability of praise rather than complaint, shape (texts,)."""
        sums = self.centres.remove(vectors, languages) @ self.coefficients + self.intercept
        found: Floats = scipy.special.expit(sums)
        return found


def fit_sentiment(rated: Sequence[RatedText] = (), *, engine: Embedder | None = None) -> SentimentModel:
    """Fit praise against complaint on the packaged phrases, and on the organisation's own rated comments if given.

    Three classes were tried and are worse: what is neither praise nor complaint has no words of its own. So two
    classes, and near a half the tone is unclear.

    Args:
        rated: Comments with a known tone.
        engine: The embedding model; the installation's own when None.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    engine = engine or embedder()
    own = [text for text in rated if text.tone != "neu"]
    texts = [phrase.text for phrase in phrases()] + [text.text for text in own]
    vectors = vectors_of(texts, [None] * len(phrases()) + [text.vector for text in own], engine)
    languages = [phrase.language for phrase in phrases()] + languages_of([text.text for text in own])
    middle = packaged_centres(engine)
    praise = [phrase.tone == "pos" for phrase in phrases()] + [text.tone == "pos" for text in own]
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2_000).fit(middle.remove(vectors, languages), praise)
    return SentimentModel(
        engine=engine.version, centres=middle, coefficients=fitted.coef_[0], intercept=float(fitted.intercept_[0])
    )


def classify(
    texts: Sequence[str],
    vectors: Vectors | None = None,
    languages: Sequence[str | None] | None = None,
    *,
    model: SentimentModel | None = None,
) -> list[SentimentScore]:
    """The tone of comments by their words; where a comment has a rating, `from_rating` is the better judge.

    Args:
        texts: Comments.
        vectors: Their embeddings, shape (texts, dimensions); None to have them computed.
        languages: "fi", "sv", "en" or None of each; None has them detected.
        model: A fitted model; the one of the packaged phrases when None.

    Raises:
        ValueError: A shape does not fit.

    >>> [score.label for score in classify(["Kiitos, olen todella tyytyväinen!", "Personalen var otrevlig."])]
    ['pos', 'neg']
    """
    if not texts:
        return []
    model = model or _packaged()
    if vectors is None:
        vectors = vectors_of(texts, [None] * len(texts), embedder())
    checked_vectors(vectors, texts, len(model.coefficients))
    found = model.probabilities(vectors, languages_of(texts, languages))
    return [SentimentScore(label=_label(float(score)), score=round(float(score), 4)) for score in found]


def _label(probability: float) -> Sentiment:
    if abs(probability - 0.5) < UNCLEAR:
        return "neu"
    return "pos" if probability > 0.5 else "neg"


@cache
def _packaged() -> SentimentModel:
    return fit_sentiment()


def from_rating(value: float | None, low: float, high: float) -> Sentiment | None:
    """The tone a rating expresses, wherever it was given.

    On 0-10 the recommendation's own groups: 0-6, 7-8, 9-10. On other scales the lower and upper two fifths and
    what is between: 1-2, 3 and 4-5 of five; 1-2 and 3-4 of four faces.

    Args:
        value: The rating, or None when there is none.
        low: The scale's worst value.
        high: The scale's best value.

    Raises:
        ValueError: The scale has no width, or the value is not on it.

    References:
        Reichheld (2003), "The one number you need to grow", Harvard Business Review 81(12): the groups of 0-10.

    >>> from_rating(6, 0, 10), from_rating(3, 1, 5), from_rating(3, 1, 4), from_rating(None, 1, 5)
    ('neg', 'neu', 'pos', None)
    """
    if not low < high:
        raise ValueError(f"low == {low}, must be < high ({high}).")
    if value is None:
        return None
    if not low <= value <= high:
        raise ValueError(f"value == {value}, must be from {low} to {high}.")
    position = (value - low) / (high - low)
    worse, better = (0.65, 0.85) if (low, high) == (0, 10) else (0.4, 0.6)
    return "neg" if position < worse else "pos" if position > better else "neu"

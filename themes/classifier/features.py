"""A comment as the regressions see it: its words, and its embedding without what its language adds to every comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themes.language import detect_language

LANGUAGES = ("fi", "sv", "en")

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Centres:
    """Mean vectors, to be taken off before vectors are compared.

    Sentence vectors of one model crowd in a narrow cone, and those of one language in a part of it: without their
    means what remains is what the texts say (Mu & Viswanath (2018), "All-but-the-top", ICLR, its first step).

    Attributes:
        by_language: Mean vector of a language, shape (dimensions,) each.
        overall: Mean vector where the language is unknown, shape (dimensions,).
    """

    by_language: Mapping[str, NDArray[np.float32]]
    overall: NDArray[np.float32]

    def remove(self, vectors: Vectors, languages: Sequence[str | None]) -> Floats:
        """Vectors without their language's mean, each of length 1 again, shape (texts, dimensions)."""
        means = np.array([self.by_language.get(language or "", self.overall) for language in languages])
        rest = vectors.astype(np.float64) - means.reshape(vectors.shape)
        lengths = np.linalg.norm(rest, axis=1, keepdims=True)
        unit: Floats = rest / np.where(lengths > 0, lengths, 1.0)
        return unit


def languages_of(texts: Sequence[str], given: Sequence[str | None] | None = None) -> list[str | None]:
    """The language of each text: as given, else as detected."""
    if given is None:
        return [detect_language(text) for text in texts]
    if len(given) != len(texts):
        raise ValueError(f"len(languages) == {len(given)}, must be len(texts) ({len(texts)}).")
    return [known or detect_language(text) for known, text in zip(given, texts, strict=True)]


def centres(vectors: Vectors, languages: Sequence[str | None], *, prior: Centres, prior_weight: float) -> Centres:
    """Mean vectors of some texts, drawn to earlier means where the texts of a language are few.

    Args:
        vectors: Shape (texts, dimensions).
        languages: Language of each text; None where it is unknown.
        prior: The means to start from.
        prior_weight: How many texts the earlier mean of a language stands for.
    """
    found = {}
    for language in LANGUAGES:
        own = vectors[[known == language for known in languages]].astype(np.float64)
        total = own.sum(axis=0) + prior_weight * prior.by_language[language]
        found[language] = (total / (len(own) + prior_weight)).astype(np.float32)
    return Centres(by_language=found, overall=np.mean(list(found.values()), axis=0).astype(np.float32))


def checked_vectors(vectors: Vectors, texts: Sequence[str], dimensions: int) -> Vectors:
    """The vectors, when there is one of the right length for each text.

    Raises:
        ValueError: There is not.
    """
    if vectors.shape != (len(texts), dimensions):
        raise ValueError(f"vectors.shape == {vectors.shape}, must be ({len(texts)}, {dimensions}).")
    return vectors

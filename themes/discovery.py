"""Proposals of themes: comments of like meaning together, whatever their language, named by their own words."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themes.classifier.features import Floats, Vectors, centres, languages_of
from themes.classifier.vectors import packaged_centres
from themes.discovery_words import Vocabulary, class_weights, diverse
from themes.embedding import Embedder, embedder

FEWEST = 12
"""Below this many texts there is nothing to group."""

SAMPLE = 20_000
MOST_GROUPS = 40
KEYWORDS = 8
EXAMPLES = 5
DIRECTIONS = 20
_PRIOR_TEXTS = 20.0
_STARTS = 4
_SMALLEST = 3


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A group of comments that seem to speak of one thing.

    Attributes:
        label: Its first three keywords, a working name for people to replace.
        keywords: Words that are common in it and rare elsewhere, in their dictionary form, the most telling first.
        size: Comments in it.
        share: The same as a share of all comments given.
        members: Their places in the list given, the most typical first.
        languages: How many of them are in each language.
    """

    label: str
    keywords: tuple[str, ...]
    size: int
    share: float
    members: tuple[int, ...]
    languages: dict[str, int]

    @property
    def examples(self) -> tuple[int, ...]:
        """Places of the most typical comments."""
        return self.members[:EXAMPLES]


def group_count(texts: int) -> int:
    """How many groups are looked for: the square root of half the texts, from 2 to 40.

    >>> [group_count(texts) for texts in (12, 400, 1600, 100_000)]
    [2, 14, 28, 40]
    """
    return int(min(max(round((texts / 2) ** 0.5), 2), MOST_GROUPS))


def discover(
    texts: Sequence[str],
    vectors: Vectors,
    languages: Sequence[str | None] | None = None,
    *,
    groups: int | None = None,
    engine: Embedder | None = None,
) -> list[Proposal]:
    """Group comments by meaning and name the groups, the largest first. The same comments give the same groups.

    Vectors lose the mean of their language, so that what is said counts and not the language it is said in; then
    k-means on the sphere of their 20 main directions. Groups of fewer than three comments are not proposed. Of more
    than 20,000 comments a sample forms the groups and the others join the nearest.

    Args:
        texts: Comments, such as those that have no theme.
        vectors: Their embeddings, shape (texts, dimensions).
        languages: "fi", "sv", "en" or None of each; None has them detected.
        groups: How many groups; None for `group_count`.
        engine: The embedding model of the vectors; the installation's own when None.

    Returns:
        The proposals; none when there are fewer than twelve texts.

    Raises:
        ValueError: A shape does not fit, or there are fewer than 2 groups or more than texts.

    References:
        Grootendorst (2022), "BERTopic: neural topic modeling with a class-based TF-IDF procedure", arXiv:2203.05794.
        Dhillon & Modha (2001), "Concept decompositions for large sparse text data using clustering", Machine Learning
        42. Carbonell & Goldstein (1998), "The use of MMR", SIGIR: keywords that do not repeat each other.
    """
    engine = engine or embedder()
    if vectors.shape != (len(texts), engine.dimensions):
        raise ValueError(f"vectors.shape == {vectors.shape}, must be ({len(texts)}, {engine.dimensions}).")
    if groups is not None and not 2 <= groups <= max(len(texts), 2):
        raise ValueError(f"groups == {groups}, must be from 2 to the number of texts ({len(texts)}).")
    if len(texts) < FEWEST:
        return []
    known = languages_of(texts, languages)
    middle = centres(vectors, known, prior=packaged_centres(engine), prior_weight=_PRIOR_TEXTS)
    centred = middle.remove(vectors, known)
    near, typical = _grouped(centred, groups or group_count(min(len(texts), SAMPLE)))
    return _named(texts, known, near, typical)


def _grouped(centred: Floats, groups: int) -> tuple[NDArray[np.intp], Floats]:
    """The group of each text, and how near it is to the middle of its group (cosine)."""
    from sklearn.cluster import KMeans  # type: ignore[import-untyped]
    from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]

    main = _main_directions(centred)
    chosen = np.arange(len(centred))
    if len(centred) > SAMPLE:
        chosen = np.sort(np.random.default_rng(0).choice(len(centred), SAMPLE, replace=False))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different texts than groups: empty ones are dropped
        fitted = KMeans(groups, n_init=_STARTS, random_state=0).fit(main[chosen])
    middles = fitted.cluster_centers_
    middles = middles / np.linalg.norm(middles, axis=1, keepdims=True)
    likeness = main @ middles.T
    return likeness.argmax(axis=1), likeness.max(axis=1)


def _main_directions(centred: Floats) -> Floats:
    """The vectors along their principal directions, each of length 1 again."""
    _, directions = np.linalg.eigh(np.cov(centred, rowvar=False))
    along = (centred - centred.mean(axis=0)) @ directions[:, -DIRECTIONS:]
    lengths = np.linalg.norm(along, axis=1, keepdims=True)
    unit: Floats = along / np.where(lengths > 0, lengths, 1.0)
    return unit


def _named(
    texts: Sequence[str], languages: Sequence[str | None], near: NDArray[np.intp], typical: Floats
) -> list[Proposal]:
    vocabulary = Vocabulary.of(texts, languages)
    weights = class_weights(vocabulary.counts, near)
    found = []
    for group in range(int(near.max()) + 1):
        members = np.flatnonzero(near == group)
        if len(members) < _SMALLEST:
            continue
        members = members[np.argsort(-typical[members], kind="stable")]
        words = diverse(vocabulary, weights[group], members, KEYWORDS)
        if not words:
            continue
        spoken = [languages[int(member)] or "other" for member in members]
        found.append(
            Proposal(
                label=", ".join(words[:3]),
                keywords=words,
                size=len(members),
                share=round(len(members) / len(texts), 4),
                members=tuple(int(member) for member in members),
                languages={language: spoken.count(language) for language in sorted(set(spoken))},
            )
        )
    return sorted(found, key=lambda proposal: (-proposal.size, proposal.members))

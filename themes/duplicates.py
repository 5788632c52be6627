"""Repeats of one comment: the same complaint sent again, with other punctuation or a few words changed."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_FEWEST_WORDS = 5
_SHARED_WORDS = 0.6
_LARGEST_BUCKET = 200
_BINS = 32
_ROUNDING = 1e-6

Counts = NDArray[np.int16]


def near_duplicates(
    texts: Sequence[str], *, similarity: float = 88.0, fewest_words: int = _FEWEST_WORDS, grouped_before: int = 0
) -> list[int]:
    """Group comments that say the same in nearly the same words.

    Texts under five words are never grouped: many people write "Kiitos hyvästä palvelusta", and each is one opinion.

    Args:
        texts: Comments, the earliest first.
        similarity: The least similarity of two texts of a group, 0-100: of all characters, matches by edit distance,
            with the words in the better of their own and alphabetical order.
        fewest_words: Shorter texts are never grouped. Fewer than five are enough where all are one person's.
        grouped_before: How many of the first texts have been through this already: they are compared with the later
            ones, not with each other unless they are equal.

    Returns:
        For each text the index of the first text of its group, which is its own index when nothing repeats.

    Raises:
        ValueError: The similarity is not from 0 to 100.

    References:
        Chaudhuri, Ganti & Kaushik (2006), "A primitive operator for similarity joins in data cleaning", ICDE: two texts
        that share three fifths of their words share one of their rarest, so only those are compared.
        Kahveci & Singh (2001), "An efficient index structure for string databases", VLDB: the distance of two texts'
        letter counts is at most their edit distance, so that counting rules out nearly all pairs.

    >>> near_duplicates(["Sama lato pihalla jo 40 vuotta.", "Hyvä palvelu", "sama lato PIHALLA jo 40 vuotta!!"])
    [0, 1, 0]
    """
    if not 0 <= similarity <= 100:
        raise ValueError(f"similarity == {similarity}, must be from 0 to 100.")
    said = [_Said.of(text) for text in texts]
    group = list(range(len(texts)))
    first_with: dict[str, int] = {}
    for index, text in enumerate(said):
        if len(text.words) >= fewest_words:
            group[index] = first_with.setdefault(text.plain, index)
    for one, other in _alike(said, sorted(first_with.values()), similarity, grouped_before):
        _join(group, one, other)
    return [_root(group, index) for index in range(len(texts))]


class _Said(NamedTuple):
    """A text without its letter case and punctuation."""

    plain: str
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Said:
        words = _WORD.findall(text.casefold())
        return cls(" ".join(words), frozenset(words))

    @property
    def alphabetical(self) -> str:
        return " ".join(sorted(self.plain.split(" ")))


def _alike(said: list[_Said], distinct: list[int], similarity: float, grouped_before: int) -> Iterator[tuple[int, int]]:
    """Pairs of similar texts among those that share one of their rarest words."""
    frequency = Counter(word for index in distinct for word in said[index].words)
    letters = np.zeros((len(said), _BINS), dtype=np.int16)
    for index in distinct:
        letters[index] = _letter_counts(said[index].plain)
    sizes = letters.sum(axis=1, dtype=np.int64)
    most_apart = 1 - similarity / 100 + _ROUNDING
    buckets: dict[str, array[int]] = {}
    for index in distinct:
        text = said[index]
        rarest = sorted(text.words, key=lambda word: (frequency[word], word))
        prefix = rarest[: len(rarest) - math.ceil(_SHARED_WORDS * len(rarest)) + 1]
        # A word that only this text has leads to nobody.
        beside = [buckets.setdefault(word, array("q")) for word in prefix if frequency[word] > 1]
        if index >= grouped_before and any(beside):
            near = np.frombuffer(b"".join(beside), dtype=np.int64)
            near = near[np.abs(sizes[near] - sizes[index]) <= most_apart * (sizes[near] + sizes[index])]
            apart = np.abs(letters[near] - letters[index]).sum(axis=1, dtype=np.int32)
            for other in dict.fromkeys(near[apart <= most_apart * (sizes[near] + sizes[index])].tolist()):
                if _similar(said[other], text, similarity):
                    yield other, index
        for bucket in beside:
            if len(bucket) < _LARGEST_BUCKET:
                bucket.append(index)


def _letter_counts(text: str) -> Counts:
    """How often each letter occurs, all letters of the world in 32 bins."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32) % _BINS
    return np.bincount(codes, minlength=_BINS).astype(np.int16)


def _similar(one: _Said, other: _Said, similarity: float) -> bool:
    if len(one.words & other.words) < _SHARED_WORDS * max(len(one.words), len(other.words)):
        return False
    return (
        fuzz.ratio(one.plain, other.plain, score_cutoff=similarity) >= similarity
        or fuzz.ratio(one.alphabetical, other.alphabetical, score_cutoff=similarity) >= similarity
    )


def _root(group: list[int], index: int) -> int:
    while group[index] != index:
        group[index] = group[group[index]]
        index = group[index]
    return index


def _join(group: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(group, one), _root(group, other)))
    group[second] = first

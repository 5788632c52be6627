"""What the words of a text say: a word is a unit vector of itself and its parts, a text the sum of its words."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from themes.stop_words import STOP_WORDS

BUCKETS = 1 << 15
SHORTEST, LONGEST = 3, 5
STOP_WORD_WEIGHT = 0.3

_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\[[A-Z_]+\]")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, each once, without placeholders such as [NAME].

    >>> words_of("Odotin, odotin ja ODOTIN [NAME]")
    ['odotin', 'ja']
    """
    plain = unicodedata.normalize("NFC", _PLACEHOLDER.sub(" ", text)).casefold()
    return list(dict.fromkeys(_WORD.findall(plain)))


@lru_cache(maxsize=1 << 17)
def parts_of(word: str) -> NDArray[np.int32]:
    """Buckets of a word and of its character n-grams of 3 to 5, the word's own bucket first.

    References:
        Bojanowski, Grave, Joulin & Mikolov (2017), "Enriching word vectors with subword information", TACL 5: inflected
        and compound words share their parts. Weinberger, Dasgupta, Langford, Smola & Attenberg (2009), "Feature hashing
        for large scale multitask learning", ICML.
    """
    marked = f"<{word}>"
    parts = {
        _bucket(marked[start : start + length])
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(marked) - length + 1)
    }
    own = _bucket("=" + word)
    return np.array([own, *sorted(parts - {own})], dtype=np.int32)


def document_weights(texts: Sequence[str]) -> NDArray[np.float32]:
    """How much a word counts, by its bucket: rare words more (inverse document frequency), shape (BUCKETS,)."""
    found = np.zeros(BUCKETS)
    for text in texts:
        for word in words_of(text):
            found[parts_of(word)[0]] += 1
    weights: NDArray[np.float32] = (np.log((len(texts) + 1) / (found + 1)) + 1).astype(np.float32)
    return weights


def word_weight(word: str, weights: NDArray[np.float32]) -> float:
    """The weight of one word; words of `STOP_WORDS` count less."""
    return float(weights[parts_of(word)[0]]) * (STOP_WORD_WEIGHT if word in STOP_WORDS else 1.0)


def lexical_matrix(texts: Sequence[str], weights: NDArray[np.float32]) -> scipy.sparse.csr_matrix:
    """Texts as rows over the buckets, shape (texts, BUCKETS); a text without words is a row of zeros."""
    starts, buckets, values = [0], [], []
    for text in texts:
        words = words_of(text)
        weight = np.array([word_weight(word, weights) for word in words])
        length = float(np.sqrt(weight @ weight)) if words else 1.0
        for word, share in zip(words, weight / length, strict=True):
            parts = parts_of(word)
            buckets.append(parts)
            values.append(np.full(len(parts), share / np.sqrt(len(parts))))
        starts.append(starts[-1] + sum(len(parts_of(word)) for word in words))
    indices = np.concatenate(buckets) if buckets else np.zeros(0, dtype=np.int32)
    data = np.concatenate(values) if values else np.zeros(0)
    matrix = scipy.sparse.csr_matrix((data, indices, np.array(starts)), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


class WordTable:
    """What each word adds to each theme's score, worked out when the word is first met: texts are then sums of rows.

    Attributes:
        weights: Weights of words by bucket, shape (BUCKETS,).
    """

    _MOST_WORDS = 300_000

    def __init__(self, coefficients: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        self.weights = weights
        self._coefficients = coefficients
        self._empty()

    def add(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The words' part of each text's score, shape (texts, themes)."""
        if len(self._row) > self._MOST_WORDS:
            self._empty()
        rows = [[self._of(word) for word in words_of(text)] for text in texts]
        lengths = np.array([len(row) for row in rows])
        flat = np.fromiter((number for row in rows for number in row), dtype=np.int64, count=int(lengths.sum()))
        counted = scipy.sparse.csr_matrix(
            (np.ones(len(flat)), flat, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(texts), len(self._row))
        )
        squares = counted @ np.array(self._squares)
        total: NDArray[np.float64] = np.asarray(
            counted @ np.array(self._sums).reshape(len(self._row), self._coefficients.shape[1])
        )
        return total / np.sqrt(np.where(squares > 0, squares, 1.0))[:, None]

    def shares(self, words: Sequence[str], theme: int) -> NDArray[np.float64]:
        """What each word of one text adds to the score of one theme, shape (words,)."""
        rows = [self._of(word) for word in words]
        length = np.sqrt(sum(self._squares[row] for row in rows)) or 1.0
        return np.array([self._sums[row][theme] / length for row in rows])

    def _of(self, word: str) -> int:
        row = self._row.get(word)
        if row is None:
            row = self._row[word] = len(self._row)
            parts = parts_of(word)
            weight = word_weight(word, self.weights)
            self._sums.append(weight / np.sqrt(len(parts)) * self._coefficients[parts].sum(axis=0, dtype=np.float64))
            self._squares.append(weight * weight)
        return row

    def _empty(self) -> None:
        self._row: dict[str, int] = {}
        self._sums: list[NDArray[np.float64]] = []
        self._squares: list[float] = []


def _bucket(part: str) -> int:
    return zlib.crc32(part.encode()) % BUCKETS

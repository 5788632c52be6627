"""Words that tell one group of comments from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse
import simplemma
from numpy.typing import NDArray

from themes.classifier.lexical import words_of
from themes.stop_words import STOP_WORDS

Floats = NDArray[np.float64]

_DULL_WORDS = """
    ajan antaa asia ask behöva call come day eka ettei feel fem find five four fråga fyra få give gå göra ha
    hour höra joutua jättää jää jäädä kaksi keep kello know kolme komma kuulua kysyä känna käskeä käydä laittaa
    leave let ligga live look lähteä mennä mies muutama må neljä new nähdä old olo oma ottaa paikka pitää puoli
    put pyytää päivä päästä sama samma sanoa say se see sit stå säga ta take tehdä tell thing think three tid
    tietää time today toinen tre tro try tulla två two use uusi vecka veta viikko vänta want week year yksi år
"""
_DULL = frozenset(_DULL_WORDS.split())
"""Verbs, numbers and times that any comment may hold: no name for a group."""

_SHORTEST = 3
_CANDIDATES = 30
_NOVELTY = 0.4
_FEWEST_TEXTS = 3
_SAME_BEGINNING = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Vocabulary:
    """The words of some texts, in dictionary form, without words that tell nothing.

    Attributes:
        words: The words, in alphabetical order.
        counts: 1 where a text has a word, shape (texts, words).
    """

    words: tuple[str, ...]
    counts: scipy.sparse.csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str], languages: Sequence[str | None]) -> Vocabulary:
        """Words that at least two texts share (all of them when there are none such)."""
        said = [_lemmas(text, language or "fi") for text, language in zip(texts, languages, strict=True)]
        often = Counter(word for words in said for word in words)
        shared = sorted(word for word, times in often.items() if times > 1) or sorted(often)
        place = {word: number for number, word in enumerate(shared)}
        rows = [[place[word] for word in words if word in place] for words in said]
        ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        flat = np.array([number for row in rows for number in row], dtype=np.int64)
        counts = scipy.sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(texts), len(shared)))
        return cls(words=tuple(shared), counts=counts)


def class_weights(counts: scipy.sparse.csr_matrix, group: NDArray[np.intp]) -> Floats:
    """Class-based TF-IDF, shape (groups, words): common in the group, rare in all, and said mostly there.

    A word's share of its group's words, times log(1 + mean words a group / how often the word is said at all), times
    the root of the share of its uses that are in the group: of small groups the logarithm alone lets common words in.

    References:
        Grootendorst (2022), arXiv:2203.05794, equation 2.

    >>> import scipy.sparse as sp
    >>> class_weights(sp.csr_matrix([[1.0, 1.0], [1.0, 0.0]]), np.array([0, 1])).round(3).tolist()
    [[0.198, 0.458], [0.396, 0.0]]
    """
    groups = int(group.max()) + 1
    choice = scipy.sparse.csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(groups, len(group)))
    said = np.asarray((choice @ counts).todense())
    of_group = said.sum(axis=1, keepdims=True)
    of_word = said.sum(axis=0)
    rarity = np.log1p(of_group.mean() / np.where(of_word > 0, of_word, 1.0))
    mostly = np.sqrt(said / np.where(of_word > 0, of_word, 1.0))
    weights: Floats = said / np.where(of_group > 0, of_group, 1.0) * rarity * mostly
    return weights


def diverse(vocabulary: Vocabulary, weights: Floats, members: NDArray[np.intp], most: int) -> tuple[str, ...]:
    """The weightiest words that do not repeat each other (maximal marginal relevance).

    Words of fewer than three comments of the group are left out where others are there. Two words repeat each other
    as far as the same comments of the group say both, and wholly when they begin alike.
    """
    heard = np.asarray(vocabulary.counts[members].sum(axis=0)).ravel()
    weights = np.where(heard >= min(_FEWEST_TEXTS, heard.max(initial=0.0)), weights, 0.0)
    candidates = [int(at) for at in np.argsort(-weights, kind="stable")[:_CANDIDATES] if weights[at] > 0]
    if not candidates:
        return ()
    said = np.asarray(vocabulary.counts[members][:, candidates].todense())
    lengths = np.linalg.norm(said, axis=0)
    alike = said.T @ said / np.outer(lengths, lengths)
    for one, first in enumerate(candidates):
        for other, second in enumerate(candidates):
            if vocabulary.words[first][:_SAME_BEGINNING] == vocabulary.words[second][:_SAME_BEGINNING]:
                alike[one, other] = 1.0
    relevance = weights[candidates] / weights[candidates[0]]
    chosen = [0]
    while len(chosen) < min(most, len(candidates)):
        value = (1 - _NOVELTY) * relevance - _NOVELTY * alike[:, chosen].max(axis=1)
        value[alike[:, chosen].max(axis=1) > 1 - 1e-9] = -np.inf
        value[chosen] = -np.inf
        best = int(value.argmax())
        if not np.isfinite(value[best]):
            break
        chosen.append(best)
    return tuple(vocabulary.words[candidates[at]] for at in chosen)


def _lemmas(text: str, language: str) -> list[str]:
    lemmas = (_lemma(word, language) for word in words_of(text) if word not in STOP_WORDS)
    return list(dict.fromkeys(word for word in lemmas if _tells(word)))


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in STOP_WORDS and word not in _DULL and not word.isdigit()


@lru_cache(maxsize=1 << 16)
def _lemma(word: str, language: str) -> str:
    return simplemma.lemmatize(word, lang=language).casefold()

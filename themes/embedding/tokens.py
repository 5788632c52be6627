"""Texts cut into the pieces of the model's vocabulary."""

from __future__ import annotations

import re
import unicodedata

from themes.embedding.weights import Vocabulary

MARK = "▁"
"""Stands for the space before a word."""

_SPACES = re.compile(" {2,}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 40
_PENALTY = 10.0


class Tokenizer:
    """Cuts a text into the likeliest pieces, as SentencePiece's unigram model does.

    A piece never reaches over a space, so that each word is cut on its own and words met before are looked up.
    Letters written as a base and an accent are composed first, which the model's own tokenizer also does.

    References:
        Kudo (2018), "Subword regularization", ACL: the unigram model; Viterbi's algorithm finds its likeliest cut.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._replacements = vocabulary.replacements
        self._tokens = vocabulary.pieces
        self._unknown = vocabulary.unknown
        scores = vocabulary.scores
        self._scores = {piece: scores[token] for piece, token in vocabulary.pieces.items() if token != self._unknown}
        self._of_unknown = min(scores) - _PENALTY
        self._longest = max(map(len, vocabulary.pieces))
        self._words: dict[str, list[int]] = {}

    def tokens(self, text: str) -> list[int]:
        """Tokens of a text, without those that begin and end it.

        Examples:
            >>> pieces = {"<unk>": 0, "▁": 1, "▁jo": 2, "no": 3, "▁jono": 4, "t": 5}
            >>> vocabulary = Vocabulary(
            ...     pieces=pieces, scores=[0.0, -2, -4, -5, -6, -3], replacements={9: " "}, begin=0, end=0, unknown=0
            ... )
            >>> Tokenizer(vocabulary).tokens("jonot  jo\\tjoX")
            [4, 5, 2, 2, 0]
        """
        clean = _SURROGATES.sub("\ufffd", text)
        if not unicodedata.is_normalized("NFC", clean):
            clean = unicodedata.normalize("NFC", clean)
        clean = _SPACES.sub(" ", clean.translate(self._replacements))
        found: list[int] = []
        for word in clean.removeprefix(" ").split(" "):
            found += self._of_word(MARK + word)
        return found

    def _of_word(self, word: str) -> list[int]:
        known = self._words.get(word)
        if known is None:
            known = self._cut(word)
            if len(word) <= _LONGEST_REMEMBERED:
                if len(self._words) >= _REMEMBERED:
                    self._words = {}
                self._words[word] = known
        return known

    def _cut(self, word: str) -> list[int]:
        length, longest, score_of = len(word), self._longest, self._scores.get
        best = [0.0] + [float("-inf")] * length
        start = [0] * (length + 1)
        for at in range(length):
            here = best[at]
            for to in range(at + 1, min(at + longest, length) + 1):
                score = score_of(word[at:to])
                if score is not None and here + score > best[to]:
                    best[to], start[to] = here + score, at
            if here + self._of_unknown > best[at + 1]:
                best[at + 1], start[at + 1] = here + self._of_unknown, at
        found = []
        to = length
        while to:
            found.append(self._tokens.get(word[start[to] : to], self._unknown))
            to = start[to]
        return found[::-1]

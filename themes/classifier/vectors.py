"""Vectors of short texts that are met again and again, kept for the process; mean vectors of everyday feedback."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from themes.classifier.features import LANGUAGES, Centres, Vectors
from themes.embedding import Embedder
from themes.phrases import phrases

_MOST_KEPT = 20_000
_kept: dict[tuple[str, str], NDArray[np.float32]] = {}
_lock = Lock()


def vectors_of(texts: Sequence[str], given: Sequence[NDArray[np.float32] | None], embedder: Embedder) -> Vectors:
    """A vector for each text: the one given, one met before in this process, or a new one; shape (texts, dimensions).

    Raises:
        ValueError: A given vector has another length than the embedder's.
    """
    wrong = next((vector for vector in given if vector is not None and vector.shape != (embedder.dimensions,)), None)
    if wrong is not None:
        raise ValueError(f"vector.shape == {wrong.shape}, must be ({embedder.dimensions},).")
    missing = {text for text, vector in zip(texts, given, strict=True) if vector is None}
    with _lock:
        known = {text: _kept[embedder.version, text] for text in missing if (embedder.version, text) in _kept}
    fresh = sorted(missing - known.keys(), key=lambda text: (len(text), text))
    if fresh:
        known |= dict(zip(fresh, embedder.embed(fresh), strict=True))
        with _lock:
            if len(_kept) + len(fresh) > _MOST_KEPT:
                _kept.clear()
            _kept.update({(embedder.version, text): known[text] for text in fresh})
    rows = [known[text] if vector is None else vector for text, vector in zip(texts, given, strict=True)]
    return np.array(rows, dtype=np.float32).reshape(len(texts), embedder.dimensions)


def packaged_centres(embedder: Embedder) -> Centres:
    """Mean vectors of the packaged feedback phrases, by language."""
    said = phrases()
    vectors = vectors_of([phrase.text for phrase in said], [None] * len(said), embedder)
    means = {language: vectors[[phrase.language == language for phrase in said]].mean(axis=0) for language in LANGUAGES}
    return Centres(by_language=means, overall=np.mean(list(means.values()), axis=0).astype(np.float32))
